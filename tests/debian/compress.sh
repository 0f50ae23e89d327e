#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Debian's 7zip, xz and zstd for arm64: archives byte for byte as on amd64, unpacked again, and
# 7zip's benchmark, which checks its own results.
set -u
# shellcheck source=tests/lib/tap.sh
. "${top_srcdir:-.}/tests/lib/tap.sh"
# shellcheck source=tests/debian/packages.sh
. "${top_srcdir:-.}/tests/debian/packages.sh"
packages_needed usr/bin/7zz usr/lib/p7zip/7z usr/bin/xz usr/bin/zstd

# Something of everything: code of both kinds, text, numbers, nothing, noise.
mkdir "$work/in"
head -c 400000 "$trees/arm64/usr/bin/7zz" > "$work/in/arm64.bin"
head -c 300000 "$trees/amd64/usr/bin/7zz" > "$work/in/amd64.bin"
cat "$trees"/arm64/usr/lib/python3.11/test/test_[a-d]*.py | head -c 500000 > "$work/in/text"
awk 'BEGIN { for (i = 0; i < 10000; i++) { x = (x * 1103515245 + 12345) % 2147483648
	printf "%d %d\n", i, x } }' > "$work/in/numbers"
head -c 200000 "$work/in/text" | gzip -n9 > "$work/in/noise"
: > "$work/in/empty"
touch -d 2026-01-02 "$work"/in/* "$work/in"

zz=usr/bin/7zz

sevenzip() # NAME SWITCH...
{
	archive=$1
	shift
	(cd "$work" && run_on $side $zz a -bd -mmt=1 "$@" "$work/$side/$archive" in) |
		grep -E 'Ok|Error|Warning' || return
	run $zz t -bd -psecret "$archive" | grep -E 'Ok|Error|Warning|CRC|Size' || return
	run $zz x -bd -psecret -oout "$archive" > log || return
	diff -r "$work/in" out/in || return
	rm -r log out
}

# An encrypted archive has a random vector, so only what is in it is compared.
secret()
{
	sevenzip secret.7z -t7z -mx=3 -psecret -mhe=on && rm secret.7z &&
		sevenzip secret.zip -tzip -mx=3 -psecret -mem=AES256 && rm secret.zip
}

for method in lzma lzma2 ppmd bzip2 deflate copy; do
	compare "7z $method" sevenzip archive.7z -t7z -mx=5 -m0=$method
done
compare "7z with a filter for arm64" sevenzip archive.7z -t7z -mx=9 -m0=arm64 -m1=lzma2
compare "7z with a filter for x86" sevenzip archive.7z -t7z -mx=5 -m0=bcj2 -m1=lzma:d22 \
	-m2=lzma:d19 -m3=lzma:d19 -mb0:1 -mb0s1:2 -mb0s2:3
for method in deflate deflate64 bzip2 lzma ppmd; do
	compare "zip $method" sevenzip archive.zip -tzip -mm=$method -mx=5
done
xz_by_7z()
{
	run $zz a -bd -mmt=1 -txz -mx=3 text.xz "$work/in/text" | grep -E 'Ok|Error|Warning'
	run $zz x -bd -so text.xz | cmp - "$work/in/text"
}
compare "xz by 7z" xz_by_7z
compare "encrypted" secret

hashes()
{
	run $zz h -bd '-scrc*' "$work/in" | grep -v -e '^7-Zip' -e '^ *64-bit'
}
compare "hashes" hashes

# Threads may split the work differently, so only what comes out is compared.
threads()
{
	(cd "$work" && run_on $side $zz a -bd -mmt=4 -mx=3 "$work/$side/threads.7z" in) |
		grep -E 'Ok|Error' || return
	run $zz x -bd -mmt=4 -oout threads.7z > log && diff -r "$work/in" out/in &&
		rm -r threads.7z log out
}
compare "7z with four threads" threads

# The benchmark compares checksums of what it unpacks and stops with an error if they differ.
benchmark() # PROGRAM
{
	run "$1" b 1 -mmt1 -md18 -mtime=0 > log 2>&1 || { cat log; return 1; }
	# Not the line that says what the processor has.
	grep -v ^PageSize: log | grep -iE 'error|crc'
	grep -c '^\(18\|Avr\|Tot\):' log
	for method in CRC32 CRC64 SHA1 SHA256 AES256CBC; do
		run "$1" b -mm=$method 1 -mmt1 -md16 -mtime=0 > log 2>&1 || { cat log; return 1; }
		grep -iE 'error|failed' log
		echo "$method: $(grep -c '^1[0-6]:' log) sizes"
	done
	rm log
}
compare "7zz b" benchmark $zz
compare "p7zip 7z b" benchmark usr/lib/p7zip/7z

xz_one() # SWITCH...
{
	for file in arm64.bin text noise empty; do
		run usr/bin/xz -c -T1 "$@" "$work/in/$file" > $file.xz || return
		run usr/bin/xz -dc $file.xz | cmp - "$work/in/$file" || return
		run usr/bin/xz -lv $file.xz | grep -i check
	done
}
compare "xz -0" xz_one -0 --check=crc32
compare "xz -6" xz_one -6 --check=sha256
compare "xz -9e" xz_one -9e
compare "xz filters" xz_one --arm64 --delta=dist=2 --lzma2=preset=3,lc=1,lp=2,pb=1
xz_lzma()
{
	run usr/bin/xz --format=lzma -c "$work/in/text" > text.lzma &&
		run usr/bin/xz -dc --format=lzma text.lzma | cmp - "$work/in/text" &&
		run usr/bin/xz -T4 --block-size=200KiB -c "$work/in/text" > threads.xz &&
		run usr/bin/xz -T4 -dc threads.xz | cmp - "$work/in/text"
}
compare "xz: lzma, threads" xz_lzma

zstd_one() # SWITCH...
{
	for file in arm64.bin text noise empty; do
		run usr/bin/zstd -q --single-thread "$@" -c "$work/in/$file" > $file.zst || return
		run usr/bin/zstd -q --long=27 -dc $file.zst | cmp - "$work/in/$file" || return
	done
}
for level in --fast=5 -1 -3 -6 -10 -15 "--ultra -20" "-3 --long=27"; do
	# shellcheck disable=SC2086
	compare "zstd $level" zstd_one $level
done
zstd_more()
{
	(cd "$work/in" && run_on $side usr/bin/zstd -q --train -B4096 --maxdict=20000 text numbers \
		-o "$work/$side/dictionary") || return
	run usr/bin/zstd -q -D dictionary -c "$work/in/numbers" > numbers.zst &&
		run usr/bin/zstd -q -D dictionary -dc numbers.zst | cmp - "$work/in/numbers" &&
		run usr/bin/zstd -q -T4 -B300KB -c "$work/in/text" > threads.zst &&
		run usr/bin/zstd -q -dc threads.zst | cmp - "$work/in/text" &&
		run usr/bin/zstd -b1e3 -i0 "$work/in/text" > log 2>&1 && rm log
}
compare "zstd: dictionary, threads, benchmark" zstd_more

# What one side packs, the other unpacks.
for pair in "guest native" "native guest"; do
	from=${pair% *} to=${pair#* }
	for tool in xz zstd; do
		$from usr/bin/$tool -q -c "$work/in/text" > "$work/packed"
		if $to usr/bin/$tool -q -dc "$work/packed" 2> "$work/why" | cmp -s - "$work/in/text"; then
			ok "$tool: $from to $to"
		else
			not_ok "$tool: $from to $to" "$(cat "$work/why")"
		fi
	done
done
tap_done
