package world

import (
	"fmt"
	"time"
)

// kind says what a device is for; scenes and columns depend on it.
type kind uint8

const (
	kindWorkstation kind = iota
	kindDC
	kindFile
	kindSQL
	kindWeb
	kindApp
	kindConnect // Entra Connect
	kindMac
	kindLinuxDesktop
	kindLinuxServer
)

// platform is what an operating system says of itself in the tables.
type platform struct {
	name    string // OSPlatform
	version string // OSVersion "10.0"
	info    string // OSVersionInfo "23H2"
	distro  string // OSDistribution
	build   int
	rev     int
	client  string // sensor version
}

var (
	osWin11   = platform{"Windows11", "10.0", "24H2", "Windows11", 26100, 4946, "10.8805.26100.4946"}
	osWin11o  = platform{"Windows11", "10.0", "23H2", "Windows11", 22631, 5768, "10.8795.22621.5768"}
	osWin10   = platform{"Windows10", "10.0", "22H2", "Windows10", 19045, 6216, "10.8760.19045.6216"}
	osSrv2022 = platform{"WindowsServer2022", "10.0", "21H2", "WindowsServer2022", 20348, 4052, "10.8760.20348.4052"}
	osSrv2019 = platform{"WindowsServer2019", "10.0", "1809", "WindowsServer2019", 17763, 7678, "10.8760.17763.7678"}
	osMac     = platform{"macOS", "15.6", "15.6", "macOS", 24, 0, "101.25072.0011"}
	osUbuntu  = platform{"Linux", "24.4", "24.4", "Ubuntu", 6, 8, "101.25072.0003"}
	osDebian  = platform{"Linux", "12.11", "12.11", "Debian", 6, 1, "101.25072.0003"}
)

// Device is one machine with a sensor.
type Device struct {
	n        int
	id       string // 40 hex digits
	host     string
	fqdn     string
	kind     kind
	os       platform
	owner    *Person // nil for servers and shared machines
	site     *site
	ip       string
	ipv6     string
	mac      string
	public   string
	version  string // of Windows, "10.0.26100.4946"
	group    string // MachineGroup
	groupID  int
	aadID    string
	vendor   string
	model    string
	uuid     string
	tags     []string
	exposure string
	value    string // AssetValue
	internet bool   // reachable from outside
	first    ticks  // first seen by Defender
	boot     ticks  // last start, before the history
	base     baseProcesses
}

func (d *Device) windows() bool { return d.kind <= kindConnect }
func (d *Device) server() bool {
	return d.kind >= kindDC && d.kind <= kindConnect || d.kind == kindLinuxServer
}
func (d *Device) posix() bool { return d.kind >= kindMac }

// fleet is what servers the house has, in the order in which a smaller one gets them.
var fleet = []struct {
	kind  kind
	name  string
	os    *platform
	group string
	id    int
	count int
}{
	{kindDC, "DC", &osSrv2022, "Tier 0", 3, 2},
	{kindFile, "FS", &osSrv2022, "Servers", 2, 2},
	{kindWeb, "WEB", &osSrv2019, "DMZ", 4, 3},
	{kindSQL, "SQL", &osSrv2022, "Servers", 2, 3},
	{kindConnect, "AADC", &osSrv2022, "Tier 0", 3, 1},
	{kindApp, "APP", &osSrv2022, "Servers", 2, 3},
	{kindLinuxServer, "lx", &osUbuntu, "Linux servers", 6, 2},
	{kindApp, "APP", &osSrv2022, "Servers", 2, 7},
	{kindLinuxServer, "lx", &osUbuntu, "Linux servers", 6, 10},
	{kindApp, "RDS", &osSrv2019, "Servers", 2, 4},
	{kindLinuxServer, "ci", &osDebian, "Linux servers", 6, 3},
}

