package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// unit converts to a quantity's base unit: base = value*factor + offset.
type unit struct{ factor, offset float64 }

// units are the quantities of the convert_ functions with their units; the base unit has the factor 1. A few factors are rounded, as
// those are that Kusto takes: AcreFoot, Mile, KilogramForce, UsGallon and the cubic inch, foot, yard and mile.
var units = []struct {
	quantity string
	units    map[string]unit
}{
	{"angle", factors(map[string]float64{"Degree": 1, "Arcminute": 1. / 60, "Arcsecond": 1. / 3600, "Radian": 180 / math.Pi, "Centiradian": 1.8 / math.Pi, "Deciradian": 18 / math.Pi,
		"Milliradian": .18 / math.Pi, "Microradian": 1.8e-4 / math.Pi, "Nanoradian": 1.8e-7 / math.Pi, "Gradian": 0.9, "Microdegree": 1e-6, "Millidegree": 1e-3, "Nanodegree": 1e-9,
		"NatoMil": 360. / 6400, "Revolution": 360, "Tilt": 180 / math.Pi})},
	{"energy", factors(map[string]float64{"Joule": 1, "Kilojoule": 1e3, "Megajoule": 1e6, "Gigajoule": 1e9, "Millijoule": 1e-3, "Calorie": 4.184, "Kilocalorie": 4184, "Megacalorie": 4.184e6,
		"WattHour": 3600, "KilowattHour": 3.6e6, "MegawattHour": 3.6e9, "GigawattHour": 3.6e12, "TerawattHour": 3.6e15, "WattDay": 86400, "KilowattDay": 8.64e7, "MegawattDay": 8.64e10,
		"GigawattDay": 8.64e13, "TerawattDay": 8.64e16, "ElectronVolt": 1.602176565e-19, "KiloelectronVolt": 1.602176565e-16, "MegaelectronVolt": 1.602176565e-13,
		"GigaelectronVolt": 1.602176565e-10, "TeraelectronVolt": 1.602176565e-7, "Erg": 1e-7, "FootPound": 1.355817948, "BritishThermalUnit": 1055.05585262,
		"KilobritishThermalUnit": 1055055.85262, "MegabritishThermalUnit": 1055055852.62, "GigabritishThermalUnit": 1055055852620, "HorsepowerHour": 2.6845195377e6,
		"ThermUs": 1.054804e8, "ThermEc": 1.0550558526e8, "ThermImperial": 1.05505585257348e8, "DecathermUs": 1.054804e9, "DecathermEc": 1.05505585262e9, "DecathermImperial": 1.05505585257348e9})},
	{"force", factors(map[string]float64{"Newton": 1, "Kilonewton": 1e3, "Meganewton": 1e6, "Decanewton": 10, "Millinewton": 1e-3, "Micronewton": 1e-6, "Dyn": 1e-5, "KilogramForce": 9.80665002864,
		"KiloPond": 9.80665002864, "TonneForce": 9806.65002864, "PoundForce": 4.4482216152605, "KilopoundForce": 4448.2216152605, "OunceForce": 4.4482216152605 / 16, "ShortTonForce": 8896.443230521,
		"Poundal": 0.13825502798973042})},
	{"length", factors(map[string]float64{"Meter": 1, "Kilometer": 1e3, "Hectometer": 100, "Decameter": 10, "Decimeter": .1, "Centimeter": .01, "Millimeter": 1e-3, "Micrometer": 1e-6,
		"Nanometer": 1e-9, "Angstrom": 1e-10, "Inch": .0254, "Microinch": 2.54e-8, "Mil": 2.54e-5, "Foot": .3048, "Yard": .9144, "Mile": 1609.34, "NauticalMile": 1852, "Fathom": 1.8288,
		"Chain": 20.1168, "Hand": .1016, "Shackle": 27.432, "UsSurveyFoot": 1200. / 3937, "DataMile": 1828.8, "Twip": .0254 / 1440, "DtpPoint": .0254 / 72, "DtpPica": .0254 / 6,
		"AstronomicalUnit": 1.4959787070e11, "LightYear": 9.46073047258e15, "KilolightYear": 9.46073047258e18, "MegalightYear": 9.46073047258e21, "SolarRadius": 6.95510000e8, "Parsec": 3.08567758128e16,
		"Kiloparsec": 3.08567758128e19, "Megaparsec": 3.08567758128e22, "PrinterPoint": .0254 / 72.27, "PrinterPica": .0254 * 12 / 72.27})},
	{"mass", factors(map[string]float64{"Gram": 1, "Kilogram": 1e3, "Hectogram": 100, "Decagram": 10, "Decigram": .1, "Centigram": .01, "Milligram": 1e-3, "Microgram": 1e-6, "Nanogram": 1e-9,
		"Tonne": 1e6, "Kilotonne": 1e9, "Megatonne": 1e12, "Pound": 453.59237, "Kilopound": 453592.37, "Megapound": 453592370, "Ounce": 28.349523125, "Grain": .06479891, "Stone": 6350.29318,
		"ShortTon": 907184.74, "LongTon": 1016046.9088, "ShortHundredweight": 45359.237, "LongHundredweight": 50802.34544,
		"Slug": 14593.902937206365, "EarthMass": 5.9722e27, "SolarMass": 1.98947e33})},
	{"speed", factors(speeds())},
	{"temperature", map[string]unit{"Kelvin": {1, 0}, "DegreeCelsius": {1, 273.15}, "MillidegreeCelsius": {1e-3, 273.15}, "DegreeFahrenheit": {5. / 9, 459.67 * 5 / 9},
		"DegreeRankine": {5. / 9, 0}, "SolarTemperature": {5778, 0}, "DegreeDelisle": {-2. / 3, 373.15}, "DegreeNewton": {100. / 33, 273.15}, "DegreeReaumur": {1.25, 273.15}, "DegreeRoemer": {40. / 21, 273.15 - 7.5*40/21}}},
	{"volume", factors(map[string]float64{"CubicMeter": 1, "CubicDecimeter": 1e-3, "CubicCentimeter": 1e-6, "CubicMillimeter": 1e-9, "CubicMicrometer": 1e-18, "CubicHectometer": 1e6, "CubicKilometer": 1e9,
		"HectocubicMeter": 100, "KilocubicMeter": 1e3, "Liter": 1e-3, "Microliter": 1e-9, "Milliliter": 1e-6, "Centiliter": 1e-5, "Deciliter": 1e-4, "Decaliter": .01, "Hectoliter": .1,
		"Kiloliter": 1, "Megaliter": 1e3, "CubicInch": 1.6387e-5, "CubicFoot": .0283168, "CubicYard": .764554858, "CubicMile": 4.16818182544058e9,
		"HectocubicFoot": 2.83168, "KilocubicFoot": 28.3168, "MegacubicFoot": 28316.8, "UsGallon": .00378541, "DecausGallon": .0378541, "DeciusGallon": .000378541,
		"HectousGallon": .378541, "KilousGallon": 3.78541, "MegausGallon": 3785.41, "UsQuart": .000946352946, "UsPint": .000473176473, "UsCustomaryCup": .0002365882365,
		"UsLegalCup": .00024, "UsOunce": 2.95735295625e-5, "UsTablespoon": 1.478676478125e-5, "UsTeaspoon": 4.92892159375e-6, "ImperialGallon": .00454609000000181, "KiloimperialGallon": 4.54609000000181,
		"MegaimperialGallon": 4546.09000000181, "ImperialOunce": 2.84130625e-5, "ImperialPint": 5.6826125e-4, "MetricCup": .00025, "MetricTeaspoon": 5e-6, "AuTablespoon": 2e-5, "UkTablespoon": 1.5e-5,
		"OilBarrel":    .158987294928,
		"UsBeerBarrel": .1173477658, "ImperialBeerBarrel": .16365924, "AcreFoot": 1 / .000810714, "BoardFoot": .0023597372158})},
}

