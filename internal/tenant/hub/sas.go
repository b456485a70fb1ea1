package hub

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Refusal is the service's own text for a token it does not take.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// CheckSAS verifies a shared access signature for policy name and key at the time now, as the service does.
func CheckSAS(token, name, key string, now time.Time) error {
	raw, ok := strings.CutPrefix(token, "SharedAccessSignature ")
	if !ok {
		return Refusal("MalformedToken: the token is not a SharedAccessSignature.")
	}
	field := map[string]string{}
	for part := range strings.SplitSeq(raw, "&") {
		k, v, _ := strings.Cut(part, "=")
		field[k] = v
	}
	if field["skn"] != name {
		return Refusal("InvalidSignature: There is no authorization rule of that name.")
	}
	sig, err := url.QueryUnescape(field["sig"])
	if err != nil {
		return Refusal("MalformedToken: the token's signature cannot be read.")
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(field["sr"] + "\n" + field["se"])) // the audience is signed as it was escaped by the client
	if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); !hmac.Equal([]byte(want), []byte(sig)) {
		return Refusal("InvalidSignature: The token has an invalid signature.")
	}
	if se, err := strconv.ParseInt(field["se"], 10, 64); err != nil || now.Unix() > se {
		return Refusal("ExpiredToken: The token is expired.")
	}
	return nil
}
