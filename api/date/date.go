// Package date provides Date, a civil day without time nor zone.
//
// A day read in the product (signature, deliberation, end of agreement) is a day in France: Today
// takes the instant and answers the day in Europe/Paris. A Date never carries an hour, so that it
// cannot shift when it crosses a time zone.
package date

import (
	"database/sql/driver"
	"fmt"
	"time"
	_ "time/tzdata" // the binary must know Europe/Paris on a machine without zone files
)

// Date is a civil day. Its zero value is not a valid day; optional days are *Date.
type Date struct {
	year  int
	month time.Month
	day   int
}

const layout = "2006-01-02"

// Paris returns the legal time zone of the product.
func Paris() *time.Location {
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic("date: Europe/Paris is embedded: " + err.Error())
	}
	return loc
}

// New returns the day y-m-d, normalised as time.Date does.
func New(y int, m time.Month, d int) Date { return From(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) }

// From returns the day of t in the zone of t.
func From(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// InParis returns the day of the instant t in Europe/Paris.
func InParis(t time.Time) Date { return From(t.In(Paris())) }

// Parse reads "2006-01-02". It fails on anything else and on days that do not exist.
func Parse(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: attendue sous la forme AAAA-MM-JJ", s)
	}
	return From(t), nil
}

// Year returns the year.
func (d Date) Year() int { return d.year }

// Month returns the month.
func (d Date) Month() time.Month { return d.month }

// Day returns the day of the month.
func (d Date) Day() int { return d.day }

// IsZero tells whether d was never set.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the ISO form, 2006-01-02.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.year, int(d.month), d.day) }

// French returns the form shown to people, 02/01/2006.
func (d Date) French() string { return fmt.Sprintf("%02d/%02d/%04d", d.day, int(d.month), d.year) }

// Time returns the beginning of the day in UTC, for arithmetic only.
func (d Date) Time() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }

// Before tells whether d comes before o.
func (d Date) Before(o Date) bool { return d.Time().Before(o.Time()) }

// After tells whether d comes after o.
func (d Date) After(o Date) bool { return d.Time().After(o.Time()) }

// AddDays returns the day n days later (earlier when n is negative).
func (d Date) AddDays(n int) Date { return From(d.Time().AddDate(0, 0, n)) }

// AddYears returns the same day n years later; 29 February gives 28 February (03 §3.5).
func (d Date) AddYears(n int) Date {
	o := New(d.year+n, d.month, d.day)
	if o.month != d.month {
		return New(d.year+n, d.month, d.day-1)
	}
	return o
}

// MarshalText implements encoding.TextMarshaler (JSON strings and map keys).
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Value implements driver.Valuer.
func (d Date) Value() (driver.Value, error) { return d.String(), nil }

// Scan implements sql.Scanner for columns of type date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*d = From(v)
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	default:
		return fmt.Errorf("date: %T ne se lit pas comme une date", src)
	}
}
