package world

import (
	"fmt"
	"iter"
	"sort"
	"strings"
)

// snapshots are the tables that are not streamed, each with what makes its rows.
var snapshots = map[*table]func(w *World, yield func(values) bool){
	tabDeviceTvmSoftwareInventory:               (*World).softwareRows,
	tabDeviceTvmSoftwareVulnerabilities:         (*World).vulnerabilityRows,
	tabDeviceTvmSoftwareVulnerabilitiesKB:       (*World).vulnerabilityKB,
	tabDeviceTvmSecureConfigurationAssessment:   (*World).configurationRows,
	tabDeviceTvmSecureConfigurationAssessmentKB: (*World).configurationKB,
	tabIdentityInfo:                             (*World).identityRows,
	tabEntraIdSignInEvents:                      (*World).signInRows,
	tabEntraIdSpnSignInEvents:                   (*World).appSignInRows,
}

func snapshotTables() []string {
	var names []string
	for t := range snapshots {
		names = append(names, t.name)
	}
	sort.Strings(names)
	return names
}

func (w *World) snapshot(name string) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for t, rows := range snapshots {
			if t.name != name {
				continue
			}
			now := ticksOf(w.cfg.Now)
			var buf []byte
			rows(w, func(v values) bool {
				r := row{table: t, at: now, values: v}
				if at, ok := v["Timestamp"]; ok {
					r.at = stampOf(at, now)
				}
				buf = t.encode(buf[:0], &r)
				return yield(Event{t.name, r.at.time(), append([]byte(nil), buf...)})
			})
		}
	}
}

// stampOf reads a number of ticks that a row gave as its own time.
func stampOf(s string, otherwise ticks) ticks {
	var t ticks
	if _, err := fmt.Sscan(s, (*int64)(&t)); err != nil {
		return otherwise
	}
	return t
}

func (d *Device) values() values {
	return values{"DeviceId": quote(d.id), "DeviceName": quote(d.fqdn), "OSPlatform": quote(d.os.name), "OSVersion": quote(or(d.version, d.os.version)), "OSArchitecture": `"x64"`}
}

func (w *World) softwareRows(yield func(values) bool) {
	for _, d := range w.devices {
		for _, s := range d.installed() {
			v := d.values()
			v["SoftwareVendor"], v["SoftwareName"], v["SoftwareVersion"] = quote(s.vendor), quote(s.product), quote(s.version)
			v["ProductCodeCpe"] = quote("cpe:2.3:a:" + s.vendor + ":" + s.product + ":" + s.version + ":*:*:*:*:*:*:*")
			if s.ends != "" {
				v["EndOfSupportStatus"], v["EndOfSupportDate"] = `"EOS Version"`, quote(s.ends)
			}
			if !yield(v) {
				return
			}
		}
	}
}

func (w *World) vulnerabilityRows(yield func(values) bool) {
	for i := range w.flaws {
		f := &w.flaws[i]
		for _, d := range f.machines {
			v := d.values()
			v["SoftwareVendor"], v["SoftwareName"], v["SoftwareVersion"] = quote(f.vendor), quote(f.product), quote(d.versionOf(f.product))
			v["CveId"], v["VulnerabilitySeverityLevel"], v["CveTags"] = quote(f.id), quote(f.severity), "[]"
			if f.exploit {
				v["CveTags"] = `["ZeroDay"]`
			}
			if f.kb != "" {
				v["RecommendedSecurityUpdate"], v["RecommendedSecurityUpdateId"] = quote("September 2026 Security Updates"), quote(f.kb)
			}
			if !yield(v) {
				return
			}
		}
	}
}

func (w *World) vulnerabilityKB(yield func(values) bool) {
	for i := range w.flaws {
		f := &w.flaws[i]
		if !yield(values{"CveId": quote(f.id), "CvssScore": quote(fmt.Sprint(f.score)), "IsExploitAvailable": fmt.Sprint(f.exploit),
			"VulnerabilitySeverityLevel": quote(f.severity), "LastModifiedTime": quote((f.published + 3*tickDay).String()),
			"PublishedDate": quote(f.published.String()), "VulnerabilityDescription": quote(f.description), "AffectedSoftware": `["` + f.vendor + ":" + f.product + `"]`}) {
			return
		}
	}
}

