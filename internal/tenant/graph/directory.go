package graph

import (
	"maps"
	"net/http"
	"strings"

	"github.com/vedette-siem/vedette/internal/tenant/odata"
)

// directory is what Graph knows of people. It is set before the first request.
type directory struct{ users, groups, roles []odata.Doc }

var directoryLimits = odata.Limits{Default: 100, Top: 999}

// Directory sets the users, groups and activated directory roles; "members" of the latter two are ids.
func (s *Server) Directory(users, groups, roles []map[string]any) error {
	for _, part := range []struct {
		from []map[string]any
		to   *[]odata.Doc
	}{{users, &s.dir.users}, {groups, &s.dir.groups}, {roles, &s.dir.roles}} {
		for _, doc := range part.from {
			d, err := plain(doc)
			if err != nil {
				return err
			}
			*part.to = append(*part.to, d)
		}
	}
	return nil
}

// narrow is what Graph gives of a user when nothing is selected.
var narrow = []string{"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id"}

func (s *Server) listUsers(w http.ResponseWriter, r *http.Request) {
	docs := s.dir.users
	if r.URL.Query().Get("$select") == "" {
		docs = make([]odata.Doc, len(s.dir.users))
		for i, d := range s.dir.users {
			docs[i] = odata.Query{Select: narrow}.Pick(d)
		}
	}
	s.list(w, r, "users", docs, directoryLimits)
}

func (s *Server) getUser(w http.ResponseWriter, r *http.Request) {
	for _, d := range s.dir.users {
		if d["id"] == r.PathValue("id") || strings.EqualFold(text(d, "userPrincipalName"), r.PathValue("id")) {
			s.one(w, r, "users/$entity", d)
			return
		}
	}
	fail(w, r, 404, "Request_ResourceNotFound", "Resource '"+r.PathValue("id")+"' does not exist or one of its queried reference-property objects are not present.")
}

func (s *Server) listGroups(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, "groups", hideMembers(s.dir.groups), directoryLimits)
}

func (s *Server) listRoles(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, "directoryRoles", hideMembers(s.dir.roles), directoryLimits)
}

// hideMembers leaves out the members, which Graph gives only at their own address.
func hideMembers(docs []odata.Doc) []odata.Doc {
	out := make([]odata.Doc, len(docs))
	for i, d := range docs {
		out[i] = maps.Clone(d)
		delete(out[i], "members")
	}
	return out
}
