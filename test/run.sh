#!/bin/bash
# Every test there is, one count at the end. With a word, only the stories and tests whose name has it.
#   test/run.sh [WORD]
set -u
cd "$(dirname "$0")/.."
only=${1:-}
build=${BUILD:-build}
export LSAN_OPTIONS="suppressions=$PWD/test/lsan.supp:print_suppressions=0"
passed=0 failed=0 skipped=0
work=$(mktemp -d)
chmod 755 "$work" # PostgreSQL runs as a user of its own
trap 'test/pg.sh stop "$work/pg" >/dev/null 2>&1; rm -rf "$work"' EXIT

# Adds "N passed, M failed, K skipped" of a part that printed it.
count() {
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# cmocka: one "[       OK ]", "[  FAILED  ]" or "[  SKIPPED ]" line per test.
unit() {
	local log="$work/$(basename "$1").log"
	HUODAN_TEST_PG=$pg timeout 600 "$1" >"$log" 2>&1
	local status=$? ok bad=0 skip
	ok=$(grep -c '\[       OK \]' "$log")
	skip=$(grep -c '\[  SKIPPED \]' "$log")
	if [ $status -ne 0 ] || [ $((ok + skip)) -eq 0 ]; then
		bad=1 # one that ended well but ran nothing has tested nothing
		echo "FAILED $(basename "$1") (exit $status, $ok passed, $skip skipped)"; tail -n 30 "$log"
	fi
	count "$ok" "$bad" "$skip"
}

# A part that closes with a line "…: N passed, M failed, K skipped".
part() {
	local log="$work/part.log" line
	timeout 900 "$@" >"$log" 2>&1
	line=$(grep -oE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped' "$log" | tail -n 1)
	if [ -z "$line" ]; then
		echo "FAILED $*"; tail -n 40 "$log"; count 0 1 0
		return
	fi
	grep -vE '^\{' "$log" | tail -n 40
	# shellcheck disable=SC2086
	count $(echo "$line" | tr -cd '0-9 ')
}

pg=$(test/pg.sh start "$work/pg") || { echo "no PostgreSQL"; pg=; }
for t in "$build"/test/*_test; do
	[ -x "$t" ] || continue
	case $(basename "$t") in *"$only"*) unit "$t" ;; esac
done
stories=$(ls src/mod/*/test/*.http test/stories/*.http 2>/dev/null | grep -F -- "$only")
if [ -n "$stories" ]; then
	# shellcheck disable=SC2086
	part node test/story.mjs "$build/huodan" "sqlite:$work/story.db" $stories
	# shellcheck disable=SC2086
	if [ -n "$pg" ]; then part node test/story.mjs "$build/huodan" "$pg" $stories; else count 0 0 "$(echo "$stories" | wc -l)"; fi
fi
for t in test/browser/*_test.mjs test/road/*_test.mjs test/faults/*_test.mjs; do
	[ -e "$t" ] || continue
	case $t in *"$only"*) BUILD=$build part node "$t" ;; esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
