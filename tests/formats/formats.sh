#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each format of formats.d: well-formed, accepted by the kernel, and taking its samples and no
# others, in our model and by execve in a binfmt_misc instance of our own.
if [ "$1" != inside ]; then
	. "$top_srcdir/tests/lib/tap.sh"
	unshare -Urm true 2>/dev/null || skip_all "user namespaces are not permitted"
	exec unshare -Urm "$0" inside
fi
. "$top_srcdir/tests/lib/tap.sh"
export LC_ALL=C

binfmtctl=$top_builddir/binfmtctl/binfmtctl
here=$top_builddir/tests/formats
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/formats" "$tmp/samples" "$tmp/interpreters" "$tmp/tools" || exit 1

# All formats in one place, as an installation has them.
cp "$top_srcdir"/formats.d/*.conf "$tmp/formats"
[ "$top_srcdir" -ef "$top_builddir" ] || cp "$top_builddir"/formats.d/*.conf "$tmp/formats"
cd "$tmp/formats" || exit 1
formats=(*.conf)
formats=("${formats[@]%.conf}") # in the order of registering
mapfile -t sorted < <(printf '%s\n' "${formats[@]}" | sort)

# rules FORMAT: its rules without comments.
rules()
{
	grep -vE '^(#|$)' "$1.conf"
}

## What the README promises of each file.
promises()
{
	local format=$1 first name interpreter number=0
	first=$(head -n 1 "$format.conf")
	[[ $first == '# '*. ]] || echo "the first line is no sentence: $first"
	awk 'length > 100 && /^#/ { print "long line: " $0 }' "$format.conf"
	while IFS= read -r rule; do
		IFS=: read -r _ name _ _ _ _ interpreter _ <<<"${rule//\\/\\\\}"
		number=$((number + 1))
		case $format:$number in
		ape:*) [[ $name == APE* ]] || echo "$name is not as the installer calls it" ;;
		appimage:* | *:[2-9]) [[ $name == "$format"-* ]] || echo "rule $number is called $name" ;;
		*) [[ $name == "$format" ]] || echo "rule $number is called $name" ;;
		esac
		[[ $interpreter == /* ]] || echo "relative interpreter $interpreter"
		[[ $format == xlate-* ]] ||
			grep -qE "^# Interpreters: $interpreter( |$)" "$format.conf" ||
			echo "the first interpreter named is not $interpreter"
	done < <(rules "$format")
	[ $number -gt 0 ] || echo "no rule"
}
for format in "${formats[@]}"; do
	is "$format.conf keeps the README's promises" "$(promises "$format")" ""
done
is "rule names are unique" "$(cat ./*.conf | grep -v '^#' | cut -d: -f2 | sort | uniq -d)" ""
for variant in 'aarch64:aarch64 --appimage' 'arm:arm --appimage' \
	'aarch64-ld-so:aarch64 --ld-so' 'arm-dyn:arm --elf-type dyn --appimage --name xlate-arm-dyn'; do
	# shellcheck disable=SC2086 # a target and its options
	is "xlate-${variant%%:*} is what gen says" \
		"$(rules "xlate-${variant%%:*}" | sed 's|:/[^:]*/|:/|')" \
		"$("$binfmtctl" gen ${variant#*:} | sed 's|:/[^:]*/|:/|')"
done

## Lint: nothing but that native programs are taken, and that variants are meant to be narrow.
"$binfmtctl" lint --level medium -f plain "${formats[@]/%/.conf}" >"$tmp/lint" 2>&1
is "lint takes all of them" $? 0
is "lint finds only what is meant" \
	"$(grep -vE '^  hint:|native programs of this machine.*R01|R06|only ET_DYN matches.*R04' "$tmp/lint")" ""

## The model: every sample is taken by exactly the formats it should.
"$here/samples" "$tmp/samples" >"$tmp/wanted" || exit 1
cut -f1 "$tmp/wanted" | (sed "s|^|$tmp/samples/|" | xargs "$here/match" "${sorted[@]/%/.conf}" --) \
	>"$tmp/got" 2>"$tmp/err"
