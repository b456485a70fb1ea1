# Vedette. `make demo` and `make test` are all a new user needs; `make help` lists the rest.
SHELL := /bin/bash
GO    ?= go
NPM   ?= npm
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/vedette-siem/vedette/internal/cli.Version=$(VERSION)
ARGS  ?=

.PHONY: help demo build packages ui test lint test-go test-ui test-sync bench bench-kql conformance conformance-oracle screenshots generate clean tools

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 18

demo: build ## build everything and run it with a simulated Defender tenant; prints the console's address
	bin/vedette demo $(ARGS)

build: tools ## build the console and the program; leaves bin/vedette
	@$(MAKE) --no-print-directory -j2 ui packages
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/vedette ./cmd/vedette

# Everything that does not embed the console is compiled while the console is being built.
packages:
	$(GO) build -trimpath $$($(GO) list ./internal/... ./kql/... | grep -vE '/internal/(web|app|cli)$$')

tools: ## say what is missing on this machine, if anything is
	@scripts/check-tools

ui: ui/.built ## build the console into internal/web/console/dist

ui/.built: ui/package-lock.json ui/package.json ui/tsconfig.json ui/vite.config.ts ui/index.html $(shell find ui/src ui/public -type f 2>/dev/null)
	cd ui && $(NPM) ci --no-audit --no-fund --loglevel=error && $(NPM) run build
	@touch ui/.built

test: tools lint test-go test-ui ## everything that must pass: linters, Go tests, console tests in a real browser

lint: ## gofmt, go vet, staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

test-go: ## the Go tests; the packages without an engine also with the race detector
	$(GO) test -timeout 20m ./...
	$(GO) test -race -timeout 20m $$($(GO) list ./... | grep -E '/(kql|internal/(collect|defender|incident|ledger|ingest|query|reconcile|sentinel|schema|api|tenant))(/|$$)')

test-ui: build ## the console: unit tests, then headless Chromium against the real program with a simulated tenant
	scripts/test-ui

test-sync: ## a hundred thousand simulated worlds in which both sides of incidents are edited while everything fails; prints the figures
	$(GO) test ./internal/reconcile -run TestTwoSides -count=1 -v -timeout 120m -args -seeds 100000

conformance: ## KQL against the reference's cases and the hunting queries, on every engine, where the data is beside the repository
	@scripts/chdb >/dev/null || echo "ClickHouse could not be installed: its suites are left out"
	KQL_CORPUS=1 $(GO) test ./kql/... -run 'Conformance|Corpus' -count=1 -v -timeout 120m | grep -E '^(=== |---|ok|FAIL|\s+.*(equal|different|refused|bound|parsed))' 

conformance-oracle: ## our parser and binder against Microsoft's, over the corpora and 21,000 queries with mistakes; needs node
	KQL_ORACLE=21000 $(GO) test ./kql/bind -run TestOracle -count=1 -v -timeout 120m

bench: build ## the benchmarks behind docs/performance.md; nothing else should run on the machine
	$(GO) test -tags duckdb_arrow -run '^$$' -bench . -benchtime 3x -timeout 30m ./internal/ingest
	$(GO) test -run '^$$' -bench . -benchtime 1s -timeout 30m ./internal/store/duck/cfunc ./internal/tenant/world ./kql/...
	scripts/bench-start

# The data is made once (about six minutes) and kept. BENCH_SCALE=0.1 is for a quick look, 5 for 40 million events.
BENCH_DATA  ?= $(HOME)/.cache/vedette-bench
BENCH_SCALE ?= 1

bench-kql: ## hunting queries as KQL against SQL by hand over 8 million generated events; how long canceling and compiling take
	$(GO) test -run '^$$' -bench 'Hunting|Cancel' -benchtime 3x -timeout 60m ./internal/bench -args -data $(BENCH_DATA) -scale $(BENCH_SCALE)
	$(GO) test -run '^$$' -bench Corpus -benchtime 1x -timeout 10m ./kql

screenshots: build ## pictures of every page, light and dark, into docs/screenshots
	scripts/test-ui screenshots

generate: ## write generated files again
	$(GO) generate ./...

clean: ## remove what was built
	rm -rf bin ui/.built internal/web/console/dist ui/node_modules
