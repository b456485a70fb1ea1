package syntax

// TokenKind is the kind of a token.
type TokenKind uint8

// The kinds of tokens.
const (
	EOF          TokenKind = iota // the end of the text, empty
	Word                          // a name or keyword: abc, $left, _x
	Number                        // 1, 0x1F, 1.5, 1e3, 1d, 2.5h and a bare guid
	Text                          // a string literal with its quotes and prefixes
	TypedLiteral                  // datetime(2020-01-01), long(null): type and parentheses as one
	Punct                         // an operator or punctuation mark
	Unknown                       // a byte sequence that starts no token
)

// Token is a token and the trivia before it: white space, comments and directives from TriviaStart to Start. Concatenating
// Source[TriviaStart:End] of all tokens gives the source.
type Token struct {
	Span
	Kind        TokenKind
	TriviaStart int
	Text        string
}
