package ecs

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// commandLines splits the command lines of the process and its parent.
func commandLines(r *record, _ *step) {
	for _, c := range [...][3]slot{{fProcessCommandLine, fProcessArgs, fProcessArgsCount}, {fParentCommandLine, fParentArgs, fParentArgsCount}} {
		line := r.f.str(c[0])
		if line == "" {
			continue
		}
		args := splitCommandLine(line)
		out := r.list(len(args))
		for _, a := range args {
			out.values = append(out.values, stringValue(a))
		}
		r.f.set(c[1], value{kind: list, in: out})
		r.f.set(c[2], numberValue(strconv.Itoa(len(args))))
	}
}

// splitCommandLine splits as Windows' CommandLineToArgvW does, with the rule for doubled quotes from before 2008. Empty arguments are
// left out: the document could not hold them.
func splitCommandLine(line string) []string {
	var args []string
	for i := 0; i < len(line); {
		if line[i] == ' ' || line[i] == '\t' {
			i++
			continue
		}
		var arg string
		if arg, i = nextArg(line, i); arg != "" {
			args = append(args, arg)
		}
	}
	return args
}

// nextArg reads one argument. Most have neither quote nor backslash and are a piece of the line.
func nextArg(line string, start int) (string, int) {
	i := start
	for i < len(line) && line[i] != '"' && line[i] != '\\' {
		if line[i] == ' ' || line[i] == '\t' {
			return line[start:i], i + 1
		}
		i++
	}
	out := append(make([]byte, 0, 64), line[start:i]...)
	quoted, slashes := false, 0
	for ; i < len(line); i++ {
		switch c := line[i]; {
		case (c == ' ' || c == '\t') && !quoted:
			return string(appendSlashes(out, slashes)), i + 1
		case c == '"':
			out = appendSlashes(out, slashes/2)
			if slashes%2 == 0 {
				if quoted && i+1 < len(line) && line[i+1] == '"' {
					out = append(out, c)
					i++
				}
				quoted = !quoted
			} else {
				out = append(out, c)
			}
			slashes = 0
		case c == '\\':
			slashes++
		default:
			out = append(appendSlashes(out, slashes), c)
			slashes = 0
		}
	}
	return string(appendSlashes(out, slashes)), i
}

func appendSlashes(dst []byte, n int) []byte {
	for ; n > 0; n-- {
		dst = append(dst, '\\')
	}
	return dst
}

func executableFromArgs(r *record, _ *step) {
	if args := r.f.values[fProcessArgs].items(); len(args) > 0 {
		r.f.set(fProcessExecutable, args[0])
	}
}

// names gives the distinct names of the process: those set before, and what its command lines begin with.
func (r *record) names() []string {
	var names []string
	add := func(s string) {
		if s != "" && !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	for _, v := range append(r.f.values[fProcessName].items(), r.f.values[fProcessName]) {
		add(v.str())
	}
	for _, v := range append(r.f.values[fProcessCommandLine].items(), r.f.values[fProcessCommandLine]) {
		add(r.firstName(v.str()))
	}
	return hashOrder(names)
}

// firstName is the name that a command line begins with. Elastic knows only / as a separator and cuts at the first space, quoted or not,
// so that "C:\Program Files\x.exe" gives C:\Program.
func (r *record) firstName(line string) string {
	line = strings.TrimSpace(line)
	if line == "" {
		return ""
	}
	if !r.m.opt.StrictElastic {
		first, _ := nextArg(line, 0)
		return first[strings.LastIndexAny(first, `\/`)+1:]
	}
	first, _, _ := strings.Cut(line, " ")
	return strings.ReplaceAll(first[strings.LastIndexByte(first, '/')+1:], `"`, "")
}

func processNames(r *record, _ *step) {
	switch names := r.names(); len(names) {
	case 0:
	case 1:
		r.f.set(fProcessName, stringValue(names[0]))
	default:
		r.f.set(fProcessName, r.strings(names))
	}
}

func alertProcessNames(r *record, _ *step) {
	if names := r.names(); len(names) > 0 {
		r.f.set(fProcessName, r.strings(names))
	}
}

func (r *record) strings(texts []string) value {
	out := r.list(len(texts))
	for _, s := range texts {
		out.values = append(out.values, stringValue(s))
	}
	return value{kind: list, in: out}
}

// hashOrder puts texts in the order in which Java's HashSet gives them: Elastic's lists of names have it, and the same documents are the aim.
func hashOrder(texts []string) []string {
	size := uint32(16)
	for uint32(len(texts)) > size/4*3 {
		size *= 2
	}
	slices.SortStableFunc(texts, func(a, b string) int { return int(bucket(a, size)) - int(bucket(b, size)) })
	return texts
}

func bucket(s string, size uint32) uint32 {
	h := uint32(0)
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			h = 31*h + uint32(s[i])
			i++
			continue
		}
		c, n := utf8.DecodeRuneInString(s[i:])
		if hi, lo := utf16.EncodeRune(c); hi != utf8.RuneError {
			h = 31*(31*h+uint32(hi)) + uint32(lo)
		} else {
			h = 31*h + uint32(c)
		}
		i += n
	}
	return (h ^ h>>16) & (size - 1)
}

func entityIDs(r *record, _ *step) {
	for _, p := range [...][2]slot{{fProcessPID, fProcessEntityID}, {fParentPID, fParentEntityID}} {
		if s, ok := r.f.values[p[0]].scalar(); ok {
			r.f.set(p[1], stringValue(s))
		}
	}
}
