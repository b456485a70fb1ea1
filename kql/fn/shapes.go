package fn

import "strings"

// The functions of which it is known, whatever their arguments, that they give an array or a property bag. Microsoft's binder knows it of
// these, and refuses their results where a text or the other one is needed.
const (
	givingArrays = `array_iff array_iif bag_keys base64_decode_toarray datetime_list_timezones extent_tags extract_all extractall geo_geohash_neighbors
		geo_h3cell_children geo_h3cell_neighbors geo_h3cell_rings geo_line_to_s2cells geo_polygon_to_h3cells geo_polygon_to_s2cells geo_s2cell_neighbors
		hll_merge ipv4_range_to_cidr_list merge_tdigest pack_array parse_command_line parse_csv percentiles_array_tdigest range repeat
		series_acos series_add series_asin series_atan series_cos series_divide series_equals series_exp series_fir series_floor series_greater
		series_greater_equals series_iir series_less series_less_equals series_log series_multiply series_not_equals series_pow series_seasonal
		series_sign series_sin series_subtract series_tan set_difference set_intersect set_union split tdigest_merge to_utf8 treepath
		unicode_codepoints_from_string zip`
	givingBags = `bag_merge bag_pack bag_remove_keys bag_set_key bag_zip current_principal_details geo_closest_point_on_line
		geo_closest_point_on_polygon geo_from_wkt geo_geohash_to_central_point geo_geohash_to_polygon geo_h3cell_to_central_point
		geo_h3cell_to_polygon geo_intersection_2lines geo_intersection_2polygons geo_intersection_line_with_polygon geo_line_buffer
		geo_line_centroid geo_line_densify geo_line_interpolate_point geo_line_simplify geo_point_buffer geo_polygon_buffer geo_polygon_centroid
		geo_polygon_densify geo_polygon_simplify geo_s2cell_to_central_point geo_s2cell_to_polygon geo_simplify_polygons_array
		geo_union_lines_array geo_union_polygons_array pack pack_all pack_dictionary parse_path parse_url parse_urlquery parse_user_agent
		parse_xml parseurl parseurlquery series_fit_2lines_dynamic series_fit_line_dynamic series_stats_dynamic`
)

var shapes = func() map[string]Shape {
	m := map[string]Shape{}
	for _, name := range strings.Fields(givingArrays) {
		m[name] = ArrayOf
	}
	for _, name := range strings.Fields(givingBags) {
		m[name] = BagOf
	}
	return m
}()

// Gives is the shape of every result of the function; AnyShape where it depends.
func (f *Func) Gives() Shape { return shapes[f.Name] }
