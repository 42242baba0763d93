#!/bin/bash
# Makes a Debian package of what `make install` put into DIR.  packaging/deb.sh DIR
set -euo pipefail
dir=$1
version=$(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
out="$(dirname "$dir")/huodan_${version}_$(dpkg --print-architecture).deb"

mkdir -p "$dir/DEBIAN" "$dir/etc/huodan"
cp packaging/huodan.conf "$dir/etc/huodan/huodan.conf"
echo /etc/huodan/huodan.conf >"$dir/DEBIAN/conffiles"
# The libraries the program names itself, by the packages that own them; since /lib is /usr/lib both names are asked for.
owner() { dpkg -S "$1" 2>/dev/null || dpkg -S "${1#/usr}" 2>/dev/null || dpkg -S "/usr$1" 2>/dev/null; }
depends=$(objdump -p "$dir/usr/bin/huodan" | awk '$1 == "NEEDED" { print $2 }' | while read -r lib; do
	owner "$(readlink -f "$(ldd "$dir/usr/bin/huodan" | awk -v l="$lib" '$1 == l { print $3 }')")" | sed 's/:.*//'
done | sort -u | paste -sd, | sed 's/,/, /g')
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
cat >"$dir/DEBIAN/postrm" <<'END'
#!/bin/sh
set -e
[ ! -d /run/systemd/system ] || systemctl daemon-reload || true
[ "$1" != purge ] || rm -rf /var/lib/huodan /var/lib/private/huodan /etc/huodan
END
chmod 755 "$dir/DEBIAN/postinst" "$dir/DEBIAN/prerm" "$dir/DEBIAN/postrm"
dpkg-deb --root-owner-group --build "$dir" "$out" >/dev/null
echo "$out"
