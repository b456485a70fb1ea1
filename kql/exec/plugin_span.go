package exec

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// span is the part of the timeline that a plugin looks at, cut into bins.
type span struct{ start, end, bin int64 }

// span reads start, end and bin from the arguments at those places.
func (c *pluginCall) span(start, end, bin int) (span, error) {
	v, err := c.constants(start, end+1)
	if err != nil {
		return span{}, err
	}
	b, err := c.constants(bin, bin+1)
	if err != nil {
		return span{}, err
	}
	s := span{v[0].I, v[len(v)-1].I, b[0].I}
	if s.bin <= 0 || v[0].Null || v[len(v)-1].Null || b[0].Null {
		return span{}, errorf(Invalid, "%s: start and end must not be null and the window must be greater than 0", c.n.Plugin)
	}
	return s, s.check(c.n.Plugin)
}

func (s span) check(plugin string) error {
	if (s.end-s.start)/s.bin > maxSeries {
		return errorf(Invalid, "%s: the window is too small for the range", plugin)
	}
	return nil
}

// binOf gives the start of the bin in which t lies, counted from the span's start.
func (s span) binOf(t int64) int64 { return s.start + value.FloorDiv(t-s.start, s.bin)*s.bin }

// bounds tells how many arguments of start and end there are before the windows: 2, or none.
func (c *pluginCall) bounds(windows int) int {
	n := 0
	for 2+n < len(c.n.Args) && isConst(c.n.Args[2+n]) {
		n++
	}
	if n >= windows+2 {
		return 2
	}
	return 0
}

// boundedSpan is span for the plugins in which start and end may be left out: the window is the argument at that place, and without start
// and end the timelines' own are taken.
func (c *pluginCall) boundedSpan(window int, lines []*timeline) (span, error) {
	if window == 4 {
		return c.span(2, 3, 4)
	}
	s := span{start: math.MaxInt64, end: math.MinInt64}
	for _, g := range lines {
		s.start, s.end = min(s.start, g.events[0].at), max(s.end, g.events[len(g.events)-1].at)
	}
	v, err := c.constants(window, window+1)
	if err != nil {
		return span{}, err
	}
	if v[0].Null || v[0].I <= 0 {
		return span{}, errorf(Invalid, "%s: the window must be greater than 0", c.n.Plugin)
	}
	s.bin = v[0].I
	if len(lines) == 0 {
		return span{end: -1, bin: s.bin}, nil
	}
	s.start = value.FloorDiv(s.start, s.bin) * s.bin
	return s, s.check(c.n.Plugin)
}
