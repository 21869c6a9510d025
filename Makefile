# Two commands do everything on a fresh Debian 12 or 13: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PREFIX ?= /usr/local

# Every cache stays inside the repository folder.
export CCACHE_DIR := $(CURDIR)/.cache/ccache
export CARGO_HOME := $(CURDIR)/.cache/cargo
export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
export NINJA_STATUS := [%f/%t, %es] 

.PHONY: help run build test test-long check bench asan tsan fuzz soak format install clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run:  ## the whole shop on http://127.0.0.1:8000: dependencies, build, start
	@STAGES=3 scripts/setup run
	@STAGES=3 scripts/build program
	@echo "[3/3] localtea up (Ctrl-C stops it)"
	@exec build/bin/localtea up

build:  ## dependencies and the programs, build/bin/localtea and build/bin/samovar
	@STAGES=2 scripts/setup run
	@STAGES=2 scripts/build program

test:  ## dependencies, build, every test and gate; ends with 'N passed, N failed'
	@scripts/run_tests

test-long:  ## what `make test` leaves out: sanitizers, fuzzing, clang-tidy on all, faults and loops in full numbers (hours)
	@scripts/run_tests long

check:  ## every gate on every file: layers, sizes, formatting, clang-tidy, ... (clang-tidy takes a while at first)
	@STAGES=3 scripts/setup test
	@STAGES=3 scripts/build all
	@echo "[3/3] gates"
	@scripts/check

bench:  ## build and run the benchmarks, each beside its peer
	@STAGES=3 scripts/setup bench
	@STAGES=3 scripts/build bench
	@echo "[3/3] benchmarks"
	@bench/run
	@bench/catalogue

asan:  ## unit and integration tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@scripts/sanitize asan

tsan:  ## unit and integration tests under ThreadSanitizer
	@scripts/sanitize tsan

fuzz:  ## each fuzz target for SECONDS_EACH seconds (60)
	@scripts/fuzz

soak:  ## faults without end on clients, workers, beats and Redis for SECONDS (180) as SEED says; ends with the account
	@SOAK_SECONDS=$(or $(SECONDS),180) scripts/soak

format:  ## format every C++ file in place
	@scripts/format

install:  ## install the programs, the library and its headers under PREFIX (/usr/local)
	@[[ -x build/bin/localtea ]] || { echo "Nothing is built yet: run make build first, as yourself." >&2; exit 2; }
	@cmake --install build/release --prefix $(PREFIX)

clean:  ## remove what was built (downloads in .cache/ and data in var/ stay)
	@rm -rf build
