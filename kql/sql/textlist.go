package sql

import (
	"strconv"
	"strings"
)

// TextList writes texts as the one text that engine functions with a list of texts take (kql_has_any, kql_has_all): each with its length
// in bytes and a colon in front, so that any text can be in it.
func TextList(texts []string) string {
	var b []byte
	for _, s := range texts {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(b, ':')
		b = append(b, s...)
	}
	return string(b)
}

// ReadTextList reads what TextList wrote; ok is false for any other text.
func ReadTextList(list string) (texts []string, ok bool) {
	for list != "" {
		length, rest, found := strings.Cut(list, ":")
		n, err := strconv.Atoi(length)
		if !found || err != nil || n < 0 || n > len(rest) {
			return nil, false
		}
		texts, list = append(texts, rest[:n]), rest[n:]
	}
	return texts, true
}
