package fn

// The names of families are those that analysts know from the widespread collection of user agents; the rules are our own, for what is
// common. Rules stand before those that they are special cases of.

// version reads up to three numbers, shortVersion two.
const (
	version      = `(\d+)(?:\.(\d+)(?:\.(\d+))?)?`
	shortVersion = `(\d+)(?:\.(\d+))?`
)

var browserRules = []agentRule{
	// what comes without a person
	{`(Googlebot(?:-[A-Za-z]+)?|bingbot|BingPreview|YandexBot|Baiduspider|DuckDuckBot|Applebot|Twitterbot|LinkedInBot|AhrefsBot|SemrushBot|MJ12bot|PetalBot|Slackbot(?:-LinkExpanding)?|UptimeRobot)(?:/` + version + `)?`, "", nil},
	{`facebookexternalhit(?:/` + version + `)?`, "FacebookBot", nil},
	// applications with a browser inside
	{`(AdobeAIR|Thunderbird|Electron)/` + version, "", nil},
	{`Microsoft Outlook 16\.`, "Outlook", []string{"2016"}},
	{`Microsoft Outlook 15\.`, "Outlook", []string{"2013"}},
	{`Microsoft Outlook 14\.`, "Outlook", []string{"2010"}},
	{`FB(?:AV|SV)/` + version, "Facebook", nil},
	{`Instagram ` + version, "Instagram", nil},
	// Nokia's
	{`(?:NokiaBrowser|BrowserNG)/` + version, "Nokia Browser", nil},
	{`Series60/5\.0`, "Nokia Browser", []string{"7", "0"}},
	{`Series60/` + shortVersion, "Nokia OSS Browser", nil},
	{`S40OviBrowser/` + version, "Ovi Browser", nil},
	// Opera
	{`Opera Mini(?:/` + version + `)?`, "Opera Mini", nil},
	{`OPiOS/` + version, "Opera Mini", nil},
	{`Opera.+Opera Mobi.+Version/` + shortVersion, "Opera Mobile", nil},
	{`Mobile.+OPR/` + version, "Opera Mobile", nil},
	{`OPR/` + version, "Opera", nil},
	{`Opera/.+Version/` + version, "Opera", nil},
	{`Opera[ /]` + version, "Opera", nil},
	// Edge
	{`(?:EdgA|EdgiOS)/` + version, "Edge Mobile", nil},
	{`Windows Phone .*Edge/` + version, "Edge Mobile", nil},
	{`Edge?/` + version, "Edge", nil},
	// browsers that say that they are Chrome or Safari too
	{`SamsungBrowser/` + version, "Samsung Internet", nil},
	{`YaBrowser/` + version, "Yandex Browser", nil},
	{`UC ?Browser/?` + version, "UC Browser", nil},
	{`Silk/` + version, "Amazon Silk", nil},
	{`DuckDuckGo/` + version, "DuckDuckGo Mobile", nil},
	{`(Vivaldi|Whale|Brave|MiuiBrowser|QQBrowser|Iron|Puffin|Coc_Coc|HeadlessChrome|PhantomJS)/` + version, "", nil},
	// Firefox
	{`FxiOS/` + version, "Firefox iOS", nil},
	{`(?:Mobile|Tablet);.*Firefox/` + version, "Firefox Mobile", nil},
	{`PaleMoon/` + version, "Pale Moon", nil},
	{`(SeaMonkey|Waterfox|Iceweasel|Camino)/` + version, "", nil},
	{`Firefox/` + version, "Firefox", nil},
	// Chrome
	{`CriOS/` + version, "Chrome Mobile iOS", nil},
	{`; wv\).+Chrome/` + version, "Chrome Mobile WebView", nil},
	{`Chrome/` + version + `[\d.]* Mobile`, "Chrome Mobile", nil},
	{`(Chromium|Chrome)/` + version, "", nil},
	// Internet Explorer
	{`IEMobile[ /]` + shortVersion, "IE Mobile", nil},
	{`Trident/7\.0.*rv:` + shortVersion, "IE", nil},
	{`MSIE ` + shortVersion, "IE", nil},
	// Safari
	{`Android[ -]` + version + `.*Version/.*Safari`, "Android", nil},
	{`BB10.*Version/` + version, "BlackBerry WebKit", nil},
	{`(?:iPod|iPhone|iPad).+Version/` + version + `.*Safari`, "Mobile Safari", nil},
	{`(?:iPod|iPhone|iPad).+ OS (\d+)(?:_(\d+)(?:_(\d+))?)?.+AppleWebKit`, "Mobile Safari UI/WKWebView", nil},
	{`Version/` + version + `.*Safari/`, "Safari", nil},
	{`Safari/`, "Safari", nil},
	// programs
	{`python-requests/` + version, "Python Requests", nil},
	{`aiohttp/` + version, "Python aiohttp", nil},
	{`(curl|Wget|PostmanRuntime|Go-http-client|okhttp|axios|node-fetch|Apache-HttpClient|Python-urllib|Java|WindowsPowerShell|PowerShell|libwww-perl)/` + version, "", nil},
	{`([A-Za-z0-9_-]*(?:[Bb]ot|[Cc]rawler|[Ss]pider))\b(?:[/ ]` + version + `)?`, "", nil},
}

