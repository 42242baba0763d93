#!/bin/bash
# The faults of test/faults, long: kills, power cuts, failing calls, for about so many seconds.
#   test/torture.sh [SECONDS]
set -u
cd "$(dirname "$0")/.."
seconds=${1:-600} bad=0
export BUILD=${BUILD:-build} SEED=${SEED:-$(date +%G%V)}
# A kill takes about 1.5 s on each of two engines, a cut point with its five disks about a second.
echo "seed $SEED"
KILLS=$((seconds / 6)) node test/faults/kill_test.mjs || bad=1
POINTS=$((seconds / 4)) STEP=$((seconds >= 1200 ? 3 : 11)) node test/faults/disk_test.mjs || bad=1
for ((end = SECONDS + seconds / 10; SECONDS < end;)); do
	node test/faults/group_test.mjs || bad=1
done
exit $bad
