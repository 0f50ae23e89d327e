#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Debian's openssl for arm64: all of libcrypto against amd64, with and without the instructions for
# cryptography; the command line tool; signatures of one side verified by the other; `speed`.
set -u
# shellcheck source=tests/lib/tap.sh
. "${top_srcdir:-.}/tests/lib/tap.sh"
# shellcheck source=tests/debian/packages.sh
. "${top_srcdir:-.}/tests/debian/packages.sh"
packages_needed usr/bin/openssl

ssl=usr/bin/openssl

evp()
{
	run "$work/evp.$side"
}

# build_evp ARCHITECTURE TRIPLET COMPILER
build_evp()
{
	# shellcheck disable=SC2086
	$3 -O1 -I "$trees/$1/usr/include" -I "$trees/$1/usr/include/$2" \
		"$top/tests/debian/evp.c" -o "$work/evp.$1" -L "$trees/$1/usr/lib/$2" \
		-l:libcrypto.so.3 -Wl,--allow-shlib-undefined
}

if [ ! "${AARCH64_CC:-}" ]; then
	skip "libcrypto" "no arm64 cross compiler"
elif ! why=$(build_evp amd64 x86_64-linux-gnu "${CC:-gcc}" 2>&1) ||
	! why=$(build_evp arm64 aarch64-linux-gnu "$AARCH64_CC" 2>&1); then
	not_ok "libcrypto: build the program" "$why"
else
	# What libcrypto may use: everything, NEON, nothing.
	for capabilities in all 1 0; do
		ENVIRONMENT=
		[ $capabilities = all ] || ENVIRONMENT=OPENSSL_armcap=$capabilities
		compare "libcrypto, instructions $capabilities" evp
	done
	ENVIRONMENT=
fi

# The same bytes every time.
native $ssl enc -aes-128-ctr -K 00 -iv 01 -in /dev/zero 2> /dev/null |
	head -c 300000 > "$work/data"

digests()
{
	for size in 0 1 55 56 63 64 65 1000 4096 300000; do
		head -c $size "$work/data" > "data.$size"
	done
	for digest in blake2b512 blake2s256 md5 rmd160 sha1 sha224 sha256 sha384 sha512 \
		sha512-224 sha512-256 sha3-224 sha3-256 sha3-384 sha3-512 shake128 shake256 sm3; do
		run $ssl dgst -$digest data.* || return
	done
	run $ssl dgst -sha256 -hmac secret data.*
}

ciphers()
{
	for cipher in aes-128-cbc aes-192-ctr aes-256-cbc aes-256-ctr aes-256-ofb aes-128-cfb8 \
		aria-256-cbc camellia-128-cbc chacha20 des-ede3-cbc sm4-cbc; do
		run $ssl enc -$cipher -pbkdf2 -S 0102030405060708 -k secret -in "$work/data" \
			-out "$cipher.bin" || return
		run $ssl enc -d -$cipher -pbkdf2 -S 0102030405060708 -k secret \
			-in "$cipher.bin" -out "$cipher.txt" || return
		cmp "$work/data" "$cipher.txt" || return
	done
	run $ssl enc -base64 -in "$work/data" -out base64
}
compare "dgst" digests
compare "enc" ciphers

# Keys are made by one side and used by both.
for key in rsa:rsa_keygen_bits:2048 ec:ec_paramgen_curve:P-256 ec:ec_paramgen_curve:P-521 \
	ed25519 ed448; do
	IFS=:
	# shellcheck disable=SC2086
	set -- $key
	unset IFS
	algorithm=$1
	check "$key: key, certificate" guest $ssl req -x509 -newkey "$algorithm" \
		${2:+-pkeyopt "$2:$3"} -nodes -subj /CN=test -days 30 -keyout "$work/key" \
		-out "$work/certificate"
	check "$key: public key" native $ssl pkey -in "$work/key" -pubout -out "$work/public"
	head -c 5000 "$work/data" > "$work/message"
	for from in native guest; do
		to=guest
		[ $from = native ] || to=native
		check "$key: signed $from" $from $ssl pkeyutl -sign -rawin -inkey "$work/key" \
			-in "$work/message" -out "$work/signature"
		check "$key: verified $to" $to $ssl pkeyutl -verify -rawin -pubin \
			-inkey "$work/public" -in "$work/message" -sigfile "$work/signature"
	done
	check "$key: certificate" native $ssl verify -CAfile "$work/certificate" \
		"$work/certificate"
done

# Each result of `speed` is a line of machine readable output. It complains about operations that
# fail, and about signatures that do not verify.
speed()
{
	# shellcheck disable=SC2086
	run_on $side $ssl speed -seconds 1 -bytes 4096 -mr $1 > raw 2>&1 || return
	grep -iE 'fail|error|invalid|mismatch' raw
	sed -n 's/^\(+[FHR0-9]*\):.*/\1/p' raw | sort | uniq -c
	rm raw
}
for what in "-evp aes-128-gcm" "-evp aes-256-cbc -decrypt" "-evp chacha20-poly1305" "-aead -evp aes-256-gcm" \
	sha256 sha512 rsa2048 ecdsap256 ecdhx25519 ed25519; do
	compare "speed $what" speed "$what"
done
tap_done
