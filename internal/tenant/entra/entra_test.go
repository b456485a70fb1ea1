package entra

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

const (
	tenantID = "6f4f1f0e-6f43-4a49-8d67-0d5c1c7d5f10"
	appID    = "0b8a4c7e-2a5b-4f0e-9a77-61f2ddc0a6c1"
)

// The official client library gets tokens, and each mistake of configuration its own error.
func TestOfficialClient(t *testing.T) {
	d, err := New(tenantID, "corp.example")
	if err != nil {
		t.Fatal(err)
	}
	d.Register(App{ID: appID, Name: "Vedette", Secrets: []Secret{{Value: "good"}, {Value: "old", Expires: time.Now().Add(-time.Hour)}}, Roles: map[string][]string{Graph: {"SecurityIncident.Read.All"}}})
	srv := httptest.NewTLSServer(d)
	defer srv.Close()
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	hc := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	get := func(tenant, app, secret, scope string) (string, error) {
		cred, err := azidentity.NewClientSecretCredential(tenant, app, secret, &azidentity.ClientSecretCredentialOptions{DisableInstanceDiscovery: true,
			ClientOptions: policy.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: srv.URL + "/"}, Transport: hc, Retry: policy.RetryOptions{MaxRetries: -1}}})
		if err != nil {
			return "", err
		}
		var tok azcore.AccessToken
		tok, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{scope}})
		return tok.Token, err
	}
	const scope = "https://graph.microsoft.com/.default"
	for _, tenant := range []string{tenantID, "corp.example"} {
		token, err := get(tenant, appID, "good", scope)
		if err != nil {
			t.Fatal(err)
		}
		c, err := d.Check(token, Graph)
		if err != nil || c.TenantID != tenantID || len(c.Roles) != 1 || c.IDType != "app" {
			t.Errorf("claims %+v, %v", c, err)
		}
		if _, err = d.Check(token, MDE); err == nil {
			t.Error("a Graph token passed at the Defender API")
		}
		if _, err = d.Check(token[:len(token)-4]+"AAAA", Graph); err == nil {
			t.Error("a forged token passed")
		}
		d.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
		if _, err = d.Check(token, Graph); err == nil {
			t.Error("an expired token passed")
		}
		d.Now = time.Now
	}
	for name, tc := range map[string][5]string{
		"wrong secret":    {tenantID, appID, "bad", scope, "AADSTS7000215"},
		"expired secret":  {tenantID, appID, "old", scope, "AADSTS7000222"},
		"unknown app":     {tenantID, "00000000-0000-4000-8000-000000000000", "good", scope, "AADSTS700016"},
		"unknown tenant":  {"other.example", appID, "good", scope, "AADSTS90002"},
		"unknown API":     {tenantID, appID, "good", "https://elsewhere.example/.default", "AADSTS500011"},
		"scope misspelt":  {tenantID, appID, "good", "https://graph.microsoft.com/User.Read", "AADSTS1002012"},
		"secret left out": {tenantID, appID, " ", scope, "AADSTS7000215"},
	} {
		_, err := get(tc[0], tc[1], tc[2], tc[3])
		var failed *azidentity.AuthenticationFailedError
		if err == nil || !strings.Contains(err.Error(), tc[4]) && !(errors.As(err, &failed) && strings.Contains(err.Error(), strings.TrimPrefix(tc[4], "AADSTS"))) {
			t.Errorf("%s: %v, want %s", name, err, tc[4])
		}
	}
	d.Change(appID, func(a *App) { a.Roles = nil })
	token, err := get(tenantID, appID, "good", scope)
	if err != nil {
		t.Fatal("without consent no token was given; Entra gives one without roles:", err)
	}
	if c, err := d.Check(token, Graph); err != nil || c.Roles != nil {
		t.Errorf("claims %+v, %v", c, err)
	}
}
