package fn

import (
	"compress/zlib"
	"strings"
	"testing"
)

// TestCompressedTextComesBack: short text that is stored, long text that is compressed, and text of several stored blocks.
func TestCompressedTextComesBack(t *testing.T) {
	noise := make([]byte, 3*maxStored)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x>>25) % 128
	}
	for _, s := range []string{"", "a", "1234567890qwertyuiop", strings.Repeat("again and again ", 5000), string(noise)} {
		if got := decompress(openGzip)(compressGzip(s)); got != s {
			t.Errorf("gzip of %d bytes gives %d back", len(s), len(got))
		}
		if got := decompress(zlib.NewReader)(compressZlib(s)); got != s {
			t.Errorf("zlib of %d bytes gives %d back", len(s), len(got))
		}
	}
	if got, want := compressZlib("1234567890qwertyuiop"), "eAEBFADr/zEyMzQ1Njc4OTBxd2VydHl1aW9wOAkGdw=="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := compressGzip("1234567890qwertyuiop"), "H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA=="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
