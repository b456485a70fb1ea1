package world

import (
	"fmt"
	"strings"
)

// deviceInfoColumns writes the hourly snapshot of a device; r.acc is who is logged on, if anybody.
var deviceInfoColumns = map[string]put{
	"DeviceId":          putDeviceID,
	"DeviceName":        putDeviceName,
	"MachineGroup":      putMachineGroup,
	"ReportId":          putReport,
	"ClientVersion":     func(b []byte, r *row) []byte { return appendString(b, r.dev.os.client) },
	"PublicIP":          func(b []byte, r *row) []byte { return appendString(b, r.dev.public) },
	"OSArchitecture":    func(b []byte, r *row) []byte { return appendString(b, "64-bit") },
	"OSPlatform":        func(b []byte, r *row) []byte { return appendString(b, r.dev.os.name) },
	"OSBuild":           func(b []byte, r *row) []byte { return appendInt(b, int64(r.dev.os.build)) },
	"OSVersion":         func(b []byte, r *row) []byte { return appendString(b, r.dev.os.version) },
	"OSVersionInfo":     func(b []byte, r *row) []byte { return appendString(b, r.dev.os.info) },
	"OSDistribution":    func(b []byte, r *row) []byte { return appendString(b, r.dev.os.distro) },
	"OsBuildRevision":   func(b []byte, r *row) []byte { return appendString(b, fmt.Sprint(r.dev.os.rev)) },
	"IsAzureADJoined":   func(b []byte, r *row) []byte { return appendBool(b, !r.dev.server()) },
	"JoinType":          func(b []byte, r *row) []byte { return appendString(b, r.dev.joinType()) },
	"AadDeviceId":       func(b []byte, r *row) []byte { return appendString(b, r.dev.aadID) },
	"LoggedOnUsers":     putLoggedOn,
	"RegistryDeviceTag": func(b []byte, r *row) []byte { return appendText(b, strings.Join(r.dev.tags, ",")) },
	"OnboardingStatus":  func(b []byte, r *row) []byte { return append(b, `"Onboarded"`...) },
	"AdditionalFields":  func(b []byte, r *row) []byte { return append(b, `"[]"`...) },
	"DeviceCategory":    func(b []byte, r *row) []byte { return append(b, `"Endpoint"`...) },
	"DeviceType":        func(b []byte, r *row) []byte { return appendString(b, r.dev.deviceType()) },
	"DeviceSubtype":     func(b []byte, r *row) []byte { return appendString(b, r.dev.deviceType()) },
	"Model":             func(b []byte, r *row) []byte { return appendString(b, r.dev.model) },
	"Vendor":            func(b []byte, r *row) []byte { return appendString(b, r.dev.vendor) },
	"MergedDeviceIds":   func(b []byte, r *row) []byte { return append(b, `""`...) },
	"MergedToDeviceId":  func(b []byte, r *row) []byte { return append(b, `""`...) },
	"IsInternetFacing": func(b []byte, r *row) []byte {
		if !r.dev.internet {
			return append(b, "null"...)
		}
		return append(b, "true"...)
	},
	"SensorHealthState":                  func(b []byte, r *row) []byte { return append(b, `"Active"`...) },
	"IsExcluded":                         func(b []byte, r *row) []byte { return append(b, "false"...) },
	"ExclusionReason":                    func(b []byte, r *row) []byte { return append(b, "null"...) },
	"ExposureLevel":                      func(b []byte, r *row) []byte { return appendString(b, r.dev.exposure) },
	"AssetValue":                         func(b []byte, r *row) []byte { return appendString(b, r.dev.value) },
	"DeviceManualTags":                   func(b []byte, r *row) []byte { return putTags(b, r.dev.tags) },
	"DeviceDynamicTags":                  func(b []byte, r *row) []byte { return putTags(b, r.dev.dynamicTags()) },
	"ConnectivityType":                   func(b []byte, r *row) []byte { return append(b, `"Streamlined"`...) },
	"HostDeviceId":                       func(b []byte, r *row) []byte { return append(b, "null"...) },
	"AzureResourceId":                    func(b []byte, r *row) []byte { return appendText(b, r.dev.azureResource()) },
	"AwsResourceName":                    func(b []byte, r *row) []byte { return append(b, "null"...) },
	"GcpFullResourceName":                func(b []byte, r *row) []byte { return append(b, "null"...) },
	"HardwareUuid":                       func(b []byte, r *row) []byte { return appendString(b, r.dev.uuid) },
	"CloudPlatforms":                     func(b []byte, r *row) []byte { return appendText(b, r.dev.cloud(`["Azure"]`)) },
	"AzureVmId":                          func(b []byte, r *row) []byte { return appendText(b, r.dev.cloud(r.dev.uuid)) },
	"AzureVmSubscriptionId":              func(b []byte, r *row) []byte { return appendText(b, r.dev.cloud(subscription)) },
	"IsTransient":                        func(b []byte, r *row) []byte { return append(b, "false"...) },
	"MitigationStatus":                   func(b []byte, r *row) []byte { return append(b, "null"...) },
	"Site":                               func(b []byte, r *row) []byte { return appendString(b, r.dev.site.name) },
	"DiscoverySources":                   func(b []byte, r *row) []byte { return append(b, `"[\"MDE\"]"`...) },
	"DeviceObjectId":                     func(b []byte, r *row) []byte { return appendString(b, guidOf(derive(1, r.dev.id, 0))) },
	"RestrictedDeviceSecurityOperations": func(b []byte, r *row) []byte { return append(b, `"None"`...) },
}

