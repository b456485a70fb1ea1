package world

import (
	"fmt"
	"strings"
	"time"
)

// Person is one member of the tenant, in Active Directory and synchronised to Entra ID.
type Person struct {
	account
	n          int
	given      string
	surname    string
	mail       string
	department string
	title      string
	manager    *Person // nil for the head of the house
	site       *site
	phone      string
	employee   string
	created    ticks
	admin      bool // has a second life as administrator of servers
	device     *Device
	home       string // public address at home
	late       int    // minutes by which this person comes to work after 07:00 UTC
	cloudSID   string
	tenantID   string
}

// account is what process and logon columns say of an identity.
type account struct {
	domain   string // lower case NetBIOS name, as Defender writes it
	name     string
	sid      string
	upn      string
	objectID string
	display  string
}

var (
	accSystem  = account{domain: "nt authority", name: "system", sid: "S-1-5-18", display: "System"}
	accLocal   = account{domain: "nt authority", name: "local service", sid: "S-1-5-19", display: "Local Service"}
	accNetwork = account{domain: "nt authority", name: "network service", sid: "S-1-5-20", display: "Network Service"}
)

var givenNames = strings.Fields(`Aiko Alba Amara Anders Anouk Arjun Astrid Baptiste Beatriz Bram Camila Carlo Chioma Clara Daan Dalia Dario Elif Elin Emre Esther
Fatima Felix Femke Gabriel Greta Hanna Hugo Ines Ioana Isak Ivana Jasper Joana Jonas Kaito Karim Katya Laila Lars Leila Levi Linnea Lucas Magda Malik Marit Mateo Mei
Milan Mira Nadia Nils Noor Olga Oscar Pablo Petra Priya Quinten Rafael Ravi Renske Rosa Ruben Sanne Selma Sigrid Soren Tariq Tessa Thijs Tomas Umar Valeria Vera Viktor
Wanda Willem Yara Yusuf Zeynep Zora`)

var surnames = strings.Fields(`Abendroth Achterberg Almeida Asplund Bakkali Barros Bergqvist Boonstra Brandao Castellan Cerveny Dahlman Demirel Duarte Eklund
Engelhart Falkenborg Ferreira Fontijn Garnier Granholm Haverkort Hellquist Holmgard Ibarra Iyengar Jansma Jimenez Kalloe Karlberg Kastanis Kovarik Kuipers Lagerlund Lemaire
Lindqvist Lopes Malmstrom Mazur Meerdink Moreau Mulligan Nakagawa Nordahl Novotny Oduya Okafor Oliveira Ostrander Pedroso Petrenko Quist Ramaswamy Rehnberg Ribeiro Rosendal
Sandgren Santos Schuurman Sjoberg Skarsgaard Stavros Szabo Tahiri Teixeira Thorvald Ustun Valente Vandermeer Veldkamp Wahlgren Westerlund Winther Yilmaz Zandstra Zielinski`)

// department shares of a house of about 120, with the titles in it.
var departments = []struct {
	name   string
	share  int
	titles []string
}{
	{"Management", 4, []string{"Managing Director", "Chief Financial Officer", "Chief Operating Officer", "Executive Assistant"}},
	{"Finance", 12, []string{"Head of Finance", "Financial Controller", "Accounts Payable Clerk", "Payroll Specialist", "Treasury Analyst"}},
	{"Sales", 24, []string{"Head of Sales", "Account Manager", "Sales Engineer", "Inside Sales Representative"}},
	{"Marketing", 9, []string{"Head of Marketing", "Content Designer", "Event Manager"}},
	{"Engineering", 30, []string{"Head of Engineering", "Firmware Engineer", "Mechanical Engineer", "Optics Engineer", "Test Engineer"}},
	{"Production", 16, []string{"Plant Manager", "Production Planner", "Quality Inspector", "Line Supervisor"}},
	{"Legal", 4, []string{"General Counsel", "Contract Manager"}},
	{"Human Resources", 6, []string{"Head of Human Resources", "Recruiter", "HR Business Partner"}},
	{"Customer Service", 9, []string{"Head of Customer Service", "Service Agent", "Field Technician"}},
	{"IT", 10, []string{"Head of IT", "System Administrator", "Network Administrator", "Helpdesk Agent", "Security Analyst"}},
}

