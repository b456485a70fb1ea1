package kafka

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/oauth"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"github.com/vedette-siem/vedette/internal/fault"
)

// connectionUser is the user's name when the password is a connection string.
const connectionUser = "$ConnectionString"

// options are those of every client. All brokers are dialled at the one address of the namespace, which is what Event Hubs answer with.
func (s *Source) options() []kgo.Opt {
	host, _, err := net.SplitHostPort(s.namespace) // an emulator's has a port
	if err != nil {
		host = s.namespace
	}
	dialer := &tls.Dialer{NetDialer: &net.Dialer{Timeout: 10 * time.Second}, Config: &tls.Config{RootCAs: s.cfg.RootCAs, ServerName: host, MinVersion: tls.VersionTLS12}}
	return []kgo.Opt{
		kgo.SeedBrokers(s.address()), kgo.ClientID("vedette"), kgo.SASL(s.mechanism()),
		kgo.Dialer(func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, s.address())
		}),
		kgo.MetadataMaxAge(3 * time.Minute), // connections that say nothing for four minutes are cut
		kgo.RequestRetries(2), kgo.RetryTimeout(answerWait),
	}
}

// mechanism is how to sign in.
func (s *Source) mechanism() sasl.Mechanism {
	if s.cfg.ConnectionString != "" {
		return plain.Auth{User: connectionUser, Pass: s.cfg.ConnectionString}.AsMechanism()
	}
	return oauth.Oauth(func(ctx context.Context) (oauth.Auth, error) {
		token, err := s.cfg.Credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{"https://" + s.namespace + "/.default"}})
		return oauth.Auth{Token: token.Token}, err
	})
}

// explain makes a fault with a hint of what the client says. Unauthorized, Forbidden and NotFound are for a person to mend; all else passes
// or may pass.
func (s *Source) explain(op string, err error) error {
	if err == nil {
		return nil
	}
	op = s.cfg.Hub + " at " + s.namespace + ": " + op
	var ours *fault.Error
	var sign *azidentity.AuthenticationFailedError
	var dns *net.DNSError
	var ca x509.UnknownAuthorityError
	switch {
	case errors.As(err, &ours):
		return err
	case errors.As(err, &sign):
		return fault.New(fault.Unauthorized, op, "%w", err).WithHint("the app registration's id or secret is not accepted")
	case errors.Is(err, kerr.SaslAuthenticationFailed), errors.Is(err, kerr.IllegalSaslState), errors.Is(err, kerr.UnsupportedSaslMechanism):
		return fault.New(fault.Unauthorized, op, "%w", err).WithHint("the key or the token is not accepted; it takes a connection string of a policy with Listen, or the role Azure Event Hubs Data Receiver")
	case errors.Is(err, kerr.TopicAuthorizationFailed), errors.Is(err, kerr.GroupAuthorizationFailed), errors.Is(err, kerr.ClusterAuthorizationFailed):
		return fault.New(fault.Forbidden, op, "%w", err).WithHint("it takes the right Listen, or the role Azure Event Hubs Data Receiver")
	case errors.Is(err, kerr.UnknownTopicOrPartition), errors.Is(err, kerr.InvalidTopicException):
		return fault.New(fault.NotFound, op, "%w", err).WithHint("check that hub %s exists", s.cfg.Hub)
	case errors.Is(err, kerr.InvalidGroupID):
		return fault.New(fault.NotFound, op, "%w", err).WithHint("check the name of consumer group %s", s.cfg.ConsumerGroup)
	case errors.Is(err, kerr.ThrottlingQuotaExceeded), errors.Is(err, kerr.PolicyViolation):
		return fault.New(fault.Throttled, op, "%w", err).WithHint("the namespace's limit of connections, groups or throughput is reached")
	case errors.As(err, &dns) && dns.IsNotFound:
		return fault.New(fault.Unavailable, op, "%w", err).WithHint("the namespace's name cannot be resolved; check it and the network's DNS")
	case errors.As(err, &ca):
		return fault.New(fault.Unavailable, op, "%w", err).WithHint("the certificate is signed by an authority this machine does not trust; name it as ca_file when a proxy breaks TLS open")
	case errors.Is(err, io.EOF):
		return fault.New(fault.Unavailable, op, "%w", err).WithHint("the connection was closed while signing in: the key may be wrong, or the namespace of the Basic tier, which has no Kafka endpoint")
	}
	return fault.New(fault.Unavailable, op, "%w", err).WithHint("it is tried again; the namespace must be reachable on TCP port %s (Kafka over TLS), which a firewall may not let through", port)
}
