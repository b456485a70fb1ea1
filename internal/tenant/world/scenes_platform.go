package world

import "fmt"

// cloudPlatform is what happens in the house's Azure subscription and its Kubernetes cluster.
func cloudPlatform(s *sim, sc *scene) {
	r := sc.r
	sc.d = pick(r, s.w.ofKind(kindLinuxServer))
	switch r.n(7) {
	case 0, 1:
		azureAudit(s, sc)
	case 2, 3:
		containers(s, sc)
	case 4:
		storageAccount(s, sc)
	case 5:
		azureActivity(s, sc)
	default:
		sharedFile(s, sc)
	}
}

const cluster = "aks-forma-prod"

func clusterID() string {
	return "/subscriptions/" + subscription + "/resourceGroups/rg-forma/providers/Microsoft.ContainerService/managedClusters/" + cluster
}

func azureAudit(s *sim, sc *scene) {
	r := sc.r
	ip := sc.d.public
	where := s.w.whereIs(ip)
	verb := pick(r, []string{"watch", "list", "get", "create", "patch"})
	user := "system:serviceaccount:forma:forma-operator"
	sc.rare(tabCloudAuditEvents, values{"ReportId": quote(guidOf(r.next())), "DataSource": `"Azure Kubernetes Service"`, "ActionType": `"CloudAuditEventOther"`,
		"OperationName": quote(verb), "ResourceId": quote(clusterID()),
		"IPAddress": quote(ip), "IsAnonymousProxy": "false", "CountryCode": quote(where.country), "City": quote(where.city), "Isp": quote(where.isp), "UserAgent": `"forma-operator/v1.4.2 (linux/amd64) kubernetes/$Format"`,
		"RawEventData":     `{"Level":"Metadata","AuditID":"` + guidOf(r.next()) + `","Stage":"ResponseComplete","RequestURI":"/api/v1/namespaces/forma/pods?watch=true","Verb":"` + verb + `","User":{"username":"` + user + `","groups":["system:serviceaccounts","system:authenticated"]},"SourceIPs":["` + ip + `"],"ObjectRef":{"resource":"pods","namespace":"forma","apiVersion":"v1"},"ResponseStatus":{"code":200}}`,
		"AdditionalFields": `{"Namespace":"forma"}`})
}

func containers(s *sim, sc *scene) {
	r := sc.r
	pod := fmt.Sprintf("forma-api-%s-%s", hexString(uint64(r.n(4)), 9), lower(hexString(uint64(r.n(12)), 5)))
	id := hexString(derive(1, pod, 0), 64)
	cmd := pick(r, []struct{ name, path, line, parent string }{{"node", "/usr/local/bin/node", "node server.js", "tini"}, {"sh", "/bin/busybox",
		"sh -c ./healthcheck.sh", "runc"}, {"wget", "/bin/busybox", "wget -q -O - http://localhost:8080/health", "sh"}})
	pid := r.between(20, 90000)
	sc.rare(tabCloudProcessEvents, values{"AzureResourceId": quote(clusterID()), "ContainerImageName": `"registry.forma-software.example/forma-api:11.4.2"`,
		"KubernetesNamespace": `"forma"`, "KubernetesPodName": quote(pod),
		"KubernetesResource": `"deployment/forma-api"`, "ContainerName": `"forma-api"`, "ContainerId": quote(id), "ActionType": `"ProcessCreated"`, "FileName": quote(cmd.name), "FolderPath": quote(cmd.path), "ProcessId": fmt.Sprint(pid),
		"ProcessName": quote(cmd.name), "ParentProcessName": quote(cmd.parent), "ParentProcessId": quote(fmt.Sprint(pid - 1 - r.n(9))), "ProcessCommandLine": quote(cmd.line), "ProcessCreationTime": quote(sc.t.String()),
		"ProcessCurrentWorkingDirectory": `"/app"`, "AccountName": `"node"`, "LogonId": "0", "InitiatingProcessId": quote(fmt.Sprint(pid - 1)), "ImageDigest": quote("sha256:" + hexString(77,
			64)), "AgentId": quote(guidOf(derive(2, pod, 0))),
		"Region": `"westeurope"`, "HostName": `"aks-nodepool1-31337-vmss000001"`, "AdditionalFields": `"{\"EffectiveUserId\":1000}"`})
	host := pick(r, webSites)
	sc.rare(tabCloudDnsEvents, values{"ReportId": quote(guidOf(r.next())), "ActionType": `"DnsQuery"`, "AzureResourceId": quote(clusterID()),
		"KubernetesResource": `"deployment/forma-api"`, "KubernetesNamespace": `"forma"`, "KubernetesPodName": quote(pod),
		"ContainerName": `"forma-api"`, "ContainerId": quote(id), "ImageName": `"registry.forma-software.example/forma-api:11.4.2"`, "ProcessName": quote(cmd.name), "ProcessId": fmt.Sprint(pid), "DnsEventType": `"Response"`, "DnsEventSubType": `"Answer"`,
		"DnsQuery": quote(host), "DnsQueryTypeName": `"A"`, "DnsResponseCodeName": `"NOERROR"`, "DnsNetworkDuration": fmt.Sprint(r.between(1,
			60)), "TransactionIdHex": quote(fmt.Sprintf("0x%04x", r.n(1<<16))),
		"AdditionalFields": `{"Answers":["` + outside(host, 443).ip + `"]}`})
}

