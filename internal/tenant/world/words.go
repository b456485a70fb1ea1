package world

import (
	"fmt"
	"strings"
)

// partners are the other houses that the tenant deals with.
var partners = []struct{ name, domain string }{
	{"Prisma Engineering", "prisma-engineering.example"}, {"Forma Software", "forma-software.example"}, {"Nordlys Logistics", "nordlys-logistics.example"},
	{"Aurelia Glass", "aurelia-glass.example"}, {"Kestrel Metrology", "kestrel-metrology.example"}, {"Banco Ribeira", "banco-ribeira.example"},
	{"Polder Tax Advisers", "polder-tax.example"}, {"Sund Hospital Group", "sund-hospitals.example"}, {"Maas Catering", "maas-catering.example"},
	{"Tresor Data", "tresor-data.example"}, {"Veldkamp Travel", "veldkamp-travel.example"}, {"Obrera Machining", "obrera-machining.example"},
}

// sites that people look at.
var webSites = strings.Fields(`www.nordlys-logistics.example portal.forma-software.example www.dagblad.example news.orbita.example shop.maas-catering.example wiki.optics.example
forum.firmware.example docs.kestrel-metrology.example www.polder-tax.example maps.rondreis.example www.treinen.example video.lantern.example learn.atelier.example
cdn.lantern.example static.dagblad.example fonts.atelier.example metrics.orbita.example packages.firmware.example`)

// microsoftHosts are services that Windows and Microsoft 365 talk to.
var microsoftHosts = strings.Fields(`login.microsoftonline.com outlook.office365.com graph.microsoft.com teams.microsoft.com settings-win.data.microsoft.com v10.events.data.microsoft.com
ctldl.windowsupdate.com edge.microsoft.com config.edge.skype.com substrate.office.com odc.officeapps.live.com www.msftconnecttest.com`)

var topics = []string{"Budget", "Forecast", "Offer", "Lens order", "Delivery plan", "Calibration report", "Test protocol", "Travel request", "Contract", "Price list",
	"Meeting notes", "Supplier review",
	"Quality audit", "Roadmap", "Payroll", "Holiday plan", "Service manual", "Spare parts", "Trade fair", "Press release", "Customer survey", "Invoice", "Purchase order", "Firmware release", "Shift plan", "Onboarding"}

var subjects = []string{"%s for next week", "Re: %s", "FW: %s", "%s - please review", "Question about the %s", "%s attached", "Reminder: %s", "Updated %s",
	"%s: final version", "RE: %s (was: planning)"}

var quarters = []string{"2026 Q1", "2026 Q2", "2026 Q3", "2025", "v2", "v3 final", "draft", "signed", "NL", "PT"}

var officeTypes = []struct{ ext, app string }{{"docx", "WINWORD.EXE"}, {"xlsx", "EXCEL.EXE"}, {"pptx", "POWERPNT.EXE"}, {"xlsx", "EXCEL.EXE"}, {"docx", "WINWORD.EXE"}}

func (r *rng) title() string { return pick(r, topics) + " " + pick(r, quarters) }

func (r *rng) subject() string { return fmt.Sprintf(pick(r, subjects), lower(pick(r, topics))) }

// home is the folder of a user on a Windows device.
func home(p *Person) string { return `C:\Users\` + p.name }

// userAgents by operating system.
func userAgent(d *Device) string {
	switch {
	case d.kind == kindMac:
		return "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15"
	case d.posix():
		return "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"
	}
	return "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0"
}

// osName is the operating system as cloud tables spell it.
func osName(d *Device) string {
	switch d.os.name {
	case "Windows11":
		return "Windows 11"
	case "Windows10":
		return "Windows 10"
	case "macOS":
		return "Mac OS X"
	}
	return "Linux"
}
