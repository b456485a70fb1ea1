package syntax

import (
	"fmt"
	"reflect"
	"testing"
)

// shape writes a tree without places, to compare two.
func shape(n any) string {
	var b []byte
	var walk func(v reflect.Value, depth int)
	walk = func(v reflect.Value, depth int) {
		switch v.Kind() {
		case reflect.Interface, reflect.Pointer:
			if v.IsNil() {
				b = append(b, "nil "...)
				return
			}
			walk(v.Elem(), depth)
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[Span]() {
				return
			}
			b = append(b, v.Type().Name()...)
			b = append(b, '{')
			for i := range v.NumField() {
				walk(v.Field(i), depth+1)
			}
			b = append(b, '}')
		case reflect.Slice:
			b = append(b, '[')
			for i := range v.Len() {
				walk(v.Index(i), depth+1)
			}
			b = append(b, ']')
		default:
			b = fmt.Appendf(b, "%q ", fmt.Sprint(v.Interface()))
		}
	}
	walk(reflect.ValueOf(n), 0)
	return string(b)
}

// checkPrint holds a text without errors to: print, read again, same tree, same print.
func checkPrint(t *testing.T, src string) {
	t.Helper()
	s, diags := Parse(src)
	if diags.HasErrors() {
		return
	}
	text := s.Print()
	again, diags := Parse(text)
	for _, d := range diags {
		t.Errorf("printed text has an error: %s\nsource: %s", d.Text(text), src)
		return
	}
	if a, b := shape(s.Statements), shape(again.Statements); a != b {
		t.Errorf("printing changes the tree\nsource:  %s\nprinted: %s\nbefore: %s\nafter:  %s", src, text, a, b)
	}
	if again := again.Print(); again != text {
		t.Errorf("printing is not stable\nfirst:  %s\nsecond: %s", text, again)
	}
}

func TestCorpusPrints(t *testing.T) {
	for _, name := range corpora {
		t.Run(name, func(t *testing.T) {
			for _, q := range corpus(t, name) {
				checkPrint(t, q.Query)
			}
		})
	}
}
