package eventhub

import (
	"context"
	"crypto/tls"
	"maps"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2"
	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2/checkpoints"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
)

// Checkpoints says where to write the checkpoint blobs that operators and other tools watch. Nothing is read from them.
type Checkpoints struct {
	ConnectionString string // of the storage account
	Container        string
	Every            time.Duration // default 30 s
}

const everyCheckpoint = 30 * time.Second

func (s *Source) container() (*container.Client, error) {
	cp := s.cfg.Checkpoints
	o := &container.ClientOptions{ClientOptions: azcore.ClientOptions{Retry: policy.RetryOptions{MaxRetries: 1, RetryDelay: s.first}}} // the next round tries again anyhow
	if s.cfg.RootCAs != nil {
		o.Transport = &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: s.cfg.RootCAs, MinVersion: tls.VersionTLS12}}}
	}
	c, err := container.NewClientFromConnectionString(cp.ConnectionString, cp.Container, o)
	if err != nil {
		return nil, fault.New(fault.Invalid, "storage connection string", "it cannot be read").WithHint("copy it from the storage account: Access keys → Connection string") // err would show the key
	}
	return c, nil
}

// CheckStorage writes a blob of metadata to the container, as checkpoints are.
func (s *Source) CheckStorage(ctx context.Context) error {
	if s.cfg.Checkpoints == nil {
		return nil
	}
	c, err := s.container()
	if err != nil {
		return err
	}
	if _, err := c.NewBlockBlobClient("vedette-check").UploadBuffer(ctx, nil, nil); err != nil {
		return fault.New(fault.Forbidden, "write to container "+s.cfg.Checkpoints.Container, "%w", err).WithHint("the container must exist and the key must be right; with roles, it takes Storage Blob Data Contributor")
	}
	return nil
}

// checkpoint writes, every now and then, how far the store has the rows. It never stops the reading: failures are logged, once each.
func (s *Source) checkpoint(ctx context.Context, to collect.Sink) {
	every := s.cfg.Checkpoints.Every
	if every == 0 {
		every = everyCheckpoint
	}
	written := map[string]mark{}
	said := ""
	for pause(ctx, every); ctx.Err() == nil; pause(ctx, every) {
		if err := s.writeMarks(ctx, to, written); err != nil && ctx.Err() == nil {
			if text := err.Error(); text != said {
				s.cfg.Log.Warn("checkpoints are not written; collecting goes on without them", "error", err)
				said = text
			}
			continue
		}
		said = ""
	}
}

// writeMarks writes the marks that moved, after everything up to them is stored.
func (s *Source) writeMarks(ctx context.Context, to collect.Sink, written map[string]mark) error {
	s.mu.Lock()
	marks := maps.Clone(s.last)
	s.mu.Unlock()
	if maps.Equal(marks, written) {
		return nil
	}
	if err := to.Flush(ctx); err != nil {
		return err
	}
	c, err := s.container()
	if err != nil {
		return err
	}
	store, err := checkpoints.NewBlobStore(c, nil)
	if err != nil {
		return err
	}
	for id, m := range marks {
		if written[id] == m {
			continue
		}
		err := store.SetCheckpoint(ctx, azeventhubs.Checkpoint{ConsumerGroup: s.cfg.ConsumerGroup, EventHubName: s.cfg.Hub, FullyQualifiedNamespace: s.namespace,
			PartitionID: id, Offset: &m.offset, SequenceNumber: &m.seq}, nil)
		if err != nil {
			return fault.New(fault.Unavailable, "write checkpoint of partition "+id, "%w", err)
		}
		written[id] = m
	}
	return nil
}
