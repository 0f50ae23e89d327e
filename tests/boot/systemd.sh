#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A boot with systemd: its automount, our service in its place and with its hardening, the drop-in
# that makes systemd-binfmt.service use us, systemd's own helper for comparison, and a shutdown.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/boot/boot.sh"
for file in /lib/systemd/systemd /lib/systemd/systemd-binfmt; do
	[ -x $file ] || skip_all "no $file on this machine"
done
boot_needs

root=$boot_dir/root-systemd
boot_root "$root"
units=$root/usr/lib/systemd/system
mkdir -p "$units/sysinit.target.wants" "$root/etc/systemd/system"

# systemd as it is installed here, with the units of a boot that needs no disks or users.
ours="$root/usr"
for program in /lib/systemd/systemd /lib/systemd/systemd-binfmt /lib/systemd/systemd-shutdown \
	/bin/systemctl /bin/kmod /bin/mount /bin/umount; do
	case $program in
	/bin/*) to=$ours/bin/${program##*/} ;;
	*) to=$ours/lib/systemd/${program##*/} ;;
	esac
	rm -f "$to" && cp -L "$program" "$to" && with_libraries "$root" "$program"
done
for name in modprobe depmod; do
	ln -sf ../bin/kmod "$ours/sbin/$name"
done
for unit in sysinit.target basic.target local-fs.target local-fs-pre.target swap.target \
	shutdown.target umount.target final.target poweroff.target systemd-poweroff.service \
	sockets.target timers.target paths.target slices.target emergency.target \
	proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount systemd-binfmt.service; do
	cp "/lib/systemd/system/$unit" "$units"
done
ln -s ../proc-sys-fs-binfmt_misc.automount ../systemd-binfmt.service "$units/sysinit.target.wants"

# What `make install` and an administrator would do.
sed "s|$(formats_bindir)/|/usr/bin/|" "$top_builddir/systemd/binfmtctl.service" \
	>"$units/binfmtctl.service"
mkdir -p "$ours/share/binfmtctl/systemd-binfmt.service.d"
sed "s|$(formats_bindir)/|/usr/bin/|" \
	"$top_builddir/systemd/systemd-binfmt.service.d/10-binfmtctl.conf" \
	>"$ours/share/binfmtctl/systemd-binfmt.service.d/10-binfmtctl.conf"
cp "$ours/share/binfmtctl/formats.d/xlate-aarch64.conf" "$root/etc/binfmt.d"
cp "$top_srcdir/formats.d/llvm-bitcode.conf" "$top_srcdir/formats.d/wasm.conf" \
	"$top_srcdir/formats.d/python3.11.conf" "$ours/lib/binfmt.d"
ln -s /dev/null "$root/etc/binfmt.d/wasm.conf"
systemctl --root="$root" --quiet enable binfmtctl.service
systemctl --root="$root" --quiet mask systemd-binfmt.service

mkdir -p "$root/etc/systemd/system/binfmtctl.service.d"
cat >"$root/etc/systemd/system/binfmtctl.service.d/test.conf" <<'END'
[Service]
DeviceAllow=/dev/console rw
ExecStartPost=/bin/sh -c 'readlink /proc/self/ns/mnt >/run/service-mounts'
ExecStopPost=/bin/sh -c 'echo "TAP: # stopped, left: "$(ls /proc/sys/fs/binfmt_misc) >/dev/console'
END
cat >"$root/etc/systemd/system/boot-test.service" <<'END'
[Unit]
Requires=sysinit.target
After=sysinit.target
SuccessAction=poweroff
FailureAction=poweroff

[Service]
Type=oneshot
ExecStart=/systemd-init.sh
StandardOutput=tty
StandardError=tty
TTYPath=/dev/console
END
printf '[Unit]\nRequires=boot-test.service\n' >"$root/etc/systemd/system/default.target"
cp "$top_srcdir/tests/boot/systemd-init.sh" "$root/systemd-init.sh"
chmod +x "$root/systemd-init.sh"
: >"$root/etc/machine-id"
echo 'ID=test' >"$ours/lib/os-release"

boot_append="systemd.log_target=console systemd.log_level=info systemd.show_status=no systemd.mask=serial-getty@ttyS0.service"
boot "$root" /lib/systemd/systemd 240
check "the service was stopped on the way down" grep -aq '^TAP: # stopped, left: register status' "$root.log"
tap_done
