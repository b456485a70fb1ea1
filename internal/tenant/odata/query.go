package odata

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Limits say what a collection allows.
type Limits struct {
	Fields   []string // that $filter may name; nil: all
	Default  int      // page size without $top
	Top      int      // largest $top
	Reach    int      // largest $top + $skip; 0: any
	Sensible string   // order without $orderby, e.g. "createdDateTime desc"
}

// Query is the options of one request.
type Query struct {
	Filter Filter
	Order  string // "field asc" or "field desc"
	Top    int
	Skip   int
	Count  bool
	Select []string
	Expand []string
}

// errReach is the text for a page too far behind the start; %d twice.
const errReach = "The query specified in the URI is not valid. The sum of the values of '$top' (%d) and '$skip' (%d) is too large."

// Read reads the options of a request. The error is the text for the user.
func Read(v url.Values, l Limits) (q Query, err error) {
	if q.Filter, err = Parse(v.Get("$filter"), l.Fields); err != nil {
		return q, err
	}
	number := func(name string, otherwise int) int {
		s := v.Get(name)
		if s == "" || err != nil {
			return otherwise
		}
		n, e := strconv.Atoi(s)
		if e != nil || n < 0 {
			err = refuse("Invalid value '%s' for %s query option found. The %s query option requires a non-negative integer value.", s, name, name)
		}
		return n
	}
	q.Top, q.Skip = number("$top", l.Default), number("$skip", 0)
	if err != nil {
		return q, err
	}
	if q.Top > l.Top {
		return q, refuse("The query specified in the URI is not valid. The limit of '%d' for Top query has been exceeded. The value from the incoming request is '%d'.", l.Top, q.Top)
	}
	if l.Reach > 0 && q.Top+q.Skip > l.Reach {
		return q, refuse(errReach, q.Top, q.Skip)
	}
	if t := v.Get("$skiptoken"); t != "" {
		b, e := base64.RawURLEncoding.DecodeString(t)
		if q.Skip, err = strconv.Atoi(string(b)); e != nil || err != nil {
			return q, refuse("The $skiptoken is not valid.")
		}
	}
	q.Order = strings.TrimSpace(v.Get("$orderby"))
	if q.Order == "" {
		q.Order = l.Sensible
	}
	q.Count = v.Get("$count") == "true"
	q.Select, q.Expand = names(v.Get("$select")), names(v.Get("$expand"))
	return q, nil
}

func names(s string) []string {
	var list []string
	for n := range strings.SplitSeq(s, ",") {
		if n = strings.TrimSpace(n); n != "" {
			list = append(list, n)
		}
	}
	return list
}

// Apply filters, orders and cuts docs. The documents are not copied.
func (q Query) Apply(docs []Doc) (page []Doc, total int) {
	var all []Doc
	for _, d := range docs {
		if q.Filter.Match(d) {
			all = append(all, d)
		}
	}
	field, dir, _ := strings.Cut(q.Order, " ")
	if field != "" {
		slices.SortStableFunc(all, func(a, b Doc) int {
			c := order(a[field], b[field])
			if strings.TrimSpace(dir) == "desc" {
				return -c
			}
			return c
		})
	}
	from := min(q.Skip, len(all))
	return all[from:min(from+q.Top, len(all))], len(all)
}

func order(a, b any) int {
	switch a := a.(type) {
	case string:
		s, _ := b.(string)
		return strings.Compare(Instant(a), Instant(s))
	case float64:
		n, _ := b.(float64)
		switch {
		case a < n:
			return -1
		case a > n:
			return 1
		}
	case nil:
		if b != nil {
			return -1
		}
	}
	return 0
}

// Instant pads a timestamp's fraction to seven digits, so that timestamps order as text; other text comes back as it is.
func Instant(s string) string {
	if len(s) < 20 || s[len(s)-1] != 'Z' || s[10] != 'T' {
		return s
	}
	head, fraction, _ := strings.Cut(s[:len(s)-1], ".")
	return head + "." + fraction + strings.Repeat("0", max(0, 7-len(fraction))) + "Z"
}

// Next gives the link to the page after q, or "" when this is the last. Its token says where the page begins in the list as it is then:
// what moves within the list meanwhile may be missed or met again, as with the real service.
func (q Query) Next(u *url.URL, base string, total int) string {
	if q.Skip+q.Top >= total || q.Top == 0 {
		return ""
	}
	v := u.Query()
	v.Del("$skip")
	v.Set("$skiptoken", base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(q.Skip+q.Top))))
	return base + u.Path + "?" + v.Encode()
}

// Pick copies doc with the selected properties only.
func (q Query) Pick(doc Doc) Doc {
	if len(q.Select) == 0 {
		return doc
	}
	out := Doc{}
	for _, n := range q.Select {
		if v, ok := doc[n]; ok {
			out[n] = v
		}
	}
	return out
}
