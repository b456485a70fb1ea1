package world

import "strings"

// Users lists the people as Graph users, with the properties that Active Directory gives.
func (w *World) Users() []map[string]any {
	var list []map[string]any
	for _, p := range w.people {
		m := map[string]any{"id": p.objectID, "displayName": p.display, "givenName": p.given, "surname": p.surname, "userPrincipalName": p.upn, "mail": p.mail,
			"mailNickname": p.name, "jobTitle": p.title, "department": p.department, "companyName": w.cfg.TenantName,
			"officeLocation": p.site.name, "city": p.site.city, "country": p.site.country, "state": p.site.state, "streetAddress": p.site.street, "businessPhones": []any{p.phone}, "mobilePhone": nil, "preferredLanguage": "en-GB", "usageLocation": p.site.country,
			"employeeId": p.employee, "accountEnabled": true, "userType": "Member", "createdDateTime": p.created.String()[:19] + "Z", "proxyAddresses": []any{"SMTP:" + p.mail}, "otherMails": []any{}, "securityIdentifier": p.cloudSID,
			"onPremisesSyncEnabled": true, "onPremisesDomainName": w.net.dns, "onPremisesSamAccountName": p.name, "onPremisesSecurityIdentifier": p.sid, "onPremisesUserPrincipalName": p.upn, "onPremisesDistinguishedName": p.distinguishedName(w),
			"onPremisesImmutableId": base64url(uint64(p.n)+77,
				22) + "==", "onPremisesLastSyncDateTime": (ticksOf(w.cfg.Now) - 17*tickMinute).String()[:19] + "Z", "onPremisesExtensionAttributes": map[string]any{"extensionAttribute1": p.site.name}}
		if p.manager != nil {
			m["manager"] = map[string]any{"id": p.manager.objectID, "userPrincipalName": p.manager.upn}
		}
		list = append(list, m)
	}
	for _, p := range w.people {
		if p.admin {
			a := p.adminAccount()
			list = append(list, map[string]any{"id": a.objectID, "displayName": a.display, "givenName": p.given, "surname": p.surname, "userPrincipalName": a.upn, "mail": nil,
				"jobTitle": nil, "department": p.department, "accountEnabled": true, "userType": "Member",
				"createdDateTime": p.created.String()[:19] + "Z", "businessPhones": []any{}, "onPremisesSyncEnabled": true, "onPremisesDomainName": w.net.dns, "onPremisesSamAccountName": a.name, "onPremisesSecurityIdentifier": a.sid,
				"onPremisesUserPrincipalName": a.upn, "onPremisesDistinguishedName": "CN=" + a.display + ",OU=Admins," + w.net.baseDN})
		}
	}
	return list
}

// Groups lists the groups as Graph groups, each with the ids of its members under "members".
func (w *World) Groups() []map[string]any {
	group := func(name, about string, members []any) map[string]any {
		return map[string]any{"id": groupID(name), "displayName": "GG-" + name, "description": about, "mailEnabled": false,
			"mailNickname": "gg-" + lower(strings.ReplaceAll(name, " ", "-")), "securityEnabled": true, "groupTypes": []any{}, "createdDateTime": "2021-02-01T08:00:00Z",
			"onPremisesSyncEnabled": true, "onPremisesDomainName": w.net.dns, "onPremisesSamAccountName": "GG-" + name, "onPremisesSecurityIdentifier": w.net.domainSID + "-2107", "members": members}
	}
	members := func(in func(*Person) bool) []any {
		ids := []any{}
		for _, p := range w.people {
			if in(p) {
				ids = append(ids, p.objectID)
			}
		}
		return ids
	}
	var list []map[string]any
	for _, d := range departments {
		list = append(list, group(d.name, "Everybody in "+d.name, members(func(p *Person) bool { return p.department == d.name })))
	}
	list = append(list, group("All staff", "Everybody", members(func(*Person) bool { return true })))
	admins := []any{}
	for _, p := range w.people {
		if p.admin {
			admins = append(admins, p.adminAccount().objectID)
		}
	}
	return append(list, group("Server admins", "Administrators of servers", admins))
}

// Roles lists the directory roles as Graph directoryRoles, each with the ids of its members under "members".
func (w *World) Roles() []map[string]any {
	role := func(template, name string, members ...any) map[string]any {
		return map[string]any{"id": guid(w.cfg.Seed, "role", uint64(len(name))), "roleTemplateId": template, "displayName": name,
			"description": "Members hold the role " + name + ".", "deletedDateTime": nil, "members": members}
	}
	var security []any
	for _, p := range w.people {
		if p.title == "Security Analyst" {
			security = append(security, p.objectID)
		}
	}
	return []map[string]any{
		role("62e90394-69f5-4237-9190-012177145e10", "Global Administrator", w.role("IT", 1).adminAccount().objectID),
		role("194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator", security...),
		role("729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator", w.role("IT", 3).objectID),
	}
}
