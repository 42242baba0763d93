#!/bin/sh
# A PostgreSQL of one's own for tests: nothing in it survives, so nothing is synced (PG_DURABLE=1: it is, for measuring).
#   test/pg.sh start DIR    prints its URI; DIR is made and must not exist yet
#   test/pg.sh stop DIR     stops it and removes DIR
set -eu

usage() { echo "usage: pg.sh start|stop DIR" >&2; exit 2; }
[ $# -eq 2 ] || usage
dir=$2
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)

# PostgreSQL refuses to run as root.
as_pg() {
	if [ "$(id -u)" -eq 0 ]; then
		(cd / && su postgres -s /bin/sh -c "$1")
	else
		sh -c "$1"
	fi
}

start() {
	safe="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB"
	[ -z "${PG_DURABLE:-}" ] || safe="-c shared_buffers=512MB -c max_wal_size=4GB"
	[ ! -e "$dir" ] || { echo "pg.sh: $dir is there already" >&2; exit 1; }
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	[ "$(id -u)" -ne 0 ] || chown postgres "$dir"
	chmod 755 "$dir"
	as_pg "'$bin/initdb' -D '$dir/data' -U huodan -A trust -E UTF8 --locale=C.UTF-8 --no-sync" >/dev/null
	# The socket's name carries the port, and a folder of its own makes any port free; no network at all.
	as_pg "'$bin/pg_ctl' -D '$dir/data' -l '$dir/log' -w -s start -o \"-k '$dir' -c listen_addresses= \
		$safe -c max_connections=60\"" >&2
	as_pg "'$bin/createdb' -h '$dir' -U huodan huodan"
	echo "postgresql://huodan@/huodan?host=$dir"
}

stop() {
	[ -d "$dir/data" ] || return 0
	dir=$(cd "$dir" && pwd)
	as_pg "'$bin/pg_ctl' -D '$dir/data' -m immediate -w -s stop" || true
	rm -rf "$dir"
}

case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