// settings of which every Windows device either has the safe value or has not.
var settings = []struct {
	id, name, category, sub, technique, tactic string
	impact                                     float64
}{
	{"scid-2010", "Turn on Microsoft Defender Antivirus", "Security controls", "Antivirus", "T1562", "Defense Evasion", 10},
	{"scid-2012", "Turn on real-time protection", "Security controls", "Antivirus", "T1562", "Defense Evasion", 10},
	{"scid-2500", "Block executable content from email client and webmail", "Security controls", "Attack Surface Reduction", "T1566", "Initial Access", 9},
	{"scid-2503", "Block all Office applications from creating child processes", "Security controls", "Attack Surface Reduction", "T1204", "Execution", 9},
	{"scid-2509", "Block credential stealing from lsass.exe", "Security controls", "Attack Surface Reduction", "T1003", "Credential Access", 9},
	{"scid-3011", "Disable SMBv1", "OS", "Network", "T1210", "Lateral Movement", 8},
	{"scid-3001", "Set account lockout threshold", "Accounts", "Account policy", "T1110", "Credential Access", 7},
	{"scid-91", "Enable local admin password management", "Accounts", "Account policy", "T1078", "Privilege Escalation", 6.5},
}

func (w *World) configurationRows(yield func(values) bool) {
	for _, d := range w.devices {
		if !d.windows() {
			continue
		}
		for i, s := range settings {
			v := d.values()
			v["ConfigurationId"], v["ConfigurationCategory"], v["ConfigurationSubcategory"], v["ConfigurationImpact"] = quote(s.id), quote(s.category), quote(s.sub), fmt.Sprint(s.impact)
			good := derive(w.cfg.Seed, d.id, uint64(i))%5 != 0
			v["IsCompliant"], v["IsApplicable"], v["IsExpectedUserImpact"], v["Context"] = fmt.Sprint(good), "true", "false", `[["`+map[bool]string{true: "Enabled",
				false: "Disabled"}[good]+`"]]`
			if !yield(v) {
				return
			}
		}
	}
}

func (w *World) configurationKB(yield func(values) bool) {
	for _, s := range settings {
		if !yield(values{"ConfigurationId": quote(s.id), "ConfigurationImpact": fmt.Sprint(s.impact), "ConfigurationName": quote(s.name),
			"ConfigurationDescription": quote(s.name + " on all devices of the house."), "RiskDescription": quote("Without it, " + lower(s.tactic) + " is easier."),
			"ConfigurationCategory": quote(s.category), "ConfigurationSubcategory": quote(s.sub), "ConfigurationBenchmarks": `[{"Benchmark":"House baseline","Version":"3"}]`, "Tags": "[]", "RemediationOptions": quote("Set it by group policy or Intune."),
			"RelatedMitreTechniques": `["` + s.technique + `"]`, "RelatedMitreTactics": `["` + s.tactic + `"]`}) {
			return
		}
	}
}

func (w *World) identityRows(yield func(values) bool) {
	for _, p := range w.people {
		v := values{"ReportId": quote(guid(w.cfg.Seed, "identity", uint64(p.n))), "AccountObjectId": quote(p.objectID), "AccountUpn": quote(p.upn),
			"OnPremSid": quote(p.sid), "AccountDisplayName": quote(p.display), "AccountName": quote(p.name), "AccountDomain": quote(p.domain),
			"CriticalityLevel": fmt.Sprint(1 + p.n%4), "DistinguishedName": quote(p.distinguishedName(w)), "CloudSid": quote(p.cloudSID), "GivenName": quote(p.given), "Surname": quote(p.surname), "Department": quote(p.department), "JobTitle": quote(p.title),
			"EmailAddress": quote(p.mail), "SipProxyAddress": quote("sip:" + p.mail), "Address": quote(p.site.street), "City": quote(p.site.city), "Country": quote(p.site.country), "IsAccountEnabled": "true", "Phone": quote(p.phone), "CreatedDateTime": quote(p.created.String()),
			"ChangeSource": `"AzureActiveDirectory"`, "BlastRadius": `"Low"`, "CompanyName": quote(w.cfg.TenantName), "EmployeeId": quote(p.employee), "OtherMailAddresses": "[]", "RiskLevel": `"None"`, "RiskLevelDetails": `"None"`, "State": quote(p.site.state), "Tags": "[]",
			"AssignedRoles": "[]", "PrivilegedEntraPimRoles": "[]", "OnPremObjectId": quote(guid(w.cfg.Seed, "onprem",
				uint64(p.n))), "TenantMembershipType": `"Member"`, "RiskStatus": `"None"`, "UserAccountControl": `["NormalAccount"]`, "IdentityEnvironment": `"Hybrid"`,
			"SourceProviders": `["AzureActiveDirectory","ActiveDirectory"]`, "GroupMembership": `["GG-` + p.department + `","GG-All staff"]`, "Type": `"User"`, "SourceProvider": `"AzureActiveDirectory"`}
		if p.manager != nil {
			v["Manager"] = quote(p.manager.upn)
		}
		if p.admin {
			v["AssignedRoles"], v["Tags"], v["BlastRadius"] = `["Security Reader"]`, `["Sensitive"]`, `"High"`
		}
		if !yield(v) {
			return
		}
	}
}

