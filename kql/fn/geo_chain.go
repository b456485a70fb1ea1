package fn

import (
	"slices"
	"sort"
)

// chained is an edge between sites: of a layer, and a part of an input edge, the first of those that it came to stand for.
type chained struct {
	dart
	layer int
}

// straightener makes chains of edges, in all layers at once, into single edges.
type straightener struct {
	s        *snapper
	edges    []chained
	out, in  [][]int // of each site the edges that leave it and arrive
	between  map[[2]int][]int
	targets  [][]vec // of each site the input corners that it stands for
	interior []bool
	used     []bool
	result   []chained
}

// straighten leads all edges through their sites and makes their chains straight.
func (s *snapper) straighten() []chained {
	t := &straightener{s: s, between: map[[2]int][]int{}, targets: make([][]vec, len(s.sites))}
	for i, e := range s.edges {
		chain := s.chain(i)
		t.targets[chain[0]] = append(t.targets[chain[0]], e.a)
		last := chain[len(chain)-1]
		if len(chain) > 1 {
			t.targets[last] = append(t.targets[last], e.b)
		}
		for k := range chain[1:] {
			t.edges = append(t.edges, chained{dart{chain[k], chain[k+1], i}, s.layer[i]})
		}
	}
	sort.SliceStable(t.edges, func(i, j int) bool {
		a, b := t.edges[i], t.edges[j]
		if a.from != b.from {
			return a.from < b.from
		}
		if a.to != b.to {
			return a.to < b.to
		}
		return a.layer < b.layer
	})
	t.out, t.in = make([][]int, len(s.sites)), make([][]int, len(s.sites))
	for i, e := range t.edges {
		t.out[e.from] = append(t.out[e.from], i)
		t.in[e.to] = append(t.in[e.to], i)
		t.between[[2]int{e.from, e.to}] = append(t.between[[2]int{e.from, e.to}], i)
	}
	t.interior = make([]bool, len(s.sites))
	for v := range t.interior {
		t.interior[v] = t.inner(v)
	}
	t.used = make([]bool, len(t.edges))
	for _, loops := range [2]bool{false, true} {
		for i, e := range t.edges {
			switch {
			case t.used[i] || !loops && t.interior[e.from]:
			case !t.interior[e.to]:
				t.keep(i)
			default:
				t.follow(e.from, e.to)
			}
		}
	}
	return t.result
}

func (t *straightener) keep(i int) {
	t.used[i] = true
	t.result = append(t.result, t.edges[i])
}

// inner reports whether a chain may go on through a site: in each layer as many edges go through it from one neighbour as to the other.
func (t *straightener) inner(v int) bool {
	if len(t.out[v]) == 0 || len(t.out[v]) != len(t.in[v]) {
		return false
	}
	type tally struct{ balance, first, second int }
	layers := map[int]*tally{}
	first, second := -1, -1
	for _, list := range [2][]int{t.out[v], t.in[v]} {
		for _, i := range list {
			e := t.edges[i]
			l := layers[e.layer]
			if l == nil {
				l = &tally{}
				layers[e.layer] = l
			}
			other := e.to
			if l.balance++; e.to == v {
				l.balance -= 2
				other = e.from
			}
			if first < 0 {
				first = other
			}
			if other != first && second < 0 {
				second = other
			}
			switch other {
			case first:
				l.first++
			case second:
				l.second++
			default:
				return false
			}
		}
	}
	for _, l := range layers {
		if l.balance != 0 || l.first != l.second {
			return false
		}
	}
	return true
}

// follow goes along a chain, making the longest parts of it straight that can be.
func (t *straightener) follow(from, to int) {
	start := from
	for done := false; !done; {
		w := newSight(t.s.sites[from])
		t.avoid(from, from, to, w)
		chain := []int{from}
		for {
			chain = append(chain, to)
			if done = !t.interior[to] || to == start; done {
				break
			}
			from, to = to, t.next(from, to)
			if !t.hit(from, w) || !t.avoid(chain[0], from, to, w) || !w.reaches(t.s.sites[to]) {
				break
			}
		}
		if len(chain) == 2 {
			for _, i := range append(slices.Clone(t.between[[2]int{chain[0], chain[1]}]), t.between[[2]int{chain[1], chain[0]}]...) {
				t.keep(i)
			}
		} else {
			t.merge(chain)
		}
	}
}

