package query

import "github.com/vedette-siem/vedette/kql/value"

// lookup gives what geo_info_from_ip_address() asks, nil without a database.
func (e *Engine) lookup() func(address string) (value.Value, bool) {
	db := e.opt.GeoIP
	if db == nil {
		return nil
	}
	return func(address string) (value.Value, bool) {
		p, ok := db.Place(address)
		if !ok {
			return value.Value{}, false
		}
		b := &value.Bag{}
		set := func(key string, v value.Value) { b.Keys, b.Vals = append(b.Keys, key), append(b.Vals, v) }
		for _, name := range []struct{ key, text string }{{"country", p.Country}, {"state", p.State}, {"city", p.City}} {
			if name.text != "" {
				set(name.key, value.OfString(name.text))
			}
		}
		for _, place := range []struct {
			key string
			at  *float64
		}{{"latitude", p.Latitude}, {"longitude", p.Longitude}} {
			if place.at != nil {
				set(place.key, value.OfReal(*place.at))
			}
		}
		return value.OfBag(b), true
	}
}
