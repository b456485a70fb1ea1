package fn

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// queryBag reads k=v pairs joined by &; of equal keys the last counts.
func queryBag(q string) value.Value {
	b := value.NewBag(8)
	for _, pair := range strings.Split(q, "&") {
		if pair == "" {
			continue
		}
		k, v, _ := strings.Cut(pair, "=")
		b.Set(k, value.OfString(v))
	}
	return value.OfBag(b.Bag())
}

func evalParseURLQuery(args []value.Value) value.Value {
	b := value.NewBag(1)
	b.Set("Query Parameters", queryBag(strings.TrimPrefix(args[0].S, "?")))
	return value.OfBag(b.Bag())
}

// evalParseURL splits scheme://user:password@host:port/path?query#fragment; what lacks is empty.
func evalParseURL(args []value.Value) value.Value {
	s := args[0].S
	var scheme, user, password, host, port string
	s, fragment, _ := strings.Cut(s, "#")
	s, query, _ := strings.Cut(s, "?")
	path := s
	if sch, rest, ok := strings.Cut(s, "://"); ok {
		scheme = sch
		authority := rest
		path = ""
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			authority, path = rest[:i], rest[i:]
		}
		if i := strings.LastIndexByte(authority, '@'); i >= 0 {
			user, password, _ = strings.Cut(authority[:i], ":")
			authority = authority[i+1:]
		}
		host = authority
		if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") {
			host, port = authority[:i], authority[i+1:]
		}
	}
	b := value.NewBag(8)
	for _, part := range []struct{ key, text string }{{"Scheme", scheme}, {"Host", host}, {"Port", port}, {"Path", path}, {"Username", user}, {"Password", password}} {
		b.Set(part.key, value.OfString(part.text))
	}
	b.Set("Query Parameters", queryBag(query))
	b.Set("Fragment", value.OfString(fragment))
	return value.OfBag(b.Bag())
}

// evalParsePath splits a path of Windows, of Unix, a network share or a file URL.
func evalParsePath(args []value.Value) value.Value {
	s := args[0].S
	var scheme, root, stream string
	if sch, rest, ok := strings.Cut(s, "://"); ok && !strings.ContainsAny(sch, `/\:`) {
		scheme, s = sch, rest
	}
	drive := len(s) > 1 && s[1] == ':' && isAlnumByte(s[0])
	if drive {
		root = s[:2]
		if len(s) > 2 && (s[2] == '\\' || s[2] == '/') {
			root = s[:3]
		}
	}
	at := strings.LastIndexAny(s, `/\`)
	file := s[at+1:]
	if at < 0 && drive {
		file = s[2:]
	}
	if i := strings.IndexByte(file, ':'); i >= 0 {
		file, stream = file[:i], file[i+1:]
	}
	dir, name := "", ""
	if at >= 0 {
		dir = s[:at]
		name = dir[strings.LastIndexAny(dir, `/\`)+1:]
		if drive && at == 2 {
			dir, name = root, ""
		}
	}
	extension := ""
	if i := strings.LastIndexByte(file, '.'); i >= 0 {
		extension = file[i+1:]
	}
	b := value.NewBag(7)
	for _, part := range []struct{ key, text string }{{"Scheme", scheme}, {"RootPath", root}, {"DirectoryPath", dir}, {"DirectoryName", name},
		{"Filename", file}, {"Extension", extension}, {"AlternateDataStreamName", stream}} {
		b.Set(part.key, value.OfString(part.text))
	}
	return value.OfBag(b.Bag())
}

// evalParseCommandLine splits a command line as Windows' CommandLineToArgvW does.
func evalParseCommandLine(args []value.Value) value.Value {
	if !strings.EqualFold(args[1].S, "windows") {
		return nullDynamic
	}
	s := args[0].S
	if s == "" {
		return nullDynamic
	}
	var out []string
	i := 0
	if s[0] == '"' { // the program's name ends at the next quote, whatever stands before it
		end := strings.IndexByte(s[1:], '"')
		if end < 0 {
			end = len(s) - 1
		}
		out = append(out, s[1:1+end])
		i = min(end+2, len(s))
	} else {
		for i < len(s) && s[i] != ' ' && s[i] != '\t' {
			i++
		}
		out = append(out, s[:i])
	}
	for len(out) < MaxArray {
		for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
			i++
		}
		if i == len(s) {
			break
		}
		var arg string
		arg, i = windowsArgument(s, i)
		out = append(out, arg)
	}
	return stringArray(out)
}

// windowsArgument reads one argument from i and gives where it ends. Backslashes escape only before a quote: 2n of them and a quote are n
// and the quote's meaning, 2n+1 are n and a plain quote; a doubled quote within quotes is one.
func windowsArgument(s string, i int) (arg string, next int) {
	var b strings.Builder
	quoted := false
	for i < len(s) {
		c := s[i]
		if c == '\\' {
			n := 0
			for i < len(s) && s[i] == '\\' {
				n++
				i++
			}
			if i < len(s) && s[i] == '"' {
				b.WriteString(strings.Repeat(`\`, n/2))
				if n%2 == 1 {
					b.WriteByte('"')
					i++
				}
			} else {
				b.WriteString(strings.Repeat(`\`, n))
			}
			continue
		}
		if c == '"' {
			if quoted && i+1 < len(s) && s[i+1] == '"' {
				b.WriteByte('"')
				i += 2
				continue
			}
			quoted = !quoted
			i++
			continue
		}
		if !quoted && (c == ' ' || c == '\t') {
			break
		}
		b.WriteByte(c)
		i++
	}
	return b.String(), i
}

// evalParseVersion gives up to four numbers of at most eight digits as one: 1.2.3.4 is 1 00000002 00000003 00000004.
func evalParseVersion(args []value.Value) value.Value {
	null := value.NullOf(value.Decimal)
	parts := strings.Split(strings.TrimSpace(args[0].S), ".")
	if len(parts) > 4 {
		return null
	}
	text := ""
	for i := range 4 {
		p := "0"
		if i < len(parts) {
			p = parts[i]
		}
		if p == "" || len(p) > 8 || strings.Trim(p, "0123456789") != "" {
			return null
		}
		text += strings.Repeat("0", 8-len(p)) + p
	}
	return value.Convert(value.OfString(text), value.Decimal)
}
