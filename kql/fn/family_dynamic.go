package fn

import (
	"fmt"

	"github.com/vedette-siem/vedette/kql/value"
)

func dynamicFuncs() []*Func {
	return []*Func{
		f("array_length", "(array:array)long", "Counts the elements of an array; null where the value is none.", pure(evalArrayLength), lower(lowerArrayLength),
			example(`print x = array_length(parse_json('{"a":1}'))`, "[[null]]")),
		f("arraylength", "(array:array)long", "Counts the elements of an array.", obsolete("array_length"), pure(evalArrayLength), lower(lowerArrayLength)),
		f("range", "(start:summable, stop:summable, step:summable?)dynamic", "Makes an array of values at equal steps, the last included.", pure(evalRange),
			example("print x = range(1, 7, 3)", "[[[1,4,7]]]")),
		f("repeat", "(value:scalar, count:long)dynamic", "Makes an array of copies of a value.", prefix("repeat"), pure(evalRepeat),
			example(`print x = repeat("x", 2)`, `[[["x","x"]]]`)),
		f("array_concat", "(array:array*)dynamic", "Joins arrays.", pure(evalArrayConcat),
			example("print x = array_concat(dynamic([1]), dynamic([2]))", "[[[1,2]]]")),
		f("array_iif", "(condition:array, then:scalar, else:scalar)dynamic", "Chooses elements of two arrays by an array of bools.", obsolete("array_iff"), arrays(evalArrayIff)),
		f("array_iff", "(condition:array, then:scalar, else:scalar)dynamic", "Chooses elements of two arrays (or values) by an array of bools.", arrays(evalArrayIff),
			example("print x = array_iff(dynamic([true,false]), dynamic([1,2]), 9)", "[[[1,9]]]")),
		f("array_index_of", "(array:array, value:scalar, start:integer?, length:integer?, occurrence:integer?)long", "Gives the position of a value in an array, -1 where it is not there.", pure(evalArrayIndexOf),
			example(`print x = array_index_of(dynamic(["a","b"]), "b")`, "[[1]]")),
		f("array_slice", "(array:array, start:integer, end:integer)dynamic", "Gives the elements from start to end, both included; negative: from the end.", arrays(evalArraySlice),
			example("print x = array_slice(dynamic([1,2,3,4]), 1, -2)", "[[[2,3]]]")),
		f("array_split", "(array:array, index:integer)dynamic | (array:array, indices:array)dynamic", "Splits an array at positions into an array of arrays.", arrays(evalArraySplit),
			example("print x = array_split(dynamic([1,2,3,4]), 1)", "[[[[1],[2,3,4]]]]")),
		f("array_shift_left", "(array:array, count:integer, fill:scalar?)dynamic", "Shifts the elements left.", arrays(shiftArray(1))),
		f("array_shift_right", "(array:array, count:integer, fill:scalar?)dynamic", "Shifts the elements right.", arrays(shiftArray(-1)),
			example("print x = array_shift_right(dynamic([1,2,3]), 1)", "[[[null,1,2]]]")),
		f("array_rotate_left", "(array:array, count:integer)dynamic", "Rotates the elements left.", arrays(rotateArray(1)),
			example("print x = array_rotate_left(dynamic([1,2,3]), 1)", "[[[2,3,1]]]")),
		f("array_rotate_right", "(array:array, count:integer)dynamic", "Rotates the elements right.", arrays(rotateArray(-1))),
		f("array_reverse", "(array:array)dynamic", "Gives the elements in reverse order.", arrays(evalArrayReverse)),
		f("array_sort_asc", "(arrays:array*, nulls_last:constbool?)dynamic", "Sorts an array upwards, and further arrays in the order of the first.", tuple(sortedColumns), arrays(sortArrays(1)),
			example("print x = array_sort_asc(dynamic([3,null,1]))", "[[[1,3,null]]]")),
		f("array_sort_desc", "(arrays:array*, nulls_last:constbool?)dynamic", "Sorts an array downwards, and further arrays in the order of the first.", tuple(sortedColumns), arrays(sortArrays(-1)),
			example(`print x = array_sort_desc(dynamic(["b","c","a"]))`, `[[["c","b","a"]]]`)),
		f("array_sum", "(array:array)real", "Sums an array.", obsolete("series_sum"), seriesReal(sum)),
		f("zip", "(array:array*2)dynamic", "Makes an array of arrays of the elements at the same places.", pure(evalZip),
			example(`print x = zip(dynamic([1,2]), dynamic(["a"]))`, `[[[[1,"a"],[2,null]]]]`)),
		f("bag_keys", "(bag:bag)dynamic", "Lists the keys of a property bag.", pure(evalBagKeys),
			example(`print x = bag_keys(dynamic({"b":1,"a":2}))`, `[[["b","a"]]]`)),
		f("pack", "(key:text, value:scalar)dynamic", "Makes a property bag of keys and values.", obsolete("bag_pack"), bind(bindPack), pure(evalBagPack)),
		f("pack_dictionary", "(key:text, value:scalar)dynamic", "Makes a property bag of keys and values.", obsolete("bag_pack"), bind(bindPack), pure(evalBagPack)),
		f("bag_pack", "(key:text, value:scalar)dynamic", "Makes a property bag of keys and values.", bind(bindPack), pure(evalBagPack),
			example(`print x = bag_pack("a", 1, "b", dynamic([1]))`, `[[{"a":1,"b":[1]}]]`)),
		f("bag_pack_columns", "(column:scalar*)dynamic", "Makes a property bag of columns; their names are the keys.", notes("The binder passes names and values as bag_pack takes them."), pure(evalBagPack)),
		f("pack_all", "(ignore_null_empty:constbool?)dynamic", "Makes a property bag of all columns.", notes("The binder passes names and values as bag_pack takes them."), pure(evalPackNotEmpty)),
		f("pack_array", "(value:scalar*)dynamic", "Makes an array of values.", pure(evalPackArray)),
		f("bag_merge", "(bag:bag*2)dynamic", "Merges property bags; of equal keys the first counts.", pure(evalBagMerge),
			example(`print x = bag_merge(dynamic({"a":1}), dynamic({"a":2,"b":3}))`, `[[{"a":1,"b":3}]]`)),
		f("bag_remove_keys", "(bag:bag, keys:array)dynamic", "Removes keys (or paths beginning with $) from a property bag.", pure(evalBagRemoveKeys),
			example(`print x = bag_remove_keys(dynamic({"a":1,"b":{"c":1,"d":2}}), dynamic(["a","$.b.c"]))`, `[[{"b":{"d":2}}]]`)),
		f("bag_has_key", "(bag:bag, key:string)bool", "True where a property bag has the key (or path beginning with $).", pure(evalBagHasKey),
			example(`print x = bag_has_key(dynamic({"a":{"b":1}}), "$.a.b")`, "[[true]]")),
		f("bag_set_key", "(bag:bag, key:conststr, value:scalar)dynamic", "Sets a key (or path beginning with $) of a property bag.", pure(evalBagSetKey),
			example(`print x = bag_set_key(dynamic({"a":1}), "$.b.c", 5)`, `[[{"a":1,"b":{"c":5}}]]`)),
		f("bag_zip", "(keys:array, values:array)dynamic", "Makes a property bag of an array of keys and one of values.", pure(evalBagZip)),
		f("set_has_element", "(set:array, value:scalar)bool", "True where an array has the value.", pure(evalSetHasElement),
			example(`print x = set_has_element(dynamic(["a"]), "a")`, "[[true]]")),
		f("set_union", "(set:array*2)dynamic", "Gives the distinct elements of all arrays.", pure(evalSetUnion),
			example("print x = set_union(dynamic([1,2]), dynamic([2,3]))", "[[[1,2,3]]]")),
		f("set_intersect", "(set:array*2)dynamic", "Gives the distinct elements that all arrays have.", filterSet(true),
			example("print x = set_intersect(dynamic([1,2,2]), dynamic([2,3]))", "[[[2]]]")),
		f("set_difference", "(set:array*2)dynamic", "Gives the distinct elements of the first array that no other has.", filterSet(false),
			example("print x = set_difference(dynamic([1,2]), dynamic([2]))", "[[[1]]]")),
		f("set_equals", "(set1:array, set2:array)bool", "True where two arrays have the same distinct elements.", pure(evalSetEquals)),
		f("jaccard_index", "(set1:array, set2:array)real", "Gives the number of common elements of two sets over the number of all.", pure(evalJaccard),
			example("print x = jaccard_index(dynamic([1,2]), dynamic([2,3]))", "[[0.3333333333333333]]")),
		f("treepath", "(object:bag)dynamic", "Lists the paths of a dynamic's members.", prefix("tree"), pure(evalTreepath),
			example(`print x = treepath(dynamic({"a":{"b":[1]}}))`, `[[["['a']","['a']['b']","['a']['b'][0]"]]]`)),
		f("dynamic_to_json", "(value:scalar)string", "Writes a dynamic as JSON with sorted keys.", pure(evalDynamicToJSON),
			example(`print x = dynamic_to_json(dynamic({"b":1,"a":{"d":1,"c":2}}))`, `[["{\"a\":{\"c\":2,\"d\":1},\"b\":1}"]]`)),
		f("column_names_of", "(table:scalar)dynamic", "Lists the columns of a table."),
	}
}

