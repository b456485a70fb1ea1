package sql

import (
	"slices"
	"testing"
)

func TestTextList(t *testing.T) {
	for _, list := range [][]string{nil, {""}, {"a"}, {"a", "", "3:b", "é:\x00"}} {
		if got, ok := ReadTextList(TextList(list)); !ok || !slices.Equal(got, list) {
			t.Errorf("%q comes back as %q, %t", list, got, ok)
		}
	}
	for _, s := range []string{"a", "5:a", "-1:", ":a", "1:ab"} {
		if got, ok := ReadTextList(s); ok {
			t.Errorf("%q was read as %q", s, got)
		}
	}
}
