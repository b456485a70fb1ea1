package file

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/collecttest"
	"github.com/vedette-siem/vedette/internal/fault"
)

func sample(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `{"category":"AdvancedHunting-DeviceEvents","properties":{"ReportId":%d}}`+"\n", i)
	}
	return b.Bytes()
}

func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gz(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSource(t *testing.T) {
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := sample(1500)
	for name, text := range map[string][]byte{"plain.ndjson": plain, "packed.gz": gz(t, plain), "packed.zst": enc.EncodeAll(plain, nil)} {
		t.Run(name, func(t *testing.T) {
			path := write(t, name, text)
			collecttest.Run(t, 1500, func(t *testing.T) collect.Source {
				s, err := Open(path, nil)
				if err != nil {
					t.Fatal(err)
				}
				return s
			})
		})
	}
}

func run(t *testing.T, text []byte) (*collecttest.Sink, error) {
	t.Helper()
	s, err := Open(write(t, "f", text), nil)
	if err != nil {
		t.Fatal(err)
	}
	sink := &collecttest.Sink{}
	return sink, s.Run(context.Background(), nil, sink)
}

func TestLineEndsAndBlankLines(t *testing.T) {
	sink, err := run(t, []byte("\xef\xbb\xbf{\"a\":1}\r\n\r\n  \n{\"a\":2}"))
	if err != nil {
		t.Fatal(err)
	}
	got := sink.Got()
	if len(got) != 2 || string(got[0].Body) != `{"a":1}` || string(got[1].Body) != `{"a":2}` || got[1].Pos.Seq != 4 || got[1].Broken != "" {
		t.Errorf("got %+v", got)
	}
}

func TestHalfWrittenLastLineIsKeptAsBroken(t *testing.T) {
	sink, err := run(t, []byte("{\"a\":1}\n{\"a\":"))
	if err != nil {
		t.Fatal(err)
	}
	got := sink.Got()
	if len(got) != 2 || got[0].Broken != "" || !strings.Contains(got[1].Broken, "middle of line 2") {
		t.Errorf("got %+v", got)
	}
}

func TestLineThatIsTooLong(t *testing.T) {
	text := append(bytes.Repeat([]byte("x"), maxLine+5), "\n{\"a\":1}\n"...)
	sink, err := run(t, text)
	if err != nil {
		t.Fatal(err)
	}
	got := sink.Got()
	if len(got) != 2 || got[0].Broken == "" || len(got[0].Body) != keptOfLong || string(got[1].Body) != `{"a":1}` {
		t.Errorf("%d messages, first broken %q", len(got), got[0].Broken)
	}
}

func TestCutOffCompressionKeepsWhatCame(t *testing.T) {
	whole := gz(t, sample(5000))
	sink, err := run(t, whole[:len(whole)/2])
	if !fault.Is(err, fault.Corrupt) {
		t.Errorf("error %v", err)
	}
	if n := len(sink.Got()); n < 100 || n >= 5000 {
		t.Errorf("%d messages of a file cut in half", n)
	}
}

func TestNoSuchFileAndDirectory(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "none"), nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Open(t.TempDir(), nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("directory: %v", err)
	}
}

func TestStandardInput(t *testing.T) {
	s, err := Open("-", bytes.NewReader(sample(3)))
	if err != nil {
		t.Fatal(err)
	}
	sink := &collecttest.Sink{}
	if err := s.Run(context.Background(), nil, sink); err != nil || len(sink.Got()) != 3 {
		t.Errorf("%d messages, %v", len(sink.Got()), err)
	}
}
