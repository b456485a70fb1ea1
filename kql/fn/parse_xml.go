package fn

import (
	"encoding/xml"
	"io"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// xmlNode is an element while it is read.
type xmlNode struct {
	name string
	bag  *value.BagBuilder
	text strings.Builder
}

// maxXML is the length of the longest text that parse_xml reads.
const maxXML = 1 << 20

// evalParseXML reads XML into a bag of the root element: an element with text alone is a string, an empty one null, others are bags with
// attributes as @name, text as #text, and elements that are repeated as arrays.
func evalParseXML(args []value.Value) value.Value {
	if len(args[0].S) > maxXML {
		return nullDynamic
	}
	d := xml.NewDecoder(strings.NewReader(args[0].S))
	d.Strict = true
	var open []*xmlNode
	root := value.NewBag(1)
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nullDynamic
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(open) >= value.MaxDepth || len(open) == 0 && root.Len() > 0 {
				return nullDynamic
			}
			n := &xmlNode{name: xmlName(t.Name), bag: value.NewBag(4)}
			for _, a := range t.Attr {
				n.bag.Set("@"+xmlName(a.Name), value.OfString(a.Value))
			}
			open = append(open, n)
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1].name != xmlName(t.Name) {
				return nullDynamic
			}
			n := open[len(open)-1]
			open = open[:len(open)-1]
			into := root
			if len(open) > 0 {
				into = open[len(open)-1].bag
			}
			addXML(into, n.name, n.value())
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(t)
			}
		}
	}
	if len(open) > 0 || root.Len() == 0 {
		return nullDynamic
	}
	return value.OfBag(root.Bag())
}

func xmlName(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

func (n *xmlNode) value() value.Value {
	text := n.text.String()
	blank := strings.TrimSpace(text) == ""
	switch {
	case n.bag.Len() == 0 && blank:
		return nullDynamic
	case n.bag.Len() == 0:
		return value.OfString(text)
	case !blank:
		n.bag.Set("#text", value.OfString(text))
	}
	return value.OfBag(n.bag.Bag())
}

// addXML adds an element; the second of a name makes an array of both.
func addXML(b *value.BagBuilder, name string, v value.Value) {
	if !b.Has(name) {
		b.Set(name, v)
		return
	}
	old, _ := b.Get(name)
	if a, ok := old.X.(value.Array); ok {
		b.Set(name, value.OfArray(append(a, v)))
		return
	}
	b.Set(name, value.OfArray(value.Array{old, v}))
}
