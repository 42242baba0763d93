#!/bin/bash
# The benchmarks: every figure beside the engine's own limit or another figure of the same run, on an otherwise idle machine.
#   BENCH_ORDERS=1000000 SECONDS_EACH=8 BENCH_FOLDER=/tmp test/bench.sh     about a quarter of an hour; fewer orders are quicker
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d "${BENCH_FOLDER:-${TMPDIR:-/tmp}}/huodan-bench-XXXXXX")
chmod 755 "$work" # PostgreSQL runs as somebody else
trap 'test/pg.sh stop "$work/pg" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
cc -O2 -o "$work/limit" test/bench/limit.c $(pkg-config --cflags --libs libmicrohttpd jansson sqlite3) -lpthread
node test/bench/bench.mjs "$work"
