package ecs

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// conversion is what happens to a column's value on its way into its field.
type conversion uint8

const (
	keepAsIs conversion = iota
	toString
	toLong
	toFloat
	toIP
	toIPQuiet
	toDate
	toBool
	toBoolean
	toJSON
	toLower
	toUsers
	toBare
	toMac
	toURL
	toLoggedOn
	toInterfaces
	toSnake
)

// conversions are the words that the mapping files use.
var conversions = map[string]conversion{
	"string": toString, "long": toLong, "float": toFloat, "ip": toIP, "ip?": toIPQuiet, "date": toDate, "bool": toBool,
	"boolean": toBoolean, "json": toJSON, "lower": toLower, "users": toUsers, "braces": toBare, "mac": toMac, "url": toURL,
	"loggedon": toLoggedOn, "interfaces": toInterfaces, "snake": toSnake,
}

// convert gives the value for a column's field; absent when there is nothing to set. Faults go to error.message, as with Elastic.
func (r *record) convert(c *column, v value) value {
	if c.conv == keepAsIs || v.kind == null {
		return v
	}
	if v.kind == text && v.text == "" {
		return value{}
	}
	switch c.conv {
	case toString:
		if s, ok := v.scalar(); ok {
			return stringValue(s)
		}
		return v
	case toLong:
		return r.long(c, v)
	case toFloat:
		s, _ := v.scalar()
		if f, err := strconv.ParseFloat(s, 64); err == nil && v.kind != boolean {
			return numberValue(floatText(f))
		}
		return r.fault(c, "convert", "unable to convert ["+s+"] to float")
	case toIP, toIPQuiet:
		s := v.str()
		if _, err := netip.ParseAddr(s); err == nil && !strings.Contains(s, "%") {
			return v
		}
		if c.conv == toIPQuiet {
			return value{}
		}
		return r.fault(c, "convert", "'"+s+"' is not an IP string literal.")
	case toDate:
		if d, ok := cutDate(v.str()); ok {
			return stringValue(d)
		}
		s, _ := v.scalar()
		return r.fault(c, "date", "unable to parse date ["+s+"]")
	case toBool:
		return truth(v)
	case toBoolean:
		switch s, _ := v.scalar(); {
		case v.kind == boolean:
			return v
		case strings.EqualFold(s, "true"), strings.EqualFold(s, "false"):
			return boolValue(strings.EqualFold(s, "true"))
		default:
			return r.fault(c, "convert", "["+s+"] is not a boolean value, cannot convert to boolean")
		}
	case toJSON:
		return r.json(c, v)
	case toLower:
		return stringValue(strings.ToLower(v.str()))
	case toUsers:
		return r.users(c, v)
	case toBare:
		s := v.str()
		if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
			s = s[1 : len(s)-1]
		}
		return stringValue(s)
	case toMac:
		return stringValue(strings.ToUpper(strings.NewReplacer(":", "-", ".", "-").Replace(v.str())))
	case toURL:
		return urlObject(v.str())
	case toLoggedOn, toSnake:
		return snakeMembers(v, 0)
	case toInterfaces:
		return interfaces(v)
	}
	return v
}

// fault notes what Elastic would put into error.message and gives nothing.
func (r *record) fault(c *column, processor, message string) value {
	r.fail(fmt.Sprintf("Processor %s with tag %s_%s in pipeline %s failed with message: %s", processor, processor, c.name, r.fam.name, message))
	return value{}
}

func (r *record) long(c *column, v value) value {
	s, _ := v.scalar()
	if v.kind == number && !strings.ContainsAny(s, ".eE") {
		return v
	}
	if n, err := strconv.ParseInt(s, 0, 64); err == nil && v.kind != boolean {
		return numberValue(strconv.FormatInt(n, 10))
	}
	return r.fault(c, "convert", `unable to convert [`+s+`] to long`)
}

func (r *record) json(c *column, v value) value {
	if v.kind != text {
		return v
	}
	in, err := r.parser.parse(v.text)
	if err != nil {
		r.fault(c, "json", err.Error())
		return v
	}
	return in
}

// users takes the names out of LoggedOnUsers.
func (r *record) users(c *column, v value) value {
	v = r.json(c, v)
	if v.kind != list {
		return value{}
	}
	out := r.list(len(v.in.values))
	for _, u := range v.in.values {
		if name := u.member("UserName"); !name.empty() {
			out.values = append(out.values, name)
		}
	}
	return value{kind: list, in: out}
}

