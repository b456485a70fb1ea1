package ecs

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/ecs.md")

const manualFile = "../../docs/ecs.md"

// TestManual writes the manual anew from the mapping files and compares it with docs/ecs.md.
func TestManual(t *testing.T) {
	cat, err := load()
	if err != nil {
		t.Fatal(err)
	}
	manual := writeManual(cat)
	if *update {
		if err := os.WriteFile(manualFile, manual, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(manualFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, manual) {
		t.Error("docs/ecs.md is not what the mapping files say; run: go generate ./internal/ecs")
	}
}

// conversionNotes say for the manual what each does.
var conversionNotes = map[string]string{
	"string": "number to text", "long": "text to a whole number; what is none is an error in `error.message`", "float": "text to a number",
	"ip": "must be an IP address, or it is an error in `error.message`", "ip?": "left out when it is no IP address",
	"date": "UTC, cut (not rounded) to milliseconds", "bool": "1, \"1\", \"true\" and 0, \"0\", \"false\" to a boolean; anything else is left out",
	"boolean": "\"true\" and \"false\" to a boolean", "json": "JSON in a text becomes an object or a list", "lower": "small letters",
	"users": "the user names of a list of objects", "braces": "without the braces around it", "mac": "AA-BB-CC-DD-EE-FF",
	"url": "taken apart: scheme, domain, path, query and so on", "loggedon": "names of members in snake_case",
	"interfaces": "names in snake_case, MAC addresses as AA-BB-CC-DD-EE-FF", "snake": "names of members in snake_case",
}

// conditionNotes say for the manual what each means.
var conditionNotes = []struct{ word, means string }{
	{"file, process, library, registry, network, api, driver, host", "the row has this `event.category`"},
	{"logon", "a row of DeviceLogonEvents"},
	{"image", "a row of DeviceImageLoadEvents"},
	{"cloudprocess", "a row of CloudProcessEvents"},
	{"dll", "image or driver"},
	{"dns", "a network row whose ActionType is DnsConnectionInspected"},
	{"filelike", "neither process nor DeviceEvents: FolderPath and FileName are a file's"},
	{"target", "the row's FolderPath, FileName and hashes are those of the process it is about: process rows, and DeviceEvents whose action is not the initiating process's own"},
	{"parented", "as target, and the initiating process is then the parent"},
	{"caller", "the row is about the initiating process: api, driver, all but process rows and DeviceEvents, and DeviceEvents whose action is its own (a list of about 30)"},
	{"callerfile", "as caller, without library rows"},
	{"callerpath, callersigned", "as caller, without api and driver (path), without driver (signed)"},
	{"apidriver", "api or driver"},
	{"remoteapi", "an API call on another process: CreateRemoteThread, ReadProcessMemory, NtAllocateVirtualMemoryRemote, OpenProcess"},
	{"leveled", "process, library and DeviceEvents rows, but no api or driver"},
	{"actor", "library, registry, network, driver or api: the user is the initiating process's"},
	{"inward, outward, undirected", "AdditionalFields.direction is In, is Out, is missing"},
	{"threat", "`event.category` has threat"},
	{"categorised", "`event.category` is set"},
	{"click, attachment", "a row of UrlClickEvents; a row with a FileType"},
	{"identitylogon, identityinfo, cloudapp, cloudaudit", "a row of IdentityLogonEvents, IdentityInfo, CloudAppEvents, CloudAuditEvents"},
	{"publicip", "IsPrivateIp is false"},
	{"known", "Elastic maps the table as well"},
	{"open, fixed", "the vulnerability's Status is New or Updated; is Fixed"},
}

// mended are the faults of Elastic's pipelines that rules do not depend on.
var mended = [][2]string{
	{"`source.port` of incoming connections is the local port", "it is the remote port"},
	{"`file.extension` is what follows the last point of the whole path, even one in a folder's name", "only of the file's name"},
	{"`process.name` from a command line is cut at the first space, quoted or not, and keeps a Windows path", "the first argument without its folder"},
	{"a bare name in RemoteUrl lands in `url.path`", "it is `url.domain`"},
	{"`dll.path` of a driver doubles the name when FolderPath ends in it", "it does not"},
	{"what is no URL in RemoteUrl is dropped", "it is `url.original`"},
	{"one technique without a number empties all of `threat.technique.subtechnique`", "it is left out alone"},
}

// kept are quirks that published rules or dashboards were written against; nothing switches them off.
var kept = []string{
	"`registry.data.strings` holds the old data beside the new.",
	"API calls: `process.pid`, `.start` and `.entity_id` are the target's, `process.executable`, `.name` and `.hash` the caller's.",
	"`process.Ext.token.integrity_level_name` of process rows is the initiating process's level.",
	"Techniques without a point (T1078) stand under `threat.technique.subtechnique` too.",
	"`process.pe.file_version` is the product's version.",
	"`related.hosts` of alerts takes the system's name and version as well.",
	"`network.direction` is known only from AdditionalFields.direction.",
}

func writeManual(cat *catalogue) []byte {
	var w bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&w, format, args...) }
	p("<!-- Code generated by go generate ./internal/ecs; DO NOT EDIT. -->\n\n# Where each field comes from\n\n")
	p("`vedette ecs` makes, of Defender's records, the documents that Elastic's integrations m365_defender and microsoft_defender_endpoint make.\n")
	p("The tables below are written from `internal/ecs/maps/*.map`, which are the mapping itself. **Custom field** is where the source's own\n")
	p("value is kept; *dup* says that it is left out, because an ECS field has it, unless `--preserve-duplicate-custom-fields` is given.\n")
	p("Null, \"\" and empty objects and lists are left out everywhere. A column that no table names is kept below the custom prefix: its\n")
	p("name in snake_case, its group in front (InitiatingProcessSessionId is `initiating_process.session_id`). Tables that Elastic does not\n")
	p("know are mapped by the nearest family instead of being an error. Geography (`*.geo`, `*.as`) is filled only when a look-up is given.\n\n")
	p("## Faults of Elastic's pipelines\n\nKept, unless `--strict-elastic=false` (in a configuration `strict_elastic: false`) is given, because the documents are to be the same:\n\n| Elastic | mended |\n|---|---|\n")
	for _, m := range mended {
		p("| %s | %s |\n", m[0], m[1])
	}
	p("\nKept always, because rules were written against them:\n\n")
	for _, k := range kept {
		p("- %s\n", k)
	}
	p("\n## Conversions\n\n| word | what it does |\n|---|---|\n")
	words := make([]string, 0, len(conversions))
	for word := range conversions {
		words = append(words, word)
	}
	sort.Strings(words)
	for _, word := range words {
		p("| %s | %s |\n", word, conversionNotes[word])
	}
	p("\n## Conditions\n\n| word | when |\n|---|---|\n")
	for _, c := range conditionNotes {
		p("| %s | %s |\n", c.word, c.means)
	}
	p("\n## Derived fields\n\n| function | sets | how |\n|---|---|---|\n")
	for _, f := range functions {
		p("| %s | %s | %s |\n", f.name, f.sets, f.doc)
	}
	for _, name := range families {
		writeFamily(p, cat, cat.families[name])
	}
	return w.Bytes()
}

