#!/bin/sh
# deps.sh build|check: installs the Debian packages that building (or also testing) needs, if any is missing.
set -eu

build="gcc make pkg-config libc6-dev libmicrohttpd-dev libjansson-dev libsqlite3-dev libpq-dev libsodium-dev libssl-dev
	libpango1.0-dev libcairo2-dev libzint-dev libzip-dev zlib1g-dev libexpat1-dev libxlsxwriter-dev libinih-dev
	libcurl4-openssl-dev libxml2-dev libgmime-3.0-dev fonts-wqy-zenhei"
check="libcmocka-dev postgresql-15 chromium curl python3 sqlite3 wrk clang clang-format poppler-utils libxml2-utils strace dovecot-imapd"

# Node from elsewhere brings its own npm, which Debian's package would fight with.
command -v npm >/dev/null || build="$build nodejs npm"

case "${1:-}" in
build) need=$build ;;
check) need="$build $check" ;;
*) echo "usage: deps.sh build|check" >&2; exit 2 ;;
esac

# Other systems bring their own packages; the compiler will say what is missing.
command -v dpkg-query >/dev/null || exit 0

missing=
for package in $need; do
	dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "please install as root:$missing" >&2; exit 1; }
	as_root=sudo
fi
echo "installing:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
