package identity

import (
	"crypto/x509"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/vedette-siem/vedette/internal/tenant/entra"
)

// A token is of the tenant and for the resource; a rotated secret is taken up at the next sign-in.
func TestCredential(t *testing.T) {
	d, err := entra.New(entra.GUID(), "contoso.example")
	if err != nil {
		t.Fatal(err)
	}
	app := entra.App{ID: entra.GUID(), ObjectID: entra.GUID(), Name: "Vedette", Secrets: []entra.Secret{{Value: "old", Expires: time.Now().Add(time.Hour)}, {Value: "new"}}}
	d.Register(app)
	srv := httptest.NewTLSServer(d)
	defer srv.Close()
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	secret, gone := "wrong", error(nil)
	c := New(Config{TenantID: d.TenantID, ClientID: app.ID, Login: srv.URL, RootCAs: pool, Secret: func() (string, error) { return secret, gone }})
	ask := policy.TokenRequestOptions{Scopes: []string{"https://storage.azure.com/.default"}}
	if _, err := c.GetToken(t.Context(), ask); err == nil {
		t.Error("a wrong secret was taken")
	}
	for _, secret = range []string{"old", "new"} {
		got, err := c.GetToken(t.Context(), ask)
		if err != nil {
			t.Fatalf("secret %s: %v", secret, err)
		}
		if _, err := d.Check(got.Token, entra.Storage); err != nil {
			t.Errorf("secret %s: %v", secret, err)
		}
	}
	gone = errors.New("the file is gone")
	if _, err := c.GetToken(t.Context(), ask); !errors.Is(err, gone) {
		t.Errorf("without a secret: %v", err)
	}
}
