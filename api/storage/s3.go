package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/encrypt"
)

// DefaultPartSize is the size of the parts of a long upload, and the memory one Put may use.
const DefaultPartSize = 8 << 20

// minPartSize is the smallest part an S3 server accepts.
const minPartSize = 5 << 20

// s3Retries bounds the tries of one request; the job above it tries again later.
const s3Retries = 3

// S3Config says where the bucket is; the names in comments are those of 06 §7.4.
type S3Config struct {
	// Endpoint is the URL of the server (AWS_S3_ENDPOINT_URL); empty: Amazon in Region.
	Endpoint string
	// Region (AWS_S3_REGION_NAME); empty: us-east-1. Setting it saves a request at start.
	Region string
	// Bucket (AWS_STORAGE_BUCKET_NAME) must exist; see EnsureBucket.
	Bucket string
	// AccessKey and SecretKey (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).
	AccessKey, SecretKey string
	// PathStyle puts the bucket in the path even at Amazon (AWS_S3_PATH_STYLE).
	PathStyle bool
	// ServerSideEncryption asks the server to encrypt each object with its own key (07 §11). Leave it
	// off where the bucket encrypts by default or where the server refuses the header.
	ServerSideEncryption bool
	// PartSize in bytes, at least 5 MiB; 0: DefaultPartSize.
	PartSize int64
}

// S3 is a Store in one bucket. Objects are private: no access list is ever sent.
type S3 struct {
	core   minio.Core
	bucket string
	region string
	part   int64
	sse    encrypt.ServerSide
}

var _ Store = (*S3)(nil)

// NewS3 returns the store of cfg. It sends no request; Check does.
func NewS3(cfg S3Config) (*S3, error) {
	if cfg.Bucket == "" || cfg.AccessKey == "" || cfg.SecretKey == "" {
		return nil, errors.New("storage: S3 needs a bucket, an access key and a secret key")
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	host, secure, err := s3Endpoint(cfg)
	if err != nil {
		return nil, err
	}
	lookup := minio.BucketLookupAuto // in the host name at Amazon, in the path elsewhere
	if cfg.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(host, &minio.Options{
		Creds:        credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""),
		Secure:       secure,
		Region:       cfg.Region,
		BucketLookup: lookup,
		MaxRetries:   s3Retries,
	})
	if err != nil {
		return nil, fmt.Errorf("storage: S3 client: %w", err)
	}
	s := &S3{core: minio.Core{Client: client}, bucket: cfg.Bucket, region: cfg.Region, part: cfg.PartSize}
	if s.part == 0 {
		s.part = DefaultPartSize
	}
	if s.part < minPartSize {
		return nil, fmt.Errorf("storage: S3 part of %d bytes, the least is %d", s.part, minPartSize)
	}
	if cfg.ServerSideEncryption {
		s.sse = encrypt.NewSSE()
	}
	return s, nil
}

// s3Endpoint gives the host minio-go wants and whether to use TLS.
func s3Endpoint(cfg S3Config) (host string, secure bool, err error) {
	if cfg.Endpoint == "" {
		return "s3." + cfg.Region + ".amazonaws.com", true, nil
	}
	u, err := url.Parse(cfg.Endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" {
		return "", false, fmt.Errorf("storage: S3 endpoint %q must be http(s)://host[:port]", cfg.Endpoint)
	}
	return u.Host, u.Scheme == "https", nil
}

// Name implements Store.
func (s *S3) Name() string { return s.bucket }

// Get implements Store. Cancelling ctx ends the reader.
func (s *S3) Get(ctx context.Context, key string, rng *Range) (io.ReadCloser, Info, error) {
	if err := CheckKey(key); err != nil {
		return nil, Info{}, err
	}
	var opts minio.GetObjectOptions
	if rng != nil {
		if rng.Offset < 0 {
			return nil, Info{}, fmt.Errorf("get %s: %w", key, ErrRange)
		}
		opts.Set("Range", rangeHeader(*rng))
	}
	body, object, header, err := s.core.GetObject(ctx, s.bucket, key, opts)
	if err != nil {
		return nil, Info{}, s3Error(ctx, "get", key, err)
	}
	info := Info{Key: key, Size: object.Size, ModTime: object.LastModified}
	if rng != nil {
		if info.Size, err = totalSize(header.Get("Content-Range")); err != nil {
			return nil, Info{}, errors.Join(fmt.Errorf("get %s: %w", key, err), body.Close())
		}
	}
	return body, info, nil
}

func rangeHeader(r Range) string {
	from := "bytes=" + strconv.FormatInt(r.Offset, 10) + "-"
	if r.Length <= 0 || r.Offset+r.Length < r.Offset {
		return from
	}
	return from + strconv.FormatInt(r.Offset+r.Length-1, 10)
}