// families are the chapters of the manual, in its order.
var families = []string{"device", "alert-event", "email", "identity", "alert", "incident", "evidence", "vulnerability", "mde-vulnerability",
	"mde-vulnerability-joined", "mde-log", "mde-machine", "mde-machine-action"}

func writeFamily(p func(string, ...any), cat *catalogue, f *family) {
	p("\n## %s\n\n%s. Custom fields are below `%s`.\n\n", f.title, strings.Join(f.tables, ", "), f.prefix)
	names := map[conversion]string{keepAsIs: ""}
	for word, c := range conversions {
		names[c] = word
	}
	readers := map[string][]string{}
	for _, s := range f.steps {
		if s.from == noSlot || s.evidence || s.do == callFunction {
			continue
		}
		to := "`" + s.target + "`"
		if s.when != "" {
			to += " if " + s.when
		}
		from := f.resolve(s.source)
		readers[from] = append(readers[from], to)
	}
	p("| column | custom field | conversion | | ECS fields |\n|---|---|---|---|---|\n")
	for _, column := range f.order {
		c := f.columns[column]
		if c == nil {
			c = f.envelope[column]
		}
		to, dup := "", ""
		if c.to != noSlot {
			to = f.fields.paths[c.to]
		}
		if c.dup {
			dup = "dup"
		}
		p("| %s | %s | %s | %s | %s |\n", column, strings.TrimPrefix(to, f.prefix+"."), names[c.conv], dup, strings.Join(readers[to], "; "))
	}
	if len(f.steps) == 0 {
		return
	}
	p("\nFurther fields, in the order in which they are set:\n\n| field | from | if |\n|---|---|---|\n")
	for _, s := range f.steps {
		switch {
		case s.do == callFunction:
			sets := "`" + s.fn.sets + "`"
			if s.fn.sets == "" {
				sets = ""
			}
			p("| %s | %s %s | %s |\n", sets, s.fn.name, s.source, s.when)
		case s.from == noSlot || s.evidence || !strings.HasPrefix(s.source, "."):
			p("| `%s` | %s | %s |\n", s.target, strings.ReplaceAll(s.source, "evidence.", "evidence: "), s.when)
		}
	}
}
