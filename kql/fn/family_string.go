package fn

import (
	"compress/zlib"
	"strings"

	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

func stringFuncs() []*Func {
	return []*Func{
		f("strcat", "(arg:text*)string", "Joins its arguments' texts; a null is the empty text.", pure(evalStrcat), lower(lowerStrcat)),
		f("strcat_array", "(array:array, delimiter:text)string", "Joins the elements of an array with a delimiter between them.", pure(evalStrcatArray)),
		f("array_strcat", "(array:array, delimiter:text)string", "Joins the elements of an array with a delimiter between them.", obsolete("strcat_array"), pure(evalStrcatArray)),
		f("strcat_delim", "(delimiter:text, arg:text*2)string", "Joins its arguments' texts with a delimiter between them.", pure(evalStrcatDelim)),
		f("strcmp", "(s1:text, s2:text)long", "Compares two strings: -1, 0 or 1.", pure(evalStrcmp)),
		f("strrep", "(value:text, multiplier:long, delimiter:text?)string", "Repeats a text, with a delimiter between the copies.", pure(evalStrrep)),
		f("strlen", "(text:strdyn)long", "Counts the characters (code points) of a string.", prefix("strlen"), pure(evalStrlen), lower(duckCall("length"))),
		f("string_size", "(text:strdyn)long", "Counts the bytes of a string in UTF-8.", prefix("string_size"), pure(evalStringSize), lower(duckCall("strlen"))),
		f("toupper", "(value:text)string", "Turns a string to upper case.", text(strings.ToUpper)),
		f("tolower", "(value:text)string", "Turns a string to lower case.", text(strings.ToLower), lower(duckCall("lower"))),
		f("to_utf8", "(value:text)dynamic", "Gives the code points of a string.", obsolete("unicode_codepoints_from_string"), pure(evalCodePoints)),
		f("unicode_codepoints_from_string", "(value:text)dynamic", "Gives the code points of a string as an array.", pure(evalCodePoints)),
		f("make_string", "(value:intarray*)string", "Makes a string of code points.", obsolete("unicode_codepoints_to_string"), pure(evalFromCodePoints)),
		f("unicode_codepoints_to_string", "(value:intarray*)string", "Makes a string of code points.", pure(evalFromCodePoints)),
		f("substring", "(text:text, start:integer, length:integer?)string", "Gives the part of a string from a position counted from 0 (negative: from the end).", pure(evalSubstring), lower(lowerSubstring)),
		f("regex_quote", "(text:text)string", "Escapes all characters that mean something in a regular expression.", text(quoteRegex)),
		f("indexof", "(text:text, match:text, start:integer?, length:integer?, occurrence:integer?)long", "Gives the position of a text in a string, -1 where it is not found.", pure(evalIndexof), lower(lowerIndexof)),
		f("indexof_regex", "(text:text, match:text, start:integer?, length:integer?, occurrence:integer?)long", "Gives the position where a regular expression is found in a string, -1 where it is not.", pure(evalIndexofRegex), checkRegex(1)),
		f("has_any_index", "(source:strdyn, values:array)long", "Gives the position in the array of the first term that the string has, -1 where it has none.", pure(evalHasAnyIndex)),
		f("reverse", "(value:text)string", "Gives the characters of a string in reverse order.", text(reverseText)),
		f("split", "(source:text, delimiter:string, index:integer?)dynamic", "Splits a string at a delimiter into an array; with an index, into an array of that part alone.", firstArg, pure(evalSplit)),
		f("replace_string", "(text:string, lookup:string, rewrite:string)string", "Replaces every occurrence of a text.", pure(evalReplaceString), lower(lowerReplaceString)),
		f("replace_strings", "(text:string, lookups:array, rewrites:array)string", "Replaces every occurrence of several texts.", pure(evalReplaceStrings)),
		f("translate", "(from:string, to:string, source:string)string", "Replaces characters: each of the first list by the one at its place in the second.", pure(evalTranslate)),
		f("countof", "(source:string, search:string, kind:conststr?)long", "Counts the occurrences of a text (overlapping) or, with kind \"regex\", of a regular expression.", pure(evalCountof)),
		f("isascii", "(value:text)bool", "True where a string has ASCII characters only.", pure(evalIsASCII)),
		f("isutf8", "(value:text)bool", "True where a string is valid UTF-8.", pure(evalIsUTF8)),
		f("punycode_to_string", "(text:string)string", "Decodes punycode.", text(punyDecode)),
		f("punycode_from_string", "(text:string)string", "Encodes a string as punycode.", text(punyEncode)),
		f("punycode_domain_from_string", "(text:string)string", "Encodes the labels of a domain name that need it as punycode with the prefix xn--.", text(domainLabels(labelToPuny))),
		f("punycode_domain_to_string", "(text:string)string", "Decodes the labels of a domain name that are punycode.", text(domainLabels(labelOfPuny))),
		f("has_ipv4", "(source:strdyn, ip:string)bool", "True where the text has the IPv4 address.", hasIP(false)),
		f("has_ipv4_prefix", "(source:strdyn, prefix:string)bool", "True where the text has an IPv4 address with the prefix.", hasIP(true)),
		f("has_any_ipv4", "(source:strdyn, ips:array)bool | (source:strdyn, ips:string*)bool", "True where the text has one of the IPv4 addresses.", hasIP(false)),
		f("has_any_ipv4_prefix", "(source:strdyn, prefixes:array)bool | (source:strdyn, prefixes:string*)bool", "True where the text has an IPv4 address with one of the prefixes.", hasIP(true)),
		f("url_encode", "(url:string)string", "Encodes a URL: spaces become +.", text(urlEncode("+"))),
		f("url_encode_component", "(url:string)string", "Encodes a URL: spaces become %20.", text(urlEncode("%20"))),
		f("url_decode", "(url:string)string", "Decodes an encoded URL.", text(urlDecode)),
		f("base64_encodestring", "(text:string)string", "Encodes a string as base64.", obsolete("base64_encode_tostring"), text(evalEncode64)),
		f("base64_encode_tostring", "(text:string)string", "Encodes a string as base64.", text(evalEncode64)),
		f("base64_decode_toarray", "(base64:string)dynamic", "Decodes base64 to an array of bytes.", pure(evalDecode64Array)),
		f("base64_encode_fromarray", "(bytes:array)string", "Encodes an array of bytes as base64.", pure(evalEncode64Array)),
		f("base64_decodestring", "(base64:string)string", "Decodes base64 to a string.", obsolete("base64_decode_tostring"), text(evalDecode64)),
		f("base64_decode_tostring", "(base64:string)string", "Decodes base64 to a string; empty where it is not valid.", text(evalDecode64)),
		f("base64_decode_toguid", "(base64:string)guid", "Decodes base64 to a guid.", pure(evalDecode64GUID)),
		f("base64_encode_fromguid", "(guid:guid)string", "Encodes a guid as base64.", pure(evalEncode64GUID)),
		f("zlib_decompress_from_base64_string", "(text:string)string", "Decodes base64 and decompresses zlib.", text(decompress(zlib.NewReader))),
		f("zlib_compress_to_base64_string", "(text:string)string", "Compresses with zlib and encodes as base64.", text(compressZlib)),
		f("gzip_decompress_from_base64_string", "(text:string)string", "Decodes base64 and decompresses gzip.", text(decompress(openGzip))),
		f("gzip_compress_to_base64_string", "(text:string)string", "Compresses with gzip and encodes as base64.", text(compressGzip)),
		f("format_bytes", "(size:realnumber, precision:constnum?, unit:conststr?)string", "Writes a number of bytes with its unit, e.g. 1 KB.", firstArg),
	}
}

func regexFuncs() []*Func {
	return []*Func{
		f("extract", "(regex:conststr, group:long, source:string)string | (regex:conststr, group:long, source:string, type:type)lit3", "Gives what a group of a regular expression matches (0: the whole match).", pure(evalExtract), checkRegex(0), lower(lowerExtract)),
		f("extract_all", "(regex:conststr, source:string)dynamic | (regex:conststr, groups:array, source:string)dynamic", "Gives all matches of a regular expression: an array of texts for one group, of arrays for several.", pure(evalExtractAll), checkRegex(0)),
		f("extractall", "(regex:conststr, source:string)dynamic | (regex:conststr, groups:array, source:string)dynamic", "Gives all matches of a regular expression.", obsolete("extract_all"), pure(evalExtractAll), checkRegex(0)),
		f("replace", "(regex:conststr, rewrite:conststr, source:string)string", "Replaces every match of a regular expression.", obsolete("replace_regex"), pure(evalReplace), checkRegex(0)),
		f("replace_regex", "(source:string, regex:conststr, rewrite:conststr)string", "Replaces every match of a regular expression; \\1 stands for the first group.", pure(evalReplaceRegex), checkRegex(1)),
		f("trim", "(regex:conststr, source:string)string", "Removes the leading and trailing matches of a regular expression.", pure(trimRegex(true, true)), checkRegex(0)),
		f("trim_start", "(regex:conststr, source:string)string", "Removes the leading matches of a regular expression.", pure(trimRegex(true, false)), checkRegex(0)),
		f("trim_end", "(regex:conststr, source:string)string", "Removes the trailing matches of a regular expression.", pure(trimRegex(false, true)), checkRegex(0)),
	}
}

func parseFuncs() []*Func {
	return []*Func{
		f("parse_command_line", "(command:text, parser:string)dynamic", "Splits a command line into its arguments as Windows does.", pure(evalParseCommandLine)),
		f("extractjson", "(path:conststr, json:string)string | (path:conststr, json:string, type:type)lit2", "Gives the element of a JSON text at a path.", pure(evalExtractJSON)),
		f("extract_json", "(path:conststr, json:string)string | (path:conststr, json:string, type:type)lit2", "Gives the element of a JSON text at a path.", pure(evalExtractJSON)),
		f("parse_csv", "(csv:strdyn)dynamic", "Splits a line of comma-separated values into an array.", firstArg, pure(evalParseCSV)),
		f("todynamic", "(json:strarray)dynamic", "Reads JSON text into a dynamic; other text becomes a dynamic string.", firstArg, pure(evalParseJSON)),
		f("toobject", "(json:strarray)dynamic", "Reads JSON text into a dynamic.", firstArg, obsolete("todynamic"), pure(evalParseJSON)),
		f("parsejson", "(json:strarray)dynamic", "Reads JSON text into a dynamic.", firstArg, obsolete("parse_json"), pure(evalParseJSON)),
		f("parse_json", "(json:strarray)dynamic", "Reads JSON text into a dynamic; other text becomes a dynamic string.", firstArg, pure(evalParseJSON)),
		f("parse_xml", "(xml:strdyn)dynamic", "Reads XML text into a dynamic: attributes as @name, text as #text.", firstArg, pure(evalParseXML)),
		f("parse_url", "(url:string)dynamic", "Splits a URL into Scheme, Host, Port, Path, Username, Password, Query Parameters, Fragment.", pure(evalParseURL)),
		f("parseurl", "(url:string)dynamic", "Splits a URL into its parts.", obsolete("parse_url"), pure(evalParseURL)),
		f("parse_urlquery", "(query:string)dynamic", "Splits a URL's query into its parameters.", pure(evalParseURLQuery)),
		f("parseurlquery", "(query:string)dynamic", "Splits a URL's query into its parameters.", obsolete("parse_urlquery"), pure(evalParseURLQuery)),
		f("parse_path", "(path:string)dynamic", "Splits a file path into Scheme, RootPath, DirectoryPath, DirectoryName, Filename, Extension, AlternateDataStreamName.", pure(evalParsePath)),
		f("parse_user_agent", "(agent:string, parts:strarray?)dynamic", "Recognises the browser, the operating system or the device in a user agent."),
		f("parse_version", "(version:string)decimal", "Turns a version of up to four numbers into one that can be compared.", pure(evalParseVersion)),
	}
}

func convertFuncs() []*Func {
	return []*Func{
		f("tostring", "(value:scalar)string", "Gives the value's text; a null's is empty.", firstArg, conversion(value.String), lower(lowerToString)),
		f("tolong", "(value:scalar)long", "Converts to long; null where that is not possible.", firstArg, conversion(value.Long), lower(lowerToWhole(sql.Long))),
		f("toint", "(value:scalar)int", "Converts to int; null where that is not possible.", firstArg, conversion(value.Int), lower(lowerToWhole(sql.Int))),
		f("toreal", "(value:scalar)real", "Converts to real; null where that is not possible.", firstArg, conversion(value.Real), lower(lowerToReal)),
		f("todouble", "(value:scalar)real", "Converts to real; null where that is not possible.", firstArg, conversion(value.Real), lower(lowerToReal)),
		f("todatetime", "(value:scalar)datetime", "Converts to datetime; null where that is not possible.", firstArg, conversion(value.Datetime)),
		f("totimespan", "(value:scalar)timespan", "Converts to timespan; null where that is not possible.", firstArg, conversion(value.Timespan)),
		f("totime", "(value:scalar)timespan", "Converts to timespan.", firstArg, obsolete("totimespan"), conversion(value.Timespan)),
		f("tobool", "(value:scalar)bool", "Converts to bool; null where that is not possible.", firstArg, conversion(value.Bool)),
		f("toboolean", "(value:scalar)bool", "Converts to bool; null where that is not possible.", firstArg, conversion(value.Bool)),
		f("todecimal", "(value:scalar)decimal", "Converts to decimal; null where that is not possible.", firstArg, conversion(value.Decimal)),
		f("toguid", "(value:strdyn)guid", "Converts to guid; null where that is not possible.", firstArg, conversion(value.GUID)),
		f("tohex", "(value:wholenumber, length:integer?)string", "Writes a whole number in hexadecimal.", firstArg, pure(evalTohex)),
		f("gettype", "(value:scalar)string", "Names the type of a value; of a dynamic, the type of what is in it.", prefix("type"), pure(evalGettype)),
		f("isnull", "(value:scalar)bool", "True where the value is null; a string never is.", test(isNull), lower(lowerIsNull)),
		f("isnotnull", "(value:scalar)bool", "True where the value is not null.", test(func(v value.Value) bool { return !isNull(v) }), lower(negated(lowerIsNull))),
		f("notnull", "(value:scalar)bool", "True where the value is not null.", obsolete("isnotnull"), test(func(v value.Value) bool { return !isNull(v) }), lower(negated(lowerIsNull))),
		f("isempty", "(value:scalar)bool", "True where the value is null or the empty string.", test(isEmpty), lower(lowerIsEmpty)),
		f("isnotempty", "(value:scalar)bool", "True where the value is neither null nor the empty string.", test(func(v value.Value) bool { return !isEmpty(v) }), lower(negated(lowerIsEmpty))),
		f("notempty", "(value:scalar)bool", "True where the value is neither null nor the empty string.", obsolete("isnotempty"), test(func(v value.Value) bool { return !isEmpty(v) }), lower(negated(lowerIsEmpty))),
		f("iff", "(if:bool, then:commondyn, else:commondyn)common", "Gives one of two values: the first where the condition is true.", lazy(lazyIff), lower(lowerIff)),
		f("iif", "(if:bool, then:commondyn, else:commondyn)common", "Gives one of two values: the first where the condition is true.", lazy(lazyIff), lower(lowerIff)),
		f("case", "(predicate:bool, then:commondyn, else:commondyn)common", "Gives the value behind the first predicate that is true, else the last argument.", bind(bindCase), lazy(lazyCase), lower(lowerCase)),
		f("coalesce", "(arg:common*2)common", "Gives the first value that is not null (of strings: not empty).", lazy(lazyCoalesce), lower(lowerCoalesce)),
		f("not", "(value:bool)bool", "Turns true to false and back; null stays null.", pure(evalNot), lower(lowerNot)),
		f("assert", "(predicate:bool, message:string)bool", "Fails the query with the message where a constant predicate is false.", checkAssert, pure(evalAssert)),
		f("column_ifexists", "(column:conststr, default:scalar)$1", "Gives the column with the name, or the default where there is none.", argValue),
		f("columnifexists", "(column:conststr, default:scalar)$1", "Gives the column with the name, or the default where there is none.", argValue, obsolete("column_ifexists")),
		f("iscolumnexists", "(column:conststr)bool", "True where there is a column with the name.", hidden),
		f("max_of", "(arg:commonord*2)common", "Gives the largest of its arguments; nulls are skipped.", extreme(1), lower(lowerExtreme("greatest"))),
		f("min_of", "(arg:commonord*2)common", "Gives the smallest of its arguments; nulls are skipped.", extreme(-1), lower(lowerExtreme("least"))),
		f("around", "(value:scalar, center:scalar, delta:scalar)bool", "True where the value lies within delta of the center.", pure(evalAround)),
		f("__cast", "(type:type, value:scalar)lit0", "Converts to a type.", hidden, pure(evalCast)),
	}
}

func contextFuncs() []*Func {
	return []*Func{
		f("current_cluster_endpoint", "()string", "Gives the address of the server.", fromContext("current_cluster_endpoint", value.OfString(""))),
		f("current_database", "()string", "Gives the name of the database in scope.", fromContext("current_database", value.OfString(defaultDatabase))),
		f("current_principal", "()string", "Gives the name of who runs the query.", fromContext("current_principal", value.OfString(""))),
		f("current_principal_details", "()dynamic", "Describes who runs the query.", fromContext("current_principal_details", nullDynamic)),
		f("current_principal_is_member_of", "(group:strarray*)bool", "True where who runs the query belongs to one of the groups.", eval(evalMemberOf)),
		f("current_node_id", "()string", "Gives the name of the node.", hidden, fromContext("current_node_id", value.OfString(""))),
		f("extent_id", "()guid", "Gives the identity of the shard that holds the row.", fromContext("extent_id", value.NullOf(value.GUID))),
		f("extentid", "()guid", "Gives the identity of the shard that holds the row.", obsolete("extent_id"), fromContext("extent_id", value.NullOf(value.GUID))),
		f("extent_tags", "()dynamic", "Gives the tags of the shard that holds the row.", fromContext("extent_tags", nullDynamic)),
		f("ingestion_time", "()datetime", "Gives the time at which the row was stored.", onlyPrefix("$IngestionTime")),
		f("row_id", "()string", "Gives the identity of the row."),
		f("cursor_after", "(cursor:string)bool", "True where the row was stored after the cursor."),
		f("cursor_before_or_at", "(cursor:string)bool", "True where the row was stored at or before the cursor."),
		f("cursor_current", "()string", "Gives the current cursor.", fromContext("cursor_current", value.OfString(""))),
		f("current_cursor", "()string", "Gives the current cursor.", obsolete("cursor_current"), fromContext("cursor_current", value.OfString(""))),
		f("rowstore_ordinal_range", "()dynamic", "Gives the ordinal range of the row.", hidden),
		f("estimate_data_size", "(value:scalar*)long", "Gives the size of the values in bytes.", pure(evalDataSize)),
		f("new_guid", "()guid", "Makes a random guid.", pure(evalNewGUID)),
		f("geo_info_from_ip_address", "(ip:string)dynamic", "Gives the country, state, city, latitude and longitude of an address, from the configured GeoIP database.", eval(evalGeoInfo), notes("Without a GeoIP database every address is unknown and gives null.")),
		f("rand", "(number:integer?)real", "Gives a random number from 0 up to 1, or a whole one below the argument.", firstArg, pure(evalRand)),
		f("all", "(pattern:scalar, expression:bool)bool", "True where every element of a variable-length graph pattern fulfils the expression."),
		f("any", "(pattern:scalar, expression:bool)bool", "True where an element of a variable-length graph pattern fulfils the expression."),
		f("map", "(pattern:scalar, expression:scalar)dynamic", "Gives the expression for every element of a variable-length graph pattern."),
		f("inner_nodes", "(edge:scalar)dynamic", "Gives the nodes inside a variable-length graph pattern."),
		f("node_id", "(node:scalar?)string", "Gives the identity of a graph node."),
		f("node_degree_in", "(node:scalar?)long", "Counts the edges that come into a graph node."),
		f("node_degree_out", "(node:scalar?)long", "Counts the edges that go out of a graph node."),
		f("labels", "(pattern:scalar?)dynamic", "Gives the labels of a graph node or edge."),
	}
}

func windowFuncs() []*Func {
	return []*Func{
		f("row_number", "(start:long?, restart:bool?)long", "Numbers the rows of a serialized table.", window),
		f("row_cumsum", "(term:number, restart:bool?)$0", "Sums a column up to the row of a serialized table.", window),
		f("row_rank", "(term:nondynamic, dense:constbool?)long", "Ranks the rows of a serialized table.", window, obsolete("row_rank_dense")),
		f("row_rank_dense", "(term:nondynamic, restart:bool?)long", "Counts the distinct values of a column up to the row of a serialized table.", window),
		f("row_rank_min", "(term:nondynamic, restart:bool?)long", "Gives the number of the first row with the row's value in a serialized table.", window),
		f("row_window_session", "(time:datetime, fromFirst:timespan, betweenNeighbors:timespan, restart:bool?)datetime", "Gives the time at which the row's session starts.", window),
		f("prev", "(column:scalar, offset:long?, default:scalar?)$0", "Gives a column's value some rows before.", window),
		f("next", "(column:scalar, offset:long?, default:scalar?)$0", "Gives a column's value some rows after.", window),
	}
}
