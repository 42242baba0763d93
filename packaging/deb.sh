#!/bin/bash
# Makes a Debian package of what `make install` put into DIR.  packaging/deb.sh DIR
set -euo pipefail
dir=$1
version=$(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
out="$(dirname "$dir")/huodan_${version}_$(dpkg --print-architecture).deb"

mkdir -p "$dir/DEBIAN" "$dir/etc/huodan"
cp packaging/huodan.conf "$dir/etc/huodan/huodan.conf"
echo /etc/huodan/huodan.conf >"$dir/DEBIAN/conffiles"
# The libraries the program is linked with, by the packages that own them.
depends=$(ldd "$dir/usr/bin/huodan" | awk '$3 ~ /^\// { print $3 }' | xargs -n 1 readlink -f | xargs dpkg -S 2>/dev/null |
	sed 's/:.*//' | sort -u | paste -sd, | sed 's/,/, /g')
cat >"$dir/DEBIAN/control" <<END
Package: huodan
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: huodan <huodan@localhost>
Depends: $depends, fonts-wqy-zenhei
Section: misc
Priority: optional
Description: order system of a wholesale-market company
 Orders from their entry through review, picking and dispatch to the signed
 receipt, in one program and one database, in Chinese and English.
END
cat >"$dir/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
[ ! -d /run/systemd/system ] || { systemctl daemon-reload; systemctl enable --now huodan.service; }
END
cat >"$dir/DEBIAN/prerm" <<'END'
#!/bin/sh
set -e
[ ! -d /run/systemd/system ] || systemctl disable --now huodan.service || true
END
chmod 755 "$dir/DEBIAN/postinst" "$dir/DEBIAN/prerm"
dpkg-deb --root-owner-group --build "$dir" "$out" >/dev/null
echo "$out"
