package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Value is one effective setting as it may be shown: a secret is masked.
type Value struct {
	Name  string `json:"nom"`
	Value string `json:"valeur"`
}

// Describe lists the effective settings in the order of the documentation, secrets masked. It is what the program logs
// at start and what `apilos doctor` prints.
func (c Config) Describe() []Value {
	var list []Value
	describe(reflect.ValueOf(c), &list)
	return list
}

func describe(v reflect.Value, list *[]Value) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if name := field.Tag.Get("env"); name != "" {
			*list = append(*list, Value{Name: name, Value: show(v.Field(i))})
		} else if field.Type.Kind() == reflect.Struct {
			describe(v.Field(i), list)
		}
	}
}

// show writes one value as the environment would, so that a copy of the output is a usable starting point.
func show(v reflect.Value) string {
	if stringer, ok := v.Interface().(fmt.Stringer); ok {
		return stringer.String()
	}
	switch v.Kind() {
	case reflect.Slice:
		items := make([]string, v.Len())
		for i := range items {
			items[i] = fmt.Sprint(v.Index(i).Interface())
		}
		return strings.Join(items, ",")
	case reflect.Map:
		items := make([]string, 0, v.Len())
		for _, key := range v.MapKeys() {
			items = append(items, fmt.Sprintf("%v:%v", key.Interface(), v.MapIndex(key).Interface()))
		}
		slices.Sort(items)
		return strings.Join(items, ",")
	default:
		return fmt.Sprint(v.Interface())
	}
}

// String shows the settings, one per line, secrets masked: a Config printed by mistake reveals nothing.
func (c Config) String() string {
	var text strings.Builder
	for _, value := range c.Describe() {
		fmt.Fprintf(&text, "%s=%s\n", value.Name, value.Value)
	}
	return text.String()
}

// GoString is String, so that %#v reveals nothing either.
func (c Config) GoString() string { return c.String() }
