package defender

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Token is an access token and what it says of itself. Its text does not leave the package.
type Token struct {
	secret   string
	Expires  time.Time
	Roles    []string // application permissions with consent; a token is issued even when there are none
	TenantID string
	AppID    string
	Audience string
}

// Has reports whether the token carries the application permission.
func (t Token) Has(role string) bool { return slices.Contains(t.Roles, role) }

// early is how long before its end a token is renewed.
const early = 5 * time.Minute

// Token gives a token for r, from memory while it is valid.
func (c *Client) Token(ctx context.Context, r Resource) (Token, error) {
	c.mu.Lock()
	t, ok := c.tokens[r]
	c.mu.Unlock()
	if ok && time.Until(t.Expires) > early {
		return t, nil
	}
	fresh, err := c.fetchToken(ctx, r)
	if err != nil {
		if ok && time.Until(t.Expires) > 0 && fault.Retryable(err) {
			return t, nil // still good for a few minutes; the next call tries again
		}
		return Token{}, err
	}
	c.mu.Lock()
	c.tokens[r] = fresh
	c.mu.Unlock()
	return fresh, nil
}

func (c *Client) forget(r Resource) {
	c.mu.Lock()
	delete(c.tokens, r)
	c.mu.Unlock()
}

func (c *Client) fetchToken(ctx context.Context, r Resource) (Token, error) {
	const op = "get a token from Entra ID"
	secret, err := c.cfg.Secret()
	if err != nil {
		return Token{}, fault.New(fault.Invalid, op, "%w", err)
	}
	scope := c.cfg.Cloud.GraphScope
	if r == Endpoint {
		scope = c.cfg.Cloud.MDEScope
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.cfg.ClientID}, "client_secret": {secret}, "scope": {scope}}
	address := strings.TrimSuffix(c.cfg.Cloud.Login, "/") + "/" + url.PathEscape(c.cfg.TenantID) + "/oauth2/v2.0/token"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return Token{}, fault.New(fault.Internal, op, "%w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.cfg.HTTP.Do(req)
	if err != nil {
		return Token{}, lost(ctx, op, err)
	}
	defer resp.Body.Close()
	c.clock(resp)
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return Token{}, lost(ctx, op, err)
	}
	if resp.StatusCode != http.StatusOK {
		return Token{}, aadsts(op, resp, text)
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.AccessToken == "" {
		return Token{}, fault.New(fault.Unavailable, op, "the answer holds no token")
	}
	t := readClaims(answer.AccessToken)
	t.Expires = time.Now().Add(time.Duration(answer.ExpiresIn) * time.Second)
	return t, nil
}

// readClaims decodes a token's payload. Its signature is not checked: it is our own, and only its words are shown.
func readClaims(text string) Token {
	t := Token{secret: text}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return t
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return t
	}
	var claims struct {
		Roles []string `json:"roles"`
		TID   string   `json:"tid"`
		AppID string   `json:"appid"`
		Aud   any      `json:"aud"`
	}
	if json.Unmarshal(payload, &claims) == nil {
		t.Roles, t.TenantID, t.AppID = claims.Roles, claims.TID, claims.AppID
		t.Audience, _ = claims.Aud.(string)
	}
	return t
}