// signInRows are the sign-ins of the last week: three a day for everybody, and the one from the attacker's address.
func (w *World) signInRows(yield func(values) bool) {
	now := ticksOf(w.cfg.Now)
	for day := dayOf(now) - 6; day <= dayOf(now); day++ {
		for _, p := range w.people {
			ses := w.session(p.device0(w), day)
			for i := range 3 {
				at := ses.start + ticks(i)*150*tickMinute + ticks(p.n)*tickSecond
				if !ses.works || at > now {
					continue
				}
				if !yield(w.signInRow(p, at, p.site.public, uint64(day)*3+uint64(i))) {
					return
				}
			}
		}
	}
	for _, st := range w.stories {
		if st.attack == "aitm" {
			yield(w.signInRow(st.victim, st.created, "192.0.2.145", 1))
		}
	}
}

func (w *World) signInRow(p *Person, at ticks, ip string, n uint64) values {
	id := derive(uint64(p.n), "sign-in", n)
	where := w.whereIs(ip)
	d := p.device0(w)
	v := values{"Timestamp": fmt.Sprint(int64(at)), "Application": `"Office 365 Exchange Online"`, "ApplicationId": `"00000002-0000-0ff1-ce00-000000000000"`,
		"LogonType": `["interactiveUser"]`, "ErrorCode": "0", "CorrelationId": quote(guidOf(id)), "SessionId": quote(guidOf(id + 1)),
		"AccountDisplayName": quote(p.display), "AccountObjectId": quote(p.objectID), "AccountUpn": quote(p.upn), "IsConfidentialClient": "false", "IsExternalUser": "0", "IsGuestUser": "false", "AlternateSignInName": quote(p.upn), "LastPasswordChangeTimestamp": quote((at - 40*tickDay).String()),
		"ResourceDisplayName": `"Office 365 Exchange Online"`, "ResourceId": `"00000002-0000-0ff1-ce00-000000000000"`, "ResourceTenantId": quote(w.cfg.TenantID), "DeviceName": quote(d.host), "EntraIdDeviceId": quote(d.aadID), "OSPlatform": quote(osName(d)), "DeviceTrustType": `"Hybrid Azure AD joined"`,
		"IsManaged": "1", "IsCompliant": "1", "AuthenticationProcessingDetails": `"[]"`, "AuthenticationRequirement": `"multiFactorAuthentication"`, "TokenIssuerType": "0", "RiskLevelAggregated": "1", "RiskDetails": "0", "RiskState": "0", "UserAgent": quote(userAgent(d)), "ClientAppUsed": `"Browser"`,
		"Browser": `"Edge 139.0.0"`, "ConditionalAccessPolicies": `"[]"`, "ConditionalAccessStatus": "0", "IPAddress": quote(ip), "Country": quote(where.country), "State": quote(where.state), "City": quote(where.city), "Latitude": quote(fmt.Sprint(where.lat)), "Longitude": quote(fmt.Sprint(where.lon)),
		"NetworkLocationDetails": `"[]"`, "RequestId": quote(guidOf(id + 2)), "ReportId": quote(guidOf(id + 3)), "EndpointCall": `"/common/oauth2/v2.0/token"`}
	v["LogonType"] = quote(v["LogonType"])
	if !strings.HasPrefix(ip, "203.") {
		v["DeviceName"], v["EntraIdDeviceId"], v["IsManaged"], v["IsCompliant"], v["RiskLevelAggregated"] = `""`, `""`, "0", "0", "100"
	}
	return v
}

func (w *World) appSignInRows(yield func(values) bool) {
	now := ticksOf(w.cfg.Now)
	for i := range 200 {
		at := now - ticks(i)*50*tickMinute
		id := derive(uint64(i), "app sign-in", w.cfg.Seed)
		n := uint64(i % len(oauthNames))
		if !yield(values{"Timestamp": fmt.Sprint(int64(at)), "Application": quote(oauthNames[n]), "ApplicationId": quote(guid(8, "oauth", n)), "IsManagedIdentity": "false",
			"ErrorCode": "0", "CorrelationId": quote(guidOf(id)), "ServicePrincipalName": quote(oauthNames[n]),
			"ServicePrincipalId": quote(guid(8, "sp",
				n)), "ResourceDisplayName": `"Microsoft Graph"`, "ResourceId": `"00000003-0000-0000-c000-000000000000"`, "ResourceTenantId": quote(w.cfg.TenantID), "IPAddress": `"192.0.2.30"`, "Country": quote(w.whereIs("192.0.2.30").country),
			"State": quote(w.whereIs("192.0.2.30").state), "City": quote(w.whereIs("192.0.2.30").city), "Latitude": quote(fmt.Sprint(w.whereIs("192.0.2.30").lat)), "Longitude": quote(fmt.Sprint(w.whereIs("192.0.2.30").lon)), "RequestId": quote(guidOf(id + 1)), "ReportId": quote(guidOf(id + 2))}) {
			return
		}
	}
}
