package world

import "fmt"

// behave adds what Defender thought worth noting without raising an alert: a BehaviorInfo row and one BehaviorEntities row for
// each entity. Behaviors of the endpoint name the device, those of the cloud the user.
func (st *story) behave(title, description, action, category string, techniqueIDs []string, p *Person, d *Device, entities ...*evidence) {
	sc := st.scene(d)
	id := quote(guidOf(sc.r.next()))
	service, source, data := "Microsoft Defender for Cloud Apps", "UEBA", `["Microsoft 365"]`
	if d != nil {
		service, source, data = "Microsoft Defender for Endpoint", "EDR", `["Endpoint"]`
	}
	row := func(t *table, v values) {
		v["BehaviorId"], v["Categories"], v["ServiceSource"], v["DetectionSource"], v["DataSources"], v["ActionType"] = id, quote(`["`+category+`"]`), quote(service), quote(source), quote(data), quote(action)
		sc.rare(t, v)
	}
	info := values{"Title": quote(title), "Description": quote(description), "AttackTechniques": quote(techniques(techniqueIDs)),
		"StartTime": quote((sc.t - 20*tickMinute).String()), "EndTime": quote(sc.t.String()), "AdditionalFields": `"{\"IsTimeFrame\":false}"`,
		"AccountUpn": quote(p.upn), "AccountObjectId": quote(p.objectID)}
	if d != nil {
		info["DeviceId"] = quote(d.id)
	}
	row(tabBehaviorInfo, info)
	for _, e := range append([]*evidence{evUser(&p.account)}, entities...) {
		row(tabBehaviorEntities, e.entity(st.w))
	}
	st.done(sc)
}

// entity is the evidence in the columns of BehaviorEntities.
func (e *evidence) entity(w *World) values {
	role, detailed := "Related", "Observed"
	if e.impacted {
		role, detailed = "Impacted", "Actor"
	}
	v := values{"EntityType": quote(e.kind), "EntityRole": quote(role), "DetailedEntityRole": quote(detailed), "AdditionalFields": quote(e.extra(w))}
	text := func(column, s string) {
		if s != "" {
			v[column] = quote(s)
		}
	}
	if f := e.image(); f.name != "" {
		text("FileName", f.name)
		text("FolderPath", f.folder())
		text("SHA1", f.sha1())
		text("SHA256", f.sha256())
		v["FileSize"] = fmt.Sprint(f.size)
		if e.verdict == "malicious" {
			text("ThreatFamily", "Suspicious")
		}
	}
	if e.proc != nil {
		text("ProcessCommandLine", e.proc.cmd)
	}
	text("RemoteIP", e.ip)
	text("RemoteUrl", e.url)
	a := e.account()
	text("AccountName", a.name)
	text("AccountDomain", a.domain)
	text("AccountSid", a.sid)
	text("AccountObjectId", a.objectID)
	text("AccountUpn", a.upn)
	if d := e.device(); d.id != "" {
		text("DeviceId", d.id)
		text("DeviceName", d.fqdn)
		text("LocalIP", d.ip)
		text("CloudPlatform", d.cloud("Azure"))
		text("CloudResourceType", d.cloud("Virtual machine"))
		text("CloudResourceId", d.azureResource())
		text("CloudSubscriptionId", d.cloud(subscription))
	}
	if e.mail != nil {
		text("NetworkMessageId", e.mail.networkID())
		text("EmailSubject", e.mail.subject)
		text("EmailClusterId", fmt.Sprint(e.mail.cluster))
	}
	if e.app != "" {
		text("Application", e.app)
		v["ApplicationId"] = fmt.Sprint(e.appID)
		if e.app == "Travel Desk" {
			text("OAuthApplicationId", guid(8, "oauth", 0))
		}
	}
	r := e.registry()
	text("RegistryKey", r.key)
	text("RegistryValueName", r.name)
	text("RegistryValueData", r.data)
	return v
}