// subscription is the Azure subscription that the servers of the house run in.
var subscription = guid(42, "subscription", 0)

func (d *Device) joinType() string {
	switch {
	case d.server() && d.windows():
		return "Domain Joined"
	case d.windows():
		return "Hybrid Azure AD Join"
	case d.kind == kindLinuxServer:
		return "Workgroup"
	}
	return "AAD Registered"
}

func (d *Device) deviceType() string {
	if d.server() {
		return "Server"
	}
	return "Workstation"
}

func (d *Device) dynamicTags() []string {
	if d.internet {
		return []string{"Internet facing"}
	}
	return nil
}

// cloud gives s for a machine that runs in Azure.
func (d *Device) cloud(s string) string {
	if d.kind == kindLinuxServer || d.kind == kindWeb {
		return s
	}
	return ""
}

func (d *Device) azureResource() string {
	return d.cloud("/subscriptions/" + subscription + "/resourceGroups/rg-servers/providers/Microsoft.Compute/virtualMachines/" + d.host)
}

// putTags writes a list as a string that holds JSON.
func putTags(b []byte, tags []string) []byte {
	if len(tags) == 0 {
		return append(b, "null"...)
	}
	return appendString(b, `["`+strings.Join(tags, `","`)+`"]`)
}

func putLoggedOn(b []byte, r *row) []byte {
	if r.acc == nil {
		return append(b, `"[]"`...)
	}
	text := append([]byte(`[{"UserName":`), quote(r.acc.name)...)
	text = append(text, `,"DomainName":`...)
	text = appendString(text, upper(r.acc.domain))
	text = append(text, `,"Sid":`...)
	text = appendString(text, r.acc.sid)
	text = append(text, "}]"...)
	return appendString(b, string(text))
}

// networkInfoColumns writes the snapshot of a device's network adapter.
var networkInfoColumns = map[string]put{
	"DeviceId":             putDeviceID,
	"DeviceName":           putDeviceName,
	"MachineGroup":         putMachineGroup,
	"ReportId":             putReport,
	"NetworkAdapterName":   func(b []byte, r *row) []byte { return appendString(b, "{"+upper(guidOf(derive(2, r.dev.id, 0)))+"}") },
	"MacAddress":           func(b []byte, r *row) []byte { return appendString(b, r.dev.mac) },
	"NetworkAdapterType":   func(b []byte, r *row) []byte { return appendString(b, r.dev.adapter()) },
	"NetworkAdapterStatus": func(b []byte, r *row) []byte { return append(b, `"Up"`...) },
	"TunnelType":           func(b []byte, r *row) []byte { return append(b, `"None"`...) },
	"ConnectedNetworks": func(b []byte, r *row) []byte {
		_, domain, _ := strings.Cut(r.dev.fqdn, ".")
		return appendString(b, `[{"Name":"`+domain+`","Description":"`+domain+`","IsConnectedToInternet":true,"Category":"Domain"}]`)
	},
	"DnsAddresses":    func(b []byte, r *row) []byte { return append(b, `"[\"10.10.10.11\",\"10.10.10.12\"]"`...) },
	"IPv4Dhcp":        func(b []byte, r *row) []byte { return appendString(b, r.dev.dhcp()) },
	"IPv6Dhcp":        func(b []byte, r *row) []byte { return append(b, `""`...) },
	"DefaultGateways": func(b []byte, r *row) []byte { return appendString(b, `["`+gateway(r.dev.ip)+`"]`) },
	"IPAddresses": func(b []byte, r *row) []byte {
		return appendString(b, `[{"IPAddress":"`+r.dev.ip+`","SubnetPrefix":22,"AddressType":"Private"},{"IPAddress":"`+r.dev.ipv6+`","SubnetPrefix":64,"AddressType":"LinkLocal"}]`)
	},
	"NetworkAdapterVendor":    func(b []byte, r *row) []byte { return appendString(b, r.dev.adapterVendor()) },
	"OnboardingStatus":        func(b []byte, r *row) []byte { return append(b, `"Onboarded"`...) },
	"NetworkAdapterDnsSuffix": func(b []byte, r *row) []byte { _, s, _ := strings.Cut(r.dev.fqdn, "."); return appendString(b, s) },
}

