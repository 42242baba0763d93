#!/bin/bash
# Runs each fuzz target for a while, from its kept corpus; what it finds is left in the build folder and named.
#   test/fuzz.sh BUILD [SECONDS [TARGET...]]
set -u
cd "$(dirname "$0")/.."
build=$1 seconds=${2:-20}
shift; [ $# -eq 0 ] || shift
targets=${*:-$(ls test/fuzz/fuzz_*.c | sed 's/.*fuzz_\(.*\)\.c/\1/')}
export LSAN_OPTIONS="suppressions=$PWD/test/lsan.supp:print_suppressions=0"
passed=0 failed=0
for name in $targets; do
	found="$build/found/$name" grown="$build/grown/$name"
	mkdir -p "$found" "$grown"
	log="$build/found/$name.log"
	"$build/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -close_fd_mask=1 \
		-artifact_prefix="$found/" "$grown" "test/fuzz/corpus/$name" >"$log" 2>&1
	status=$?
	ran=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log" | tail -n 1)
	if [ $status -eq 0 ]; then
		passed=$((passed + 1))
		echo "$name: $ran runs in $seconds s"
	else
		failed=$((failed + 1))
		tail -n 40 "$log"
		echo "FAILED $name: its input is in $found; mend it, then keep the input in test/fuzz/corpus/$name"
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