func storageAccount(s *sim, sc *scene) {
	r := sc.r
	p := pick(r, s.w.people)
	ok, bad := r.between(5, 900), r.n(6)
	where := s.w.whereIs(p.site.public)
	from := sc.t - 10*tickMinute
	sc.rare(tabCloudStorageAggregatedEvents, values{"DataAggregationStartTime": quote(from.String()), "DataAggregationEndTime": quote(sc.t.String()),
		"DataSource": `"Azure Storage"`, "SubscriptionId": quote(subscription), "ResourceGroup": `"rg-forma"`,
		"StorageAccount": `"stformadata"`, "StorageContainer": `"calibration"`, "StorageFileShare": `"exports"`, "ServiceType": `"Blob"`, "IpAddress": quote(p.site.public), "UserAgentHeader": `"azsdk-net-Storage.Blobs/12.24.0"`, "OperationNamesList": `["GetBlob","PutBlob","ListBlobs"]`,
		"AuthenticationType": `"OAuth"`, "AccountObjectId": quote(p.objectID), "AccountTenantId": "0", "AccountApplicationId": quote(guid(8, "app",
			1)), "AccountUpn": quote(p.upn), "AccountType": "1", "OperationsCount": fmt.Sprint(ok + bad),
		"SuccessfulOperationsCount": fmt.Sprint(ok), "FailedOperationsCount": fmt.Sprint(bad), "FirstEventTimestamp": quote((from + tickMinute).String()), "LastEventTimestamp": quote((sc.t - tickMinute).String()), "TotalResponseLength": fmt.Sprint(r.n(90_000_000)),
		"SuccessfulReadOperations": fmt.Sprint(ok / 2), "DistinctGetOperations": fmt.Sprint(ok / 3), "AnonymousSuccessfulOperations": "0", "HasAnonymousResourceNotFoundFailures": "false", "CountryName": quote(where.countryName), "CityName": quote(where.city),
		"ProvinceName": quote(where.state), "ClientSystemServiceName": `"None"`, "ClientCloudPlatformName": `"Azure"`, "IsTorExitNode": "false", "IsKnownSuspiciousIp": "false", "IsPrivateIp": "false", "SuspiciousUserAgentName": `"None"`,
		"HashReputationMd5List": `["` + hexString(r.next(),
			32) + `"]`, "AzureResourceId": quote("/subscriptions/" + subscription + "/resourceGroups/rg-forma/providers/Microsoft.Storage/storageAccounts/stformadata"), "Location": `"westeurope"`,
		"ReportId": quote(guidOf(r.next())), "ActionType": `"StorageAggregatedActivity"`, "AdditionalFields": `{"TlsVersion":"TLS 1.3"}`})
}

