package blob

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/appendblob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/collecttest"
)

// The emulator's own account and key, the same everywhere.
const azuriteKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

// azurite starts Microsoft's emulator of the storage service and gives its connection string. Where scripts/azurite has not installed it, the
// test is left out.
func azurite(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("there is no cache directory to look for Azurite in")
	}
	main := filepath.Join(cache, "vedette/azurite/node_modules/azurite/dist/src/blob/main.js")
	if _, err := os.Stat(main); err != nil {
		t.Skip("Azurite is not there; scripts/azurite installs it with npm")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not there")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, main, "--blobPort", port, "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--inMemoryPersistence")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it holds nothing that matters
		_ = cmd.Wait()
	})
	eventually(t, "Azurite answers", func() bool {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
		if err != nil {
			return false
		}
		return c.Close() == nil
	})
	return "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=" + azuriteKey + ";BlobEndpoint=http://127.0.0.1:" + port + "/devstoreaccount1;"
}

// exported appends text to a blob as Azure Monitor does, in blocks.
func exported(t *testing.T, connection, name, blob string, text []byte) {
	t.Helper()
	c, err := container.NewClientFromConnectionString(connection, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Create(t.Context(), nil) // it may be there
	a := c.NewAppendBlobClient(blob)
	if _, err := a.GetProperties(t.Context(), nil); err != nil {
		if _, err := a.Create(t.Context(), &appendblob.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	for len(text) > 0 {
		n := min(len(text), 20_000)
		if _, err := a.AppendBlock(t.Context(), streaming.NopCloser(bytes.NewReader(text[:n])), nil); err != nil {
			t.Fatal(err)
		}
		text = text[n:]
	}
}

// The whole suite, and growth while it is read, against Microsoft's own emulator.
func TestAzurite(t *testing.T) {
	connection := azurite(t)
	cfg := Config{ConnectionString: connection, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Poll: 20 * time.Millisecond, Sweep: 50 * time.Millisecond}
	name := Prefix + "deviceevents"
	exported(t, connection, name, hour(2*time.Hour), records(0, 700))
	exported(t, connection, Prefix+"emailevents", hour(0), records(700, 1000))
	if n, err := source(t, cfg).Check(t.Context()); n != 2 || err != nil {
		t.Errorf("Check: %d, %v", n, err)
	}
	collecttest.Run(t, 1000, func(t *testing.T) collect.Source { return source(t, cfg) })
	sink := &collecttest.Sink{}
	stop := run(t, source(t, cfg), sink)
	for i := 1000; i < 1400; i += 100 {
		exported(t, connection, name, hour(0), records(i, i+100))
	}
	eventually(t, "1400 messages", func() bool { return len(sink.Got()) >= 1400 })
	_ = stop()
	if n := len(sink.Got()); n != 1400 {
		t.Errorf("%d messages", n)
	}
}
