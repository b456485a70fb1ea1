package eventhub

import (
	"crypto/x509"
	"errors"
	"net"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2"
	"github.com/Azure/go-amqp"

	"github.com/vedette-siem/vedette/internal/fault"
)

// explain makes a fault with a hint of what the client says. Unauthorized, Forbidden and NotFound are for a person to mend; all else passes
// or may pass.
func (s *Source) explain(op string, err error) error {
	if err == nil {
		return nil
	}
	op = s.cfg.Hub + " at " + s.namespace + ": " + op
	text := err.Error()
	var known *azeventhubs.Error
	var peer *amqp.Error
	condition := ""
	if errors.As(err, &peer) {
		condition = string(peer.Condition)
	}
	var dns *net.DNSError
	var ca x509.UnknownAuthorityError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fault.New(fault.Unavailable, op, "%w", err).WithHint("the namespace's name cannot be resolved; check the connection string and the network's DNS")
	case errors.As(err, &ca):
		return fault.New(fault.Unavailable, op, "%w", err).WithHint("the certificate is signed by an authority this machine does not trust; name it as ca_file when a proxy breaks TLS open")
	case errors.As(err, &known) && known.Code == azeventhubs.ErrorCodeOwnershipLost, condition == "amqp:link:stolen":
		return fault.New(fault.Conflict, op, "%w", err).WithHint("another program reads consumer group %s with ownership; give Vedette a group of its own", s.cfg.ConsumerGroup)
	case errors.As(err, &known) && known.Code == azeventhubs.ErrorCodeUnauthorizedAccess, condition == "amqp:unauthorized-access", strings.Contains(text, "status code 401"):
		return fault.New(fault.Unauthorized, op, "%w", err).WithHint("the key of the connection string is not accepted; copy the connection string anew from a policy with Listen")
	case condition == "amqp:not-found", strings.Contains(text, "amqp:not-found"), strings.Contains(text, "status code 404"), strings.Contains(text, "could not be found"):
		return fault.New(fault.NotFound, op, "%w", err).WithHint("check that hub %s and consumer group %s exist", s.cfg.Hub, s.cfg.ConsumerGroup)
	case condition == "amqp:resource-limit-exceeded":
		return fault.New(fault.Throttled, op, "%w", err).WithHint("the namespace's limit of connections, receivers or throughput is reached")
	}
	return fault.New(fault.Unavailable, op, "%w", err).WithHint("it is tried again; the namespace must be reachable on TCP port 5671 (AMQP over TLS), which a firewall may not let through")
}