status=$?
is "all formats are good rules" "$status$(cat "$tmp/err")" 0
is "each of $(wc -l <"$tmp/wanted") samples is taken by the formats it should be" \
	"$(diff "$tmp/wanted" "$tmp/got")" ""
is "each format takes a sample" \
	"$(cut -f2 "$tmp/got" | tr ' ' '\n' | sort -u | comm -13 - <(printf '%s\n' "${sorted[@]}"))" ""

## Programs that tools made, as far as tools are there.
# real FILE FORMATS WHAT
real()
{
	is "$3 is taken by ${2:-nothing}" "$("$here/match" "${sorted[@]/%/.conf}" -- "$1" | cut -f2)" "$2"
}
linked=0
while read -r triplet name; do
	as=$(command -v "$triplet-as") && ld=$(command -v "$triplet-ld") || continue
	linked=$((linked + 1))
	echo '.globl _start,__start; _start: __start: .long 0' | tr ';' '\n' >"$tmp/tools/a.s"
	object=$tmp/tools/$name.o program=$tmp/tools/$name
	if ! { "$as" -o "$object" "$tmp/tools/a.s" && "$ld" -o "$program" "$object" &&
		"$ld" -pie -dynamic-linker /lib/ld.so -o "$program-pie" "$object"; } \
		>"$tmp/tools/log" 2>&1; then
		not_ok "$triplet-ld links a program" "$(cat "$tmp/tools/log")"
		continue
	fi
	wanted=$(awk -F '\t' -v name="elf-$name-" '$1 == name "static" { print $2 }' "$tmp/wanted")
	real "$program" "$wanted" "what $triplet-ld links"
	wanted=$(awk -F '\t' -v name="elf-$name-" '$1 == name "pie" { print $2 }' "$tmp/wanted")
	real "$program-pie" "$wanted" "what $triplet-ld -pie links"
	real "$object" "" "an object file of $triplet-as"