// totalSize reads the size of the whole object in "bytes 5-9/42".
func totalSize(contentRange string) (int64, error) {
	_, total, found := strings.Cut(contentRange, "/")
	if !found {
		return 0, fmt.Errorf("%w: the server ignored the range", ErrRange)
	}
	return strconv.ParseInt(total, 10, 64)
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, key string) (Info, error) {
	if err := CheckKey(key); err != nil {
		return Info{}, err
	}
	object, err := s.core.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s3Error(ctx, "stat", key, err)
	}
	return Info{Key: key, Size: object.Size, ModTime: object.LastModified}, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	err := s.core.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if err = s3Error(ctx, "delete", key, err); errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// List implements Store.
func (s *S3) List(ctx context.Context, prefix, after string, limit int) ([]Info, error) {
	limit, err := checkList(prefix, limit)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the producer when the limit is reached
	var found []Info
	for object := range s.core.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{
		Prefix: prefix, StartAfter: after, MaxKeys: limit, Recursive: true,
	}) {
		if object.Err != nil {
			return nil, s3Error(ctx, "list", prefix, object.Err)
		}
		found = append(found, Info{Key: object.Key, Size: object.Size, ModTime: object.LastModified})
		if len(found) == limit {
			break
		}
	}
	return found, ctx.Err()
}

// Sweep implements Store: it aborts the multipart uploads started before that instant.
func (s *S3) Sweep(ctx context.Context, before time.Time) (int, error) {
	removed, keyMarker, uploadMarker := 0, "", ""
	for {
		page, err := s.core.ListMultipartUploads(ctx, s.bucket, "", keyMarker, uploadMarker, "", MaxList)
		if err != nil {
			return removed, s3Error(ctx, "sweep", "", err)
		}
		for _, upload := range page.Uploads {
			if !upload.Initiated.Before(before) {
				continue
			}
			err := s.core.AbortMultipartUpload(ctx, s.bucket, upload.Key, upload.UploadID)
			if err = s3Error(ctx, "sweep", upload.Key, err); err != nil && !errors.Is(err, ErrNotFound) {
				return removed, err
			}
			removed++
		}
		if !page.IsTruncated {
			return removed, nil
		}
		keyMarker, uploadMarker = page.NextKeyMarker, page.NextUploadIDMarker
	}
}

// Check implements Store: the bucket must exist and our key must open it.
func (s *S3) Check(ctx context.Context) error {
	found, err := s.core.BucketExists(ctx, s.bucket)
	if err != nil {
		return s3Error(ctx, "check bucket", s.bucket, err)
	}
	if !found {
		return fmt.Errorf("%w: no bucket %s", ErrUnavailable, s.bucket)
	}
	return nil
}

// EnsureBucket creates the bucket when it does not exist: for tests and first installations, where
// the key has that right.
func (s *S3) EnsureBucket(ctx context.Context) error {
	if found, err := s.core.BucketExists(ctx, s.bucket); err != nil || found {
		return s3Error(ctx, "check bucket", s.bucket, err)
	}
	err := s.core.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region})
	if code := responseCode(err); code == minio.BucketAlreadyOwnedByYou || code == "BucketAlreadyExists" {
		return nil // another process was faster
	}
	return s3Error(ctx, "create bucket", s.bucket, err)
}

// s3Error translates an error of the client; nil stays nil.
func s3Error(ctx context.Context, action, key string, err error) error {
	if err == nil {
		return nil
	}
	if ctxErr := ctx.Err(); ctxErr != nil {
		return fmt.Errorf("%s %s: %w", action, key, ctxErr)
	}
	var response minio.ErrorResponse
	kind := ErrUnavailable // no answer: connection refused, reset, timed out
	if errors.As(err, &response) {
		kind = responseKind(response)
	}
	if kind == nil {
		return fmt.Errorf("%s %s: %w", action, key, err)
	}
	return fmt.Errorf("%s %s: %w (%w)", action, key, kind, err)
}

func responseKind(r minio.ErrorResponse) error {
	switch {
	case r.Code == minio.NoSuchKey || r.Code == minio.NoSuchUpload:
		return ErrNotFound
	case r.Code == minio.PreconditionFailed, r.Code == "ConditionalRequestConflict":
		return ErrExists
	case r.Code == minio.InvalidRange:
		return ErrRange
	case r.StatusCode >= http.StatusInternalServerError || r.StatusCode == http.StatusTooManyRequests:
		return ErrUnavailable
	}
	return nil
}

func responseCode(err error) string {
	var response minio.ErrorResponse
	if errors.As(err, &response) {
		return response.Code
	}
	return ""
}
