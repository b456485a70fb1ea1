package blob

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/service"

	"github.com/vedette-siem/vedette/internal/fault"
)

// account makes clients.
type account struct {
	name      string // host and path, lower case
	service   *service.Client
	only      string // the one container that the address is of; "": the address is the account's
	container func(name string) *container.Client
}

const (
	headerWait = time.Minute // until an answer begins
	stall      = time.Minute // without a byte of a body
)

// open makes the clients of cfg. Errors do not show what is secret.
func open(cfg Config) (account, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: cfg.RootCAs, MinVersion: tls.VersionTLS12}
	transport.ResponseHeaderTimeout = headerWait
	o := azcore.ClientOptions{Transport: &http.Client{Transport: transport}, Retry: policy.RetryOptions{MaxRetries: 1, RetryDelay: firstWait}} // our own loop goes on after these
	var a account
	var err error
	switch {
	case cfg.ConnectionString != "" && cfg.Account != "":
		return a, fault.New(fault.Invalid, "storage account", "both a connection string and an address are given").WithHint("give one of them")
	case cfg.ConnectionString != "":
		if a.service, err = service.NewClientFromConnectionString(cfg.ConnectionString, &service.ClientOptions{ClientOptions: o}); err != nil {
			return a, fault.New(fault.Invalid, "storage connection string", "it cannot be read").WithHint("copy it from the storage account: Access keys → Connection string") // err would show the key
		}
	default:
		u, bad := url.Parse(cfg.Account)
		if bad != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return a, fault.New(fault.Invalid, "storage account", "its address cannot be read").WithHint("write it like https://ACCOUNT.blob.core.windows.net")
		}
		signed := u.Query().Has("sig")
		if resource := u.Query().Get("sr"); signed && resource == "c" {
			parts := strings.Split(strings.Trim(u.Path, "/"), "/")
			a.only = parts[len(parts)-1]
			u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/"+a.only)
		}
		switch {
		case signed:
			a.service, err = service.NewClientWithNoCredential(u.String(), &service.ClientOptions{ClientOptions: o})
		case cfg.Credential != nil:
			a.service, err = service.NewClient(u.String(), cfg.Credential, &service.ClientOptions{ClientOptions: o})
		default:
			return a, fault.New(fault.Invalid, "storage account", "there is an address and no credential").WithHint("give the app registration, a SAS URL, or a connection string")
		}
		if err != nil {
			return a, fault.New(fault.Invalid, "storage account", "its address cannot be used").WithHint("write it like https://ACCOUNT.blob.core.windows.net")
		}
	}
	u, err := url.Parse(a.service.URL())
	if err != nil {
		return a, fault.New(fault.Invalid, "storage account", "its address cannot be read").WithHint("write it like https://ACCOUNT.blob.core.windows.net")
	}
	a.name = strings.ToLower(strings.TrimSuffix(u.Host+u.Path, "/"))
	a.container = a.service.NewContainerClient
	return a, nil
}

// Check lists the containers and reads a byte of a blob: with some roles the list is given and the blobs are not. ctx bounds it.
func (s *Source) Check(ctx context.Context) (containers int, err error) {
	w := newWalk(s, emptyCover)
	names, err := w.containers(ctx)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		page, err := s.account.container(name).NewListBlobsFlatPager(&container.ListBlobsFlatOptions{MaxResults: new(int32(1))}).NextPage(ctx)
		if err != nil {
			return 0, s.explain("list container "+name, err)
		}
		for _, item := range page.Segment.BlobItems {
			got, err := s.account.container(name).NewBlobClient(*item.Name).DownloadStream(ctx, &blob.DownloadStreamOptions{Range: blob.HTTPRange{Count: 1}})
			if err = s.explain("read container "+name, err); err == nil {
				_ = got.Body.Close() // a byte of it was enough
			} else if !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Unsupported) {
				return 0, err
			}
			return len(names), nil
		}
	}
	return len(names), nil
}

// explain makes a fault with a hint of what the client says. Unauthorized, Forbidden and NotFound are for a person to mend; all else passes
// or may pass.
func (s *Source) explain(op string, err error) error {
	if err == nil {
		return nil
	}
	op = s.account.name + ": " + op
	var ours *fault.Error
	var answer *azcore.ResponseError
	var sign *azidentity.AuthenticationFailedError
	var dns *net.DNSError
	var ca x509.UnknownAuthorityError
	var at *url.Error
	switch {
	case errors.As(err, &ours):
		return err
	case errors.As(err, &sign):
		return fault.New(fault.Unauthorized, op, "%w", err).WithHint("the app registration's id or secret is not accepted")
	case errors.As(err, &answer):
		return explainAnswer(op, answer)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fault.New(fault.Unavailable, op, "%w", dns).WithHint("the account's name cannot be resolved; check it and the network's DNS")
	case errors.As(err, &ca):
		return fault.New(fault.Unavailable, op, "%w", ca).WithHint("the certificate is signed by an authority this machine does not trust; name it as ca_file when a proxy breaks TLS open")
	case errors.As(err, &at):
		err = at.Err // the address holds the signature
	}
	return fault.New(fault.Unavailable, op, "%w", err).WithHint("it is tried again; the account must be reachable on TCP port 443")
}

// explainAnswer judges an answer of the service by its code.
func explainAnswer(op string, answer *azcore.ResponseError) error {
	kind, hint := fault.Unavailable, "it is tried again"
	switch code := answer.ErrorCode; {
	case code == "AuthenticationFailed", code == "InvalidAuthenticationInfo", code == "NoAuthenticationInformation", answer.StatusCode == http.StatusUnauthorized:
		kind, hint = fault.Unauthorized, "the key or the shared access signature is not accepted: it was rotated, its time is over, or this machine's clock is wrong"
	case code == "AuthorizationPermissionMismatch", code == "AuthorizationServiceMismatch", code == "AuthorizationResourceTypeMismatch", code == "InsufficientAccountPermissions":
		kind, hint = fault.Forbidden, "it takes the role Storage Blob Data Reader, or a signature with read and list of containers and objects"
	case answer.StatusCode == http.StatusForbidden:
		kind, hint = fault.Forbidden, "the account's firewall may not let this machine through, or the role Storage Blob Data Reader is missing"
	case code == "BlobArchived", code == "BlobBeingRehydrated":
		kind, hint = fault.Unsupported, "the blob is in the archive tier; bring it back to have it read"
	case answer.StatusCode == http.StatusNotFound:
		kind, hint = fault.NotFound, "check the names of the account and the container"
	case answer.StatusCode == http.StatusPreconditionFailed, answer.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		kind, hint = fault.Conflict, "the blob has changed meanwhile; it is looked at again"
	case answer.StatusCode == http.StatusTooManyRequests, code == "ServerBusy":
		kind, hint = fault.Throttled, "the account's limit is reached; it is tried again"
	}
	return fault.New(kind, op, "%s (%d)", answer.ErrorCode, answer.StatusCode).WithHint("%s", hint)
}
