package schema

import (
	"fmt"
	"strings"
)

// Parse reads the text form of tables:
//
//	# comment
//	table DeviceInfo
//	  group Defender for Endpoint
//	  about One sentence.
//	  streamed
//	  time Timestamp
//	  alias OldTableName
//	  alias-column OtherName Column
//	  columns
//	    Timestamp:datetime DeviceId ReportId:long
//
// A column without a type is a string. Errors name the line.
func Parse(text string) ([]*Table, error) {
	var out []*Table
	var cur *Table
	inColumns := false
	finish := func() error {
		if cur == nil {
			return nil
		}
		if cur.Time == "" {
			return fmt.Errorf("table %s: no time column", cur.Name)
		}
		t, err := NewTable(*cur)
		if err != nil {
			return err
		}
		out = append(out, t)
		return nil
	}
	for n, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), fields[0]))
		bad := func(what string) error { return fmt.Errorf("line %d: %s", n+1, what) }
		switch {
		case fields[0] == "table" && line[0] != ' ':
			if err := finish(); err != nil {
				return nil, bad(err.Error())
			}
			if rest == "" {
				return nil, bad("table without a name")
			}
			cur, inColumns = &Table{Name: rest}, false
		case cur == nil:
			return nil, bad("expected table NAME")
		case inColumns:
			for _, f := range fields {
				name, typ, ok := strings.Cut(f, ":")
				if !ok {
					typ = string(String)
				}
				cur.Columns = append(cur.Columns, Column{name, Type(typ)})
			}
		case fields[0] == "group":
			cur.Group = rest
		case fields[0] == "about":
			cur.About = rest
		case fields[0] == "time":
			cur.Time = rest
		case fields[0] == "streamed" && rest == "":
			cur.Streamed = true
		case fields[0] == "alias" && len(fields) == 2:
			cur.OldNames = append(cur.OldNames, rest)
		case fields[0] == "alias-column" && len(fields) == 3:
			cur.Aliases = append(cur.Aliases, Alias{fields[1], fields[2]})
		case fields[0] == "columns" && rest == "":
			inColumns = true
		default:
			return nil, bad("cannot read " + strings.TrimSpace(line))
		}
	}
	if err := finish(); err != nil {
		return nil, err
	}
	return out, nil
}
