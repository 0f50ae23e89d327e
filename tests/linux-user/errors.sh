#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs that cannot be run: one line that names the file and the reason, 126 or 127.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"

error "missing program" 127 "/no/such/program: not found" "$x" /no/such/program
error "missing directory" 127 "/no/such/dir/program: not found" "$x" /no/such/dir/program
error "path through a file" 126 "/etc/passwd/x: a component" "$x" /etc/passwd/x
error "a directory" 126 "/: is a directory" "$x" /
error "a device" 126 "/dev/null: not a regular file" "$x" /dev/null
echo 'echo no' >"$tmp/script"
chmod +x "$tmp/script"
error "a text file" 126 "$tmp/script: not an ELF file" "$x" "$tmp/script"
: >"$tmp/empty"
error "an empty file" 126 "$tmp/empty: not an ELF file" "$x" "$tmp/empty"
error "another architecture" 126 "built for x86-64, not for AArch64" "$x" "$x"
echo >"$tmp/secret"
chmod 0 "$tmp/secret"
# in a user namespace of its own, root is only the owner
if [ "$(id -u)" -ne 0 ]; then
	error "an unreadable file" 126 "$tmp/secret: permission denied" "$x" "$tmp/secret"
elif unshare -U true 2>/dev/null; then
	error "an unreadable file" 126 "$tmp/secret: permission denied" unshare -U "$x" "$tmp/secret"
else
	skip "an unreadable file" "root reads everything"
fi
error "no program" 1 "no program given" "$x"
error "unknown option" 1 "unknown option '-bogus'" "$x" -bogus /bin/true
error "option without value" 1 "needs a value" "$x" -L

"$x" -version >"$tmp/out"
is "-version is for stdout" "$?" 0
check "-version names the program" grep -q '^xlate-aarch64 [0-9]' "$tmp/out"
"$x" -h >"$tmp/out"
check "-h lists -L" grep -q -- '-L directory' "$tmp/out"

if [ -z "$AARCH64_CC" ]; then
	skip "damaged and dynamic programs" "no arm64 compiler"
	tap_done
fi

guest_cc good <<'EOF'
int main(void) { return 42; }
EOF
"$x" "$tmp/good"
is "the undamaged program runs" "$?" 42

for n in 1 15 63 64 100 200 4095 4096 10000; do
	head -c "$n" "$tmp/good" >"$tmp/cut"
	case $n in
	1|15) text="not an ELF file";;
	*) text="truncated";;
	esac
	error "cut to $n bytes" 126 "$text" "$x" "$tmp/cut"
done

# One byte of the headers at a time becomes 0xff: it runs, is refused, or the guest dies; the
# translator itself never does. Not the entry point, where anything may follow.
bad=
for i in $(seq 4 7 20) $(seq 32 7 400); do
	cp "$tmp/good" "$tmp/hurt"
	printf '\377' | dd of="$tmp/hurt" bs=1 seek="$i" conv=notrunc 2>/dev/null
	timeout 5 "$x" "$tmp/hurt" >/dev/null 2>"$tmp/err" </dev/null
	if grep -q "internal error" "$tmp/err"; then
		bad="$bad $i"
	fi
done
is "no damaged header breaks the translator" "$bad" ""

echo 'int main(void) { return 7; }' >"$tmp/dyn.c"
if "$AARCH64_CC" -o "$tmp/dyn" "$tmp/dyn.c" -Wl,--dynamic-linker=/no/such/ld.so 2>/dev/null; then
	error "missing loader" 127 "its dynamic loader /no/such/ld.so is missing: install libc6:arm64" \
		"$x" "$tmp/dyn"
	check "the message mentions -L" grep -q -e '-L' "$tmp/err"
else
	skip "missing loader" "cannot link a dynamic arm64 program"
fi
root=$("$AARCH64_CC" -print-sysroot 2>/dev/null)
[ -e "$root/lib/ld-linux-aarch64.so.1" ] || root=/usr/aarch64-linux-gnu
if [ -e "$root/lib/ld-linux-aarch64.so.1" ] && "$AARCH64_CC" -o "$tmp/dyn" "$tmp/dyn.c"; then
	"$x" -L "$root" "$tmp/dyn"
	is "-L finds the loader and the libraries" "$?" 7
	QEMU_LD_PREFIX=$root "$x" "$tmp/dyn"
	is "so does QEMU_LD_PREFIX" "$?" 7
	XLATE_LD_PREFIX=$root QEMU_LD_PREFIX=/nowhere "$x" "$tmp/dyn"
	is "XLATE_LD_PREFIX wins" "$?" 7
else
	skip "dynamic program with -L" "no arm64 libraries"
fi
tap_done
