package api

import (
	"net/http"
	"strings"

	"github.com/vedette-siem/vedette/internal/library"
)

func (a *API) watchlists(w http.ResponseWriter, r *http.Request) {
	list, err := a.Library.ListWatchlists(r.Context())
	answer(w, struct {
		Watchlists []library.Watchlist `json:"watchlists"`
	}{list}, err)
}

func (a *API) watchlist(w http.ResponseWriter, r *http.Request) {
	one, err := a.Library.GetWatchlist(r.Context(), r.PathValue("alias"))
	answer(w, one, err)
}

func (a *API) putWatchlist(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Provider    string `json:"provider"`
		SearchKey   string `json:"searchKey"`
		CSV         string `json:"csv"`
	}
	if err := readJSON(w, r, &body); err != nil {
		writeError(w, err)
		return
	}
	list := library.Watchlist{Alias: r.PathValue("alias"), Name: body.Name, Description: body.Description, Provider: body.Provider, SearchKey: body.SearchKey}
	list, err := a.Library.ImportWatchlist(r.Context(), list, strings.NewReader(body.CSV))
	answer(w, list, err)
}

func (a *API) removeWatchlist(w http.ResponseWriter, r *http.Request) {
	removed(w, a.Library.RemoveWatchlist(r.Context(), r.PathValue("alias")))
}

func (a *API) functions(w http.ResponseWriter, r *http.Request) {
	list, err := a.Library.ListFunctions(r.Context())
	answer(w, struct {
		Functions []library.Function `json:"functions"`
	}{list}, err)
}

func (a *API) function(w http.ResponseWriter, r *http.Request) {
	one, err := a.Library.GetFunction(r.Context(), r.PathValue("name"))
	answer(w, one, err)
}

func (a *API) putFunction(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Parameters  string `json:"parameters"`
		Body        string `json:"body"`
		Description string `json:"description"`
	}
	if err := readJSON(w, r, &body); err != nil {
		writeError(w, err)
		return
	}
	f, err := a.Library.PutFunction(r.Context(), library.Function{Name: r.PathValue("name"), Parameters: body.Parameters, Body: body.Body, Description: body.Description})
	answer(w, f, err)
}

func (a *API) removeFunction(w http.ResponseWriter, r *http.Request) {
	removed(w, a.Library.RemoveFunction(r.Context(), r.PathValue("name")))
}

// removed answers a removal, which has nothing to tell.
func removed(w http.ResponseWriter, err error) {
	if err != nil {
		writeError(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
