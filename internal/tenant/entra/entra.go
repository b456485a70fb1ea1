// Package entra is the part of Microsoft Entra ID that an application with a client secret meets: discovery, the token endpoint with its
// AADSTS errors, and signed tokens that carry the roles consented to.
//
// It imports the standard library only.
package entra

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Secret is one client secret of an application.
type Secret struct {
	Value   string
	Expires time.Time // zero: never
}

// App is a registered application.
type App struct {
	ID, ObjectID, Name string
	Secrets            []Secret
	Roles              map[string][]string // by API (Graph, MDE …): the application permissions that an administrator consented to
}

// The APIs that tokens are for.
const (
	Graph     = "graph"
	MDE       = "mde"
	EventHubs = "eventhubs"
	Storage   = "storage"
)

// audiences are the resources that can be asked for, over all clouds.
var audiences = map[string]string{
	"https://graph.microsoft.com": Graph, "https://graph.microsoft.us": Graph, "https://dod-graph.microsoft.us": Graph, "https://microsoftgraph.chinacloudapi.cn": Graph,
	"https://api.securitycenter.microsoft.com": MDE, "https://api.security.microsoft.com": MDE, "https://securitycenter.onmicrosoft.com/windowsatpservice": MDE,
	"https://api-gov.securitycenter.microsoft.us": MDE, "https://api-gcc.securitycenter.microsoft.us": MDE,
	"https://eventhubs.azure.net": EventHubs, "https://storage.azure.com": Storage,
}

// Directory is one tenant's directory with its endpoints. Its fields are set before the first request.
type Directory struct {
	TenantID string
	Domain   string // may stand in URLs for TenantID
	Lifetime time.Duration
	Now      func() time.Time

	mu   sync.Mutex
	apps map[string]*App
	key  *rsa.PrivateKey
	kid  string
}

// New makes a directory with a fresh signing key.
func New(tenantID, domain string) (*Directory, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(key.N.Bytes())
	return &Directory{TenantID: tenantID, Domain: domain, Lifetime: time.Hour, Now: time.Now, apps: map[string]*App{}, key: key, kid: base64.RawURLEncoding.EncodeToString(sum[:20])}, nil
}

// Register adds or replaces an application.
func (d *Directory) Register(a App) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.apps[strings.ToLower(a.ID)] = &a
}

// Change alters an application: what an administrator does at the portal. Tokens already given keep what they carry.
func (d *Directory) Change(id string, f func(*App)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a := d.apps[strings.ToLower(id)]; a != nil {
		f(a)
	}
}

// ServeHTTP answers discovery, keys and token requests.
func (d *Directory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	base := "https://" + r.Host
	if rest == "discovery/instance" {
		d.instance(w, r.Host, tenant)
		return
	}
	if !strings.EqualFold(tenant, d.TenantID) && !strings.EqualFold(tenant, d.Domain) {
		d.fail(w, 400, "invalid_tenant", 90002, fmt.Sprintf("Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.", tenant))
		return
	}
	switch {
	case rest == "v2.0/.well-known/openid-configuration" && r.Method == http.MethodGet:
		t := base + "/" + d.TenantID
		answer(w, 200, map[string]any{"token_endpoint": t + "/oauth2/v2.0/token", "authorization_endpoint": t + "/oauth2/v2.0/authorize", "issuer": t + "/v2.0", "jwks_uri": t + "/discovery/v2.0/keys",
			"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt", "client_secret_basic"}, "response_types_supported": []string{"code", "id_token"},
			"subject_types_supported": []string{"pairwise"}, "id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": []string{"openid", "profile", "email", "offline_access"}, "tenant_region_scope": "EU"})
	case rest == "discovery/v2.0/keys" && r.Method == http.MethodGet:
		answer(w, 200, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "use": "sig", "kid": d.kid, "x5t": d.kid, "alg": "RS256",
			"n": base64.RawURLEncoding.EncodeToString(d.key.N.Bytes()), "e": "AQAB"}}})
	case rest == "oauth2/v2.0/token" && r.Method == http.MethodPost:
		d.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

// instance answers the instance discovery that MSAL makes before anything else.
func (d *Directory) instance(w http.ResponseWriter, host, tenant string) {
	answer(w, 200, map[string]any{"tenant_discovery_endpoint": "https://" + host + "/" + tenant + "/v2.0/.well-known/openid-configuration", "api-version": "1.1",
		"metadata": []any{map[string]any{"preferred_network": host, "preferred_cache": host, "aliases": []string{host}}}})
}

