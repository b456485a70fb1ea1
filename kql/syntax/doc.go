// Package syntax reads the Kusto Query Language: text to tokens, tokens to a tree with the place of everything in the text, a tree back to
// text, and unformatted text to formatted text.
//
//	script, diags := syntax.Parse("DeviceEvents | where ActionType == 'x' | take 10")
//
// [Parse] never fails and never panics. What it could not understand it leaves in the tree as [Bad], [BadOp] or [BadStmt] and describes in
// the diagnostics, several of them in one pass. A script keeps its source and all tokens, so nothing is lost, not even comments.
//
// The tree is purely about form: it knows no table, no column and no function. Names, types and meaning are the matter of package bind.
//
// The package imports the standard library only.
package syntax
