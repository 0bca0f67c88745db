package httpapi

import (
	"net/http"
	"strconv"
	"strings"

	"apilos/api/fault"
	"github.com/labstack/echo/v4"
)

// IfMatch returns the version the caller read, from the header If-Match: "7". Absent it is 428
// VERSION_REQUISE; anything but one strong tag of ours is 400 (05 E.1, CC-01). Whether the version is
// still current is decided by the service, inside the transaction (412 VERSION_PERIMEE).
func IfMatch(c echo.Context) (int, error) {
	v, err := IfMatchOrNone(c)
	if err == nil && v == fault.VersionAbsente {
		err = fault.VersionRequise()
	}
	return v, err
}

// IfMatchOrNone is IfMatch for the commands whose service says itself that the version is missing, after it has looked
// at perimeter and permission (02 §1.3): fault.VersionAbsente when the header is absent.
func IfMatchOrNone(c echo.Context) (int, error) {
	values := c.Request().Header.Values("If-Match")
	if len(values) == 0 || (len(values) == 1 && strings.TrimSpace(values[0]) == "") {
		return fault.VersionAbsente, nil
	}
	if len(values) == 1 {
		if v, ok := parseETag(strings.TrimSpace(values[0])); ok {
			return v, nil
		}
	}
	return 0, fault.New(fault.BadRequest, "version_invalide",
		"L’en-tête « If-Match » doit contenir la version lue dans « ETag », entre guillemets, par exemple \"3\".")
}

// parseETag reads the version of a tag, with or without the digest of the representation.
func parseETag(s string) (int, bool) {
	if len(s) < 3 || s[0] != '"' || s[len(s)-1] != '"' {
		return 0, false
	}
	digits, digest, withDigest := strings.Cut(s[1:len(s)-1], "-")
	if withDigest && (len(digest) != tagDigits || strings.Trim(digest, "0123456789abcdef") != "") {
		return 0, false
	}
	v, err := strconv.ParseInt(digits, 10, 32)
	return int(v), err == nil && v >= 0 && strconv.FormatInt(v, 10) == digits
}

// SetETag announces the version of the object in the answer. On a GET the chain adds the digest of the
// representation, so that the tag stays strong when more than the version decides what is shown.
func SetETag(c echo.Context, version int) {
	c.Response().Header().Set("ETag", etag(version))
}

func etag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// NotModified sets the ETag and tells whether the caller already has this version (If-None-Match); the
// handler then answers 304 without body. Use it before building an expensive answer, and only where the
// version alone decides what every caller is shown.
func NotModified(c echo.Context, version int) bool {
	SetETag(c, version)
	c.Set(keyExactTag, true)
	if m := c.Request().Method; m != http.MethodGet && m != http.MethodHead {
		return false
	}
	return matches(c.Request(), etag(version))
}

// Object writes one object with its version as ETag, or 304 when the caller of a GET already has it.
func Object(c echo.Context, status, version int, body any) error {
	if NotModified(c, version) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.JSON(status, body)
}

// Created writes 201 with the address of the new object, relative to the server.
func Created(c echo.Context, location string, body any) error {
	c.Response().Header().Set(echo.HeaderLocation, location)
	return c.JSON(http.StatusCreated, body)
}