// azureActivity is an administrator's change in Azure, as Defender for Cloud Apps sees it.
func azureActivity(s *sim, sc *scene) {
	r := sc.r
	p := s.w.role("IT", 1+r.n(3))
	a := s.w.activity(r, p, p.device, p.site.public)
	a.app, a.appID, a.accountType, a.admin = "Microsoft Azure", appAzure, "Admin", true
	a.objType, a.objName, a.objID = "Resource", sc.d.host, sc.d.azureResource()
	op := pick(r, []string{"Write VirtualMachines", "Write NetworkSecurityGroups", "ListKeys StorageAccounts", "Write Deployments"})
	a.raw = rawAudit("Azure", 99, p, a.ip, `,"resourceId":`+quote(a.objID)+`,"status":{"value":"Succeeded"},"httpRequest":{"clientIpAddress":"`+a.ip+`","method":"PUT"}`)
	sc.cloudRow(op, a)
	ip := a.ip
	where := s.w.whereIs(ip)
	sc.rare(tabCloudAuditEvents, values{"ReportId": quote(guidOf(r.next())), "DataSource": `"Azure Logs"`, "ActionType": `"CloudAuditEventOther"`,
		"OperationName": quote(op), "ResourceId": quote(a.objID), "IPAddress": quote(ip), "IsAnonymousProxy": "false",
		"CountryCode": quote(where.country), "City": quote(where.city), "Isp": quote(where.isp), "UserAgent": quote(a.ua), "RawEventData": `{"caller":` + quote(p.upn) + `,"level":"Informational","operationName":` + quote(op) + `}`, "AdditionalFields": "{}"})
}

// sharedFile is a bad file that somebody put into OneDrive or Teams and that Safe Attachments found.
func sharedFile(s *sim, sc *scene) {
	r := sc.r
	if !r.chance(20) {
		azureAudit(s, sc)
		return
	}
	p := pick(r, s.w.people)
	f := document(pick(r, topics)+" macro.xlsm", r.next())
	sc.rare(tabFileMaliciousContentInfo, values{"Workload": pick(r, []string{`"OneDrive"`, `"SharePoint"`, `"Teams"`}), "FileName": quote(f.name),
		"FolderPath": quote("https://files.sharepoint.example/personal/" + p.name + "/Documents/" + f.name), "FileSize": fmt.Sprint(f.size),
		"SHA256": quote(f.sha256()), "FileOwnerDisplayName": quote(p.display), "FileOwnerUpn": quote(p.upn), "DocumentId": quote(guidOf(r.next())), "ThreatTypes": `["Malware"]`, "ThreatNames": `"TrojanDownloader:O97M/Obfuse"`,
		"DetectionMethods": `"{\"Malware\":[\"File detonation\"]}"`, "LastModifyingAccountUpn": quote(p.upn), "LastModifiedTime": quote((sc.t - tickHour).String()), "FileCreationTime": quote((sc.t - tickDay).String()), "ReportId": quote(guidOf(r.next()))})
}

// inventories are the tables that repeat the state of things: accounts, apps, agents, the state of attack disruption.
func inventories(s *sim, sc *scene) {
	r := sc.r
	sc.d = s.w.devices[0]
	p := pick(r, s.w.people)
	switch r.n(6) {
	case 0, 1:
		sc.accountInfo(p)
	case 2:
		oauthApp(s, sc)
	case 3:
		agent(s, sc)
	case 4:
		sc.rare(tabIdentityEvents, values{"ReportId": quote(guidOf(r.next())), "AccountId": quote(guidOf(derive(6, p.upn, 0))), "AccountType": `"User"`,
			"AccountDisplayName": quote(p.display), "AccountUpn": quote(p.upn), "ActionType": pick(r, []string{`"user.session.start"`, `"user.authentication.sso"`,
				`"user.mfa.factor.activate"`}),
			"ActionResult": pick(r, []string{`"Success"`, `"Success"`,
				`"Failure"`}), "ActionFailureReason": `"INVALID_CREDENTIALS"`, "IPAddress": quote(p.site.public), "UserAgent": quote(userAgent(p.device0(s.w))), "TargetObjects": `[{"Type":"AppInstance","Name":"Nordlys Portal"}]`,
			"Application": `"Okta"`, "ApplicationInstanceId": quote(guid(8, "okta",
				0)), "ApplicationEventId": quote(guidOf(r.next())), "ApplicationSessionId": quote(base64url(r.next(),
				25)), "RawEventData": `{"eventType":"user.session.start","outcome":{"result":"SUCCESS"},"actor":{"alternateId":` + quote(p.upn) + `}}`, "AdditionalFields": "{}"})
	default:
		disruption(s, sc, p)
	}
}

func (p *Person) device0(w *World) *Device {
	if p.device != nil {
		return p.device
	}
	return w.devices[0]
}