var systemRules = []agentRule{
	{`Windows Phone(?: OS)? ` + shortVersion, "Windows Phone", nil},
	{`Windows (?:NT )?10`, "Windows", []string{"10"}},
	{`Windows NT 6\.3|Windows 8\.1`, "Windows", []string{"8", "1"}},
	{`Windows NT 6\.2|Windows 8`, "Windows", []string{"8"}},
	{`Windows NT 6\.1|Windows 7`, "Windows", []string{"7"}},
	{`Windows NT 6\.0|Windows Vista`, "Windows", []string{"Vista"}},
	{`Windows NT 5\.[12]|Windows XP`, "Windows", []string{"XP"}},
	{`Windows NT 5\.0|Windows 2000`, "Windows", []string{"2000"}},
	{`Windows (CE|ME|98|95)`, "Windows", []string{"$1"}},
	{`Windows`, "Windows", nil},
	{`CrOS [a-z0-9_]+ ` + version, "Chrome OS", nil},
	{`Tizen[ /]` + shortVersion, "Tizen", nil},
	{`KAIOS/` + shortVersion, "KaiOS", nil},
	{`Android(?:[ /-]` + version + `)?`, "Android", nil},
	{`(?:iPhone|CPU) OS (\d+)[_.](\d+)(?:[_.](\d+))?`, "iOS", nil},
	{`iPhone|iPad|iPod`, "iOS", nil},
	{`(?:Mac OS X|macOS)[ /]?(\d+)[_.](\d+)(?:[_.](\d+))?`, "Mac OS X", nil},
	{`Mac OS X|Macintosh|Darwin`, "Mac OS X", nil},
	{`Symbian/3`, "Symbian^3", nil},
	{`SymbianOS(?:/` + version + `)?|SymbOS|Series ?60`, "Symbian OS", nil},
	{`BB10.*Version/` + version, "BlackBerry OS", nil},
	{`BlackBerry(?:[ 0-9]*/` + version + `)?`, "BlackBerry OS", nil},
	{`(Ubuntu|Kubuntu|Debian|Fedora|CentOS|Red Hat|SUSE|Gentoo|Linux Mint)(?:[ /-]` + version + `)?`, "", nil},
	{`(FreeBSD|OpenBSD|NetBSD)`, "", nil},
	{`SunOS`, "Solaris", nil},
	{`Linux`, "Linux", nil},
}

var deviceRules = []agentRule{
	{`[Bb]ot\b|[Cc]rawler|[Ss]pider|Slurp|facebookexternalhit`, "Spider", []string{"Spider", "Desktop"}},
	{`Nokia[ -]?([A-Z]?\d+[a-z]?)(-\w+)?`, "Nokia $1", []string{"Nokia", "$1$2"}},
	{`(iPhone|iPad|iPod)`, "$1", []string{"Apple", "$1"}},
	{`Macintosh`, "Mac", []string{"Apple", "Mac"}},
	{`\b((?:SM|GT|SGH|SCH|SHV)-[A-Z0-9]+)`, "Samsung $1", []string{"Samsung", "$1"}},
	{`; (Pixel(?: [A-Za-z0-9 ]+?)?)(?: Build|\))`, "$1", []string{"Google", "$1"}},
	{`; ([Mm]oto[A-Za-z0-9 ()+]*?)(?: Build|\))`, "$1", []string{"Motorola", "$1"}},
	{`; ((?:ONEPLUS|OnePlus)[ A-Z0-9]+?)(?: Build|\))`, "$1", []string{"OnePlus", "$1"}},
	{`; ((?:Redmi|MI|Mi|POCO) [A-Za-z0-9 ]+?)(?: Build|\))`, "XiaoMi $1", []string{"XiaoMi", "$1"}},
	{`Android[^;)]*; (?:[a-z]{2}[-_][A-Za-z]{2}; )?([^;)]+?)(?: Build[^;)]*)?[;)]`, "$1", []string{"Generic_Android", "$1"}},
	{`MIDP|J2ME`, "Generic Feature Phone", []string{"Generic", "Feature Phone"}},
	{`Windows Phone|BlackBerry|BB10|[Mm]obile`, "Generic Smartphone", []string{"Generic", "Smartphone"}},
}
