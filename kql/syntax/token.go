package syntax

// TokenKind is the kind of a token.
type TokenKind uint8

// The kinds of tokens.
const (
	EOFToken       TokenKind = iota // the end of the text, empty
	WordToken                       // a name: abc, $left, _x, 3com
	KeywordToken                    // a word of the language, also one that may be a name: where, mv-expand, !has, matches regex, count
	LongToken                       // 1, 0x1F
	RealToken                       // 1.5, 1e3
	SpanToken                       // 1d, 2.5h
	GuidToken                       // a bare guid
	BoolToken                       // true, false
	StringToken                     // a string with its quotes and prefixes
	TypedToken                      // datetime(2020-01-01), long(null): type and parentheses as one
	PunctToken                      // an operator or punctuation mark
	DirectiveToken                  // # to the end of the line
	UnknownToken                    // bytes that start no token
)

// Token is a token and the trivia before it: white space and comments from TriviaStart to Start. Concatenating Source[TriviaStart:End] of all tokens
// gives the source.
type Token struct {
	Span
	Kind        TokenKind
	TriviaStart int
	Text        string // Source[Start:End]
}

// adjacent says that nothing stands between the token and the one before.
func (t *Token) adjacent() bool { return t.TriviaStart == t.Start }
