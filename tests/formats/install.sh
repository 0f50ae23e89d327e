#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# `binfmtctl install NAME` for each shipped format: below a root that has the interpreters, then
# registered with --now, and where the interpreter is in another place.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1

export BINFMTCTL_FORMATS="$tmp/formats"
root=$tmp/root
mkdir -p "$BINFMTCTL_FORMATS" "$root/etc/binfmt.d" "$root/usr/bin"
cp "$top_srcdir"/formats.d/*.conf "$BINFMTCTL_FORMATS"
[ "$top_srcdir" -ef "$top_builddir" ] || cp "$top_builddir"/formats.d/*.conf "$BINFMTCTL_FORMATS"
cd "$BINFMTCTL_FORMATS" || exit 1

# interpreter FORMAT
interpreter()
{
	grep -m 1 '^:' "$1.conf" | cut -d: -f7
}

native=
for format in *.conf; do
	format=${format%.conf}
	path=$root$(interpreter "$format")
	mkdir -p "${path%/*}" && : >"$path"
	"$binfmtctl" -R "$root" -m "$mount" install "$format" >"$tmp/out" 2>&1
	status=$?
	case $status in
	0)
		[ ! -s "$tmp/out" ] || not_ok "install $format says nothing" "$(cat "$tmp/out")"
		check "$format is installed as it is" cmp "$format.conf" "$root/etc/binfmt.d/$format.conf"
		;;
	4) native="$native$format " ;;
	*) not_ok "install $format" "$(cat "$tmp/out")" ;;
	esac
done
case $(uname -m) in
x86_64) is "those for native programs are refused" "$native" "FEX-x86_64 box64 qemu-x86_64 rosetta " ;;
*) echo "# refused as native: $native" ;;
esac
run 0 -R "$root" lint --fail-on high
is "all files are whole" "$(ls -A "$root/etc/binfmt.d" | grep -v '\.conf$')" ""

# Another place for the interpreter.
rm "$root/usr/bin/qemu-riscv64-static" "$root/usr/bin/python3.11"
: >"$root/usr/bin/qemu-riscv64"
run 0 -v -R "$root" -m "$mount" install --force qemu-riscv64
has "the other place is told" "$err" "the interpreter is /usr/bin/qemu-riscv64 here"
is "it is in the rule" "$(interpreter_of=$(grep '^:' "$root/etc/binfmt.d/qemu-riscv64.conf")
	echo "${interpreter_of##*\\xff:}")" "/usr/bin/qemu-riscv64:POF"
is "the comments stay" "$(grep '^#' "$root/etc/binfmt.d/qemu-riscv64.conf")" \
	"$(grep '^#' qemu-riscv64.conf)"
: >"$root/usr/bin/qemu-microblaze"
rm "$root/usr/bin/qemu-microblaze-static"
run 0 -R "$root" -m "$mount" install --force qemu-microblaze
is "in each rule" "$(grep -c ':/usr/bin/qemu-microblaze:' "$root/etc/binfmt.d/qemu-microblaze.conf")" 2
run 0 -R "$root" -m "$mount" install --force python3.11
has "no place at all is a warning" "$err" "there is no /usr/bin/python3.11"

# Registered at once, with interpreters of this machine: F holds them open.
sed -i "s|:[^:]*:\([POCF]*\)\$|:$top_builddir/tests/formats/who:\1|" ./*.conf
run 0 -R "$root" -m "$mount" install --force --now qemu-riscv64 jar ape xlate-aarch64
is "they are registered" "$(ls $mount | sort | tr '\n' ' ')" \
	"APE APE-jart jar qemu-riscv64 register status xlate-aarch64 "
"$top_builddir/tests/formats/samples" "$tmp" >/dev/null || exit 1
for sample in elf-riscv64-static elf-aarch64-pie made-by-jar ape-windows; do
	is "$sample runs" "$("$tmp/$sample" 2>&1)" who
done
run 0 -R "$root" -m "$mount" uninstall --now qemu-riscv64 jar ape xlate-aarch64
is "they are gone" "$(ls $mount | sort | tr '\n' ' ')" "register status "
tap_done
