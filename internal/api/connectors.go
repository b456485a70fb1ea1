package api

import "net/http"

func (a *API) connectors(w http.ResponseWriter, r *http.Request) {
	list, err := a.Connectors.List(r.Context())
	answer(w, list, err)
}

func (a *API) connector(w http.ResponseWriter, r *http.Request) {
	page, err := a.Connectors.Page(r.Context(), r.URL.Query().Get("tenant"))
	answer(w, page, err)
}

func (a *API) setIncidents(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Enabled                      bool `json:"enabled"`
		DisableIncidentCreationRules bool `json:"disableIncidentCreationRules"`
	}
	if err := readJSON(w, r, &body); err != nil {
		writeError(w, err)
		return
	}
	page, err := a.Connectors.SetIncidents(r.Context(), r.URL.Query().Get("tenant"), body.Enabled, body.DisableIncidentCreationRules)
	answer(w, page, err)
}

func (a *API) setEntities(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Enabled         bool `json:"enabled"`
		ActiveDirectory bool `json:"activeDirectory"`
	}
	if err := readJSON(w, r, &body); err != nil {
		writeError(w, err)
		return
	}
	page, err := a.Connectors.SetEntities(r.Context(), r.URL.Query().Get("tenant"), body.Enabled, body.ActiveDirectory)
	answer(w, page, err)
}

func (a *API) setEvents(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Tables []string `json:"tables"`
	}
	if err := readJSON(w, r, &body); err != nil {
		writeError(w, err)
		return
	}
	page, err := a.Connectors.SetTables(r.Context(), r.URL.Query().Get("tenant"), body.Tables)
	answer(w, page, err)
}

func (a *API) setBackfill(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Enabled bool `json:"enabled"`
	}
	if err := readJSON(w, r, &body); err != nil {
		writeError(w, err)
		return
	}
	page, err := a.Connectors.SetBackfill(r.Context(), r.URL.Query().Get("tenant"), body.Enabled)
	answer(w, page, err)
}

func (a *API) graph(w http.ResponseWriter, r *http.Request) {
	answer(w, struct {
		Series any `json:"series"`
	}{a.Connectors.Graph()}, nil)
}