func (s *scene) accountInfo(p *Person) {
	manager := ""
	if p.manager != nil {
		manager = p.manager.upn
	}
	id := guidOf(derive(6, p.upn, 0))
	v := values{"ReportId": quote(guidOf(s.r.next())), "SourceProviderAccountId": quote(p.objectID), "AccountId": quote(p.objectID), "IdentityId": quote(id),
		"IsPrimary": "true", "IdentityLinkType": `"System"`, "IdentityLinkReason": `"StrongIdentifier"`,
		"IdentityLinkTime": quote((p.created + tickDay).String()), "IdentityLinkBy": `"System"`, "DisplayName": quote(p.display), "AccountUpn": quote(p.upn), "EmailAddress": quote(p.mail), "CriticalityLevel": fmt.Sprint(1 + p.n%4), "DefenderRiskLevel": fmt.Sprint(p.n % 3),
		"DefenderRiskUpdateTime": quote((s.t - 5*tickDay).String()), "Type": `"User"`, "GivenName": quote(p.given), "Surname": quote(p.surname), "EmployeeId": quote(p.employee), "Department": quote(p.department), "JobTitle": quote(p.title), "Address": quote(p.site.street),
		"City": quote(p.site.city), "Country": quote(p.site.country), "Phone": quote(p.phone), "Sid": quote(p.sid), "AccountStatus": `"Enabled"`, "SourceProvider": `"AzureActiveDirectory"`, "SourceProviderInstanceId": quote(p.tenantID),
		"SourceProviderInstanceDisplayName": quote(s.w.cfg.TenantName), "AuthenticationMethod": `"Hybrid"`, "AuthenticationSourceAcccountId": quote(p.objectID), "EnrolledMfas": `[{"Type":"microsoftAuthenticator","Enabled":true}]`,
		"LastPasswordChangeTime": quote((s.t - ticks(20+p.n%60)*tickDay).String()), "GroupMembership": `[{"Id":"` + groupID(p.department) + `","Name":"GG-` + p.department + `"}]`, "AssignedRoles": "[]", "EligibleRoles": "[]", "TenantMembershipType": `"Member"`,
		"CreatedDateTime": quote(p.created.String()), "Tags": "[]", "SourceProvderRiskLevel": `{"Level":"None"}`, "AdditionalFields": "{}", "TenantId": quote(p.tenantID)}
	if manager != "" {
		v["Manager"] = quote(manager)
	}
	if p.admin {
		v["AssignedRoles"], v["EligibleRoles"], v["Tags"] = `["Security Reader"]`, `["Security Administrator"]`, `["Sensitive"]`
	}
	s.rare(tabIdentityAccountInfo, v)
}

var oauthNames = []string{"Travel Desk", "Diagram Board", "Forma Connector", "Meeting Minutes AI", "Sign Here", "Survey Kit"}

func oauthApp(s *sim, sc *scene) {
	i := sc.r.n(len(oauthNames))
	sc.rare(tabOAuthAppInfo, values{"ReportId": quote(guidOf(sc.r.next())), "OAuthAppId": quote(guid(8, "oauth", uint64(i))), "ServicePrincipalId": quote(guid(8, "sp",
		uint64(i))), "AppName": quote(oauthNames[i]), "AddedOnTime": `"2025-03-04T09:12:44.0000000Z"`,
		"LastModifiedTime": `"2026-05-18T11:40:02.0000000Z"`, "AppStatus": `"Enabled"`, "VerifiedPublisher": `{"displayName":"` + oauthNames[i] + ` Ltd","verifiedPublisherId":"` + fmt.Sprint(4_100_000+i) + `"}`, "PrivilegeLevel": pick(sc.r,
			[]string{`"Low"`, `"Medium"`, `"High"`}),
		"Permissions": `[{"TargetAppDisplayName":"Microsoft Graph","PermissionValue":"Mail.Read","PermissionType":"Delegated","PrivilegeLevel":"High","UsageStatus":"InUse"}]`, "ConsentedUsersCount": fmt.Sprint(3 + i*7), "IsAdminConsented": fmt.Sprint(i%2 == 0), "AppOrigin": `"External"`,
		"LastUsedTime": quote((sc.t - tickDay).String()), "AppOwnerTenantId": quote(guid(8, "owner", uint64(i)))})
}

