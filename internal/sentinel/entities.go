package sentinel

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// entities gathers an alert's entities: each once, numbered, pointing to one another by number, as SecurityAlert.Entities has them.
type entities struct {
	list []*entity
	byID map[string]*entity // strong identifier → entity
}

type entity struct {
	id   string
	body object
}

func (e *entity) ref() any {
	if e == nil {
		return nil
	}
	return object{{"$ref", e.id}}
}

// MarshalJSON puts the number first and the type last, as Sentinel does.
func (e *entity) MarshalJSON() ([]byte, error) {
	return append(object{{"$id", e.id}}, e.body...).MarshalJSON()
}

// add gives the entity with this key, made of body when it is new. An empty key never meets another.
func (es *entities) add(key string, body object) *entity {
	if have := es.byID[key]; have != nil && key != "" {
		return have
	}
	e := &entity{strconv.Itoa(len(es.list) + 2), body} // Sentinel counts from 2: 1 is the list
	es.list = append(es.list, e)
	if key != "" {
		es.byID[key] = e
	}
	return e
}

// entitiesOf makes the entities of an alert's evidence, and says which one is compromised: for Defender for Endpoint the leading host,
// for Identity Protection the user.
func entitiesOf(a graphAlert) ([]*entity, string) {
	es := &entities{byID: map[string]*entity{}}
	hosts := map[string]*entity{}
	compromised := ""
	endpoint := strings.EqualFold(a.ServiceSource, "microsoftDefenderForEndpoint")
	for _, ev := range a.Evidence { // hosts first, so that processes and files can point to theirs
		if kindOf(ev) == "device" {
			leading := endpoint && compromised == ""
			h := es.host(ev, leading)
			hosts[get(ev, "mdeDeviceId")] = h
			if leading {
				compromised = cmp.Or(get(ev, "deviceDnsName"), get(ev, "hostName"))
			}
		}
	}
	for _, ev := range a.Evidence {
		es.evidence(ev, hosts[get(ev, "mdeDeviceId")])
		if compromised == "" && kindOf(ev) == "user" && strings.EqualFold(a.ServiceSource, "azureAdIdentityProtection") {
			compromised = get(ev, "userAccount", "userPrincipalName")
		}
	}
	if es.list == nil {
		es.list = []*entity{}
	}
	return es.list, compromised
}

// kindOf gives "process" of "#microsoft.graph.security.processEvidence".
func kindOf(ev map[string]any) string {
	t := get(ev, "@odata.type")
	return strings.TrimSuffix(t[strings.LastIndexByte(t, '.')+1:], "Evidence")
}

