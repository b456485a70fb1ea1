// Package sqlite is the ledger in one SQLite file.
//
// It imports the ledger port, internal/fault and the SQLite library.
package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// version is that of the tables below; a file with a greater one was written by a newer Vedette.
const version = 1

const tables = `
CREATE TABLE document (key TEXT PRIMARY KEY, rev INTEGER NOT NULL, value TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`

// settingsPrefix begins the keys of settings among the documents, which are their own memory of revisions.
const settingsPrefix = "settings/"

// Ledger is an open file.
type Ledger struct{ db *sql.DB }

var _ ledger.Ledger = (*Ledger)(nil)

// Open opens the file at path, making it when it does not exist. fault.Corrupt when it is damaged or of a newer version.
func Open(ctx context.Context, path string) (*Ledger, error) {
	const op = "open ledger"
	db, err := sql.Open("sqlite", "file:"+uriPath(path)+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_txlock=immediate")
	if err != nil {
		return nil, fault.New(fault.Internal, op, "%w", err)
	}
	db.SetMaxOpenConns(1) // one writer at a time anyhow, and no lock to wait for
	l := &Ledger{db}
	if err := l.migrate(ctx, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return l, nil
}

// uriPath writes a path for a URI, where ? and # would end it.
func uriPath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

func (l *Ledger) migrate(ctx context.Context, path string) error {
	return l.transact(ctx, "open ledger "+path, func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
			return err
		}
		switch {
		case have == version:
			return nil
		case have > version:
			return fault.New(fault.Corrupt, "open ledger", "%s was written by a newer version (%d, this one knows %d)", path, have, version).WithHint("use the version of Vedette that wrote it, or a newer one")
		}
		if _, err := tx.ExecContext(ctx, tables); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
		return err
	})
}

// transact runs f in one transaction and names what went wrong.
func (l *Ledger) transact(ctx context.Context, op string, f func(*sql.Tx) error) (err error) {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return named(ctx, op, err)
	}
	if err := f(tx); err != nil {
		return errors.Join(named(ctx, op, err), rolledBack(tx.Rollback()))
	}
	return named(ctx, op, tx.Commit())
}

func rolledBack(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// SQLite's result codes that mean something to a user.
const (
	sqliteBusy, sqliteLocked, sqliteIOErr, sqliteCorrupt, sqliteFull, sqliteCantOpen, sqliteNotADB = 5, 6, 10, 11, 13, 14, 26
)

func named(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	if ctx.Err() != nil {
		return fault.New(fault.Canceled, op, "%w", ctx.Err())
	}
	var s *sqlite3.Error
	if errors.As(err, &s) {
		switch s.Code() & 0xff {
		case sqliteFull, sqliteIOErr:
			return fault.New(fault.Exhausted, op, "%w", err).WithHint("free disk space")
		case sqliteCorrupt, sqliteNotADB:
			return fault.New(fault.Corrupt, op, "%w", err).WithHint("restore ledger.sqlite from a backup, or move it away to start with the configuration's settings")
		case sqliteBusy, sqliteLocked:
			return fault.New(fault.Unavailable, op, "%w", err)
		case sqliteCantOpen:
			return fault.New(fault.Unavailable, op, "%w", err).WithHint("choose a data directory that can be written")
		}
	}
	return fault.New(fault.Internal, op, "%w", err)
}

// Settings implements ledger.Ledger.
func (l *Ledger) Settings(ctx context.Context, connector string) (s ledger.Settings, rev int64, ok bool, err error) {
	d, err := l.Document(ctx, settingsPrefix+connector)
	if fault.Is(err, fault.NotFound) {
		return s, 0, false, nil
	}
	if err != nil {
		return s, 0, false, err
	}
	if err := json.Unmarshal(d.Value, &s); err != nil {
		return s, 0, false, fault.New(fault.Corrupt, "read settings of "+connector, "%w", err)
	}
	return s, d.Rev, true, nil
}

// PutSettings implements ledger.Ledger.
func (l *Ledger) PutSettings(ctx context.Context, connector string, rev int64, s ledger.Settings) (int64, error) {
	value, err := json.Marshal(s)
	if err != nil {
		return 0, fault.New(fault.Internal, "write settings", "%w", err)
	}
	return l.PutDocument(ctx, settingsPrefix+connector, rev, value)
}

// Document implements ledger.Ledger.
func (l *Ledger) Document(ctx context.Context, key string) (ledger.Document, error) {
	row := l.db.QueryRowContext(ctx, "SELECT key, rev, value, at FROM document WHERE key = ?", key)
	d, err := scanDocument(row)
	if errors.Is(err, sql.ErrNoRows) {
		return d, fault.New(fault.NotFound, "read document", "there is no %s", key)
	}
	return d, named(ctx, "read document "+key, err)
}

// Documents implements ledger.Ledger.
func (l *Ledger) Documents(ctx context.Context, prefix string) ([]ledger.Document, error) {
	const op = "read documents"
	rows, err := l.db.QueryContext(ctx, "SELECT key, rev, value, at FROM document WHERE substr(key, 1, length(?)) = ? ORDER BY key", prefix, prefix)
	if err != nil {
		return nil, named(ctx, op, err)
	}
	defer rows.Close()
	out := []ledger.Document{}
	for rows.Next() {
		d, err := scanDocument(rows)
		if err != nil {
			return nil, named(ctx, op, err)
		}
		out = append(out, d)
	}
	return out, named(ctx, op, rows.Err())
}

func scanDocument(row interface{ Scan(...any) error }) (ledger.Document, error) {
	var d ledger.Document
	var value string
	var at int64
	err := row.Scan(&d.Key, &d.Rev, &value, &at)
	d.Value, d.At = json.RawMessage(value), fromNano(at)
	return d, err
}

// PutDocument implements ledger.Ledger.
func (l *Ledger) PutDocument(ctx context.Context, key string, rev int64, value json.RawMessage) (int64, error) {
	if !json.Valid(value) {
		return 0, fault.New(fault.Invalid, "write document "+key, "the value is not JSON")
	}
	err := l.transact(ctx, "write document "+key, func(tx *sql.Tx) error {
		now := time.Now().UnixNano()
		var res sql.Result
		var err error
		if rev == 0 {
			res, err = tx.ExecContext(ctx, "INSERT INTO document (key, rev, value, at) VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING", key, string(value), now)
		} else {
			res, err = tx.ExecContext(ctx, "UPDATE document SET rev = rev + 1, value = ?, at = ? WHERE key = ? AND rev = ?", string(value), now, key, rev)
		}
		return changed(res, err, key)
	})
	if err != nil {
		return 0, err
	}
	return rev + 1, nil
}

// changed tells a conflict by nothing having changed.
func changed(res sql.Result, err error, key string) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "write document", "%s was changed meanwhile", key).WithHint("look at it again and repeat the change")
}

// DeleteDocument implements ledger.Ledger.
func (l *Ledger) DeleteDocument(ctx context.Context, key string, rev int64) error {
	return l.transact(ctx, "delete document "+key, func(tx *sql.Tx) error {
		var have int64
		err := tx.QueryRowContext(ctx, "SELECT rev FROM document WHERE key = ?", key).Scan(&have)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "delete document", "there is no %s", key)
		}
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, "DELETE FROM document WHERE key = ? AND rev = ?", key, rev)
		return changed(res, err, key)
	})
}

// Close implements ledger.Ledger.
func (l *Ledger) Close() error { return l.db.Close() }

// fromNano gives the time of nanoseconds since 1970, the zero time of 0.
func fromNano(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
