package amqp

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
)

var samples = []any{
	nil, true, false, uint8(7), uint16(700), uint32(70000), uint64(1 << 40), int8(-7), int16(-700), int32(-70000), int64(-1 << 40), float32(1.5), 2.5,
	time.UnixMilli(1763740000123).UTC(), UUID{1, 2, 3}, []byte("bytes"), "text", strings.Repeat("long", 100), Symbol("sym"), Symbol(strings.Repeat("s", 300)),
	List{}, List{uint32(1), nil, "x", List{true}}, Map{{Symbol("a"), int64(1)}, {"b", Map{}}},
	Described{Code: Open, Value: List{"id"}}, Described{Code: 0x468C00000004, Value: "filter"}, Described{Name: "apache.org:selector-filter:string", Value: "x > '1'"},
}

func TestRoundTrip(t *testing.T) {
	for _, v := range samples {
		got, rest, err := Decode(Append(nil, v))
		if err != nil || len(rest) != 0 || !reflect.DeepEqual(got, v) {
			t.Errorf("%#v came back as %#v, rest %d, %v", v, got, len(rest), err)
		}
	}
	got, _, err := Decode(Append(nil, Strings{"0", "1"}))
	if err != nil || !reflect.DeepEqual(got, List{"0", "1"}) {
		t.Errorf("an array of strings came back as %#v, %v", got, err)
	}
}

func TestFrames(t *testing.T) {
	payload := []byte("payload")
	b := AppendFrame(nil, FrameAMQP, 3, Perf(Transfer, uint32(1), nil, true, nil, nil), len(payload))
	b = append(b, payload...)
	b = AppendFrame(b, FrameAMQP, 0, nil, 0)
	r := bytes.NewReader(b)
	f, err := ReadFrame(r)
	if err != nil || f.Channel != 3 || f.Perf.Code != Transfer || string(f.Payload) != "payload" || len(f.Perf.Fields()) != 3 || !f.Perf.Fields().Bool(2) {
		t.Errorf("frame %+v, %v", f, err)
	}
	if f, err = ReadFrame(r); err != nil || f.Perf.Code != 0 {
		t.Errorf("heartbeat %+v, %v", f, err)
	}
}

func TestNestedTooDeep(t *testing.T) {
	var v any = "x"
	for range maxDepth + 1 {
		v = List{v}
	}
	if _, _, err := Decode(Append(nil, v)); err == nil {
		t.Error("a value nested deeper than the bound was decoded")
	}
}

func FuzzDecode(f *testing.F) {
	for _, v := range samples {
		f.Add(Append(nil, v))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, rest, err := Decode(b)
		if err == nil && len(rest) > len(b) {
			t.Errorf("%#v left more than there was", v)
		}
		if m, err := DecodeMessage(b); err == nil && len(b) > 0 && m.Data == nil && m.Value == nil && m.Annotations == nil && m.Properties == nil && m.Application == nil {
			if _, ok := v.(Described); !ok {
				t.Errorf("%#v passed as a message", v)
			}
		}
	})
}
