package incident

import (
	"fmt"
	"strings"
	"testing"
)

func theirs(author string, minute int, text string) RemoteComment {
	return RemoteComment{author, at(minute), text}
}

func TestMatchComments(t *testing.T) {
	ours := Comment{Key: "abcdefghijkl", Author: "Ann", At: at(1), Text: "isolated\nthe device", Delivery: Sending}
	known := Comment{Author: "bob", At: at(2), Text: "seen"}
	for name, tc := range map[string]struct {
		have   []Comment
		remote []RemoteComment
		want   string // author: text, and what it was before
		news   string
	}{
		"nothing":              {nil, nil, "", "{[] [] []}"},
		"new":                  {nil, []RemoteComment{theirs("bob", 2, "seen")}, "bob: seen", "{[0] [] []}"},
		"known":                {[]Comment{known}, []RemoteComment{theirs("bob", 2, "seen")}, "bob: seen", "{[] [] []}"},
		"edited":               {[]Comment{known}, []RemoteComment{theirs("bob", 2, "seen it")}, "bob: seen it [seen]", "{[] [0] []}"},
		"two of a moment":      {[]Comment{known}, []RemoteComment{theirs("bob", 2, "seen"), theirs("bob", 2, "seen")}, "bob: seen|bob: seen", "{[1] [] []}"},
		"one more, not edited": {[]Comment{known}, []RemoteComment{theirs("bob", 2, "and more"), theirs("bob", 2, "seen")}, "bob: seen|bob: and more", "{[1] [] []}"},
		"gone":                 {[]Comment{known}, nil, "bob: seen", "{[] [] []}"},
		"ours":                 {[]Comment{ours}, []RemoteComment{theirs("API-App:x", 3, ours.Sign())}, "Ann: isolated\nthe device agreed", "{[] [] [0]}"},
		"ours, other breaks":   {[]Comment{ours}, []RemoteComment{theirs("API-App:x", 3, strings.ReplaceAll(ours.Sign(), "\n", "\r\n")+"\r\n")}, "Ann: isolated\nthe device agreed", "{[] [] [0]}"},
		"ours twice":           {[]Comment{ours}, []RemoteComment{theirs("API-App:x", 3, ours.Sign()), theirs("API-App:x", 4, ours.Sign())}, "Ann: isolated\nthe device agreed", "{[] [] [0]}"},
		"ours quoted":          {[]Comment{ours}, []RemoteComment{theirs("bob", 4, "> "+ours.Sign()), theirs("API-App:x", 3, ours.Sign())}, "Ann: isolated\nthe device agreed|bob: > " + ours.Sign(), "{[1] [] [0]}"},
		"a key of another":     {nil, []RemoteComment{theirs("API-App:x", 3, ours.Sign())}, "API-App:x: " + ours.Sign(), "{[0] [] []}"},
	} {
		list, news := MatchComments(tc.have, tc.remote)
		var got []string
		for _, c := range list {
			s := c.Author + ": " + c.Text
			if c.Earlier != nil {
				s += fmt.Sprint(" ", c.Earlier)
			}
			if c.Delivery != "" {
				s += " " + string(c.Delivery)
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "|"); s != tc.want || fmt.Sprint(news) != tc.news {
			t.Errorf("%s:\n got %s %v\nwant %s %s", name, s, news, tc.want, tc.news)
		}
		again, more := MatchComments(list, tc.remote)
		if len(again) != len(list) || fmt.Sprint(more) != "{[] [] []}" {
			t.Errorf("%s: the same again brings %v", name, more)
		}
	}
}

func TestKeys(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		k := NewKey()
		if _, _, got, ok := ParseSigned(Comment{Key: k, Author: "a", Text: "x"}.Sign()); !ok || got != k || seen[k] {
			t.Fatalf("key %q is read as %q, seen before: %v", k, got, seen[k])
		}
		seen[k] = true
	}
}

func FuzzSign(f *testing.F) {
	f.Add("text", "Ann")
	f.Add("two\n\n— lines · ref abcdefghijkl", "  A\nB ")
	f.Fuzz(func(t *testing.T, text, author string) {
		text = strings.TrimSpace(text)
		c := Comment{Key: "abcdefghijk7", Author: author, Text: text}
		words, _, key, ok := ParseSigned(c.Sign())
		if !ok || key != c.Key || squeeze(words) != squeeze(strings.ReplaceAll(text, "\r\n", "\n")) {
			t.Errorf("%q by %q is signed as %q and read as %q, %q, %v", text, author, c.Sign(), words, key, ok)
		}
	})
}