// inventPeople fills the departments in turn; the first of each is its head and reports to the managing director.
func (w *World) inventPeople() {
	r := rng{derive(w.cfg.Seed, "people", 0)}
	shares := 0
	for _, d := range departments {
		shares += d.share
	}
	sid := fmt.Sprintf("S-1-5-21-%d-%d-%d", 1_000_000_000+r.n(3_000_000_000), 1_000_000_000+r.n(3_000_000_000), 1_000_000_000+r.n(3_000_000_000))
	w.net.domainSID = sid
	taken := map[string]bool{}
	// The IT department comes last and has at least five, so that there is an administrator and an analyst in the smallest house.
	it := max(5, departments[len(departments)-1].share*w.cfg.Users/shares)
	shares -= departments[len(departments)-1].share
	n := 0
	for di, d := range departments {
		count := max(1, d.share*(w.cfg.Users-it)/shares)
		if di == len(departments)-1 {
			count = w.cfg.Users - n
		}
		var head *Person
		for i := 0; i < count; i++ {
			p := &Person{n: n, department: d.name}
			for p.name == "" || taken[p.name] {
				p.given, p.surname = pick(&r, givenNames), pick(&r, surnames)
				p.name = lower(p.given + "." + p.surname)
			}
			taken[p.name] = true
			p.title = d.titles[min(i, len(d.titles)-1)]
			if i >= len(d.titles) {
				p.title = d.titles[1+r.n(len(d.titles)-1)]
			}
			if i == 0 {
				head = p
				if di > 0 {
					p.manager = w.people[0]
				}
			} else {
				p.manager = head
			}
			p.domain, p.tenantID = w.net.netbios, w.cfg.TenantID
			p.display = p.given + " " + p.surname
			p.upn = p.name + "@" + w.cfg.Domain
			p.mail = p.upn
			p.sid = fmt.Sprintf("%s-%d", sid, 1104+7*n+r.n(6))
			p.objectID = guid(w.cfg.Seed, "person", uint64(n))
			p.cloudSID = fmt.Sprintf("S-1-12-1-%d-%d-%d-%d", r.next()>>32, r.next()>>32, r.next()>>32, r.next()>>32)
			p.site = &w.net.sites[0]
			if r.chance(30) && d.name != "IT" && d.name != "Management" {
				p.site = &w.net.sites[1]
			}
			p.phone = fmt.Sprintf("+%s 555 01%02d", p.site.dial, n%100)
			p.employee = fmt.Sprintf("E%05d", 10200+13*n)
			p.created = ticksOf(w.start.AddDate(-1-r.n(7), -r.n(12), -r.n(28)).Truncate(time.Hour)) + ticks(r.n(36_000_000_000))
			p.admin = d.name == "IT" && i > 0 && i < 4
			p.home = fmt.Sprintf("198.51.100.%d", 20+n%200)
			p.late = r.n(120)
			w.people = append(w.people, p)
			n++
		}
	}
}

// adminAccount is the separate account that an administrator uses on servers.
func (p *Person) adminAccount() account {
	a := p.account
	a.name = "adm-" + p.name
	a.upn = "adm-" + p.upn
	a.display = p.display + " (admin)"
	a.sid = a.sid + "9"
	a.objectID = guidOf(derive(uint64(p.n), "admin", 0))
	return a
}

func (p *Person) distinguishedName(w *World) string {
	return "CN=" + p.display + ",OU=" + p.department + ",OU=Users,OU=" + w.cfg.TenantName + "," + w.net.baseDN
}

// role finds the i-th person of a department; attacks choose their cast with it.
func (w *World) role(department string, i int) *Person {
	var last *Person
	for _, p := range w.people {
		if p.department == department {
			last = p
			if i == 0 {
				return p
			}
			i--
		}
	}
	return last
}
