// Package s3test starts a real S3 server for tests: versitygw, one process per Start, on a free port
// of the loopback, with its data in the temporary folder of the test. The process is killed when the
// test ends, and on Linux also when the test program dies.
//
// The program is looked for in $APILOS_TOOLS, in PATH, then in ~/.cache/apilos/tools, where
//
//	GOBIN=~/.cache/apilos/tools go install github.com/versity/versitygw/cmd/versitygw@v1.8.0
//
// puts it. Without it the test is skipped, and fails when CI=true.
package s3test
