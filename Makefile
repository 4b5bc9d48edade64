# Everyday commands. `make help` lists them; each first runs scripts/bootstrap, which is instant when nothing is missing.
.DEFAULT_GOAL := help
.PHONY: help build dev test test-sanitized test-matrix dlt-check reference lint format demo bench soak fuzz tsan fresh-check clean

FUZZ_SECONDS ?= 60
MINUTES ?= 5
SUITES ?= .*

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

build: ## the program: build/release/pg2duck
	@scripts/bootstrap
	@cmake --preset release --log-level=NOTICE >/dev/null
	@cmake --build --preset release --target pg2duck

dev: ## everything with AddressSanitizer and UndefinedBehaviorSanitizer, in build/dev
	@scripts/bootstrap
	@cmake --preset dev --log-level=NOTICE >/dev/null
	@cmake --build --preset dev

test-matrix: build ## every type from Postgres 13 to 18, with PostGIS and pgvector
	@scripts/bootstrap matrix
	@scripts/test_matrix

test: build dev ## all tests: parts under sanitizers, the whole as it is released
	@scripts/bootstrap azure
	@cmake --build --preset release --target test_programs
	@ctest --preset dev --no-label-summary --no-tests=error --output-junit junit.xml

test-sanitized: dev ## the tests of the whole program, with the sanitized one; SUITES= names some, as in types|fault
	@ctest --preset sanitized -R '^($(SUITES))_' --no-label-summary --no-tests=error

dlt-check: build ## a dlt project, carried out by dlt and by pg2duck, and both results compared
	@scripts/bootstrap bench
	@scripts/with_postgres -- build/deps/venv/bin/python scripts/compare_with_dlt

reference: ## what is made from the table of settings: docs/pg2duck.schema.json, tables of docs/manual.md
	@scripts/bootstrap
	@cmake --preset dev --log-level=NOTICE >/dev/null
	@cmake --build --preset dev --target unit_tests
	@PG2DUCK_WRITE_REFERENCE=1 build/dev/unit_tests --gtest_brief=1 --gtest_filter=CliReference.DocumentsAreMadeFromTheSettings

lint: ## format, scripts, include direction, sizes, clang-tidy
	@scripts/bootstrap clang
	@cmake --preset lint --log-level=NOTICE >/dev/null
	@scripts/lint

format: ## clang-format every source in place
	@scripts/bootstrap clang
	@git ls-files -co --exclude-standard '*.cpp' '*.hpp' | xargs -r clang-format-19 -i

demo: build ## copies example tables; SOURCE= and TARGET= take your own
	@SOURCE="$(SOURCE)" TARGET="$(TARGET)" scripts/demo

bench: build ## pg2duck and its alternatives on the same data; bench/compare lists the variables
	@cmake --build --preset release
	@scripts/bootstrap bench
	@bench/compare

soak: build ## random changes, faults and runs into every target for MINUTES minutes (5) or STEPS steps; SEED= or SEEDS="1 2", TARGETS=
	@for seed in $(or $(SEEDS),$(SEED),random); do build/deps/venv/bin/python tests/soak/driver.py --minutes $(MINUTES) \
	  $$([ $$seed = random ] || echo --seed $$seed) $(if $(STEPS),--steps $(STEPS)) $(if $(TARGETS),--targets $(TARGETS)) || failed=1; done; \
	  [ -z "$$failed" ]

fuzz: ## every fuzzer for FUZZ_SECONDS seconds (60)
	@scripts/bootstrap clang
	@cmake --preset fuzz --log-level=NOTICE >/dev/null
	@cmake --build --preset fuzz
	@FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz

tsan: ## unit and postgres tests with ThreadSanitizer
	@scripts/bootstrap
	@cmake --preset tsan --log-level=NOTICE >/dev/null
	@cmake --build --preset tsan
	@ctest --preset tsan --no-label-summary --no-tests=error

fresh-check: ## make demo and make test of HEAD on an empty Debian 12 (root only)
	@scripts/bootstrap clean-room
	@scripts/fresh_check

clean: ## removes the builds, keeps build/deps
	@find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} +
