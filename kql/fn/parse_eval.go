package fn

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// evalParseJSON reads a string; a dynamic stays as it is.
func evalParseJSON(args []value.Value) value.Value {
	v := args[0]
	if v.T == value.Dynamic {
		return v
	}
	return value.ParseDynamic(v.S)
}

// evalParseCSV splits the first line of comma-separated text; a field in quotes may hold commas, line ends and doubled quotes.
func evalParseCSV(args []value.Value) value.Value {
	s := args[0].S
	if s == "" {
		return nullDynamic
	}
	var fields []string
	var b strings.Builder
	quoted := false
	for i := 0; i < len(s) && len(fields) < MaxArray; i++ {
		c := s[i]
		switch {
		case quoted && c == '"' && i+1 < len(s) && s[i+1] == '"':
			b.WriteByte('"')
			i++
		case c == '"' && (quoted || b.Len() == 0):
			quoted = !quoted
		case !quoted && c == ',':
			fields = append(fields, b.String())
			b.Reset()
		case !quoted && (c == '\n' || c == '\r'):
			i = len(s)
		default:
			b.WriteByte(c)
		}
	}
	return stringArray(append(fields, b.String()))
}
