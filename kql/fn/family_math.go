package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

func mathFuncs() []*Func {
	list := []*Func{
		f("bin", "(value:widest, roundTo:widest)common | (value:timespan, roundTo:timespan)timespan | (value:datetime, roundTo:timespan)datetime | (value:datetime, roundTo:datetime)datetime", "Rounds down to a multiple of a size; a datetime's multiples count from 0001-01-01.", firstArg, lower(lowerBin), pair(value.Bin),
			example("print x = bin(datetime(2007-01-03), timespan(7d))", `[["2007-01-01T00:00:00Z"]]`)),
		f("floor", "(value:widest, roundTo:widest)common | (value:timespan, roundTo:timespan)timespan | (value:datetime, roundTo:timespan)datetime | (value:datetime, roundTo:datetime)datetime", "Rounds down to a multiple of a size.", firstArg, lower(lowerBin), pair(value.Bin)),
		f("bin_at", "(value:widest, size:widest, fixed:widest)common | (value:timespan, size:number, fixed:timespan)timespan | (value:timespan, size:timespan, fixed:timespan)timespan | (value:datetime, size:summable, fixed:datetime)datetime", "Rounds down to a grid of a size that goes through a fixed point.", firstArg, lower(lowerBinAt), pure(evalBinAt),
			example("print x = bin_at(7, 5, 3)", "[[3]]")),
		f("bin_auto", "(value:summable)$0", "Rounds down to a multiple of the size that the query option query_bin_auto_size sets.", firstArg, hidden, eval(evalBinAuto)),
		f("round", "(number:number, precision:constlong?)$0", "Rounds to a number of digits after the point.", firstArg, pure(evalRound),
			example("print x = round(2.15, 1)", "[[2.2]]")),
		f("ceiling", "(number:number)$0", "Rounds up to a whole number.", firstArg, pure(evalCeiling),
			example("print x = ceiling(1.2)", "[[2.0]]")),
		f("abs", "(number:integer)long | (number:number)$0 | (number:timespan)timespan", "Gives the absolute value.", firstArg, pure(evalAbs),
			example("print x = abs(-5)", "[[5]]")),
		f("pow", "(base:realnumber, exponent:realnumber)real", "Raises to a power.", firstArg, reals(func(x []float64) float64 { return math.Pow(x[0], x[1]) }),
			example("print x = pow(2, 10)", "[[1024.0]]")),
		f("atan2", "(y:realnumber, x:realnumber)real", "Gives the angle of the point (x, y).", firstArg, reals(func(x []float64) float64 { return math.Atan2(x[0], x[1]) })),
		f("pi", "()real", "Gives π.", pure(func([]value.Value) value.Value { return value.OfReal(math.Pi) })),
		f("sign", "(number:realnumber)real", "Gives -1, 0 or 1.", real1(sign)),
		f("beta_cdf", "(x:realnumber, alpha:realnumber, beta:realnumber)real", "Gives the cumulative distribution of the beta distribution.", reals(func(x []float64) float64 { return betaInc(x[0], x[1], x[2]) })),
		f("beta_inv", "(probability:realnumber, alpha:realnumber, beta:realnumber)real", "Gives the inverse of beta_cdf.", pure(evalBetaInv)),
		f("beta_pdf", "(x:realnumber, alpha:realnumber, beta:realnumber)real", "Gives the density of the beta distribution.", reals(func(x []float64) float64 { return betaPDF(x[0], x[1], x[2]) })),
		f("isnan", "(number:real)bool", "True where the number is NaN.", test(evalIsNaN)),
		f("isinf", "(number:real)bool", "True where the number is infinite.", test(evalIsInf)),
		f("isfinite", "(number:real)bool", "True where the number is neither infinite nor NaN.", test(evalIsFinite)),
		f("welch_test", "(mean1:realnumber, variance1:realnumber, count1:realnumber, mean2:realnumber, variance2:realnumber, count2:realnumber)real", "Gives the p-value of Welch's t-test.", reals(welch),
			example("print x = welch_test(1.0, 1.0, 10.0, 1.0, 1.0, 10.0)", "[[1.0]]")),
		f("binary_and", "(value1:integer, value2:integer)long", "Ands the bits of two numbers.", firstArg, whole(func(a, b int64) int64 { return a & b })),
		f("binary_or", "(value1:integer, value2:integer)long", "Ors the bits of two numbers.", firstArg, whole(func(a, b int64) int64 { return a | b })),
		f("binary_xor", "(value1:integer, value2:integer)long", "Xors the bits of two numbers.", firstArg, whole(func(a, b int64) int64 { return a ^ b })),
		f("binary_not", "(value:integer)long", "Inverts the bits of a number.", firstArg, wholeOne(func(a int64) int64 { return ^a })),
		f("binary_shift_left", "(value:integer, shift:integer)long", "Shifts the bits of a number left, by the shift's remainder by 64; null for a negative shift.", firstArg, shifted(shiftLeft),
			example("print x = binary_shift_left(1, 4)", "[[16]]")),
		f("binary_shift_right", "(value:integer, shift:integer)long", "Shifts the bits of a number right, by the shift's remainder by 64; null for a negative shift.", firstArg, shifted(shiftRight)),
		f("bitset_count_ones", "(value:integer)long", "Counts the bits that are set.", firstArg, wholeOne(countOnes),
			example("print x = bitset_count_ones(42)", "[[3]]")),
		f("hash", "(source:nondynamic, mod:integer?)long", "Gives the xxhash64 of a value, or its remainder.", pure(evalHash),
			example(`print x = hash("")`, "[[-1205034819632174695]]")),
		f("hash_xxhash64", "(source:nondynamic, mod:integer?)long", "Gives the xxhash64 of a value, or its remainder.", pure(evalHash)),
		f("hash_md5", "(source:nondynamic)string", "Gives the MD5 of a value's text in hexadecimal.", digest(sumMD5),
			example(`print x = hash_md5("")`, `[["d41d8cd98f00b204e9800998ecf8427e"]]`)),
		f("hash_sha1", "(source:nondynamic)string", "Gives the SHA-1 of a value's text in hexadecimal.", digest(sumSHA1)),
		f("hash_sha256", "(source:nondynamic)string", "Gives the SHA-256 of a value's text in hexadecimal.", digest(sumSHA256)),
		f("hash_combine", "(source:scalar*2)long", "Combines hashes into one.", refused(noCombination)),
		f("hash_many", "(source:nondynamic*)long", "Gives one hash of several values.", refused(noCombination)),
		f("__hash_crc32", "(source:nondynamic, mod:integer, seed:integer)long", "Gives a CRC-32.", hidden, pure(evalCRC32)),
		f("__hash_djb2", "(source:nondynamic, mod:integer?)long", "Gives a djb2 hash.", hidden, pure(evalDjb2)),
		f("__hash_xxh64", "(source:nondynamic, mod:integer, seed:integer)long", "Gives an xxhash64 with a seed.", hidden, pure(evalSeededHash)),
		f("__hash_many_crc32", "(source:scalar*)long", "Gives a CRC-32 of several values.", hidden, pure(evalManyCRC32)),
	}
	for _, m := range realFuncs {
		fn := f(m.name, "(number:realnumber)real", m.doc, real1(realEvals[m.name]))
		if m.named {
			firstArg(fn)
		}
		list = append(list, fn)
	}
	for _, u := range units {
		list = append(list, f("convert_"+u.quantity, "(value:real, from:string, to:string)real", "Converts a "+u.quantity+" from one unit to another.", evalConvert(u.units)))
	}
	return list
}

// realFuncs are the functions of one real.
var realFuncs = []struct {
	name, doc string
	named     bool // the result takes the argument's name
}{
	{"sqrt", "Gives the square root.", true}, {"log", "Gives the natural logarithm.", true}, {"log2", "Gives the logarithm to base 2.", true},
	{"log10", "Gives the logarithm to base 10.", true}, {"exp", "Gives e raised to a power.", true}, {"exp2", "Gives 2 raised to a power.", true},
	{"exp10", "Gives 10 raised to a power.", true}, {"cos", "Gives the cosine.", true}, {"sin", "Gives the sine.", true}, {"tan", "Gives the tangent.", true},
	{"acos", "Gives the angle with the cosine.", true}, {"asin", "Gives the angle with the sine.", true}, {"atan", "Gives the angle with the tangent.", true},
	{"cot", "Gives the cotangent.", false}, {"degrees", "Converts radians to degrees.", false}, {"radians", "Converts degrees to radians.", false},
	{"gamma", "Gives the gamma function.", true}, {"loggamma", "Gives the logarithm of the gamma function's absolute value.", true},
	{"erf", "Gives the error function.", true}, {"erfc", "Gives the complementary error function.", true},
}

const noCombination = "how Kusto combines hashes is not published"
