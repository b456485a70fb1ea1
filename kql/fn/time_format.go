package fn

import (
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // time zones must not depend on the machine

	"github.com/vedette-siem/vedette/kql/value"
)

// evalFormatDatetime writes the parts that runs of y M d H h m s f F t stand for; other characters are written as they are.
func evalFormatDatetime(args []value.Value) value.Value {
	if args[0].Null {
		return value.OfString("")
	}
	c := value.CivilOf(args[0].I)
	return value.OfString(format(args[1].S, func(letter byte, n int) (string, bool) {
		switch letter {
		case 'y':
			if n <= 2 {
				return padded(int64(c.Year%100), n), true
			}
			return padded(int64(c.Year), n), true
		case 'M':
			return padded(int64(c.Month), n), n <= 2
		case 'd':
			return padded(int64(c.Day), n), n <= 2
		case 'H':
			return padded(int64(c.Hour), n), n <= 2
		case 'h':
			return padded(int64((c.Hour+11)%12+1), n), n <= 2
		case 'm':
			return padded(int64(c.Minute), n), n <= 2
		case 's':
			return padded(int64(c.Second), n), n <= 2
		case 't':
			return [...]string{"AM", "PM"}[c.Hour/12][:min(n, 2)], true
		}
		return fraction(letter, n, c.Frac)
	}))
}

func evalFormatTimespan(args []value.Value) value.Value {
	if args[0].Null {
		return value.OfString("")
	}
	t := args[0].I
	sign := ""
	if t < 0 {
		sign, t = "-", -t
	}
	return value.OfString(sign + format(args[1].S, func(letter byte, n int) (string, bool) {
		switch letter {
		case 'd':
			return padded(t/value.TicksPerDay, n), true
		case 'H', 'h':
			return padded(t%value.TicksPerDay/value.TicksPerHour, n), n <= 2
		case 'm':
			return padded(t%value.TicksPerHour/value.TicksPerMinute, n), n <= 2
		case 's':
			return padded(t%value.TicksPerMinute/value.TicksPerSecond, n), n <= 2
		}
		return fraction(letter, n, t%value.TicksPerSecond)
	}))
}

// format replaces runs of letters by what part gives for them. A point before a fraction that comes out empty is left out.
func format(f string, part func(letter byte, n int) (string, bool)) string {
	var b strings.Builder
	for i := 0; i < len(f); {
		c := f[i]
		n := 1
		for i+n < len(f) && f[i+n] == c {
			n++
		}
		s, ok := part(c, n)
		switch {
		case !ok:
			b.WriteString(f[i : i+n])
		case c == 'F' && s == "" && strings.HasSuffix(b.String(), "."):
			kept := strings.TrimSuffix(b.String(), ".")
			b.Reset()
			b.WriteString(kept)
		default:
			b.WriteString(s)
		}
		i += n
	}
	return b.String()
}

// fraction writes f… with so many digits, F… without zeros at the end.
func fraction(letter byte, n int, frac int64) (string, bool) {
	if letter != 'f' && letter != 'F' || n > 7 {
		return "", false
	}
	s := padded(frac, 7)[:n]
	if letter == 'F' {
		s = strings.TrimRight(s, "0")
	}
	return s, true
}

func padded(n int64, width int) string {
	s := strconv.FormatInt(n, 10)
	if len(s) < width {
		s = strings.Repeat("0", width-len(s)) + s
	}
	return s
}

var zones sync.Map // name → *time.Location

// zoneOf gives the time zone with an IANA name.
func zoneOf(name string) (*time.Location, bool) {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), true
	}
	if name == "" || strings.EqualFold(name, "local") {
		return nil, false
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	zones.Store(name, z)
	return z, true
}

const unixSeconds = value.UnixTicks / value.TicksPerSecond

func evalUTCToLocal(args []value.Value) value.Value {
	null := value.NullOf(value.Datetime)
	z, ok := zoneOf(args[1].S)
	if !ok || args[0].Null {
		return null
	}
	_, offset := time.Unix(args[0].I/value.TicksPerSecond-unixSeconds, 0).In(z).Zone()
	return value.Add(args[0], value.OfTimespan(int64(offset)*value.TicksPerSecond))
}

func evalLocalToUTC(args []value.Value) value.Value {
	null := value.NullOf(value.Datetime)
	z, ok := zoneOf(args[1].S)
	if !ok || args[0].Null {
		return null
	}
	c := value.CivilOf(args[0].I)
	local := time.Date(c.Year, time.Month(c.Month), c.Day, c.Hour, c.Minute, c.Second, 0, z)
	_, offset := local.Zone()
	return value.Sub(args[0], value.OfTimespan(int64(offset)*value.TicksPerSecond))
}
