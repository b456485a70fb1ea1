package elastic

// object is a JSON object.
type object = map[string]any

// streamTemplate is the index template of an append-only stream.
func (s *Sink) streamTemplate(name string) object {
	constant := func(v string) object { return object{"type": "constant_keyword", "value": v} }
	m := s.mapping()
	p := m["properties"].(object)
	p["data_stream"] = object{"properties": object{"type": constant("logs"), "dataset": constant(product + name), "namespace": constant(s.cfg.Namespace)}}
	event := p["event"].(object)["properties"].(object)
	event["dataset"], event["module"] = constant(product+name), constant("m365_defender")
	return object{"index_patterns": []string{s.stream(name)}, "data_stream": object{}, "priority": 250, "template": object{"settings": s.settings(), "mappings": m}}
}

// presentTemplate is the index template of present states.
func (s *Sink) presentTemplate(name string) object {
	return object{"index_patterns": []string{s.present(name)}, "priority": 250, "template": object{"settings": s.settings(), "mappings": s.mapping()}}
}

// settings let a value that does not fit its field's type leave the field unset instead of refusing the document.
func (s *Sink) settings() object {
	return object{"index.codec": "best_compression", "index.mapping.total_fields.limit": 5000, "index.mapping.ignore_malformed": true, "index.refresh_interval": "10s"}
}

// free is the type of an object whose members are anybody's: they do not become fields, so they cannot be in conflict.
func (s *Sink) free() string {
	if s.cfg.OpenSearch {
		return "flat_object"
	}
	return "flattened"
}

// mapping gives fields the types of the Elastic Common Schema as far as they are not keywords, which all other texts are.
func (s *Sink) mapping() object {
	date, long, wild := object{"type": "date"}, object{"type": "long"}, object{"type": "wildcard", "ignore_above": 16384}
	number := func(names ...string) object {
		out := object{}
		for _, n := range names {
			out[n] = long
		}
		return out
	}
	process := func() object {
		p := number("pid", "args_count")
		p["command_line"], p["executable"] = wild, object{"type": "keyword", "ignore_above": 4096}
		return p
	}
	whole := process()
	whole["parent"] = object{"properties": process()}
	rule := func(name string, match object, to object) object {
		match["mapping"] = to
		return object{name: match}
	}
	return object{
		"date_detection":    false,
		"numeric_detection": false,
		"properties": object{
			"@timestamp": date,
			"message":    object{"type": "text"},
			"tags":       object{"type": "keyword"},
			"event": object{"properties": object{"created": date, "start": date, "end": date, "ingested": date, "severity": long, "duration": long,
				"original": object{"type": "keyword", "index": false, "doc_values": false}}},
			"process":  object{"properties": whole},
			"registry": object{"properties": object{"data": object{"properties": object{"strings": wild}}}},
			"file":     object{"properties": object{"size": long, "path": wild}},
			"error":    object{"properties": object{"message": object{"type": "text"}}},
		},
		"dynamic_templates": []object{
			rule("free", object{"path_match": "m365_defender.*.additional_fields"}, object{"type": s.free()}),
			rule("raw", object{"path_match": "m365_defender.*.raw_event_data"}, object{"type": s.free()}),
			rule("place", object{"path_match": "*.geo.location"}, object{"type": "geo_point"}),
			rule("address", object{"path_match": "*.ip", "match_mapping_type": "string"}, object{"type": "ip"}),
			rule("port", object{"path_match": "*.port"}, object{"type": "long"}),
			rule("text", object{"match_mapping_type": "string"}, object{"type": "keyword", "ignore_above": 1024}),
		},
	}
}