func factors(m map[string]float64) map[string]unit {
	out := make(map[string]unit, len(m))
	for name, f := range m {
		out[name] = unit{factor: f}
	}
	return out
}

// speeds are the lengths over the times that convert_speed knows, and the knot.
func speeds() map[string]float64 {
	out := map[string]float64{"Knot": 1852. / 3600}
	lengths := map[string]float64{"Meter": 1, "Kilometer": 1e3, "Decimeter": .1, "Centimeter": .01, "Millimeter": 1e-3, "Micrometer": 1e-6, "Nanometer": 1e-9, "Foot": .3048, "Inch": .0254,
		"Mile": 1609.344, "Yard": .9144, "UsSurveyFoot": 1200. / 3937}
	for l, f := range lengths {
		out[l+"PerSecond"], out[l+"PerMinute"], out[l+"PerHour"] = f, f/60, f/3600
	}
	return out
}

// evalConvert converts between two units of a quantity; null where one is not known.
func evalConvert(known map[string]unit) option {
	return pure(func(args []value.Value) value.Value {
		from, ok := known[args[1].S]
		to, ok2 := known[args[2].S]
		if !ok || !ok2 || args[0].Null {
			return value.NullOf(value.Real)
		}
		return value.OfReal((args[0].Real()*from.factor + from.offset - to.offset) / to.factor)
	})
}
