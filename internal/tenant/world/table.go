package world

import (
	"sort"
	"strings"
)

// put appends the JSON value of one column of a row.
type put func(b []byte, r *row) []byte

// table is the layout of one advanced-hunting table: its columns in the catalogue's order and how each is written.
type table struct {
	name    string
	columns []column
}

type column struct {
	name string
	key  string // `,"Name":`, or `{"Name":` for the first
	put  put
}

// newTable makes a layout of a list of column names. A column is written by what puts says of it, or else by the value that
// the row carries for it in r.values.
func newTable(name string, puts map[string]put, names string) *table {
	t := &table{name: name}
	for i, n := range strings.Fields(names) {
		c := column{name: n, key: `,"` + n + `":`, put: puts[n]}
		if i == 0 {
			c.key = `{"` + n + `":`
		}
		if n == "Timestamp" {
			c.put = putTimestamp
		}
		if c.put == nil {
			c.put = func(b []byte, r *row) []byte { return appendJSON(b, r.values[n]) }
		}
		t.columns = append(t.columns, c)
	}
	return t
}

// with is a copy of the columns with some of them written differently.
func with(puts, other map[string]put) map[string]put {
	m := make(map[string]put, len(puts)+len(other))
	for k, v := range puts {
		m[k] = v
	}
	for k, v := range other {
		m[k] = v
	}
	return m
}

// encode appends the row as one JSON object.
func (t *table) encode(b []byte, r *row) []byte {
	for i := range t.columns {
		c := &t.columns[i]
		b = append(b, c.key...)
		b = c.put(b, r)
	}
	return append(b, '}')
}

// values carries the columns of the rarer tables as JSON texts; what is missing is null.
type values map[string]string

func putTimestamp(b []byte, r *row) []byte { return appendTime(b, r.at) }

// row is one row before it is written. Only the parts that its table has columns for are set.
type row struct {
	table  *table
	at     ticks
	dev    *Device
	report int64 // number on its device; given when the row goes out
	action string
	init   *proc // who did it
	child  *proc // the process that was started, opened or stopped
	lag    ticks // if not 0 the row tells of child's start, which was so long before
	file   file
	acc    *account // whom it was done to, if not child's account
	conn   conn
	reg    registry
	logon  logon
	origin origin
	prev   file   // before a renaming
	extra  string // AdditionalFields as JSON text
	id     uint64 // identity, for report ids that are texts
	mail   *message
	rcpt   *recipient
	attach *attachment
	link   *link
	click  *click
	post   *postDelivery
	ident  *identity
	cloud  *activity
	alarm  *alarm
	ev     *evidence
	values values
}

// file is a file by content and place. id stands for the content: equal ids, equal hashes.
type file struct {
	name string
	path string // whole path with the name
	id   uint64
	size int64
	img  *image // what it is, if it is a program that we know
}

// conn is one network connection seen from the device.
type conn struct {
	remoteIP, remoteURL, remoteName string
	remotePort                      int
	localIP                         string
	localPort                       int
	protocol                        string
	remoteType, localType           string
}

// registry is one change of the registry.
type registry struct {
	key, name, kind, data       string
	prevKey, prevName, prevData string
}

// logon is what DeviceLogonEvents says beside account and address.
type logon struct {
	kind, protocol, failure string
	admin                   bool
	id                      int64
}

// origin is where a file came from, and who asked for it over which protocol.
type origin struct {
	url, referrer, ip string
	request           string // RequestProtocol
	sourceIP          string
	sourcePort        int
	share             string
	account           *account
	label, sublabel   string
}

func streamedTables() []string {
	var names []string
	for _, t := range streamed {
		names = append(names, t.name)
	}
	sort.Strings(names)
	return names
}

// streamed are the tables that the Streaming API carries.
var streamed = []*table{
	tabAlertInfo, tabAlertEvidence, tabBehaviorInfo, tabBehaviorEntities, tabCampaignInfo, tabCloudAppEvents, tabCloudAuditEvents, tabCloudDnsEvents, tabCloudProcessEvents, tabCloudStorageAggregatedEvents,
	tabDeviceEvents, tabDeviceFileCertificateInfo, tabDeviceFileEvents, tabDeviceImageLoadEvents, tabDeviceInfo, tabDeviceLogonEvents, tabDeviceNetworkEvents, tabDeviceNetworkInfo, tabDeviceProcessEvents, tabDeviceRegistryEvents,
	tabDisruptionAndResponseEvents, tabEmailAttachmentInfo, tabEmailEvents, tabEmailPostDeliveryEvents, tabEmailUrlInfo, tabFileMaliciousContentInfo, tabIdentityAccountInfo, tabIdentityDirectoryEvents, tabIdentityEvents,
	tabIdentityLogonEvents, tabIdentityQueryEvents, tabMessageEvents, tabMessagePostDeliveryEvents, tabMessageUrlInfo, tabOAuthAppInfo, tabAgentsInfo, tabUrlClickEvents,
}