func (w *World) inventDevices() {
	r := rng{derive(w.cfg.Seed, "devices", 0)}
	servers := max(16, w.cfg.Devices/5)
	number := map[string]int{}
	for _, f := range fleet {
		for i := 0; i < f.count && servers > 0; i++ {
			number[f.name]++
			host := fmt.Sprintf("%s-%s%02d", w.net.prefix, f.name, number[f.name])
			if f.kind == kindLinuxServer {
				host = lower(host)
			}
			d := w.addDevice(&r, f.kind, host, *f.os)
			d.group, d.groupID, d.site = f.group, f.id, &w.net.servers
			d.value = "Normal"
			if f.group == "Tier 0" {
				d.value = "High"
			}
			if f.kind == kindWeb {
				d.site, d.internet = &w.net.dmz, true
				d.public = fmt.Sprintf("203.0.113.%d", 80+i)
				d.exposure = "High"
			}
			servers--
		}
	}
	for n := len(w.devices); n < w.cfg.Devices; n++ {
		var owner *Person
		seat := n - countServers(w.devices)
		if seat < len(w.people) {
			owner = w.people[seat]
		}
		k, o, letter := kindWorkstation, osWin11, "L"
		switch {
		case owner != nil && owner.department == "Marketing" && r.chance(70), owner != nil && owner.department == "Engineering" && r.chance(20):
			k, o, letter = kindMac, osMac, "M"
		case owner != nil && owner.department == "Engineering" && r.chance(25):
			k, o, letter = kindLinuxDesktop, osUbuntu, "X"
		case r.chance(28):
			o = osWin10
		case r.chance(30):
			o = osWin11o
		}
		d := w.addDevice(&r, k, fmt.Sprintf("%s-%s%04d", w.net.prefix, letter, 1000+n*7), o)
		d.owner, d.site, d.value = owner, &w.net.sites[0], "Normal"
		d.group, d.groupID = "Workstations", 1
		if k != kindWorkstation {
			d.group, d.groupID = "Mac and Linux", 5
		}
		if owner != nil {
			owner.device = d
			d.site = owner.site
			if owner.department == "Management" || owner.department == "IT" {
				d.value = "High"
			}
		} else {
			d.tags = []string{"Shared"}
			d.value = "Low"
		}
	}
	for _, d := range w.devices {
		d.fqdn = lower(d.host) + "." + w.net.dns
		if d.site == &w.net.dmz {
			d.fqdn = lower(d.host) + ".dmz." + w.cfg.Domain
		}
		third := 10 + d.n/200
		if !d.server() {
			third = 40 + d.n/200
		}
		d.ip = fmt.Sprintf("%s.%d.%d", d.site.subnet, third, 11+d.n%200)
		d.ipv6 = fmt.Sprintf("fe80::%x:%x:fe%02x:%x", 0x2100+d.n, 0x55ff, d.n&0xff, derive(5, d.host, 1)&0xffff)
		if d.public == "" {
			d.public = d.site.public
		}
		d.version = fmt.Sprintf("%s.%d.%d", d.os.version, d.os.build, d.os.rev)
		d.base = w.bootProcesses(d)
	}
}

func countServers(list []*Device) int {
	n := 0
	for _, d := range list {
		if d.server() {
			n++
		}
	}
	return n
}

var hardware = map[kind][][2]string{
	kindWorkstation:  {{"Dell Inc.", "Latitude 7450"}, {"HP", "EliteBook 840 G11"}, {"LENOVO", "ThinkPad T14 Gen 5"}, {"Dell Inc.", "OptiPlex 7020"}},
	kindMac:          {{"Apple Inc.", "MacBookPro18,3"}, {"Apple Inc.", "Mac14,2"}},
	kindLinuxDesktop: {{"LENOVO", "ThinkStation P3"}},
}

func (w *World) addDevice(r *rng, k kind, host string, o platform) *Device {
	n := len(w.devices)
	id := derive(w.cfg.Seed, "device", uint64(n))
	d := &Device{n: n, kind: k, host: host, os: o, id: hexString(id, 40), aadID: guidOf(id), uuid: guidOf(id + 1)}
	hw := hardware[k]
	if hw == nil {
		hw = [][2]string{{"VMware, Inc.", "VMware20,1"}}
	}
	h := pick(r, hw)
	d.vendor, d.model = h[0], h[1]
	d.exposure = pick(r, []string{"Low", "Low", "Low", "Medium", "Medium", "High"})
	prefix := "F43BD8"
	if d.vendor == "VMware, Inc." {
		prefix = "005056"
	}
	d.mac = mac(prefix, id)
	d.first = ticksOf(w.start.AddDate(0, -1-r.n(30), -r.n(28))) + ticks(r.n(int(tickDay)))
	back := time.Duration(r.between(20, 200)) * time.Hour
	if d.server() {
		back = time.Duration(r.between(100, 900)) * time.Hour
	}
	d.boot = ticksOf(w.start.Add(-back)) + ticks(r.n(int(tickHour)))
	w.devices = append(w.devices, d)
	return d
}

// ofKind lists the devices of a kind.
func (w *World) ofKind(k kind) []*Device {
	var list []*Device
	for _, d := range w.devices {
		if d.kind == k {
			list = append(list, d)
		}
	}
	return list
}
