#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# -cpu: what the processors report, in three ways; pointer authentication, random numbers and the
# counter of the one that is called max.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc
here=$top_srcdir/tests/linux-user

guest_cc ids <"$here/cpu_ids.c"
common="fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics"
for cpu in any max max,pauth=off; do
	out=$("$x" -cpu $cpu "$tmp/ids" 2>&1)
	case $out in
	"equal $common "*) ok "-cpu $cpu: HWCAP, cpuinfo and registers agree" ;;
	*) not_ok "-cpu $cpu: HWCAP, cpuinfo and registers agree" "$out" ;;
	esac
done
is "the default is any" "$("$x" "$tmp/ids")" "$("$x" -cpu any "$tmp/ids")"
is "QEMU_CPU" "$(QEMU_CPU=max "$x" "$tmp/ids")" "$("$x" -cpu max "$tmp/ids")"
is "max has pointer authentication" "$("$x" -cpu max "$tmp/ids" | grep -o 'pac[ag]' | tr '\n' ' ')" \
	"paca pacg "
is "any and pauth=off have not" "$( ("$x" "$tmp/ids"; "$x" -cpu max,pauth=off "$tmp/ids") |
	grep -c 'pac[ag]')" 0
check "others are refused with a word" sh -c "'$x' -cpu cortex-a57 '$tmp/ids' 2>&1 | grep -q -- -cpu"
is "so are other properties" "$("$x" -cpu max,sve=on "$tmp/ids" 2>&1 | head -n 1)" \
	"xlate-aarch64: CPU model 'max,sve=on': it has not all of these properties"
is "QEMU's idle ones are not" \
	"$("$x" -cpu max,pauth-impdef=on,sve=off "$tmp/ids" 2>&1)" "$("$x" -cpu max "$tmp/ids")"

guest_cc pauth -march=armv8.3-a <"$here/cpu_pauth.c"
"$x" -cpu max "$tmp/pauth" switches >"$tmp/ours" 2>"$tmp/err"
cat >"$tmp/want" <<'END'
12345678 key 0: most signed, most refused, error codes 2
12345678 key 1: most signed, most refused, error codes 4
12345678 key 2: most signed, most refused, error codes 2
12345678 key 3: most signed, most refused, error codes 4
ffff800012345678 key 0: most signed, most refused, error codes 8
ffff800012345678 key 1: most signed, most refused, error codes 8
ffff800012345678 key 2: most signed, most refused, error codes 8
ffff800012345678 key 3: most signed, most refused, error codes 8
ab00000012345678 key 0: most signed, most refused, error codes 2
ab00000012345678 key 1: most signed, most refused, error codes 4
ab00000012345678 key 2: most signed, most refused, error codes 2
ab00000012345678 key 3: most signed, most refused, error codes 4
strip 12345678 ffff001234567890 ab00123456789abc ffff123456789abc
returns 42
loads 15 12 14, base -16
refused pointer: signal 11
kept by fork: 5
reset 0 0
others stay: 1
wrong bits -1, rest -1
on f
off 0
on b
passes 1 1
wrong -1 -1 -1
END
if diff "$tmp/want" "$tmp/ours" >"$tmp/diff"; then
	ok "pointer authentication"
else
	not_ok "pointer authentication" "$(cat "$tmp/diff")"
fi
if [ -n "${QEMU_AARCH64:-}" ]; then
	is "QEMU prints the same" "$("$QEMU_AARCH64" -cpu max "$tmp/pauth" 2>"$tmp/err")" \
		"$(head -n 20 "$tmp/want")"
else
	skip "QEMU prints the same" "no qemu-aarch64"
fi
is "keys are random" "$( ("$x" -cpu max "$tmp/pauth" mac; "$x" -cpu max "$tmp/pauth" mac) |
	sort -u | wc -l)" 2

# Without -cpu max the same program runs, and nothing is signed.
is "off, pointers pass" "$("$x" "$tmp/pauth" off | grep -c 'few signed, few refused, error codes 0')" 12
is "off, returns and loads" "$("$x" "$tmp/pauth" off | grep -E '^(returns|loads)')" \
	"returns 42
loads 15 12 14, base -16"

# The whole of a program with signed returns, through re-entry by execve, too.
guest_cc signed -march=armv8.3-a -mbranch-protection=standard <<'END'
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>
static int (*volatile again)(int);
static int down(int n) { return n ? again(n - 1) + 1 : 0; }
int main(int argc, char **argv)
{
	again = down;
	printf("%d %d\n", down(1000), (int)(getauxval(AT_HWCAP) >> 30 & 3));
	fflush(stdout);
	if (argc == 1)
		execl(argv[0], argv[0], "again", (char *)NULL);
	return 0;
}
END
is "signed returns" "$("$x" -cpu max "$tmp/signed")" "1000 3
1000 3"
is "signed returns, off" "$("$x" "$tmp/signed")" "1000 0
1000 0"

guest_cc misc <<'END'
#include <stdint.h>
#include <stdio.h>
#include <time.h>
static uint64_t rndr(int *failed)
{
	uint64_t x, flags;
	__asm__ volatile("mrs %0, s3_3_c2_c4_0\n mrs %1, nzcv" : "=r"(x), "=r"(flags) : : "cc");
	*failed |= flags != 0;
	return x;
}
int main(void)
{
	uint64_t a, b, c, ssbs, ones = 0, zeros = 0;
	struct timespec ts;
	int failed = 0;
	for (int n = 0; n < 100; n++) {
		a = rndr(&failed);
		ones |= a;
		zeros |= ~a;
	}
	printf("random %d %d %d\n", failed, ones == ~0ull, zeros == ~0ull);
	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(a));
	clock_gettime(CLOCK_MONOTONIC, &ts);
	__asm__ volatile("mrs %0, s3_3_c14_c0_6" : "=r"(b));
	c = ts.tv_sec * 1000000000ull + ts.tv_nsec;
	printf("counter %d\n", a <= c && c <= b && b - a < 1000000000);
	__asm__ volatile("mrs %0, s3_3_c4_c2_6" : "=r"(ssbs));
	printf("ssbs %llx\n", (unsigned long long)ssbs);
	return 0;
}
END
is "RNDR, CNTVCT and CNTVCTSS, SSBS" "$("$x" "$tmp/misc")" "random 0 1 1
counter 1
ssbs 1000"
tap_done
