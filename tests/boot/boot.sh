# SPDX-License-Identifier: LGPL-2.1-or-later
# For boot tests, to be sourced by bash after tap.sh: a root directory with binfmtctl, a shell, an
# arm64 program and what they need; packing it as an initramfs; running it in qemu.

boot_dir=$top_builddir/tests/boot
PATH=$PATH:/usr/sbin:/sbin

# Checks what a boot needs, and fetches it; skips the whole script otherwise.
boot_needs()
{
	local reason
	[ "$(uname -m)" = x86_64 ] || skip_all "boots an x86-64 kernel with our programs on $(uname -m)"
	command -v qemu-system-x86_64 >/dev/null ||
		skip_all "no qemu-system-x86_64 (package qemu-system-x86)"
	reason=$("$top_srcdir/tests/boot/fetch-kernel" "$boot_dir/kernel" 2>&1) || skip_all "$reason"
	reason=$("$top_srcdir/tests/debian/fetch" "$top_builddir/tests/debian" 2>&1) ||
		skip_all "Debian's busybox: $reason"
	busybox=$top_builddir/tests/debian/amd64/bin/busybox
	arm64=$top_builddir/tests/debian/arm64/bin/busybox
}

# with_libraries ROOT PROGRAM...: copies programs of this machine to the same place below ROOT, and
# all libraries they load.
with_libraries()
{
	local root=$1 program library
	shift
	for program; do
		[ -e "$root$program" ] || install -D "$program" "$root$program"
		ldd "$program" 2>/dev/null | awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' |
			while read -r library; do
				[ -e "$root$library" ] || install -D "$library" "$root$library"
			done
	done
}

# boot_root ROOT: what both boot tests have.
boot_root()
{
	local root=$1 applet
	rm -rf "$root"
	mkdir -p "$root"/{proc,sys,dev,run,tmp,etc,usr/bin,usr/sbin,usr/lib,usr/lib64,root,var,mnt}
	# Merged, like the system that libraries are taken from.
	for applet in bin sbin lib lib64; do
		ln -s "usr/$applet" "$root/$applet"
	done
	cp "$busybox" "$root/usr/bin/busybox"
	for applet in $("$busybox" --list); do
		[ -e "$root/usr/bin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
	done
	install -D "$arm64" "$root/usr/arm64/busybox"
	cp -r "$boot_dir/kernel/lib/modules" "$root/usr/lib/modules"
	cp "$top_builddir/xlate-aarch64" "$root/usr/bin/xlate-aarch64"
	cp "${BINFMTCTL:-$top_builddir/binfmtctl/binfmtctl}" "$root/usr/bin/binfmtctl"
	with_libraries "$root" "$root/usr/bin/binfmtctl" 2>/dev/null
	# binfmtctl loads it when it needs it.
	with_libraries "$root" "$(/sbin/ldconfig -p | awk '$1 == "libkmod.so.2" { print $NF; exit }')"
	rm -rf "${root:?}$root" # what with_libraries took for a place of its own
	mkdir -p "$root/usr/share/binfmtctl/formats.d" "$root/usr/lib/binfmt.d" "$root/etc/binfmt.d"
	sed "s|:$(formats_bindir)/|:/usr/bin/|" "$top_builddir/formats.d/xlate-aarch64.conf" \
		>"$root/usr/share/binfmtctl/formats.d/xlate-aarch64.conf"
	cp "$top_srcdir/tests/boot/guest.sh" "$root/guest.sh"
}

# Where this build would install the translators.
formats_bindir()
{
	grep -v '^#' "$top_builddir/formats.d/xlate-aarch64.conf" |
		sed 's|.*:\(/.*\)/xlate-aarch64:.*|\1|'
}

# boot ROOT INIT SECONDS [OPTION...]: packs the root, boots it, and turns the guest's "TAP: " lines
# into cases. Fails when the guest did not come to its end within SECONDS of processor time: on a
# busy machine it may take much longer.
boot()
{
	local root=$1 init=$2 seconds=$3 line start=$SECONDS
	shift 3
	(cd "$root" && find . | "$busybox" cpio -o -H newc) >"$root.cpio" 2>/dev/null
	# From the loader to power-off all is emulated; -no-reboot turns a panic into an end.
	(ulimit -t "$seconds"; exec timeout -k 5 $((seconds * 10)) \
		qemu-system-x86_64 -M q35 -accel tcg,thread=multi -cpu max -m 1024 \
		-display none -no-reboot -nodefaults -serial stdio "$@" \
		-kernel "$boot_dir/kernel/vmlinuz" -initrd "$root.cpio" \
		-append "console=ttyS0 panic=-1 quiet rdinit=$init ${boot_append-}" \
		</dev/null >"$root.log" 2>&1)
	rm -f "$root.cpio"
	while IFS= read -r line; do
		line=${line%$'\r'}
		case $line in
		"TAP: ok "*) ok "${line#TAP: ok }" ;;
		"TAP: not ok "*) not_ok "${line#TAP: not ok }" ;;
		"TAP: # "*) printf '%s\n' "${line#TAP: }" ;;
		"TAP: skip "*) skip "${line#TAP: skip }" "not on this machine" ;;
		esac
	done < <(grep -a '^TAP: ' "$root.log")
	if grep -aq '^TAP: end' "$root.log"; then
		ok "the guest came to its end ($((SECONDS - start)) s)"
	else
		not_ok "the guest came to its end" "$(tail -n 30 "$root.log" | tr -d '\r\033')"
	fi
}
