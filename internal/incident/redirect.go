package incident

import (
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
)

// maxRedirects bounds a chain of merges.
const maxRedirects = 100

// Follow gives the incident that id finally became, by way of to, which gives where one incident was merged into or "". path is the whole
// way, id first and the end last. A circle, which the service should not make, is fault.Corrupt.
func Follow(id string, to func(id string) (string, error)) (path []string, err error) {
	path = []string{id}
	for {
		next, err := to(path[len(path)-1])
		switch {
		case err != nil:
			return path, err
		case next == "":
			return path, nil
		case slices.Contains(path, next) || len(path) > maxRedirects:
			return path, fault.New(fault.Corrupt, "follow incident "+id, "it was merged in a circle: %s", strings.Join(append(path, next), " → "))
		}
		path = append(path, next)
	}
}
