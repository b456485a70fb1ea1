package incident

import (
	"crypto/rand"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Delivery is how far a comment of ours is.
type Delivery string

// The stages of a comment on its way to Defender. Comments from there have none.
const (
	Queued  Delivery = "queued"  // to be sent
	Sending Delivery = "sending" // sent; whether it arrived is not known yet
	Agreed  Delivery = "agreed"  // seen there
	Refused Delivery = "refused" // Defender does not want it; Why says so
	Moved   Delivery = "moved"   // its incident was merged before it was sent, and it went on to the other one
)

// Comment is one comment of an incident, from here or from there.
type Comment struct {
	Key      string    `json:"key,omitempty"` // ours; it travels in the text. Empty for comments made in Defender
	Author   string    `json:"author"`
	At       time.Time `json:"at"`
	Text     string    `json:"text"`
	Earlier  []string  `json:"earlier,omitempty"` // texts before it was edited in Defender, oldest first
	Delivery Delivery  `json:"delivery,omitempty"`
	SentAt   time.Time `json:"sentAt,omitzero"` // of the last try, by our clock
	Why      string    `json:"why,omitempty"`   // of a refusal
}

// MaxComment is the longest text that Defender takes.
const MaxComment = 30_000

// NewKey makes a key for a comment: twelve letters and digits, by chance.
func NewKey() string { return strings.ToLower(rand.Text()[:12]) }

var signature = regexp.MustCompile(`(?s)^(.*?)\s*\n— ([^\n]*) · ref ([a-z2-7]{12})\s*$`)

// Sign gives the text that is sent: the comment, and in a last line whose it is, since Defender shows the application as the author of
// everything that comes by its interface, with the key by which it is known again.
func (c Comment) Sign() string {
	author := strings.Join(strings.Fields(c.Author), " ")
	return strings.TrimRight(c.Text, " \t\r\n") + "\n\n— " + author + " · ref " + c.Key
}

// ParseSigned finds text, author and key in what Sign wrote. Defender may have changed its white space.
func ParseSigned(text string) (words, author, key string, ok bool) {
	m := signature.FindStringSubmatch(strings.ReplaceAll(text, "\r\n", "\n"))
	if m == nil {
		return text, "", "", false
	}
	return m[1], m[2], m[3], true
}

// News is what comments brought.
type News struct {
	Added, Edited, Arrived []int // places in the list: new ones from Defender, ones edited there, ours seen there for the first time
}

// MatchComments brings the comments of Defender into have and tells what is new. Ours are known by their key: the first that carries it.
// A later one with the same text is a second posting of it, and with another text somebody's quotation. Comments of Defender are known by
// author, time and text; where only the text is another one, it was edited. What Defender no longer shows stays.
func MatchComments(have []Comment, remote []RemoteComment) ([]Comment, News) {
	have = slices.Clone(have)
	remote = slices.Clone(remote)
	slices.SortStableFunc(remote, func(a, b RemoteComment) int { return a.At.Compare(b.At) })
	var news News
	used := make([]bool, len(have)) // known to be among the remote ones
	met := map[string]bool{}        // keys
	var rest []RemoteComment
	for _, r := range remote {
		words, _, key, signed := ParseSigned(r.Text)
		i := -1
		if signed {
			i = slices.IndexFunc(have, func(c Comment) bool { return c.Key == key })
		}
		switch {
		case i < 0:
			rest = append(rest, r)
		case !met[key]:
			met[key], used[i] = true, true
			if have[i].Delivery != Agreed {
				have[i].Delivery, have[i].Why = Agreed, ""
				news.Arrived = append(news.Arrived, i)
			}
		case squeeze(words) != squeeze(have[i].Text):
			rest = append(rest, r)
		}
	}
	return others(have, used, exact(have, used, rest), news)
}

// unused gives the first comment of Defender's that is not yet known to be among the remote ones and is like r, -1 for none.
func unused(have []Comment, used []bool, like func(Comment) bool) int {
	for i, c := range have {
		if i < len(used) && !used[i] && c.Key == "" && like(c) {
			return i
		}
	}
	return -1
}

// exact takes out of rest what is known already. The same words twice at one moment are two comments.
func exact(have []Comment, used []bool, rest []RemoteComment) []RemoteComment {
	return slices.DeleteFunc(rest, func(r RemoteComment) bool {
		i := unused(have, used, func(c Comment) bool { return c.Author == r.Author && c.At.Equal(r.At) && c.Text == r.Text })
		if i >= 0 {
			used[i] = true
		}
		return i >= 0
	})
}

// others adds what is not known, or takes it as an edit of what is known by author and time and not there any more.
func others(have []Comment, used []bool, rest []RemoteComment, news News) ([]Comment, News) {
	for _, r := range rest {
		i := unused(have, used, func(c Comment) bool { return c.Author == r.Author && c.At.Equal(r.At) })
		if i < 0 {
			have = append(have, Comment{Author: r.Author, At: r.At, Text: r.Text})
			news.Added = append(news.Added, len(have)-1)
			continue
		}
		used[i] = true
		have[i].Earlier = append(slices.Clone(have[i].Earlier), have[i].Text)
		have[i].Text = r.Text
		news.Edited = append(news.Edited, i)
	}
	return have, news
}

// squeeze makes texts comparable that differ in white space only.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
