package world

import (
	"fmt"
	"strings"
)

// flaw is one vulnerability of one product.
type flaw struct {
	id          string
	vendor      string
	product     string // as the vulnerability service names it
	fixed       string // version that mends it
	kb          string
	severity    string
	score       float64
	kind        string
	exploit     bool
	published   ticks
	description string
	machines    []*Device
}

// software is what is installed on a device.
type software struct {
	vendor, product, version string
	path                     string
	ends                     string // end of support, "" is not near
}

// installed lists the software of a device.
func (d *Device) installed() []software {
	var list []software
	switch d.kind {
	case kindMac:
		list = append(list, software{"apple", "macos", d.os.version, "", ""}, software{"microsoft", "outlook_for_mac", "16.99", "/Applications/Microsoft Outlook.app", ""})
	case kindLinuxDesktop, kindLinuxServer:
		list = append(list, software{"canonical", lower(d.os.distro) + "_linux", d.os.version, "", ""}, software{"openbsd", "openssh", "9.6", "/usr/sbin/sshd", ""},
			software{"f5", "nginx", "1.24.0", "/usr/sbin/nginx", ""})
	default:
		end := ""
		if d.os.name == "Windows10" {
			end = "2025-10-14T00:00:00.0000000Z"
		}
		list = append(list, software{"microsoft", windowsProduct[d.os.name], d.version, "", end})
		if d.kind == kindWorkstation {
			list = append(list, software{"microsoft", "office", "16.0.19029.20136", `C:\Program Files\Microsoft Office\root\Office16`, ""}, software{"microsoft",
				"edge_chromium-based", "139.0.3405.102", img("msedge.exe").full, ""},
				software{"7-zip", "7-zip", "25.00", img("7zG.exe").full, ""})
			if d.n%4 == 0 {
				list = append(list, software{"google", "chrome", []string{"139.0.7258.128", "138.0.7204.183"}[d.n/4%2], img("chrome.exe").full, ""})
			}
		} else {
			list = append(list, software{"vmware", "tools", "12.5.3", img("vmtoolsd.exe").full, ""}, software{"microsoft", ".net_framework", "4.8.9318.0", "", ""})
		}
		if d.kind == kindSQL {
			list = append(list, software{"microsoft", "sql_server_2022", "16.0.4205.1", img("sqlservr.exe").full, ""})
		}
		if d.kind == kindWeb {
			list = append(list, software{"forma_software", "service_portal", "7.3.1", `C:\inetpub\wwwroot\serviceportal`, ""})
		}
	}
	return list
}

var windowsProduct = map[string]string{"Windows11": "windows_11", "Windows10": "windows_10", "WindowsServer2022": "windows_server_2022", "WindowsServer2019": "windows_server_2019"}

// perProduct is how many invented vulnerabilities a product has in this tenant.
var perProduct = map[string]int{"windows_11": 24, "windows_10": 38, "windows_server_2022": 19, "windows_server_2019": 27, "office": 9, "edge_chromium-based": 12,
	"chrome": 14, "macos": 11, "ubuntu_linux": 13, "debian_linux": 7, "openssh": 2, "nginx": 3,
	"7-zip": 2, "tools": 2, ".net_framework": 3, "sql_server_2022": 4, "service_portal": 2, "outlook_for_mac": 1}

// inventVulnerabilities gives products their flaws. The numbers are above any that were given out, so that none is a real one.
func (w *World) inventVulnerabilities() {
	r := rng{derive(w.cfg.Seed, "flaws", 0)}
	has := map[string][]*Device{}
	var order []software
	for _, d := range w.devices {
		for _, s := range d.installed() {
			if has[s.product] == nil {
				order = append(order, s)
			}
			has[s.product] = append(has[s.product], d)
		}
	}
	kinds := []string{"RemoteCodeExecution", "PrivilegeEscalation", "InformationDisclosure", "DenialOfService", "SecurityFeatureBypass"}
	for _, s := range order {
		for range perProduct[s.product] {
			f := flaw{vendor: s.vendor, product: s.product, kind: pick(&r, kinds), fixed: s.version + ".1"}
			f.id = fmt.Sprintf("CVE-%d-%d", 2025+r.n(2), 900_000+len(w.flaws)*37+r.n(30))
			f.score = float64(40+r.n(59)) / 10
			switch {
			case s.product == "service_portal":
				f.score, f.kind, f.exploit = 9.8, "RemoteCodeExecution", true
			case r.chance(8):
				f.exploit = true
			}
			f.severity = severityOf(f.score)
			if strings.HasPrefix(s.product, "windows") {
				f.kb = fmt.Sprint(5_060_000 + r.n(9000))
			}
			f.published = ticksOf(w.cfg.Now.AddDate(0, 0, -10-r.n(300))) / tickHour * tickHour
			f.description = "Summary: A flaw in " + strings.ReplaceAll(s.product, "_",
				" ") + " allows " + kindText[f.kind] + ". Impact: see the severity. Remediation: install the update of the vendor."
			share := 20 + r.n(81)
			for _, d := range has[s.product] {
				if r.chance(share) {
					f.machines = append(f.machines, d)
				}
			}
			w.flaws = append(w.flaws, f)
		}
	}
}