done <<'END'
aarch64-linux-gnu aarch64
alpha-linux-gnu alpha
arm-linux-gnueabi arm
arm-linux-gnueabihf armhf
hppa-linux-gnu hppa
i686-linux-gnu i386
loongarch64-linux-gnu loongarch64
m68k-linux-gnu m68k
mips-linux-gnu mips
mipsel-linux-gnu mipsel
mips64-linux-gnuabin32 mipsn32
mips64el-linux-gnuabin32 mipsn32el
mips64-linux-gnuabi64 mips64
mips64el-linux-gnuabi64 mips64el
powerpc-linux-gnu ppc
powerpc64-linux-gnu ppc64
powerpc64le-linux-gnu ppc64le
riscv64-linux-gnu riscv64
s390x-linux-gnu s390x
sh4-linux-gnu sh4
sparc64-linux-gnu sparc64
x86_64-linux-gnu x86_64
x86_64-linux-gnux32 x32
END
[ $linked -gt 0 ] || skip "programs by other assemblers and linkers" "none is installed"
cache=$(find /usr/lib/python3* -name '*.cpython-*.pyc' 2>/dev/null | head -n 1)
if [ -n "$cache" ]; then
	version=${cache##*.cpython-3}
	real "$cache" "python3.${version%.pyc}" "$(basename "$cache")"
else
	skip "bytecode by Python" "no .pyc is installed"
fi
if clang=$(command -v clang) && "$clang" -c -emit-llvm -x c /dev/null -o "$tmp/tools/bc" 2>/dev/null; then
	real "$tmp/tools/bc" llvm-bitcode "bitcode by clang"
else
	skip "bitcode by clang" "clang is not installed"
fi
if command -v zip >/dev/null; then
	mkdir "$tmp/tools/META-INF" && echo x >"$tmp/tools/META-INF/MANIFEST.MF" && echo x >"$tmp/tools/x"
	(cd "$tmp/tools" && zip -q archive.jar META-INF META-INF/MANIFEST.MF x && zip -q archive.zip x)
	real "$tmp/tools/archive.jar" jar "an archive by zip with META-INF first"
	real "$tmp/tools/archive.zip" "" "an archive by zip without META-INF"
else
	skip "archives by zip" "zip is not installed"
fi
printf 'int mainCRTStartup(void) { return 0; }\n' >"$tmp/tools/pe.c"
if $CC -ffreestanding -fno-asynchronous-unwind-tables -fno-ident -c "$tmp/tools/pe.c" -o "$tmp/tools/pe.o" 2>/dev/null &&
	objcopy -O pe-x86-64 -R .comment -R .note.GNU-stack -R .note.gnu.property \
		"$tmp/tools/pe.o" "$tmp/tools/pe.obj" 2>/dev/null &&
	ld -m i386pep -e mainCRTStartup "$tmp/tools/pe.obj" -o "$tmp/tools/pe.exe" 2>/dev/null; then
	real "$tmp/tools/pe.exe" "WSLInterop mono wine" "a PE file by GNU ld"
else
	skip "a PE file by GNU ld" "this ld makes none"
fi

## The kernel.
if ! mount -t binfmt_misc none /proc/sys/fs/binfmt_misc 2>/dev/null; then
	skip "the kernel takes the same files" "no private binfmt_misc instance (needs Linux 6.7)"
	tap_done
fi
[ -z "$(ls /proc/sys/fs/binfmt_misc | grep -vE '^(register|status)$')" ] ||
	skip_all "the new binfmt_misc instance is not empty: not touching it"

# Rules for native programs are refused, and left out of what follows.
native=()
for format in "${formats[@]}"; do
	cp "$here/who" "$tmp/interpreters/$format"
	IFS=$'\n' read -r -d '' -a lines < <(rules "$format")
	interpreter=$(cut -d: -f7 <<<"${lines[0]}")
	printf '%s\n' "${lines[@]}" | sed "s|:$interpreter:|:$tmp/interpreters/$format:|" >"$tmp/rules"
	"$binfmtctl" register --file "$tmp/rules" >"$tmp/out" 2>&1
	status=$?
	if [ $status -eq 4 ] && grep -q 'would take native programs' "$tmp/out"; then
		native+=("$format")
	elif [ $status -ne 0 ]; then
		not_ok "the kernel accepts $format" "$(cat "$tmp/out")"
	fi
done
case $(uname -m) in
x86_64) wanted='FEX-x86_64 box64 qemu-x86_64 rosetta' ;;
aarch64) wanted='qemu-aarch64 xlate-aarch64 xlate-aarch64-ld-so' ;;
*) wanted=${native[*]} ;;
esac
is "formats for programs of this machine are refused, no others" "${native[*]}" "$wanted"
is "the kernel has all other rules" "$("$binfmtctl" list -f plain | wc -l)" \
	$(($(cat ./*.conf | grep -c '^:') - $(for f in "${native[@]}"; do rules "$f"; done | grep -c .)))

# The last registered one wins, and they were registered in the order of their names.
while IFS=$'\t' read -r sample takers; do
	winner=
	for format in "${formats[@]}"; do
		[[ " $takers " != *" $format "* || " ${native[*]} " == *" $format "* ]] || winner=$format
	done
	[ "$sample" != script ] || winner="status 42" # not touched by any rule
	got=$("$tmp/samples/$sample" 2>/dev/null </dev/null)
	status=$?
	[ $status -ne 42 ] || got="status 42"
	[ "$got" = "$winner" ] || echo "$sample: '$got' (status $status), wanted '$winner'"
done < <(grep -v '^empty' "$tmp/wanted") >"$tmp/differences"
is "each sample is run by the newest rule that takes it, and by nothing else" \
	"$(cat "$tmp/differences")" ""
tap_done