// get follows path and gives the scalar there as text, "" where there is none.
func get(ev map[string]any, path ...string) string {
	for _, p := range path[:len(path)-1] {
		ev, _ = ev[p].(map[string]any)
	}
	switch v := ev[path[len(path)-1]].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func sub(ev map[string]any, name string) map[string]any {
	m, _ := ev[name].(map[string]any)
	return m
}

// evidence adds what one piece of evidence names. Devices were added before. Types that Sentinel has no entity for become one of the type's
// own name with all its properties, so that none is lost.
func (es *entities) evidence(ev map[string]any, host *entity) {
	switch kind := kindOf(ev); kind {
	case "device":
	case "user":
		es.account(sub(ev, "userAccount"))
	case "ip":
		es.ip(get(ev, "ipAddress"))
	case "url":
		u := get(ev, "url")
		es.add("url:"+u, object{{"Url", u}, {"Type", "url"}})
	case "file":
		es.file(sub(ev, "fileDetails"), host)
	case "fileHash":
		es.hash(strings.ToUpper(get(ev, "algorithm")), get(ev, "value"))
	case "process":
		es.process(ev, host)
	case "registryKey", "registryValue":
		hive, key := get(ev, "registryHive"), get(ev, "registryKey")
		k := es.add("regkey:"+hive+`\`+key, object{{"Hive", hive}, {"Key", key}, {"Type", "registry-key"}})
		if kind == "registryValue" {
			es.add("", object{{"Host", host.ref()}, {"Key", k.ref()}, {"Name", get(ev, "registryValueName")}, {"Value", get(ev, "registryValue")}, {"ValueType", get(ev, "registryValueType")}, {"Type", "registry-value"}})
		}
	case "mailbox":
		es.account(sub(ev, "userAccount"))
		m := get(ev, "primaryAddress")
		es.add("mailbox:"+m, object{{"MailboxPrimaryAddress", m}, {"DisplayName", get(ev, "displayName")}, {"Upn", get(ev, "upn")}, {"AadId", get(ev, "userAccount", "azureAdUserId")}, {"Type", "mailbox"}})
	case "analyzedMessage":
		es.message(ev)
	case "mailCluster":
		es.add("", object{{"NetworkMessageIds", ev["networkMessageIds"]}, {"MailCount", ev["emailCount"]}, {"Query", get(ev, "query")}, {"Source", get(ev, "urn")}, {"Type", "mailCluster"}})
	case "cloudApplication":
		es.add("app:"+get(ev, "appId")+get(ev, "instanceName"), object{{"AppId", ev["appId"]}, {"SaasId", ev["saasAppId"]}, {"Name", get(ev, "displayName")}, {"InstanceName", get(ev, "instanceName")}, {"InstanceId", ev["instanceId"]}, {"Type", "cloud-application"}})
	case "oauthApplication":
		es.add("oauth:"+get(ev, "appId"), object{{"OAuthAppId", get(ev, "appId")}, {"OAuthObjectId", get(ev, "objectId")}, {"Name", get(ev, "displayName")}, {"PublisherName", get(ev, "publisher")}, {"Type", "oauth-application"}})
	case "azureResource":
		es.add("res:"+get(ev, "resourceId"), object{{"ResourceId", get(ev, "resourceId")}, {"ResourceName", get(ev, "resourceName")}, {"ResourceType", get(ev, "resourceType")}, {"Type", "azure-resource"}})
	case "securityGroup":
		es.add("group:"+get(ev, "securityGroupId"), object{{"ObjectGuid", get(ev, "securityGroupId")}, {"Name", get(ev, "displayName")}, {"Type", "security-group"}})
	case "malware":
		es.add("malware:"+get(ev, "name")+get(ev, "category"), object{{"Name", get(ev, "name")}, {"Category", get(ev, "category")}, {"Type", "malware"}})
	case "dns":
		es.add("dns:"+get(ev, "domainName"), object{{"DomainName", get(ev, "domainName")}, {"Type", "dns"}})
	default:
		es.other(kind, ev)
	}
}

func (es *entities) other(kind string, ev map[string]any) {
	var body object
	for _, k := range sortedKeys(ev) {
		if k != "@odata.type" && ev[k] != nil {
			body = append(body, field{title(k), ev[k]})
		}
	}
	es.add("", append(body, field{"Type", kind}))
}

func (es *entities) host(ev map[string]any, leading bool) *entity {
	fqdn := get(ev, "deviceDnsName")
	name, domain, _ := strings.Cut(fqdn, ".")
	body := object{
		{"HostName", cmp.Or(get(ev, "hostName"), name)}, {"DnsDomain", cmp.Or(get(ev, "dnsDomain"), domain)}, {"NTDomain", get(ev, "ntDomain")}, {"FQDN", fqdn},
		{"MdatpDeviceId", get(ev, "mdeDeviceId")}, {"AadDeviceId", get(ev, "azureAdDeviceId")}, {"OSFamily", osFamily(get(ev, "osPlatform"))}, {"OSVersion", get(ev, "version")},
		{"RiskScore", get(ev, "riskScore")}, {"HealthStatus", get(ev, "healthStatus")}, {"LastIpAddress", object{{"Address", get(ev, "lastIpAddress")}, {"Type", "ip"}}},
	}
	if get(ev, "lastIpAddress") == "" {
		body = body[:len(body)-1]
	}
	if leading {
		body = append(body, field{"LeadingHost", true})
	}
	return es.add("host:"+cmp.Or(get(ev, "mdeDeviceId"), fqdn, get(ev, "hostName")), append(body, field{"Type", "host"}))
}

func osFamily(platform string) string {
	switch p := strings.ToLower(platform); {
	case strings.HasPrefix(p, "windows"):
		return "Windows"
	case strings.HasPrefix(p, "mac"):
		return "Mac"
	case strings.Contains(p, "linux") || p == "ubuntu" || p == "debian":
		return "Linux"
	case p == "android":
		return "Android"
	case p == "ios":
		return "IOS"
	}
	return ""
}

func (es *entities) account(u map[string]any) *entity {
	if u == nil {
		return nil
	}
	upn := get(u, "userPrincipalName")
	name, suffix, _ := strings.Cut(upn, "@")
	key := cmp.Or(get(u, "azureAdUserId"), get(u, "userSid"), upn, get(u, "domainName")+`\`+get(u, "accountName"))
	body := object{
		{"Name", cmp.Or(name, get(u, "accountName"))}, {"UPNSuffix", suffix}, {"NTDomain", get(u, "domainName")}, {"Sid", get(u, "userSid")}, {"AadUserId", get(u, "azureAdUserId")},
		{"ObjectGuid", get(u, "activeDirectoryObjectGuid")}, {"AadTenantId", get(u, "tenantId")}, {"DisplayName", get(u, "displayName")}, {"UserPrincipalName", upn}, {"AccountName", get(u, "accountName")},
		{"IsDomainJoined", get(u, "domainName") != ""}, {"Type", "account"},
	}
	return es.add("account:"+strings.ToLower(key), body)
}

func (es *entities) ip(address string) *entity {
	if address == "" {
		return nil
	}
	return es.add("ip:"+address, object{{"Address", address}, {"Type", "ip"}})
}

func (es *entities) hash(algorithm, value string) *entity {
	if value == "" {
		return nil
	}
	return es.add("hash:"+algorithm+":"+value, object{{"Algorithm", algorithm}, {"Value", value}, {"Type", "filehash"}})
}

func (es *entities) file(f map[string]any, host *entity) *entity {
	if f == nil {
		return nil
	}
	hashes := []any{}
	for _, h := range []struct{ algorithm, from string }{{"MD5", "md5"}, {"SHA1", "sha1"}, {"SHA256", "sha256"}, {"SHA256AC", "sha256Ac"}} {
		if e := es.hash(h.algorithm, get(f, h.from)); e != nil {
			hashes = append(hashes, e.ref())
		}
	}
	key := "file:" + get(f, "filePath") + `\` + get(f, "fileName") + ":" + get(f, "sha1")
	if host != nil {
		key += "@" + host.id
	}
	return es.add(key, object{{"Name", get(f, "fileName")}, {"Directory", get(f, "filePath")}, {"SizeInBytes", f["fileSize"]}, {"Host", host.ref()}, {"FileHashes", hashes}, {"Type", "file"}})
}

func (es *entities) process(ev map[string]any, host *entity) {
	account := es.account(sub(ev, "userAccount"))
	image := es.file(sub(ev, "imageFile"), host)
	var parent *entity
	if pid := get(ev, "parentProcessId"); pid != "" {
		parentImage := es.file(sub(ev, "parentProcessImageFile"), host)
		key := fmt.Sprintf("process:%s:%s:%s", get(ev, "mdeDeviceId"), pid, get(ev, "parentProcessCreationDateTime"))
		parent = es.add(key, object{{"ProcessId", pid}, {"CreationTimeUtc", get(ev, "parentProcessCreationDateTime")}, {"ImageFile", parentImage.ref()}, {"Host", host.ref()}, {"Type", "process"}})
	}
	key := fmt.Sprintf("process:%s:%s:%s", get(ev, "mdeDeviceId"), get(ev, "processId"), get(ev, "processCreationDateTime"))
	es.add(key, object{
		{"ProcessId", get(ev, "processId")}, {"CommandLine", get(ev, "processCommandLine")}, {"CreationTimeUtc", get(ev, "processCreationDateTime")}, {"ImageFile", image.ref()},
		{"Account", account.ref()}, {"ParentProcess", parent.ref()}, {"Host", host.ref()}, {"Type", "process"},
	})
}

func (es *entities) message(ev map[string]any) {
	es.ip(get(ev, "senderIp"))
	es.add("mail:"+get(ev, "networkMessageId")+get(ev, "recipientEmailAddress"), object{
		{"NetworkMessageId", get(ev, "networkMessageId")}, {"InternetMessageId", get(ev, "internetMessageId")}, {"Recipient", get(ev, "recipientEmailAddress")},
		{"Sender", cmp.Or(get(ev, "p2Sender", "emailAddress"), get(ev, "p1Sender", "emailAddress"))}, {"SenderIP", get(ev, "senderIp")},
		{"P1Sender", get(ev, "p1Sender", "emailAddress")}, {"P1SenderDomain", get(ev, "p1Sender", "domainName")}, {"P2Sender", get(ev, "p2Sender", "emailAddress")},
		{"P2SenderDisplayName", get(ev, "p2Sender", "displayName")}, {"P2SenderDomain", get(ev, "p2Sender", "domainName")}, {"Subject", get(ev, "subject")}, {"Urls", ev["urls"]},
		{"Threats", ev["threats"]}, {"ReceivedDate", get(ev, "receivedDateTime")}, {"AntispamDirection", get(ev, "antiSpamDirection")}, {"DeliveryAction", get(ev, "deliveryAction")},
		{"DeliveryLocation", get(ev, "deliveryLocation")}, {"Language", get(ev, "language")}, {"Type", "mailMessage"},
	})
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
