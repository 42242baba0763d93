#!/bin/sh
# The simulation for a while, with other seeds each week: a week's seeds can be run again.
#   test/sim.sh [SECONDS [FIRST_SEED]]
set -eu
cd "$(dirname "$0")/.."
exec "${BUILD:-build}/test/sim_test" --seconds "${1:-300}" --from "${2:-$(date +%G%V)0000}"
