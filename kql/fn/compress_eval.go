package fn

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"io"
	"unicode/utf8"
)

// What stands before the compressed bytes: gzip without a name, a time and an operating system; zlib at its fastest level.
const (
	gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	zlibHeader = "\x78\x01"
)

func compressGzip(s string) string {
	b := append([]byte(gzipHeader), deflate(s)...)
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(s)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	return base64.StdEncoding.EncodeToString(b)
}

func compressZlib(s string) string {
	b := append([]byte(zlibHeader), deflate(s)...)
	b = binary.BigEndian.AppendUint32(b, adler32.Checksum([]byte(s)))
	return base64.StdEncoding.EncodeToString(b)
}

// maxStored is the length of the longest stored block, and endBlock that of the empty one with which flate ends.
const (
	maxStored = 65535
	endBlock  = 5
)

// deflate compresses. Text that does not become shorter is stored as it is.
func deflate(s string) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err == nil {
		_, err = w.Write([]byte(s))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil || b.Len()-endBlock+1 >= len(s) {
		return store(s)
	}
	return b.Bytes()
}

// store writes stored blocks: whether it is the last, the length, its complement, the text.
func store(s string) []byte {
	out := make([]byte, 0, len(s)+endBlock*(1+len(s)/maxStored))
	for {
		n := min(len(s), maxStored)
		last := byte(0)
		if n == len(s) {
			last = 1
		}
		out = append(out, last)
		out = binary.LittleEndian.AppendUint16(out, uint16(n))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(n))
		out = append(out, s[:n]...)
		if s = s[n:]; s == "" {
			return out
		}
	}
}

// decompress decodes base64 and decompresses, up to the bound of a string.
func decompress(open func(r io.Reader) (io.ReadCloser, error)) func(s string) string {
	return func(s string) string {
		b, ok := decode64(s)
		if !ok {
			return ""
		}
		r, err := open(bytes.NewReader(b))
		if err != nil {
			return ""
		}
		defer r.Close()
		out, err := io.ReadAll(io.LimitReader(r, MaxText+1))
		if err != nil || len(out) > MaxText || !utf8.Valid(out) {
			return ""
		}
		return string(out)
	}
}

func openGzip(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }
