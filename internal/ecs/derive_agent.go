package ecs

import "strings"

// agents are the programs that user agents name, the more particular first: Edge also says Chrome, and Chrome also says Safari.
var agents = []struct{ mark, name string }{
	{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"Edge/", "Edge"}, {"OPR/", "Opera"}, {"Teams/", "Teams"}, {"SamsungBrowser/", "Samsung Internet"},
	{"HeadlessChrome/", "HeadlessChrome"}, {"CriOS/", "Chrome Mobile iOS"}, {"FxiOS/", "Firefox iOS"}, {"Chrome/", "Chrome"},
	{"Firefox/", "Firefox"}, {"Version/", "Safari"}, {"MSIE ", "IE"}, {"rv:11", "IE"}, {"PowerShell/", "PowerShell"}, {"curl/", "curl"},
	{"Wget/", "Wget"}, {"python-requests/", "Python Requests"}, {"Python-urllib/", "Python-urllib"}, {"Go-http-client/", "Go-http-client"},
	{"okhttp/", "okhttp"}, {"PostmanRuntime/", "PostmanRuntime"},
}

// windowsNames are the versions of Windows by the number that user agents say.
var windowsNames = map[string]string{"10.0": "10", "6.3": "8.1", "6.2": "8", "6.1": "7", "6.0": "Vista", "5.1": "XP"}

// userAgent takes the argument apart: program, version and system. What is not known is Other, as with Elastic, whose list is longer.
func userAgent(r *record, s *step) {
	agent := r.f.str(s.arg)
	if agent == "" {
		return
	}
	object1 := func(names []string, texts ...string) value {
		out := &node{names: names}
		for _, t := range texts {
			out.values = append(out.values, stringValue(t))
		}
		return value{kind: object, in: out}
	}
	name, version := "Other", ""
	for _, a := range agents {
		if at := strings.Index(agent, a.mark); at >= 0 {
			name, version = a.name, versionAt(agent[at+len(a.mark):])
			if a.mark == "rv:11" {
				version = "11.0"
			}
			break
		}
	}
	if name == "Chrome" && strings.Contains(agent, "Android") && strings.Contains(agent, "Mobile") {
		name = "Chrome Mobile"
	}
	if name == "Safari" && strings.Contains(agent, "Mobile/") {
		name = "Mobile Safari"
	}
	system, release := agentSystem(agent)
	device := "Other"
	for _, d := range [...]string{"iPhone", "iPad", "Macintosh"} {
		if strings.Contains(agent, d) {
			device = strings.Replace(d, "Macintosh", "Mac", 1)
			break
		}
	}
	out := &node{names: []string{"device", "name", "original", "os", "version"}}
	out.values = []value{object1([]string{"name"}, device), stringValue(name), stringValue(agent), {}, stringValue(version)}
	if system != "" {
		out.values[3] = object1([]string{"full", "name", "version"}, strings.TrimSpace(system+" "+release), system, release)
	}
	r.f.set(fUserAgent, value{kind: object, in: out})
}

// versionAt reads a version at the beginning of a text.
func versionAt(s string) string {
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
		end++
	}
	return strings.Trim(s[:end], ".")
}

func agentSystem(agent string) (name, version string) {
	after := func(mark string) (string, bool) {
		_, rest, ok := strings.Cut(agent, mark)
		return rest, ok
	}
	if rest, ok := after("Windows NT "); ok {
		v := versionAt(rest)
		if known := windowsNames[v]; known != "" {
			v = known
		}
		return "Windows", v
	}
	if rest, ok := after("Android "); ok {
		return "Android", versionAt(rest)
	}
	for _, mark := range [...]string{"CPU iPhone OS ", "CPU OS "} {
		if rest, ok := after(mark); ok {
			return "iOS", versionAt(strings.ReplaceAll(rest, "_", "."))
		}
	}
	if rest, ok := after("Mac OS X "); ok {
		return "Mac OS X", versionAt(strings.ReplaceAll(rest, "_", "."))
	}
	if strings.Contains(agent, "Ubuntu") {
		return "Ubuntu", ""
	}
	if strings.Contains(agent, "Linux") {
		return "Linux", ""
	}
	return "", ""
}
