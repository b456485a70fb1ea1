package value

import (
	"math"
	"testing"
)

func TestParseDatetime(t *testing.T) {
	for in, want := range map[string]string{
		"2024-01-02T03:04:05.1234567Z":      "2024-01-02T03:04:05.1234567Z",
		"2024-01-02 03:04:05.123":           "2024-01-02T03:04:05.1230000Z",
		"2024-01-02T03:04":                  "2024-01-02T03:04:00.0000000Z",
		"2024-01-02":                        "2024-01-02T00:00:00.0000000Z",
		"2024-01":                           "2024-01-01T00:00:00.0000000Z",
		"2024":                              "2024-01-01T00:00:00.0000000Z",
		"20221202":                          "2022-12-02T00:00:00.0000000Z",
		"12/02/2022":                        "2022-12-02T00:00:00.0000000Z",
		"12-02-2022 13:14:15":               "2022-12-02T13:14:15.0000000Z",
		"12/02/2022 1:14:15 PM":             "2022-12-02T13:14:15.0000000Z",
		"2 Dec 2022":                        "2022-12-02T00:00:00.0000000Z",
		"Dec 2, 2022":                       "2022-12-02T00:00:00.0000000Z",
		"Sat, 8 Nov 14 15:05:02 GMT":        "2014-11-08T15:05:02.0000000Z",
		"Saturday, 08-Nov-14 15:05:02 UTC":  "2014-11-08T15:05:02.0000000Z",
		"2014-11-08T15:55:55.123456789Z":    "2014-11-08T15:55:55.1234567Z",
		"2014-11-08T15:55:55+02:00":         "2014-11-08T13:55:55.0000000Z",
		"2014-11-08 15:55:55 -0530":         "2014-11-08T21:25:55.0000000Z",
		"0001-01-01":                        "0001-01-01T00:00:00.0000000Z",
		"9999-12-31T23:59:59.9999999Z":      "9999-12-31T23:59:59.9999999Z",
		"Tuesday, November 8, 2014 3:05 am": "2014-11-08T03:05:00.0000000Z",
	} {
		ticks, ok := ParseDatetime(in)
		if got := string(AppendDatetime(nil, ticks, false)); !ok || got != want {
			t.Errorf("%q: %s %v, want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "x", "2022-13-01", "2022-02-30", "2022-01-01T25:00", "2022-01-01 garbage", "13/25/2022", "123", "1 2", "99999-01-01", "0001-01-01T00:00:00+02:00"} {
		if n, ok := ParseDatetime(in); ok {
			t.Errorf("%q read as %d", in, n)
		}
	}
}

func TestCalendarRoundTrip(t *testing.T) {
	for days := int64(0); days*TicksPerDay <= MaxTicks; days += 13 {
		ticks := days*TicksPerDay + 12345678901%TicksPerDay
		if back, ok := CivilOf(ticks).Ticks(); !ok || back != ticks {
			t.Fatalf("day %d: %+v gives %d", days, CivilOf(ticks), back)
		}
	}
	if got, _ := (Civil{Year: 1970, Month: 1, Day: 1}).Ticks(); got != UnixTicks {
		t.Errorf("1970 is %d", got)
	}
	if got, _ := (Civil{9999, 12, 31, 23, 59, 59, 9999999}).Ticks(); got != MaxTicks {
		t.Errorf("the last tick is %d", got)
	}
}

func TestParseTimespan(t *testing.T) {
	for in, want := range map[string]string{
		"2d": "2.00:00:00", "1.5h": "01:30:00", "30m": "00:30:00", "10s": "00:00:10", "0.1s": "00:00:00.1000000", "100ms": "00:00:00.1000000",
		"10microsecond": "00:00:00.0000100", "1tick": "00:00:00.0000001", "2": "2.00:00:00", "1.02:03:04": "1.02:03:04", "-1.02:03:04.5": "-1.02:03:04.5000000",
		"12:34": "12:34:00", "0.12:34:56.7": "12:34:56.7000000", "500 nanoseconds": "00:00:00.0000005", "1:2:3:4": "1.02:03:04",
	} {
		n, ok := ParseTimespan(in)
		if got := string(AppendTimespan(nil, n)); !ok || got != want {
			t.Errorf("%q: %s %v, want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "h", "1x", "25:00:00", "1:2:3:4:5", "99999999999d", "::", "1.2.3h"} {
		if n, ok := ParseTimespan(in); ok {
			t.Errorf("%q read as %d", in, n)
		}
	}
}

func TestTextAndJSON(t *testing.T) {
	dyn := func(s string) Value { v, _ := ParseJSON(s); return v }
	dec := Convert(OfString("12345678901234567890.5"), Decimal)
	for _, c := range []struct {
		v          Value
		text, json string
	}{
		{OfReal(24), "24.0", "24.0"}, {OfReal(1e21), "1e21", "1e21"}, {OfReal(-1.5e-9), "-1.5e-9", "-1.5e-9"}, {OfReal(math.NaN()), "NaN", `"NaN"`},
		{OfReal(1e20), "100000000000000000000.0", "100000000000000000000.0"},
		{OfDatetime(UnixTicks), "1970-01-01T00:00:00.0000000Z", `"1970-01-01T00:00:00Z"`},
		{OfDatetime(UnixTicks + 1_200_000), "1970-01-01T00:00:00.1200000Z", `"1970-01-01T00:00:00.12Z"`},
		{OfTimespan(math.MinInt64), "-10675199.02:48:05.4775808", `"-10675199.02:48:05.4775808"`},
		{NullOf(String), "", `""`}, {NullOf(Long), "", "null"}, {OfBool(true), "true", "true"},
		{dyn(`"a\"b"`), `a"b`, `"a\"b"`}, {dyn(`{"a":[1,2.0,null,"x"],"b":{}}`), `{"a":[1,2.0,null,"x"],"b":{}}`, `{"a":[1,2.0,null,"x"],"b":{}}`},
		{dyn(`null`), "", "null"}, {dec, "12345678901234567890.5", `"12345678901234567890.5"`},
		{OfArray(Array{OfDatetime(UnixTicks)}), `["1970-01-01T00:00:00.0000000Z"]`, `["1970-01-01T00:00:00.0000000Z"]`},
	} {
		if got := c.v.Text(); got != c.text {
			t.Errorf("text %s, want %s", got, c.text)
		}
		if got := string(c.v.AppendJSON(nil)); got != c.json {
			t.Errorf("json %s, want %s", got, c.json)
		}
	}
}

func TestParseJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"b":1,"a":2,"b":3}`: `{"b":3,"a":2}`, "[ 1 , -2.50 , 1e3 ]": "[1,-2.5,1000.0]", `"\ud83d\ude00\u00e9"`: `"😀é"`, "12345678901234567890": "12345678901234568000.0",
	} {
		v, ok := ParseJSON(in)
		if got := string(AppendDynamic(nil, v)); !ok || got != want {
			t.Errorf("%s: %s %v, want %s", in, got, ok, want)
		}
	}
	deep := ""
	for range MaxDepth + 1 {
		deep += "["
	}
	for _, in := range []string{"", "{", "[1,]", "{a:1}", "01", "1 2", `"\x"`, "'a'", "nul", deep, "1.", "-"} {
		if v, ok := ParseJSON(in); ok {
			t.Errorf("%q read as %v", in, v)
		}
	}
}

func TestArithmetic(t *testing.T) {
	l, r := OfLong, OfReal
	d := func(s string) Value { return Convert(OfString(s), Decimal) }
	for _, c := range []struct {
		op   byte
		a, b Value
		want string
	}{
		{'/', l(7), l(2), "3"}, {'/', l(-7), l(2), "-3"}, {'/', l(7), l(0), ""}, {'/', r(1), l(0), "Infinity"}, {'%', l(-14), l(12), "10"}, {'%', l(14), l(-12), "2"},
		{'%', r(-5.5), l(2), "0.5"}, {'+', OfInt(math.MaxInt32), OfInt(1), "2147483648"}, {'+', l(math.MaxInt64), l(1), "-9223372036854775808"},
		{'/', OfTimespan(TicksPerDay), OfTimespan(TicksPerHour), "24.0"}, {'*', r(1.5), OfTimespan(TicksPerHour), "01:30:00"}, {'-', OfDatetime(UnixTicks), OfDatetime(UnixTicks - TicksPerDay), "1.00:00:00"},
		{'-', OfDatetime(1), OfTimespan(2), ""}, {'+', NullOf(Long), l(1), ""}, {'/', d("1"), d("3"), "0.3333333333333333333333333333333333"}, {'%', d("-1.5"), d("1"), "0.5"},
		{'%', l(5), l(math.MinInt64), "5"}, {'/', l(math.MinInt64), l(-1), "-9223372036854775808"},
	} {
		if got := arith(c.op, c.a, c.b).Text(); got != c.want {
			t.Errorf("%s %c %s = %s, want %s", c.a.Text(), c.op, c.b.Text(), got, c.want)
		}
	}
}

func TestBin(t *testing.T) {
	week, _ := ParseDatetime("2007-01-03T10:00")
	for _, c := range []struct {
		v, size Value
		want    string
	}{
		{OfLong(-7), OfLong(5), "-10"}, {OfReal(4.5), OfLong(1), "4.0"}, {OfLong(5), OfLong(0), ""}, {OfLong(5), OfLong(-1), ""}, {NullOf(Long), OfLong(1), ""},
		{OfDatetime(week), OfTimespan(7 * TicksPerDay), "2007-01-01T00:00:00.0000000Z"}, {OfTimespan(-1), OfTimespan(TicksPerDay), "-1.00:00:00"},
	} {
		if got := Bin(c.v, c.size).Text(); got != c.want {
			t.Errorf("bin(%s, %s) = %s, want %s", c.v.Text(), c.size.Text(), got, c.want)
		}
	}
}

func TestCompareAndKeys(t *testing.T) {
	nan := OfReal(math.NaN())
	order := []Value{NullOf(Real), nan, OfReal(math.Inf(-1)), OfReal(-1), OfReal(0), OfReal(2)}
	for i := range order {
		for j := range order {
			if got, want := Compare(order[i], order[j]), Compare(OfLong(int64(i)), OfLong(int64(j))); got != want {
				t.Errorf("%s against %s: %d", order[i].Text(), order[j].Text(), got)
			}
		}
	}
	if Compare(OfLong(1<<53+1), OfReal(1<<53)) != 1 || Compare(OfReal(1<<53), OfLong(1<<53+1)) != -1 || Compare(OfReal(1<<63), OfLong(math.MaxInt64)) != 1 {
		t.Error("a long beyond 2^53 is compared with a real by rounding")
	}
	if Equal(nan, nan) || !Equal(OfInt(1), OfReal(1)) || Equal(OfString("1"), OfLong(1)) || !Equal(NullOf(Long), NullOf(Long)) {
		t.Error("equality")
	}
	key := func(v Value) string { return string(AppendKey(nil, v)) }
	if key(nan) != key(OfReal(-math.NaN())) || key(OfReal(0)) != key(OfReal(math.Copysign(0, -1))) || key(OfLong(1)) == key(OfReal(1)) || key(NullOf(Long)) == key(OfLong(0)) {
		t.Error("keys")
	}
}

func TestConvert(t *testing.T) {
	for _, c := range []struct {
		v    Value
		to   Type
		want string
	}{
		{OfString("0x1F"), Long, "31"}, {OfString(" 12 "), Int, "12"}, {OfString("3000000000"), Int, ""}, {OfString("x"), Long, ""}, {OfReal(-2.9), Long, "-2"}, {OfString("1e3"), Real, "1000.0"},
		{OfString("TRUE"), Bool, "true"}, {OfLong(7), Bool, "true"}, {OfString("maybe"), Bool, ""}, {OfString("{D6B8E6F0-0000-1111-2222-333344445555}"), GUID, "d6b8e6f0-0000-1111-2222-333344445555"},
		{OfDynamic(OfString("5")), Long, "5"}, {OfArray(nil), Long, ""}, {OfArray(Array{}), String, "[]"}, {OfReal(0.1), Decimal, "0.1"}, {OfString("nope"), Datetime, ""}, {NullOf(Long), String, ""},
	} {
		v := Convert(c.v, c.to)
		if got := v.Text(); got != c.want || v.T != c.to || v.Null != (c.want == "" && c.to != String) {
			t.Errorf("%s to %s: %q %+v, want %q", c.v.Text(), c.to, got, v, c.want)
		}
	}
}

func TestStorageRoundTrip(t *testing.T) {
	dyn, _ := ParseJSON(`{"a":[1,"x",{"b":null}]}`)
	for _, v := range []Value{OfBool(true), OfInt(-3), OfLong(1 << 60), OfReal(0.1), OfString("é"), OfDatetime(UnixTicks), OfTimespan(-5), dyn, Convert(OfString("1.25"), Decimal), NullOf(GUID), NullOf(Dynamic), OfString("")} {
		if back := FromStored(v.T, v.Stored()); !Equal(v, back) || back.T != v.T {
			t.Errorf("%s comes back as %s", v.Text(), back.Text())
		}
	}
	if v := FromStored(Datetime, int64(-1)); !v.Null {
		t.Error("a datetime before the year 1 was read")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2024-01-02T03:04:05Z", "1.02:03:04", `{"a":[1,2]}`, "1e5", "Sat, 8 Nov 14 15:05:02 GMT"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := ParseDatetime(s); ok {
			if back, ok := ParseDatetime(string(AppendDatetime(nil, n, false))); !ok || back != n {
				t.Errorf("datetime %q", s)
			}
		}
		ParseTimespan(s)
		if v, ok := ParseJSON(s); ok {
			text := string(AppendDynamic(nil, v))
			if again, ok := ParseJSON(text); !ok || string(AppendDynamic(nil, again)) != text {
				t.Errorf("json %q gives %q", s, text)
			}
		}
		if r, ok := ParseDecimal(s); ok {
			if back, ok := ParseDecimal(DecimalText(r)); !ok || back.Cmp(r) != 0 {
				t.Errorf("decimal %q gives %s", s, DecimalText(r))
			}
		}
	})
}
