package exec

import (
	"net/netip"
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// lookup is a join of the input with a table by something else than equality.
type lookup struct {
	c         *pluginCall
	table     *table
	unmatched bool
	out       *output
}

// lookup reads the table; extra are pairs of positions whose values must be equal.
func (c *pluginCall) lookup() (*lookup, error) {
	if len(c.tables) != 1 {
		return nil, errorf(Invalid, "%s: the first argument must be a table", c.n.Plugin)
	}
	t, err := c.x.collect(c.tables[0])
	if err != nil {
		return nil, err
	}
	u, _, err := c.option("return_unmatched", -1)
	if err != nil {
		return nil, err
	}
	cols := append(append([]plan.Column(nil), c.in.cols...), c.tables[0].cols...)
	return &lookup{c: c, table: t, unmatched: truth(u), out: &output{cols: cols}}, nil
}

// run pairs every input row with the table's rows for which match is true.
func (l *lookup) run(match func(row Row, i int) bool) (*output, error) {
	rows, err := l.c.rows()
	if err != nil {
		return nil, err
	}
	var alone []Row
	for k, row := range rows {
		if k%64 == 0 {
			if err := l.c.x.alive(); err != nil {
				return nil, err
			}
		}
		found := false
		for i, other := range l.table.rows {
			if match(row, i) {
				found = true
				l.out.rows = append(l.out.rows, append(append(Row(nil), row...), other...))
			}
		}
		if !found && l.unmatched {
			out := append(Row(nil), row...)
			for _, c := range l.c.tables[0].cols {
				out = append(out, value.NullOf(c.Type))
			}
			alone = append(alone, out)
		}
	}
	l.out.rows = append(l.out.rows, alone...)
	return l.out, nil
}

// tableArg compiles an argument over the lookup table.
func (c *pluginCall) tableArg(i int) (eval, error) {
	if i >= len(c.n.Args) {
		return nil, errorf(Invalid, "%s: argument %d is missing", c.n.Plugin, i+2)
	}
	return c.x.expr(c.n.Args[i], scopeOf(c.tables[0].cols))
}

// ipLookup is ipv4_lookup and ipv6_lookup: (table, address, network [, extra keys…] [, return_unmatched]).
func ipLookup(c *pluginCall) (*output, error) {
	l, err := c.lookup()
	if err != nil {
		return nil, err
	}
	addr, err := c.arg(0)
	if err != nil {
		return nil, err
	}
	network, err := c.tableArg(1)
	if err != nil {
		return nil, err
	}
	nets := make([]netip.Prefix, len(l.table.rows))
	for i, row := range l.table.rows {
		nets[i] = prefixOf(network(row).Text())
	}
	type pair struct{ l, r int }
	var extra []pair
	for _, a := range c.n.Args[2:] {
		r, ok := a.(*plan.Ref)
		if !ok {
			continue
		}
		at, ok := c.scope[r.ID]
		if !ok {
			continue
		}
		for j, col := range c.tables[0].cols {
			if col.Name == c.in.cols[at].Name {
				extra = append(extra, pair{at, j})
			}
		}
	}
	var last string
	var ip netip.Addr
	return l.run(func(row Row, i int) bool {
		if s := addr(row).Text(); s != last || i == 0 {
			last, ip = s, prefixOf(s).Addr()
		}
		if !ip.IsValid() || !nets[i].IsValid() || !nets[i].Contains(ip) {
			return false
		}
		for _, p := range extra {
			if !value.Equal(row[p.l], l.table.rows[i][p.r]) {
				return false
			}
		}
		return true
	})
}

// prefixOf reads an address or a network; IPv4 inside IPv6 is IPv4. The zero Prefix is what cannot be read.
func prefixOf(s string) netip.Prefix {
	s = strings.TrimSpace(s)
	if p, err := netip.ParsePrefix(s); err == nil {
		if p.Addr().Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
		}
		return p
	}
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen())
	}
	return netip.Prefix{}
}

// geoLookup is geo_polygon_lookup(table, polygon, longitude, latitude, [radius, …]) and geo_line_lookup(table, line, longitude, latitude,
// radius, …): a row matches a polygon that it lies in, or any shape within the radius in metres.
func geoLookup(c *pluginCall) (*output, error) {
	l, err := c.lookup()
	if err != nil {
		return nil, err
	}
	shape, err := c.tableArg(0)
	if err != nil {
		return nil, err
	}
	lon, err := c.arg(1)
	if err != nil {
		return nil, err
	}
	lat, err := c.arg(2)
	if err != nil {
		return nil, err
	}
	radius, near, err := c.option("radius", 3)
	if err != nil {
		return nil, err
	}
	near = near && !radius.Null && (radius.T == value.Long || radius.T == value.Int || radius.T == value.Real)
	radius = value.Convert(radius, value.Real)
	line := c.n.Plugin == "geo_line_lookup"
	distance, inside := fn.Lookup("geo_distance_point_to_polygon"), fn.Lookup("geo_point_in_polygon")
	if line {
		distance = fn.Lookup("geo_distance_point_to_line")
	}
	if near && (distance == nil || distance.Eval == nil) || !near && (inside == nil || inside.Eval == nil) {
		return nil, errorf(Unsupported, "%s is not available here", c.n.Plugin)
	}
	return l.run(func(row Row, i int) bool {
		args := []value.Value{value.Convert(lon(row), value.Real), value.Convert(lat(row), value.Real), shape(l.table.rows[i])}
		if !near {
			return truth(inside.Eval(c.x.env, args))
		}
		d := distance.Eval(c.x.env, args)
		return !lacks(d) && d.Real() <= radius.Real()
	})
}

// dcountIntersect gives the sizes of the growing intersections of hll values: (hll, hll, …).
func dcountIntersect(c *pluginCall) (*output, error) {
	rows, err := c.rows()
	if err != nil {
		return nil, err
	}
	dcount, merge := fn.Lookup("dcount_hll"), fn.Lookup("hll_merge")
	if dcount == nil || dcount.Eval == nil || merge == nil || merge.Eval == nil {
		return nil, errorf(Unsupported, "dcount_intersect is not available here")
	}
	sets := make([]eval, len(c.n.Args))
	out := &output{cols: append([]plan.Column(nil), c.in.cols...)}
	for i := range sets {
		if sets[i], err = c.arg(i); err != nil {
			return nil, err
		}
		out.cols = append(out.cols, own("s"+string(rune('0'+i)), value.Long))
	}
	size := func(hlls ...value.Value) int64 {
		v := hlls[0]
		if len(hlls) > 1 {
			v = merge.Eval(c.x.env, hlls)
		}
		return dcount.Eval(c.x.env, []value.Value{v}).I
	}
	for _, row := range rows {
		o := append(Row(nil), row...)
		var hlls []value.Value
		for i := range sets {
			hlls = append(hlls, sets[i](row))
			o = append(o, value.OfLong(intersection(hlls, size)))
		}
		out.rows = append(out.rows, o)
	}
	return out, nil
}

// intersection counts what all sets share from the sizes of their unions: the sum over all choices of sets, with alternating signs.
func intersection(sets []value.Value, size func(...value.Value) int64) int64 {
	var n int64
	for choice := 1; choice < 1<<len(sets); choice++ {
		var some []value.Value
		for i, s := range sets {
			if choice>>i&1 == 1 {
				some = append(some, s)
			}
		}
		if len(some)%2 == 1 {
			n += size(some...)
		} else {
			n -= size(some...)
		}
	}
	return max(0, n)
}