func truth(v value) value {
	switch s, _ := v.scalar(); {
	case v.kind == boolean:
		return v
	case s == "1", v.kind == text && s == "true":
		return boolValue(true)
	case s == "0", v.kind == text && s == "false":
		return boolValue(false)
	}
	return value{}
}

func floatText(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.ContainsAny(s, ".") {
		s += ".0"
	}
	return s
}

// cutDate writes a time as Elastic's date processor does: UTC, milliseconds, what is finer cut away.
func cutDate(s string) (string, bool) {
	if d, ok := cutPlainDate(s); ok {
		return d, true
	}
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Format("2006-01-02T15:04:05.") + fmt.Sprintf("%03dZ", t.Nanosecond()/1e6), true
		}
	}
	return "", false
}

// cutPlainDate is the fast way for what Defender nearly always sends: 2022-11-07T17:07:42.0259186Z.
func cutPlainDate(s string) (string, bool) {
	const shape = "0000-00-00T00:00:00"
	if len(s) < len(shape)+1 || s[len(s)-1] != 'Z' {
		return "", false
	}
	for i := range len(shape) {
		if shape[i] == '0' && (s[i] < '0' || s[i] > '9') || shape[i] != '0' && s[i] != shape[i] {
			return "", false
		}
	}
	number := func(at int) int { return int(s[at]-'0')*10 + int(s[at+1]-'0') }
	if m, d := number(5), number(8); m < 1 || m > 12 || d < 1 || d > 28 || number(11) > 23 || number(14) > 59 || number(17) > 59 {
		return "", false // perhaps right, but not plain: the slow way decides
	}
	if len(s) == len(shape)+1 {
		return s[:len(shape)] + ".000Z", true
	}
	if s[len(shape)] != '.' || len(s) == len(shape)+2 {
		return "", false
	}
	for i := len(shape) + 1; i < len(s)-1; i++ {
		if s[i] < '0' || s[i] > '9' {
			return "", false
		}
	}
	fraction := s[len(shape)+1 : len(s)-1]
	switch {
	case len(fraction) == 3:
		return s, true
	case len(fraction) > 3:
		return s[:len(shape)+4] + "Z", true
	}
	return s[:len(s)-1] + "000"[len(fraction):] + "Z", true
}

// snakeMembers names the members of objects as the fields are named.
func snakeMembers(v value, depth int) value {
	if depth > maxDepth || v.kind != object && v.kind != list {
		return v
	}
	out := &node{values: make([]value, len(v.in.values))}
	for i, item := range v.in.values {
		out.values[i] = snakeMembers(item, depth+1)
	}
	for _, name := range v.in.names {
		out.names = append(out.names, snake(name))
	}
	return value{kind: v.kind, in: out}
}

// interfaces are the addresses of a machine.
func interfaces(v value) value {
	v = snakeMembers(v, 0)
	for _, item := range v.items() {
		if item.kind != object {
			continue
		}
		for i, name := range item.in.names {
			if name == "mac_address" && item.in.values[i].kind == text {
				item.in.values[i] = stringValue(dashed(strings.ToUpper(item.in.values[i].text)))
			}
		}
	}
	return v
}

// dashed puts a dash after every second character but the last.
func dashed(s string) string {
	out := make([]byte, 0, len(s)+len(s)/2)
	for i := 0; i < len(s); i++ {
		if i > 0 && i%2 == 0 {
			out = append(out, '-')
		}
		out = append(out, s[i])
	}
	return string(out)
}

// snake writes a column's name as a field's: IsProcessRemoteSession is is_process_remote_session, OSBuild os_build, @odata.type odata_type.
func snake(name string) string {
	out := make([]byte, 0, len(name)+8)
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			lowBefore := i > 0 && (name[i-1] >= 'a' && name[i-1] <= 'z' || name[i-1] >= '0' && name[i-1] <= '9')
			wordEnds := i > 0 && name[i-1] >= 'A' && name[i-1] <= 'Z' && i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z'
			if lowBefore || wordEnds {
				out = append(out, '_')
			}
			out = append(out, c+'a'-'A')
		case c == '.' || c == '-' || c == ' ':
			out = append(out, '_')
		case c == '@' && i == 0:
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
