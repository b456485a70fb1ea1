package sql

import "strconv"

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
