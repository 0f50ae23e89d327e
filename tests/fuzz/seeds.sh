#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seeds.sh DIRECTORY: writes what the fuzzers begin with, one folder per target.
dir=$1
mkdir -p "$dir"/{rule,conf,entry,elf,bfs} || exit
n=0
cp "$top_srcdir"/formats.d/*.conf "$dir/conf" || exit
printf '\xef\xbb\xbf# a mark\r\n  ; more\r\n\t:x:E::y::/z:\r\n:bad:M:\n' >"$dir/conf/odd"

while IFS= read -r rule; do
	n=$((n + 1))
	printf '%s\n' "$rule" >"$dir/rule/format-$n"
done < <(grep -h '^:' "$dir"/conf/*.conf | awk -F: '!seen[length($5) ":" $8]++')
rule()
{
	n=$((n + 1))
	# shellcheck disable=SC2059 # escapes are meant
	printf "$1" >"$dir/rule/odd-$n"
}
rule ':a:M::b::/c:'
rule '|a|E|ignored|d.e|ignored|/f|OCPF\n'
rule ',x y,M,+07,\\\\x41\\\\x00\\\\,\\\\xff\\\\xfe\\\\x01,relative path,P'
rule '\n1\nM\n\nx\n\n/y\n\n'
rule ':a:M::\\\\\\\\x41::/c:'
rule ':a:B::handler::/c:TD'
rule ':a:M:255:x:\\\\x00:/c:L'
rule ':register:E::x::/y:F'

# entry NAME CONTENT
entry()
{
	n=$((n + 1))
	# shellcheck disable=SC2059 # escapes are meant
	{ printf '%s\0' "$1" && printf "$2"; } >"$dir/entry/$n"
}
entry qemu-arm 'enabled\ninterpreter /usr/bin/qemu-arm\nflags: POF\noffset 0\nmagic 7f454c46010101000000000000000000020028\nmask ffffffffffffff00fffffffffffffffffeffff\n'
entry jar 'disabled\ninterpreter /usr/bin/jexec\nflags: \nextension .jar\n'
entry $'odd\n\e[1mname' 'enabled\ninterpreter /a\nb\nflags: OCF\noffset 12\nmagic 00\n'
entry newer 'enabled\nbpf handler\nflags: PTX\nbpf-interpreter a /b\n'
entry latin $'enabled\ninterpreter /\xe4\nflags: \nextension .\xff\n'

# bfs NAME CONTENT
bfs()
{
	n=$((n + 1))
	{ printf '%s\0' "$1" && printf '%s\n' "$2"; } >"$dir/bfs/$n"
}
bfs qemu-arm 'package qemu-user-static
interpreter /usr/libexec/qemu-binfmt/arm-binfmt-P
magic \x7f\x45\x4c\x46\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x28\x00
offset 0
mask \xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff
credentials yes
fix_binary yes
preserve yes'
bfs jar 'package openjdk
interpreter /usr/bin/jexec
magic PK\x03\x04
detector /usr/lib/detect  '
bfs dir/py 'PACKAGE p
interpreter /usr/bin/python3
extension pyc
unknown key'

if [ -x "$top_builddir/tests/formats/samples" ]; then
	"$top_builddir/tests/formats/samples" "$dir/elf" >/dev/null || exit
	find "$dir/elf" -type f ! -name 'elf-*' ! -name script -delete
fi