func agent(s *sim, sc *scene) {
	i := uint64(sc.r.n(5))
	p := s.w.people[int(i)*3%len(s.w.people)]
	name := []string{"Service desk helper", "Travel assistant", "Spare parts finder", "Meeting summariser", "Contract reader"}[i]
	stamp := `"2026-04-11T08:00:00.0000000Z"`
	sc.rare(tabAgentsInfo, values{"AgentId": quote(guid(8, "agent", i)), "AgentName": quote(name), "Platform": `"Copilot Studio"`,
		"AgentDescription": quote("Answers questions of colleagues: " + lower(name)), "Version": `"3"`, "SourceAgentId": quote(guid(8, "src", i)),
		"EntraAgentId": quote(guid(8, "entra", i)),
		"EntraBlueprintId": quote(guid(8, "blue",
			i)), "ToolsAuthenticationType": `["EntraId"]`, "Permissions": `["Sites.Read.All"]`, "PublishedStatus": `"Published"`, "LifecycleStatus": `"Active"`, "Availability": `"Organization"`, "CreatedDateTime": stamp, "LastPublishedDateTime": stamp,
		"LastUpdatedDateTime": stamp, "Owners": `["` + p.upn + `"]`, "SharedWith": `["` + p.department + `"]`, "InstanceCount": fmt.Sprint(1 + i), "Instructions": `"Answer in the language of the question and name the source."`, "Model": `"gpt-4.1"`, "Channels": `["Teams"]`, "Capabilities": `["Knowledge","Actions"]`,
		"DeclaredDataSources": `[{"Type":"SharePoint","Url":"https://wiki.sharepoint.example"}]`, "DeclaredTools": `[{"Name":"CreateTicket"}]`, "McpServers": "[]", "Skills": "[]", "ConnectedAgents": "[]", "Memory": `{"Enabled":false}`, "Triggers": `["OnMessage"]`, "Guardrails": `{"ContentModeration":"High"}`,
		"Endpoints": "[]", "ObservabilityId": `{"Id":"` + guid(8, "obs", i) + `"}`, "RawAgentInfo": `{"schemaVersion":"1.0"}`})
}

func disruption(s *sim, sc *scene, p *Person) {
	r := sc.r
	d, t := s.windows(), s.windows()
	sc.rare(tabDisruptionAndResponseEvents, values{"ActionType": pick(r, []string{`"ContainedUserSmbSessionStopped"`, `"ContainedUserLogonBlocked"`,
		`"ContainedUserRpcAccessBlocked"`}), "DeviceId": quote(d.id), "SourceDeviceId": quote(d.id), "TargetDeviceId": quote(t.id), "TargetDeviceName": quote(t.fqdn),
		"TargetDomainName": quote(s.w.net.dns), "DeviceName": quote(d.fqdn), "DomainName": quote(s.w.net.dns), "InitiatingProcessId": "4", "InitiatingProcessFileName": `"System"`, "SourceUserSid": quote(p.sid), "SourceUserName": quote(p.name), "SourceUserDomainName": quote(p.domain),
		"SourceIpAddress": quote(d.ip), "SourcePort": fmt.Sprint(49152 + r.n(9000)), "IpAddress": quote(t.ip), "Port": `"445"`, "SourceDeviceName": quote(d.fqdn), "SourceDomainName": quote(s.w.net.dns), "AuthenticationProtocol": `"NTLM"`, "Service": `"cifs"`,
		"InterfaceUuid": quote("367abb81-9844-35f1-ad32-98f038001003"), "InterfaceFriendlyName": `"MS-SCMR"`, "FileName": `"svcctl"`, "ShareName": `"IPC$"`, "LogonType": `"Network"`, "LogonId": fmt.Sprint(r.n(1 << 30)), "SessionId": fmt.Sprint(r.n(1 << 20)), "CompromisedAccountCount": "1",
		"PolicyId": quote(guid(8, "policy", 1)), "PolicyName": `"Automatic attack disruption"`, "PolicyVersion": `"2"`, "PolicyHash": quote(hexString(99,
			40)), "DataSources": `"[\"MDE\"]"`, "IsPolicyOn": "true", "ReportType": `"Enforced"`})
}

func groupID(name string) string { return guid(12, "group:"+name, 0) }