// next gives the site that a chain goes on to.
func (t *straightener) next(from, through int) (to int) {
	for _, i := range t.out[through] {
		if to = t.edges[i].to; to != from {
			break
		}
	}
	return to
}

// hit requires that the straight edge passes within the tolerance of all input corners that a site stands for.
func (t *straightener) hit(v int, w *sight) bool {
	for _, p := range t.targets[v] {
		if !w.pass(p, t.s.radius) {
			return false
		}
	}
	return true
}

// avoid requires that the straight edge from v0 leaves all sites by the edge from v1 to v2 on the side on which they are now.
func (t *straightener) avoid(v0, v1, v2 int, w *sight) bool {
	sites := t.s.sites
	p0, p1, p2 := sites[v0], sites[v1], sites[v2]
	r1, r2 := p0.apart(p1), p0.apart(p2)
	if r2 < r1 || r2 >= t.s.splitLength() {
		return false
	}
	best := -1
	for _, key := range [2][2]int{{v1, v2}, {v2, v1}} {
		for _, i := range t.between[key] {
			if e := t.edges[i].input; best < 0 || len(t.s.near[e]) < len(t.s.near[best]) {
				best = e
			}
		}
	}
	for _, v := range t.s.near[best] {
		p := sites[v]
		if r := p0.apart(p); v == v0 || v == v1 || v == v2 || r <= r1 || r >= r2 {
			continue
		}
		left := sideOf(p1, p2, p) > 0
		if v1 != v0 {
			left = inOrderAround(p0, p2, p, p1)
		}
		if !w.avoid(p, siteSeparation*t.s.radius, left) {
			return false
		}
	}
	return true
}

// inOrderAround reports whether, going around o to the left, a, b and c come in this order.
func inOrderAround(o, a, b, c vec) bool {
	sum := 0
	if sideOf(b, o, a) >= 0 {
		sum++
	}
	if sideOf(c, o, b) >= 0 {
		sum++
	}
	if sideOf(a, o, c) > 0 {
		sum++
	}
	return sum >= 2
}

// merge puts one edge for a chain, in each layer and direction that has it.
func (t *straightener) merge(chain []int) {
	first, last := chain[0], chain[len(chain)-1]
	for _, back := range [2]bool{false, true} {
		var merged []chained
		for k := range chain[1:] {
			key, from, to := [2]int{chain[k], chain[k+1]}, first, last
			if back {
				key, from, to = [2]int{chain[k+1], chain[k]}, last, first
			}
			for n, i := range t.between[key] {
				t.used[i] = true
				e := t.edges[i]
				if k == 0 {
					merged = append(merged, chained{dart{from, to, e.input}, e.layer})
				} else if n < len(merged) {
					merged[n].input = min(merged[n].input, e.input)
				}
			}
		}
		t.result = append(t.result, merged...)
	}
}

// simplified gives the areas of a layer after straightening: edges that go there and back enclose nothing.
func (s *snapper) simplified(edges []chained, layer int) [][]ring {
	count := map[[2]int]int{}
	first := map[[2]int]int{}
	for _, e := range edges {
		if e.layer != layer || e.from == e.to {
			continue
		}
		key := [2]int{e.from, e.to}
		count[key]++
		if n, ok := first[key]; !ok || e.input < n {
			first[key] = e.input
		}
	}
	g := &graph{points: s.sites}
	var darts []dart
	for key, n := range count {
		if n > count[[2]int{key[1], key[0]}] {
			darts = append(darts, dart{key[0], key[1], first[key]})
		}
	}
	sortDarts(darts)
	for _, d := range darts {
		g.arcs = append(g.arcs, arc{u: d.from, v: d.to})
	}
	g.turnAround()
	return g.polygons(darts)
}