func (d *Device) adapter() string {
	if d.server() || d.n%3 == 0 {
		return "Ethernet"
	}
	return "Wireless80211"
}

func (d *Device) adapterVendor() string {
	if d.vendor == "VMware, Inc." {
		return "VMware, Inc."
	}
	return "Intel Corporate"
}

func (d *Device) dhcp() string {
	if d.server() {
		return ""
	}
	return gateway(d.ip)
}

// gateway is the first address of the device's network.
func gateway(ip string) string { return ip[:strings.LastIndexByte(ip, '.')] + ".1" }

// certificateColumns writes the certificate of the program in r.file.
var certificateColumns = map[string]put{
	"DeviceId":     putDeviceID,
	"DeviceName":   putDeviceName,
	"MachineGroup": putMachineGroup,
	"ReportId":     putReport,
	"SHA1":         func(b []byte, r *row) []byte { return appendHash(b, r.file.id, 40) },
	"IsSigned":     func(b []byte, r *row) []byte { return appendBool(b, r.signed()) },
	"SignatureType": func(b []byte, r *row) []byte {
		switch {
		case !r.signed():
			return append(b, `"Unknown"`...)
		case r.file.img.os:
			return append(b, `"Catalog"`...)
		}
		return append(b, `"Embedded"`...)
	},
	"Signer":     func(b []byte, r *row) []byte { return appendText(b, r.signer()) },
	"SignerHash": func(b []byte, r *row) []byte { return r.ifSigned(b, quote(hexString(derive(4, r.signer(), 0), 40))) },
	"Issuer":     func(b []byte, r *row) []byte { return r.ifSigned(b, quote(r.issuer())) },
	"IssuerHash": func(b []byte, r *row) []byte { return r.ifSigned(b, quote(hexString(derive(4, r.issuer(), 0), 40))) },
	"CertificateSerialNumber": func(b []byte, r *row) []byte {
		return r.ifSigned(b, `"3300000`+hexString(derive(4, r.signer(), 1), 31)+`"`)
	},
	"CrlDistributionPointUrls": func(b []byte, r *row) []byte {
		return r.ifSigned(b, `"[\"http://crl.`+r.crl()+`\"]"`)
	},
	"CertificateCreationTime":         func(b []byte, r *row) []byte { return r.ifSigned(b, `"2025-06-19T18:11:27.0000000Z"`) },
	"CertificateExpirationTime":       func(b []byte, r *row) []byte { return r.ifSigned(b, `"2027-06-17T18:11:27.0000000Z"`) },
	"CertificateCountersignatureTime": func(b []byte, r *row) []byte { return r.ifSigned(b, `"2026-03-12T02:40:09.5210000Z"`) },
	"IsTrusted":                       func(b []byte, r *row) []byte { return appendBool(b, r.signed()) },
	"IsRootSignerMicrosoft":           func(b []byte, r *row) []byte { return appendBool(b, strings.HasPrefix(r.signer(), "Microsoft")) },
}

func (r *row) signed() bool { return r.signer() != "" }

func (r *row) signer() string {
	if r.file.img == nil {
		return ""
	}
	return r.file.img.signer
}

func (r *row) issuer() string {
	switch {
	case r.file.img.os:
		return "Microsoft Windows Production PCA 2011"
	case strings.HasPrefix(r.signer(), "Microsoft"):
		return "Microsoft Code Signing PCA 2011"
	}
	return "Fjord Trust Code Signing CA G2"
}

func (r *row) crl() string {
	if strings.HasPrefix(r.issuer(), "Microsoft") {
		return "microsoft.com/pki/crl/products/MicCodSigPCA2011_2011-07-08.crl"
	}
	return "fjordtrust.example/codesigning-g2.crl"
}

func (r *row) ifSigned(b []byte, text string) []byte {
	if !r.signed() {
		return append(b, "null"...)
	}
	return append(b, text...)
}
