#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes cases out of lines "assembly ; assembly | state before [| note]" on stdin: assembles
# the words and lets an AArch64 executor say the state after, which then has to be read
# against the manual.  Lines that begin with # pass through.
#	record.sh EXECUTOR < lines > new.case
#	EXECUTOR: e.g. "qemu-aarch64-static ./native_a64"
set -eu
executor=$1
cc=${AARCH64_CC:-aarch64-linux-gnu-gcc}
dump=${AARCH64_OBJDUMP:-aarch64-linux-gnu-objdump}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

cat >"$dir/in"
awk -F'|' 'BEGIN { print ".arch armv8.6-a+crc+lse+rcpc+flagm+crypto+sha3+sm4+fp16+fp16fml+i8mm+bf16+dotprod" }
	/^[ \t]*(#|$)/ { next }
	{ printf "case_%d:\n%s\n", NR, $1 }' "$dir/in" >"$dir/in.s"
"$cc" -c -o "$dir/in.o" "$dir/in.s"
"$dump" -d -z "$dir/in.o" >"$dir/words"
awk -F'|' 'NR == FNR {
		if (match($0, /<case_[0-9]+>:/)) {
			n = substr($0, RSTART + 6, RLENGTH - 8)
		} else if ($0 ~ /^ *[0-9a-f]+:\t/) {
			split($0, f, /[\t ]+/)
			words[n] = words[n] f[3] " "
		}
		next
	}
	/^[ \t]*(#|$)/ { print; next }
	{
		gsub(/^[ \t]+|[ \t]+$/, "", $1); gsub(/^[ \t]+|[ \t]+$/, "", $2)
		printf "%s| %s | %s =>%s\n", words[FNR], $1, $2, (NF > 2 ? " |" $3 : "")
	}' "$dir/words" "$dir/in" >"$dir/cases"
# The executor prints the cases alone; put the comments back.
$executor -r "$dir/cases" >"$dir/out"
awk 'NR == FNR { out[NR] = $0; next }
	/^[ \t]*(#|$)/ { print; next }
	{ print out[++n] }' "$dir/out" "$dir/cases"
