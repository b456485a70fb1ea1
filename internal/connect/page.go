package connect

import "time"

// Page is the Microsoft Defender XDR connector page of one tenant.
type Page struct {
	TenantID   string    `json:"tenantId"`
	TenantName string    `json:"tenantName"`
	Status     string    `json:"status"` // connected, connecting, error, disconnected
	Incidents  Incidents `json:"incidents"`
	Entities   Entities  `json:"entities"`
	Events     Events    `json:"events"`
	Backfill   Backfill  `json:"backfill"`
}

// Backfill is the history of the tables, and those that are not streamed, by hunting queries.
type Backfill struct {
	Enabled   bool       `json:"enabled"`
	State     string     `json:"state"`    // connected, connecting, error, off
	Tables    int        `json:"tables"`   // that are collected
	Done      int        `json:"done"`     // whose history is there
	Oldest    *time.Time `json:"oldest"`   // since then the history of all is there; null when all is or nothing is known
	Received  int64      `json:"received"` // messages, of one or more rows
	LastError *Failure   `json:"lastError"`
}

// Incidents is the first part of the page. Times are null while nothing came; lag is in seconds.
type Incidents struct {
	Enabled                      bool       `json:"enabled"`
	DisableIncidentCreationRules bool       `json:"disableIncidentCreationRules"`
	State                        string     `json:"state"` // connected, connecting, error, off
	LastEvent                    *time.Time `json:"lastEvent"`
	LagSeconds                   *float64   `json:"lagSeconds"`
	Received                     int64      `json:"received"`
	LastError                    *Failure   `json:"lastError"`
}

// Entities is the second part.
type Entities struct {
	Enabled         bool   `json:"enabled"`
	ActiveDirectory bool   `json:"activeDirectory"`
	State           string `json:"state"`
	Note            string `json:"note"`
}

// Events is the third part.
type Events struct {
	Enabled    bool       `json:"enabled"`
	State      string     `json:"state"`
	Source     EventsFrom `json:"source"`
	Received   int64      `json:"received"`
	Refused    int64      `json:"refused"`
	Duplicates int64      `json:"duplicates"`
	LagSeconds *float64   `json:"lagSeconds"`
	LastEvent  *time.Time `json:"lastEvent"`
	LastError  *Failure   `json:"lastError"`
	Tables     []Table    `json:"tables"`
}

// EventsFrom says where events come from.
type EventsFrom struct {
	Kind          string `json:"kind"` // eventhub, kafka, blob
	Namespace     string `json:"namespace"`
	Hub           string `json:"hub"`
	ConsumerGroup string `json:"consumerGroup"`
	Account       string `json:"account,omitempty"` // the storage account, beside the hub or alone
}

// Table is one check box.
type Table struct {
	Name        string     `json:"name"`
	Group       string     `json:"group"`
	Description string     `json:"description"`
	Enabled     bool       `json:"enabled"`
	Rows        int64      `json:"rows"`
	Rows24h     int64      `json:"rows24h"`
	LastEvent   *time.Time `json:"lastEvent"`
	LagSeconds  *float64   `json:"lagSeconds"`
	Refused     int64      `json:"refused"`
}

// Failure is what went wrong last, and what to do.
type Failure struct {
	Message string    `json:"message"`
	Hint    string    `json:"hint"`
	At      time.Time `json:"at"`
}

// Connector is one line of the list of connectors.
type Connector struct {
	ID        string     `json:"id"`
	Title     string     `json:"title"`
	Publisher string     `json:"publisher"`
	Status    string     `json:"status"`
	LastEvent *time.Time `json:"lastEvent"`
	Tables    int        `json:"tables"`
}
