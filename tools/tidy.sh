#!/bin/sh
# tidy.sh: the house rules a program can check (STYLE.md); prints file:line and what to do, exit 1 if anything is wrong.
set -u
cd "$(dirname "$0")/.." || exit 2
bad=0

say() {
	echo "$1"
	bad=1
}

sources=$(find src tools test -name '*.[ch]' 2>/dev/null | sort)
# shellcheck disable=SC2086
awk -f tools/tidy.awk $sources || bad=1

# Module headers say what the module owns and uses, and a module writes only its own tables.
for module in $(sed -n 's/^MODULE(\(.*\)).*/\1/p' src/modules.def); do
	folder=src/mod/$module
	header=$folder/$module.h
	[ -d "$folder" ] || say "src/modules.def:1: $module has no folder"
	if [ -f "$header" ]; then
		head -12 "$header" | grep -q 'Owns:' || say "$header:1: say which tables it owns (Owns: ...) and what it uses (Uses: ...)"
	fi
	for sql in "$folder"/*.sql; do
		[ -f "$sql" ] || continue
		own=$(sed -n 's/^CREATE TABLE \([a-z_]*\).*/\1/p' "$folder"/migrate/*.sql 2>/dev/null | tr '\n' ' ')
		grep -nE '^[[:space:]]*(INSERT INTO|UPDATE|DELETE FROM) [a-z_]+' "$sql" | while IFS=: read -r line text; do
			table=$(echo "$text" | sed -E 's/^[[:space:]]*(INSERT INTO|UPDATE|DELETE FROM) ([a-z_]+).*/\2/')
			case " $own" in *" $table "*) ;; *) echo "$sql:$line: $module does not own $table: call the module that does" ;; esac
		done | grep . && bad=1
	done
done

# Pages: no script or style inside the HTML (the content policy would drop it).
views=$(find src -path '*/view/*.html')
# shellcheck disable=SC2086
[ -z "$views" ] || ! grep -nE '<style|<script>|<script [^s]|[[:space:]]style=|[[:space:]]on[a-z]+="' $views || say "views: no inline script or style: use ui/*.js and ui/huodan.css"

# Every module has both languages.
for zh in $(find src -name zh-CN.txt); do
	[ -f "${zh%zh-CN.txt}en.txt" ] || say "$zh:1: en.txt is missing beside it"
done

# Addresses of package servers change from place to place.
! grep -rnE '"resolved"|registry\.' ui/package.json ui/package-lock.json ui/.npmrc || say "ui/package-lock.json: leave the addresses out (npm reads ui/.npmrc)"
[ "$(wc -l <Makefile)" -le 150 ] || say "Makefile:1: more than 150 lines"

if command -v clang-format >/dev/null; then
	for file in $(find src tools -name '*.c' | sort); do
		at=$(clang-format --dry-run "$file" 2>&1 | sed -n 's/^[^:]*:\([0-9]*\):.*warning: code should be.*/\1/p' | head -1)
		[ -z "$at" ] || say "$file:$at: make format"
	done
fi

[ "$bad" -eq 0 ] && echo "tidy: nothing to say"
exit "$bad"
