package bench

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

var words = strings.Fields(`anchor archive atlas beacon binder bridge canvas carbon cargo cipher circuit cobalt column copper courier delta
	dispatch drift ember engine export falcon filter forge galaxy garden gauge glacier granite harbor helix import index island jigsaw journal
	kernel ladder lantern ledger lumen magnet mantle marble matrix meadow mirror mosaic needle nimbus oasis orbit origin packet palette parcel
	pepper pillar pixel plasma portal prism pulse quarry quartz radar raster relay ribbon river rocket saddle sample scout sector shadow signal
	silver sketch socket solar spiral spruce stencil summit switch tablet tandem timber topaz tracer tunnel turbine valley vector velvet vertex
	violet voyage walnut window winter zenith zephyr`)

var vendors = []string{"Contoso", "Fabrikam", "Northwind", "Adatum", "Litware", "Tailspin", "Wingtip", "Proseware", "Lucerne", "Relecloud", "Munson", "Alpine"}

var techniques = []string{"T1059.001", "T1059.003", "T1027", "T1105", "T1218.011", "T1053.005", "T1547.001", "T1003.001", "T1021.002", "T1047", "T1082", "T1057"}

// image is a version of a program. columns are what a process event says of it, as the process and as the initiating one.
type image struct {
	file, path, kind     string
	company, product     string
	integrity, elevation string
	service              bool
	own, initiating      []cell
	signer, signature    string
	sha1, sha256, md5    string
	size                 int64
}

type cell struct{ column, value string }

type user struct{ domain, name, sid, upn, id string }

// process is a running process, of which later events speak.
type process struct {
	image      *image
	id, parent int64
	command    string
	created    int64
	user       *user
	logon      int64
	unique     string
	parentFile string
	parentTime int64
	session    int64
}

type device struct {
	id, name, group, ip string
	users               []*user
	live                []*process // the first longLived stay
	next, report, logon int64
}

const longLived = 12

type scenery struct {
	images  []*image
	users   []*user
	system  *user
	devices []*device
	ips     []string
	domains []string

	image, device, ip, domain weights
}

// weights draws an index, some more often than others.
type weights []float64

func zipf(n int, shift, power float64) weights {
	w := make(weights, n)
	sum := 0.0
	for i := range w {
		sum += math.Pow(float64(i)+shift, -power)
		w[i] = sum
	}
	return w
}

func (g *generator) draw(w weights) int {
	return min(sort.SearchFloat64s(w, g.Float64()*w[len(w)-1]), len(w)-1)
}

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

const digits = "0123456789abcdef"

func (g *generator) hex(n int) string {
	b := make([]byte, n)
	for i := 0; i < n; i += 16 {
		x := g.Uint64()
		for j := i; j < min(n, i+16); j++ {
			b[j] = digits[x&15]
			x >>= 4
		}
	}
	return string(b)
}

