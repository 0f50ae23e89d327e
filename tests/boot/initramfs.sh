#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the hook of initramfs-tools puts into an initramfs is enough for its script to register
# a translator there that then runs a program: in a private instance, without a boot.
. "$top_srcdir/tests/lib/tap.sh"
[ -r /usr/share/initramfs-tools/hook-functions ] || skip_all "no initramfs-tools"
PATH=$PATH:/usr/sbin:/sbin
xlate=$(realpath "$top_builddir/xlate-aarch64")
hello=$(realpath "$top_builddir/tests/programs/arm64/a64_hello" 2>/dev/null)
[ -x "$hello" ] || skip_all "no arm64 program was built (no arm64 compiler)"
if [ "$1" != inside ]; then
	unshare -Urm true 2>/dev/null || skip_all "user namespaces are not permitted"
	exec unshare -Urm --propagation private "$0" inside
fi
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc 2>/dev/null ||
	skip_all "no private binfmt_misc instance (needs Linux 6.7)"
tmp=$(mktemp -d) || exit 1
trap 'umount -l "$tmp/image/proc" 2>/dev/null; rm -rf --one-file-system "$tmp"' EXIT
here=$(cd "$top_builddir" && pwd)

# Where they are installed, as far as the scripts can see; nothing of the machine's own.
mount -t tmpfs none /etc/binfmt.d 2>/dev/null ||
	{ mkdir -p /etc/binfmt.d 2>/dev/null && mount -t tmpfs none /etc/binfmt.d; } ||
	skip_all "no directory /etc/binfmt.d to mount over"
for directory in /usr/lib/binfmt.d /usr/local/lib/binfmt.d; do
	[ ! -d "$directory" ] || mount -t tmpfs none "$directory"
done
mkdir -p "$tmp/bin"
cp "$here/binfmtctl/binfmtctl" "$xlate" "$tmp/bin/"
for part in hook boot; do
	sed "s|@bindir@|$tmp/bin|g" "$top_srcdir/init/binfmtctl.initramfs-$part.in" >"$tmp/$part"
done
rule=$("$tmp/bin/binfmtctl" gen aarch64 --name first --interpreter "$tmp/bin/xlate-aarch64" --flags POCF)
printf '# a comment\n%s\n' "$rule" >/etc/binfmt.d/first.conf
printf ':second:E::second::/nowhere/second:\n' >/etc/binfmt.d/second.conf
printf ':third:E::third::/nowhere/third:\n' >"$tmp/third.conf"

# mkinitramfs's part.
mkdir -p "$tmp/image" "$tmp/image/conf" "$tmp/modules"
out=$(DESTDIR=$tmp/image MODULESDIR=$tmp/modules version=$(uname -r) CONFDIR=/etc/initramfs-tools \
	verbose=n sh "$tmp/hook" 2>&1)
status=$?
if [ $status = 0 ] && [ -z "$(printf '%s' "$out" | grep -v modules)" ]; then
	ok "the hook succeeds and says nothing"
else
	not_ok "the hook succeeds and says nothing" "status $status: $out"
fi
for file in "$tmp/bin/binfmtctl" "$tmp/bin/xlate-aarch64" /etc/binfmt.d/first.conf /etc/binfmt.d/second.conf; do
	if cmp -s "$file" "$tmp/image$file"; then
		ok "$(basename "$file") is in the image"
	else
		not_ok "$(basename "$file") is in the image" "$(cd "$tmp/image" && find . | head -n 40)"
	fi
done
if [ -n "$(find "$tmp/image" -name 'libkmod.so.2*')" ]; then
	ok "the library that loads modules is in the image"
else
	not_ok "the library that loads modules is in the image" "$(cd "$tmp/image" && find . -name 'lib*')"
fi

# The initramfs's own part: its shell, its functions.
mkdir -p "$tmp/image/scripts" "$tmp/image/proc" "$tmp/image/bin" "$tmp/image/tmp"
cp /usr/share/initramfs-tools/scripts/functions "$tmp/image/scripts/"
cp "$tmp/boot" "$tmp/image/scripts/binfmtctl"
for library in /bin/sh $(ldd /bin/sh | grep -o '/[^ ]*'); do
	mkdir -p "$tmp/image${library%/*}" && cp -L "$library" "$tmp/image$library"
done
mount --rbind /proc "$tmp/image/proc"
out=$(quiet=n chroot "$tmp/image" /bin/sh /scripts/binfmtctl 2>&1)
status=$?
if [ $status = 0 ] && [ -e /proc/sys/fs/binfmt_misc/first ] && [ -e /proc/sys/fs/binfmt_misc/second ]; then
	ok "the script registers both rules"
else
	not_ok "the script registers both rules" "status $status: $out; $(ls /proc/sys/fs/binfmt_misc)"
fi
case $out in
*"not all rules"* | *failed*) not_ok "without a complaint" "$out" ;;
*) ok "without a complaint" ;;
esac

# The initramfs's files are gone once the root file system is entered.
umount -l "$tmp/image/proc"
rm -rf --one-file-system "$tmp/image" "$tmp/bin/xlate-aarch64"
got=$("$hello" 2>&1)
wanted=$(sed '$d' "$top_srcdir/tests/programs/a64_hello.out")
if [ "$got" = "$wanted" ]; then
	ok "a program runs by the translator of the initramfs"
else
	not_ok "a program runs by the translator of the initramfs" "$got"
fi
tap_done
