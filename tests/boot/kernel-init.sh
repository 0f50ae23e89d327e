#!/bin/busybox sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# PID 1 of the boot test without an init system: binfmt_misc is a module that nobody loaded, and is
# not mounted.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
. /guest.sh
format=/usr/share/binfmtctl/formats.d/xlate-aarch64.conf
rule=':test:E::test::/usr/bin/busybox:'

tap "# Linux $(uname -r)"
is "binfmt_misc is a module here" "$(grep -c binfmt_misc /proc/filesystems)" 0
run 6 binfmtctl list
has "list does not load it" "$(loaded)$(mounted)" nono
binfmtctl --dry-run register --file $format
has "nor does a dry run" "$(loaded)$(mounted)" nono
run 6 binfmtctl --no-mount register "$rule"
run 6 binfmtctl --no-modprobe register "$rule"
is "--no-modprobe leaves the module alone" "$(loaded)" no

mkdir -p /etc/modprobe.d
echo 'blacklist binfmt_misc' >/etc/modprobe.d/no.conf
echo 'install binfmt_misc /bin/false' >>/etc/modprobe.d/no.conf
# Without an alias the kernel's own request for the module has nothing to follow either.
echo /bin/false >/proc/sys/kernel/modprobe
run 6 binfmtctl -v register "$rule"
has "a blacklisted module is named as the reason" "$out" blacklisted
rm /etc/modprobe.d/no.conf
mv /lib/modules /lib/modules.away
run 6 binfmtctl -v register "$rule"
has "missing modules are named as the reason" "$out" "no module binfmt_misc is installed"
mv /lib/modules.away /lib/modules
is "none of this loaded or mounted it" "$(loaded)$(mounted)" nono

run 0 binfmtctl -v register --file $format
has "register loads the module through libkmod" "$out" "loaded the module binfmt_misc"
has "register mounts the file system" "$out" "mounted binfmt_misc at $binfmt"
is "it is loaded and mounted" "$(loaded)$(mounted)" yesyes
is "mounted as systemd does" "$(grep " $binfmt " /proc/mounts | cut -d' ' -f4)" \
	"rw,nosuid,nodev,noexec,relatime"
is "an arm64 program runs by execve" "$(/usr/arm64/busybox uname -m)" aarch64
is "the kernel has argv[0] preserved" "$(grep flags: $binfmt/xlate-aarch64)" "flags: POCF"
run 0 binfmtctl list -f plain
has "list has the entry" "$out" xlate-aarch64
run 0 binfmtctl -v register "$rule"
case $out in
*loaded* | *mounted*) tap "not ok a second register loads and mounts nothing" ;;
*) tap "ok a second register loads and mounts nothing" ;;
esac

run 0 binfmtctl why /usr/arm64/busybox
has "why knows the entry" "$out" xlate-aarch64
run 0 binfmtctl probe --entry xlate-aarch64
has "probe sees the interpreter" "$out" /usr/bin/xlate-aarch64
run 0 binfmtctl host
has "host knows the kernel" "$out" "$(uname -r)"

# F: the interpreter is not looked up again.
mkdir -p /mnt/root/bin && cp /usr/arm64/busybox /mnt/root/bin/busybox
is "and in a chroot without the interpreter" "$(chroot /mnt/root /bin/busybox uname -m)" aarch64

# Entries used to stay when the file system was unmounted; since 6.7, and with the 6.1 of Debian
# that has its fix, they go.
umount $binfmt
is "unmounted" "$(mounted)" no
runs=$(/usr/arm64/busybox uname -m 2>/dev/null)
tap "# unmounted, arm64 programs $([ "$runs" = aarch64 ] && echo still || echo no longer) run"
run 0 binfmtctl -v register ':more:E::more::/usr/bin/busybox:'
is "mounted again by the next register" "$(mounted)" yes
is "show knows what the kernel kept" \
	"$(binfmtctl show xlate-aarch64 >/dev/null 2>&1 && echo aarch64)" "$runs"
case $(uname -r) in
[1-5].* | 6.[0-6].*)
	unshare -Urm mount -t binfmt_misc none $binfmt 2>/dev/null
	is "user namespaces have no instance of their own" $? 1
	;;
esac
run 0 binfmtctl unregister --all
is "everything is removed" "$(ls $binfmt | tr '\n' ' ')" "register status "
is "and arm64 programs do not run" "$(/usr/arm64/busybox uname -m 2>/dev/null)" ""
[ ! -e /more.sh ] || . /more.sh
tap end
poweroff -f
