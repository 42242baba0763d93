#!/bin/bash
# The benchmarks: each figure beside the engine's own limit, measured in the same run, on an otherwise idle machine.
#   SECONDS_EACH=10 test/bench.sh
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
each=${SECONDS_EACH:-8}
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
h=$build/huodan
db=sqlite:$work/h.db

cc -O2 -o "$work/limit" test/bench/limit.c $(pkg-config --cflags --libs libmicrohttpd jansson sqlite3) -lpthread

now() { date +%s%N; }
rate() { # URL CONNECTIONS: requests a second and the 99th percentile
	RUN=$2-$RANDOM wrk -t1 -c"$2" -d"${each}s" --latency -s test/bench/orders.lua "$1" >"$work/wrk"
	grep -q 'Non-2xx' "$work/wrk" && { cat "$work/wrk"; exit 1; }
	awk '/Requests\/sec/ { r = $2 } $1 == "99%" { p = $2 } END { print r, p }' "$work/wrk"
}

$h migrate --db "$db" >/dev/null
echo "correct horse battery" | $h user add clerk --role clerk --db "$db"
echo "correct horse battery" | $h user add admin --role admin --db "$db"
KEY=$($h key add clerk --db "$db"); admin=$($h key add admin --db "$db")
export KEY
started=$(now)
$h serve --db "$db" --listen 127.0.0.1:18471 2>"$work/log" &
server=$!
until grep -q 'huodan: ready' "$work/log"; do sleep 0.005; done
ready_ms=$((($(now) - started) / 1000000))
post() { curl -sf -o /dev/null -H "Authorization: Bearer $admin" -H 'Content-Type: application/json' "127.0.0.1:18471/api/v1$1" -d "$2"; }
for i in $(seq 10); do post /products "{\"sku\":\"B$i\",\"name\":\"货$i\",\"base_unit\":\"件\",\"price\":\"1.00\"}"; done
post /customers '{"code":"BENCH","name":"压测"}'
"$work/limit" "$work/limit.db" 18472 &
sleep 0.3

printf '%-44s %10s %10s %8s %10s\n' "" huodan limit ratio "p99"
for c in 64 256; do
	read -r ours p99 < <(rate http://127.0.0.1:18471 $c)
	read -r limit _ < <(rate http://127.0.0.1:18472 $c)
	printf '%-44s %10.0f %10.0f %7.0f%% %10s\n' "POST /orders, ten lines, $c connections, /s" "$ours" "$limit" \
		"$(echo "$ours $limit" | awk '{ print 100 * $1 / $2 }')" "$p99"
done
orders=$(sqlite3 "$work/h.db" 'SELECT COUNT(*) FROM orders')
read_rate() { # PATH
	wrk -t1 -c16 -d3s --latency -H "Authorization: Bearer $KEY" "http://127.0.0.1:18471/api/v1$1" >"$work/wrk"
	awk '/Requests\/sec/ { r = $2 } $1 == "50%" { m = $2 } $1 == "99%" { p = $2 } END { printf "%10.0f /s   p50 %s   p99 %s\n", r, m, p }' "$work/wrk"
}
last=$(sqlite3 "$work/h.db" 'SELECT MAX(id) FROM orders')
echo
echo "reading, at $orders orders, 16 connections"
printf '  %-42s %s\n' "GET /orders (first 50)" "$(read_rate /orders)"
printf '  %-42s %s\n' "GET /orders?state=draft" "$(read_rate '/orders?state=draft')"
printf '  %-42s %s\n' "GET /orders/ID" "$(read_rate "/orders/$last")"
printf '  %-42s %s\n' "GET /products/find?q=B1" "$(read_rate '/products/find?q=B1&customer=BENCH')"
echo
sqlite3 "$work/h.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
printf '  %-42s %10s\n' "bytes per order" "$(($(stat -c %s "$work/h.db") / orders))" "memory, MB" \
	"$(awk '/VmHWM/ { printf "%.0f", $2 / 1024 }' /proc/$server/status)" "ready after, ms" "$ready_ms" \
	"binary, MB" "$(stat -c %s "$h" | awk '{ printf "%.1f", $1 / 1048576 }')"
kill -TERM $server
wait $server || true
$h verify --db "$db" | grep -v '^ok' && exit 1
echo "verify: clean"