func (d *Directory) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		d.fail(w, 400, "invalid_request", 900144, "The request body could not be read.")
		return
	}
	f := r.PostForm
	for _, name := range []string{"grant_type", "client_id", "scope"} {
		if f.Get(name) == "" {
			d.fail(w, 400, "invalid_request", 900144, "The request body must contain the following parameter: '"+name+"'.")
			return
		}
	}
	if f.Get("grant_type") != "client_credentials" {
		d.fail(w, 400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '"+f.Get("grant_type")+"'.")
		return
	}
	d.mu.Lock()
	app, ok := d.apps[strings.ToLower(f.Get("client_id"))]
	var a App
	if ok {
		a = *app
	}
	d.mu.Unlock()
	switch {
	case !ok:
		d.fail(w, 400, "unauthorized_client", 700016, fmt.Sprintf("Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.", f.Get("client_id"), d.TenantID))
		return
	case f.Get("client_secret") == "":
		d.fail(w, 401, "invalid_client", 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
		return
	}
	i := slices.IndexFunc(a.Secrets, func(s Secret) bool { return s.Value == f.Get("client_secret") })
	if i < 0 {
		d.fail(w, 401, "invalid_client", 7000215, fmt.Sprintf("Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'.", a.ID))
		return
	}
	if e := a.Secrets[i].Expires; !e.IsZero() && d.Now().After(e) {
		d.fail(w, 401, "invalid_client", 7000222, fmt.Sprintf("The provided client secret keys for app '%s' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.", a.ID))
		return
	}
	resource, ok := "", false
	for _, s := range strings.Fields(f.Get("scope")) { // MSAL adds openid and others beside the one that counts
		if rest, is := strings.CutSuffix(s, "/.default"); is {
			resource, ok = strings.TrimRight(rest, "/"), true
		}
	}
	if !ok {
		d.fail(w, 400, "invalid_scope", 1002012, fmt.Sprintf("The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).", f.Get("scope")))
		return
	}
	api, ok := audiences[resource]
	if !ok {
		d.fail(w, 400, "invalid_resource", 500011, fmt.Sprintf("The resource principal named %s was not found in the tenant named %s.", resource, d.Domain))
		return
	}
	token, err := d.sign(a, resource, a.Roles[api])
	if err != nil {
		d.fail(w, 500, "server_error", 90033, "A transient error has occurred. Please try again.")
		return
	}
	n := int(d.Lifetime/time.Second) - 1
	answer(w, 200, map[string]any{"token_type": "Bearer", "expires_in": n, "ext_expires_in": n, "access_token": token})
}

// Claims are what a token says.
type Claims struct {
	Audience string   `json:"aud"`
	Issuer   string   `json:"iss"`
	IssuedAt int64    `json:"iat"`
	NotBy    int64    `json:"nbf"`
	Expires  int64    `json:"exp"`
	AppID    string   `json:"appid"`
	AppName  string   `json:"app_displayname"`
	IDType   string   `json:"idtyp"`
	ObjectID string   `json:"oid"`
	Roles    []string `json:"roles,omitempty"` // absent without consent, though the token is given
	TenantID string   `json:"tid"`
	Version  string   `json:"ver"`
}

func (d *Directory) sign(a App, audience string, roles []string) (string, error) {
	now := d.Now()
	head, err := json.Marshal(map[string]string{"typ": "JWT", "alg": "RS256", "kid": d.kid, "x5t": d.kid})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(Claims{audience, "https://sts.windows.net/" + d.TenantID + "/", now.Unix(), now.Unix(), now.Add(d.Lifetime).Unix(), a.ID, a.Name, "app", a.ObjectID, roles, d.TenantID, "1.0"})
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, d.key, crypto.SHA256, sum[:])
	return text + "." + base64.RawURLEncoding.EncodeToString(sig), err
}

// Refusal is the service's own text for a token it does not take.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// Check verifies a token for an API and gives its claims.
func (d *Directory) Check(token, api string) (Claims, error) {
	var c Claims
	i := strings.LastIndexByte(token, '.')
	if i < 0 || strings.Count(token, ".") != 2 {
		return c, errors.New("the token is malformed")
	}
	sig, err := base64.RawURLEncoding.DecodeString(token[i+1:])
	if err != nil {
		return c, errors.New("the token's signature is malformed")
	}
	sum := sha256.Sum256([]byte(token[:i]))
	if rsa.VerifyPKCS1v15(&d.key.PublicKey, crypto.SHA256, sum[:], sig) != nil {
		return c, errors.New("the token's signature is not valid")
	}
	_, payload, _ := strings.Cut(token[:i], ".")
	body, err := base64.RawURLEncoding.DecodeString(payload)
	if err == nil {
		err = json.Unmarshal(body, &c)
	}
	switch {
	case err != nil:
		return c, errors.New("the token's payload is malformed")
	case d.Now().Unix() >= c.Expires:
		return c, Refusal("Lifetime validation failed, the token is expired.")
	case audiences[c.Audience] != api:
		return c, Refusal("Access token validation failure. Invalid audience.")
	}
	return c, nil
}

// fail answers with an AADSTS error body.
func (d *Directory) fail(w http.ResponseWriter, status int, kind string, code int, text string) {
	stamp := d.Now().UTC().Format("2006-01-02 15:04:05Z")
	trace, correlation := GUID(), GUID()
	answer(w, status, map[string]any{"error": kind, "error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code, text, trace, correlation, stamp),
		"error_codes": []int{code}, "timestamp": stamp, "trace_id": trace, "correlation_id": correlation, "error_uri": fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", code)})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that is gone has no use for it
}

// GUID gives a random identifier, as requests and traces get one.
func GUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
