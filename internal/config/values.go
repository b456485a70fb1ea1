package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Secret refers to a secret kept outside the configuration: a file or an environment variable. It never prints its value.
type Secret struct {
	File string `yaml:"file"`
	Env  string `yaml:"env"`

	inline string // set by Literal only
}

// Literal makes a Secret of a value that the program itself knows (the simulated tenant's).
func Literal(v string) Secret { return Secret{inline: v} }

// Set reports whether the secret refers to anything.
func (s Secret) Set() bool { return s.File != "" || s.Env != "" || s.inline != "" }

func (s Secret) check() error {
	switch {
	case s.File != "" && s.Env != "":
		return errors.New("give either file or env, not both")
	case !s.Set():
		return errors.New("is missing; write {file: PATH} or {env: NAME}")
	}
	_, err := s.Value()
	return err
}

// Value reads the secret. White space around it is removed.
func (s Secret) Value() (string, error) {
	switch {
	case s.inline != "":
		return s.inline, nil
	case s.File != "":
		b, err := os.ReadFile(s.File)
		if err != nil {
			return "", fmt.Errorf("cannot read the secret: %w", err)
		}
		v := strings.TrimSpace(string(b))
		if v == "" {
			return "", fmt.Errorf("the secret file %s is empty", s.File)
		}
		return v, nil
	case s.Env != "":
		v := strings.TrimSpace(os.Getenv(s.Env))
		if v == "" {
			return "", fmt.Errorf("the environment variable %s is not set", s.Env)
		}
		return v, nil
	}
	return "", nil
}

// String hides the value.
func (s Secret) String() string {
	switch {
	case s.File != "":
		return "file " + s.File
	case s.Env != "":
		return "environment variable " + s.Env
	}
	return "(secret)"
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// UnmarshalYAML takes the mapping form only: a secret written into the file itself is refused.
func (s *Secret) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return fmt.Errorf("line %d: a secret may not stand in the configuration; write {file: PATH} or {env: NAME}", n.Line)
	}
	type plain Secret
	return n.Decode((*plain)(s))
}

// Duration is a time.Duration that is written with days too: 90d, 12h, 30s.
type Duration time.Duration

var days = regexp.MustCompile(`^(\d+)d(.*)$`)

// ParseDuration reads "90d", "1d12h", "30s".
func ParseDuration(s string) (time.Duration, error) {
	var sum time.Duration
	if m := days.FindStringSubmatch(s); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n > 100_000 {
			return 0, fmt.Errorf("%q is too long a duration", s)
		}
		sum = time.Duration(n) * 24 * time.Hour
		if s = m[2]; s == "" {
			return sum, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration; write it like 90d, 12h or 30s", s)
	}
	return sum + d, nil
}

// UnmarshalYAML reads the text form.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	v, err := ParseDuration(n.Value)
	if err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	*d = Duration(v)
	return nil
}
