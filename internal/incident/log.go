package incident

import "time"

// Side is where something happened.
type Side string

// The sides. Entries about the passage between them have none.
const (
	Here  Side = "here"
	There Side = "defender"
)

// Entry is a line of an incident's activity log. From and To are the field's value here before and after: read in order, they explain how
// the incident became what it is.
type Entry struct {
	At      time.Time `json:"at"` // by the clock of Side
	By      string    `json:"by,omitempty"`
	Side    Side      `json:"side,omitempty"`
	Field   Field     `json:"field,omitempty"`
	Comment string    `json:"comment,omitempty"` // a comment's key, or "new" and "edited" for those of Defender
	From    string    `json:"from,omitempty"`
	To      string    `json:"to,omitempty"`
	Lost    string    `json:"lost,omitempty"` // the value that did not prevail
	Note    string    `json:"note,omitempty"`
}

func (s *Sides) note(e Entry) { s.Log = append(s.Log, e) }