func (g *generator) guid() string {
	h := g.hex(32)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func (g *generator) address() string {
	return fmt.Sprintf("10.%d.%d.%d", g.IntN(20), g.IntN(64), 1+g.IntN(254))
}

// known are programs that every machine has: file, folder, kind, how often, whether services start it.
var known = []struct {
	file, folder, kind string
	often              float64
	service            bool
}{
	{"services.exe", `C:\Windows\System32`, "plain", 1, true},
	{"explorer.exe", `C:\Windows`, "plain", 3, false},
	{"svchost.exe", `C:\Windows\System32`, "svchost", 90, true},
	{"msedge.exe", `C:\Program Files (x86)\Microsoft\Edge\Application`, "browser", 90, false},
	{"conhost.exe", `C:\Windows\System32`, "conhost", 80, false},
	{"chrome.exe", `C:\Program Files\Google\Chrome\Application`, "browser", 70, false},
	{"cmd.exe", `C:\Windows\System32`, "cmd", 45, false},
	{"powershell.exe", `C:\Windows\System32\WindowsPowerShell\v1.0`, "powershell", 40, true},
	{"git.exe", `C:\Program Files\Git\cmd`, "git", 25, false},
	{"taskhostw.exe", `C:\Windows\System32`, "plain", 12, true},
	{"RuntimeBroker.exe", `C:\Windows\System32`, "plain", 12, false},
	{"SearchProtocolHost.exe", `C:\Windows\System32`, "plain", 10, true},
	{"MsSense.exe", `C:\Program Files\Windows Defender Advanced Threat Protection`, "plain", 8, true},
	{"WmiPrvSE.exe", `C:\Windows\System32\wbem`, "plain", 8, true},
	{"OUTLOOK.EXE", `C:\Program Files\Microsoft Office\root\Office16`, "plain", 4, false},
	{"EXCEL.EXE", `C:\Program Files\Microsoft Office\root\Office16`, "plain", 4, false},
	{"rundll32.exe", `C:\Windows\System32`, "tool", 6, false},
	{"reg.exe", `C:\Windows\System32`, "tool", 4, false},
	{"schtasks.exe", `C:\Windows\System32`, "tool", 3, true},
	{"certutil.exe", `C:\Windows\System32`, "tool", 1, false},
	{"net.exe", `C:\Windows\System32`, "tool", 3, false},
	{"wmic.exe", `C:\Windows\System32\wbem`, "tool", 2, false},
	{"mshta.exe", `C:\Windows\System32`, "tool", 0.5, false},
	{"regsvr32.exe", `C:\Windows\System32`, "tool", 2, false},
	{"bitsadmin.exe", `C:\Windows\System32`, "tool", 0.5, false},
	{"whoami.exe", `C:\Windows\System32`, "tool", 1, false},
	{"msiexec.exe", `C:\Windows\System32`, "tool", 4, true},
	{"sc.exe", `C:\Windows\System32`, "tool", 2, true},
}

// invent makes the machines, people and programs of which the events tell.
func (g *generator) invent() scenery {
	var s scenery
	add := func(file, folder, kind, company, product string, often float64, service bool) {
		for v := range 1 + g.IntN(3) {
			s.images = append(s.images, g.newImage(file, folder, kind, company, product, service))
			sum := often / float64(1+v*2)
			if n := len(s.image); n > 0 {
				sum += s.image[n-1]
			}
			s.image = append(s.image, sum)
		}
	}
	for _, k := range known {
		add(k.file, k.folder, k.kind, "Microsoft Corporation", "Microsoft Windows Operating System", k.often, k.service)
	}
	for i := 0; len(s.images) < 3900; i++ {
		v, a, b := pick(g, vendors), pick(g, words), pick(g, words)
		folder := `C:\Program Files\` + v + `\` + a + " " + b
		add(a+b+pick(g, []string{"", "", "64", "Svc", "Host", "Tray"})+".exe", folder, "plain", v+" Ltd", a+" "+b, 60/math.Pow(float64(i+3), 0.95), g.IntN(3) == 0)
	}
	s.system = &user{"nt authority", "system", "S-1-5-18", "", ""}
	for i := range 300 {
		name := fmt.Sprintf("%s.%s%d", pick(g, words), pick(g, words), i)
		s.users = append(s.users, &user{"contoso", name, fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 1000+i), name + "@contoso.com", g.guid()})
	}
	for range 20_000 {
		s.ips = append(s.ips, fmt.Sprintf("%d.%d.%d.%d", 11+g.IntN(180), g.IntN(256), g.IntN(256), 1+g.IntN(254)))
	}
	for i := range 5000 {
		s.domains = append(s.domains, fmt.Sprintf("%s%s%d.%s", pick(g, words), pick(g, words), i, pick(g, []string{"com", "net", "io", "org"})))
	}
	for i := range 500 {
		s.devices = append(s.devices, g.newDevice(&s, i))
	}
	s.device, s.ip, s.domain = zipf(500, 8, 0.6), zipf(len(s.ips), 2, 0.9), zipf(len(s.domains), 2, 0.9)
	return s
}

func (g *generator) newImage(file, folder, kind, company, product string, service bool) *image {
	im := &image{file: file, path: folder + `\` + file, kind: kind, company: company, product: product, service: service,
		integrity: "Medium", elevation: "TokenElevationTypeLimited", size: 20_000 + g.Int64N(50_000_000),
		signer: pick(g, []string{"OsVendor", "OsVendor", "Trusted", "Unknown"}), signature: pick(g, []string{"Valid", "Valid", "Valid", "Unsigned"}),
		sha1: g.hex(40), sha256: g.hex(64), md5: g.hex(32)}
	if service {
		im.integrity, im.elevation = "System", "TokenElevationTypeDefault"
	}
	version := fmt.Sprintf("%d.%d.%d.%d", 1+g.IntN(20), g.IntN(10), g.IntN(30_000), g.IntN(5000))
	about := []cell{{"FileName", file}, {"FolderPath", im.path}, {"SHA1", im.sha1}, {"SHA256", im.sha256}, {"MD5", im.md5}}
	versions := []cell{{"CompanyName", company}, {"ProductName", product}, {"ProductVersion", version},
		{"InternalFileName", strings.TrimSuffix(file, ".exe")}, {"OriginalFileName", file}, {"FileDescription", product}}
	for _, c := range about {
		im.own = append(im.own, c)
		im.initiating = append(im.initiating, cell{"InitiatingProcess" + c.column, strings.ToLower(c.value)})
	}
	for _, c := range versions {
		im.own = append(im.own, cell{"ProcessVersionInfo" + c.column, c.value})
		im.initiating = append(im.initiating, cell{"InitiatingProcessVersionInfo" + c.column, c.value})
	}
	return im
}

func (g *generator) newDevice(s *scenery, i int) *device {
	d := &device{id: g.hex(40), name: fmt.Sprintf("%s-%04d.corp.contoso.com", pick(g, []string{"wks", "wks", "lap", "lap", "srv", "sql"}), i),
		group: pick(g, []string{"Workstations", "Servers", "Executives", "Lab"}), ip: g.address(),
		next: 4000 + g.Int64N(1000), report: g.Int64N(1_000_000), logon: g.Int64N(1_000_000)}
	for range 1 + g.IntN(4) {
		d.users = append(d.users, pick(g, s.users))
	}
	for k := range int64(longLived) {
		im, u := s.images[g.draw(s.image)], s.system
		if !im.service {
			u = d.users[0]
		}
		d.live = append(d.live, &process{image: im, id: 500 + k*48, parent: 4, command: g.command(im, u), created: 638_000_000_000_000_000 + k, user: u,
			logon: 999, unique: fmt.Sprint(k), parentFile: "wininit.exe", parentTime: 638_000_000_000_000_000})
	}
	return d
}