var kindText = map[string]string{"RemoteCodeExecution": "an attacker on the network to run code", "PrivilegeEscalation": "a local user to get more rights",
	"InformationDisclosure": "reading memory that should not be readable", "DenialOfService": "stopping the service",
	"SecurityFeatureBypass": "going round a protection"}

func severityOf(score float64) string {
	switch {
	case score >= 9:
		return "Critical"
	case score >= 7:
		return "High"
	case score >= 4:
		return "Medium"
	}
	return "Low"
}

// Vulnerabilities lists what vulnerabilities the tenant has, in the shape of the Defender for Endpoint API.
func (w *World) Vulnerabilities() []map[string]any {
	var list []map[string]any
	for i := range w.flaws {
		f := &w.flaws[i]
		list = append(list, map[string]any{"id": f.id, "name": f.id, "description": f.description, "severity": f.severity, "cvssV3": f.score,
			"cvssVector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H/E:U/RL:O/RC:C", "exposedMachines": len(f.machines),
			"publishedOn": f.published.String(), "updatedOn": (f.published + 3*tickDay).String(), "firstDetected": (f.published + tickDay).String(), "patchFirstAvailable": nil, "publicExploit": f.exploit, "exploitVerified": f.exploit, "exploitInKit": false,
			"exploitTypes": []any{f.kind}, "exploitUris": []any{}, "cveSupportability": "Supported", "tags": []any{}, "epss": float64(int(f.score*73)%900) / 1000})
	}
	return list
}

// MachineVulnerabilities lists which machine has which vulnerability, in the shape of the Defender for Endpoint API.
func (w *World) MachineVulnerabilities() []map[string]any {
	var list []map[string]any
	for i := range w.flaws {
		f := &w.flaws[i]
		for _, d := range f.machines {
			version := d.versionOf(f.product)
			list = append(list, map[string]any{"id": strings.Join([]string{d.id, f.id, f.vendor, f.product, version, f.kb}, "-_-"), "cveId": f.id, "machineId": d.id,
				"fixingKbId": null(f.kb), "productName": f.product, "productVendor": f.vendor,
				"productVersion": version, "severity": f.severity})
		}
	}
	return list
}

func (d *Device) versionOf(product string) string {
	for _, s := range d.installed() {
		if s.product == product {
			return s.version
		}
	}
	return ""
}

// Machines lists the devices in the shape of the Defender for Endpoint API.
func (w *World) Machines() []map[string]any {
	var list []map[string]any
	for _, d := range w.devices {
		var vm any
		if id := d.azureResource(); id != "" {
			vm = map[string]any{"vmId": d.uuid, "cloudProvider": "Azure", "resourceId": id, "subscriptionId": subscription}
		}
		tags := []any{}
		for _, t := range d.tags {
			tags = append(tags, t)
		}
		list = append(list, map[string]any{"id": d.id, "computerDnsName": d.fqdn, "firstSeen": d.first.String(),
			"lastSeen": (ticksOf(w.cfg.Now) - ticks(d.n%50)*29*tickMinute).String(), "osPlatform": d.os.name, "osVersion": nil, "osProcessor": "x64",
			"osArchitecture": "64-bit", "version": d.os.info, "osBuild": d.os.build, "lastIpAddress": d.ip, "lastExternalIpAddress": d.public, "agentVersion": d.os.client, "healthStatus": "Active", "onboardingStatus": "Onboarded",
			"riskScore": w.risk(d), "exposureLevel": d.exposure, "deviceValue": d.value, "rbacGroupId": d.groupID, "rbacGroupName": d.group, "aadDeviceId": d.aadID, "isAadJoined": !d.server(), "machineTags": tags, "managedBy": d.managedBy(),
			"managedByStatus": "Unknown", "isPotentialDuplication": false, "mergedIntoMachineId": nil, "isExcluded": false, "exclusionReason": nil, "vmMetadata": vm,
			"ipAddresses": []any{map[string]any{"ipAddress": d.ip, "macAddress": d.mac, "type": d.adapter(), "operationalStatus": "Up"}, map[string]any{"ipAddress": d.ipv6,
				"macAddress": d.mac, "type": d.adapter(), "operationalStatus": "Up"},
				map[string]any{"ipAddress": "127.0.0.1", "macAddress": nil, "type": "SoftwareLoopback", "operationalStatus": "Up"}}})
	}
	return list
}

func (d *Device) managedBy() string {
	if d.server() {
		return "MicrosoftDefenderForEndpoint"
	}
	return "Intune"
}

// risk is the worst severity of the alerts of a device that are not resolved.
func (w *World) risk(d *Device) string {
	order := []string{"", "informational", "low", "medium", "high"}
	worst := 0
	for _, st := range w.stories {
		if st.status == "resolved" {
			continue
		}
		for _, a := range st.alarms {
			for _, e := range a.evidence {
				if e.kind == "Machine" && e.dev == d {
					for i, s := range order {
						if s == a.severity {
							worst = max(worst, i)
						}
					}
				}
			}
		}
	}
	if worst == 0 {
		return "None"
	}
	return upperFirst(order[worst])
}