// sortedColumns names the results of array_sort_asc and array_sort_desc: one for each array.
func sortedColumns(args []Arg) []TupleColumn {
	var cols []TupleColumn
	for i, a := range args {
		if a.Type != value.Bool {
			cols = append(cols, TupleColumn{Arg: i, Nameless: fmt.Sprintf("array%d", i), Suffix: "_sorted", Type: value.Dynamic})
		}
	}
	return cols
}

func seriesFuncs() []*Func {
	list := []*Func{
		f("series_fir", "(series:array, filter:array, normalize:bool?, center:bool?)dynamic", "Applies a finite impulse response filter.", firstArg, pure(evalFIR),
			example("print x = series_fir(dynamic([1,2,3]), dynamic([1,1]), false)", "[[[1.0,3.0,5.0]]]")),
		f("series_iir", "(series:array, numerators:array, denominators:array)dynamic", "Applies an infinite impulse response filter.", firstArg, pure(evalIIR),
			example("print x = series_iir(dynamic([1,2,3]), dynamic([1]), dynamic([1,-1]))", "[[[1.0,3.0,6.0]]]")),
		f("series_stats", "(series:array, ignore_nonfinite:constbool?)dynamic", "Gives minimum, maximum, their places, average, standard deviation and variance.",
			columns("min:real", "min_idx:long", "max:real", "max_idx:long", "avg:real", "stdev:real", "variance:real"), pure(evalSeriesStats)),
		f("series_stats_dynamic", "(series:array, ignore_nonfinite:constbool?)dynamic", "Gives the statistics of a series as a property bag.", pure(evalSeriesStatsBag)),
		f("series_fft", "(series:array, imaginary:array?)dynamic", "Gives the discrete Fourier transform.", columns("real:dynamic", "imag:dynamic"), pure(transformSeries(false))),
		f("series_ifft", "(series:array, imaginary:array?)dynamic", "Gives the inverse discrete Fourier transform.", columns("real:dynamic", "imag:dynamic"), pure(transformSeries(true))),
		f("series_fit_line", "(series:array)dynamic", "Fits a line to a series.",
			columns("rsquare:real", "slope:real", "variance:real", "rvariance:real", "interception:real", "line_fit:dynamic"), pure(evalFitLine)),
		f("series_fit_line_dynamic", "(series:array)dynamic", "Fits a line to a series; gives a property bag.", pure(evalFitLineBag)),
		f("series_fit_2lines", "(series:array)dynamic", "Fits two lines to a series.",
			columns("rsquare:real", "split_idx:long", "variance:real", "rvariance:real", "line_fit:dynamic", "right_rsquare:real", "right_slope:real", "right_interception:real", "right_variance:real",
				"right_rvariance:real", "left_rsquare:real", "left_slope:real", "left_interception:real", "left_variance:real", "left_rvariance:real"), pure(evalFit2Lines)),
		f("series_fit_2lines_dynamic", "(series:array)dynamic", "Fits two lines to a series; gives a property bag.", pure(evalFit2LinesBag)),
		f("series_fit_poly", "(y:array, x:array?, degree:constlong?)dynamic", "Fits a polynomial to a series.",
			columns("rsquare:real", "coefficients:dynamic", "variance:real", "rvariance:real", "poly_fit:dynamic"), numericSeries(5, evalFitPoly)),
		f("series_outliers", "(series:array, kind:string?, ignore_val:realnumber?, min_percentile:realnumber?, max_percentile:realnumber?, test_points:integer?)dynamic", "Scores the outliers of a series by Tukey's fences.", firstArg, pure(evalSeriesOutliers)),
		f("series_periods_detect", "(series:array, min_period:realnumber, max_period:realnumber, num_periods:long)dynamic", "Finds the most significant periods.", columns("periods:dynamic", "scores:dynamic"), numericSeries(2, evalPeriodsDetect)),
		f("series_periods_validate", "(series:array, period:realnumber*)dynamic", "Scores periods.", columns("periods:dynamic", "scores:dynamic"), numericSeries(2, evalPeriodsValidate)),
		f("series_fill_backward", "(series:array, missing:number?)dynamic", "Fills missing values with the next one.", firstArg, fillFrom(-1)),
		f("series_fill_forward", "(series:array, missing:number?)dynamic", "Fills missing values with the previous one.", firstArg, fillFrom(1),
			example("print x = series_fill_forward(dynamic([1,null,3]))", "[[[1,1,3]]]")),
		f("series_fill_const", "(series:array, constant:number?, missing:number?)dynamic", "Fills missing values with a constant.", firstArg, pure(evalFillConst)),
		f("series_fill_linear", "(series:array, missing:number?, fill_edges:bool?, constant:number?)dynamic", "Fills missing values on a line between their neighbours.", firstArg, pure(evalFillLinear),
			example("print x = series_fill_linear(dynamic([null,1,null,4]))", "[[[1,1,2,4]]]")),
		f("series_magnitude", "(series:array)real", "Gives the square root of the sum of squares.", seriesReal(magnitudeOf)),
		f("series_sum", "(series:array)real", "Sums a series.", seriesReal(sum)),
		f("series_product", "(series:array)real", "Multiplies the elements of a series.", seriesReal(product)),
		f("series_seasonal", "(series:array, period:integer?, test_points:integer?)dynamic", "Gives the seasonal component of a series.", numericSeries(0, evalSeasonal)),
		f("series_decompose", "(series:array, period:integer?, trend:string?, test_points:integer?, seasonality_threshold:realnumber?)dynamic", "Splits a series into season, trend and rest.",
			columns("baseline:dynamic", "seasonal:dynamic", "trend:dynamic", "residual:dynamic"), numericSeries(4, evalDecompose)),
		f("series_decompose_forecast", "(series:array, points:integer, period:integer?, trend:string?, seasonality_threshold:realnumber?)dynamic", "Continues a series by its season and trend.",
			notes("Gives the forecast alone, as the engine does; Microsoft's binder names three more columns."), numericSeries(0, evalDecomposeForecast)),
		f("series_decompose_anomalies", "(series:array, threshold:realnumber?, period:integer?, trend:string?, test_points:integer?, method:string?, seasonality_threshold:realnumber?)dynamic", "Finds what season and trend do not explain.",
			columns("ad_flag:dynamic", "ad_score:dynamic", "baseline:dynamic"), numericSeries(3, evalDecomposeAnomalies)),
		f("series_pearson_correlation", "(series1:array, series2:array)real", "Gives the correlation of two series.", pure(evalPearson)),
		f("series_dot_product", "(series1:array, series2:array)real | (series1:array, series2:number)real | (series1:number, series2:array)real", "Gives the sum of the products of two series.", pure(evalDotProduct)),
		f("series_cosine_similarity", "(series1:array, series2:array, magnitude1:real?, magnitude2:real?)real", "Gives the cosine of the angle between two series.", pure(evalCosine)),
	}
	for _, b := range seriesBinary {
		list = append(list, f("series_"+b.name, "(series1:array, series2:array)dynamic | (series1:array, series2:number)dynamic | (series1:number, series2:array)dynamic", b.doc, seriesPair(seriesBinaryEvals[b.name])))
	}
	for _, u := range seriesUnary {
		list = append(list, f("series_"+u.name, "(series:array)dynamic", u.doc, seriesUnaryEvals[u.name]))
	}
	return list
}

var seriesBinary = []struct{ name, doc string }{
	{"add", "Adds two series element by element."}, {"subtract", "Subtracts two series element by element."}, {"multiply", "Multiplies two series element by element."},
	{"divide", "Divides two series element by element."}, {"pow", "Raises one series to the power of another element by element."},
	{"greater", "Compares two series element by element: greater."}, {"greater_equals", "Compares two series element by element: greater or equal."},
	{"less", "Compares two series element by element: less."}, {"less_equals", "Compares two series element by element: less or equal."},
	{"equals", "Compares two series element by element: equal."}, {"not_equals", "Compares two series element by element: not equal."},
}

var seriesUnary = []struct{ name, doc string }{
	{"exp", "Gives e raised to each element."}, {"sign", "Gives the sign of each element."}, {"abs", "Gives the absolute value of each element."}, {"sin", "Gives the sine of each element."},
	{"asin", "Gives the arcsine of each element."}, {"cos", "Gives the cosine of each element."}, {"acos", "Gives the arccosine of each element."}, {"tan", "Gives the tangent of each element."},
	{"atan", "Gives the arctangent of each element."}, {"log", "Gives the natural logarithm of each element."}, {"floor", "Rounds each element down."}, {"ceiling", "Rounds each element up."},
}
