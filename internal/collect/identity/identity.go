// Package identity signs in for Azure's clients (storage, Event Hubs) as an app registration of Entra.
//
// It imports the words below and Azure's client libraries.
package identity

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Config is an app registration.
type Config struct {
	TenantID, ClientID string
	Secret             func() (string, error) // asked at every sign-in, so that a new secret is taken up without a restart
	Login              string                 // scheme and host of the authority, e.g. https://login.microsoftonline.com
	RootCAs            *x509.CertPool         // further authorities for certificates; nil: the system's
}

// Credential gives tokens. It is safe for concurrent use.
type Credential struct {
	cfg    Config
	mu     sync.Mutex
	secret string // that inner was made with
	inner  *azidentity.ClientSecretCredential
}

// New makes a credential. Nothing is asked yet.
func New(cfg Config) *Credential { return &Credential{cfg: cfg} }

// GetToken implements azcore.TokenCredential.
func (c *Credential) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	inner, err := c.client()
	if err != nil {
		return azcore.AccessToken{}, err
	}
	return inner.GetToken(ctx, o)
}

// client gives the library's credential of the present secret.
func (c *Credential) client() (*azidentity.ClientSecretCredential, error) {
	secret, err := c.cfg.Secret()
	if err != nil {
		return nil, fault.New(fault.Invalid, "sign in", "%w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inner != nil && c.secret == secret {
		return c.inner, nil
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: c.cfg.RootCAs, MinVersion: tls.VersionTLS12}
	inner, err := azidentity.NewClientSecretCredential(c.cfg.TenantID, c.cfg.ClientID, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions:            azcore.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: c.cfg.Login}, Transport: &http.Client{Transport: transport}},
		DisableInstanceDiscovery: true, // the authority is the one that is configured
	})
	if err != nil {
		return nil, fault.New(fault.Invalid, "sign in", "%w", err).WithHint("check the tenant's id and client_id")
	}
	c.inner, c.secret = inner, secret
	return inner, nil
}
