#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is said of a program that dies of a signal of its own.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc dies -fno-omit-frame-pointer -fno-inline <<'EOT'
#include <fcntl.h>
#include <unistd.h>
static volatile int sink;
static void die(volatile int *p)
{
	*p = 1;
	sink++;
}
static void middle(volatile int *p)
{
	die(p);
	sink++;
}
int main(int argc, char **argv)
{
	open("/no/such/file", O_RDONLY);
	getppid();
	if (argc > 2)
		((void (*)(void))main)();
	if (argc > 1)
		__builtin_trap();
	middle((int *)0x1234);
	return 0;
}
EOT

"$x" "$tmp/dies" 2>"$tmp/err"
is "the signal" "$?" 139
# the shell may say so, too
sed -i '/^Segmentation fault/d' "$tmp/err"
is "by default, one line" "$(wc -l <"$tmp/err")" 1
check "in the words that people look for" grep -q 'uncaught target signal 11 (Segmentation fault) - ' "$tmp/err"
check "it names the place" grep -Eq 'pc 0x[0-9a-f]+ die\+0x[0-9a-f]+ \(dies\), address 0x1234$' "$tmp/err"

"$x" --crash=full "$tmp/dies" 2>"$tmp/err"
sed -i '/^Segmentation fault/d' "$tmp/err"
check "registers" grep -Eq '^x0  0000000000001234 x1 ' "$tmp/err"
check "the mapping" grep -Eq "^pc lies in [0-9a-f]+-[0-9a-f]+ r-xp [0-9a-f]+ $tmp/dies$" "$tmp/err"
check "no mapping" grep -q '^the address: nothing is mapped at 1234$' "$tmp/err"
is "the callers" "$(sed -n '/^called from/,/^last/s/^  [0-9a-f]*  \([a-z]*\)+.*/\1/p' "$tmp/err" | head -n 2 | tr '\n' ' ')" \
	"middle main "
check "a failed call" grep -Eq '^  openat\(0xf*ffffff9c, 0x[0-9a-f]+, 0x0, 0x[0-9a-f]+\) = -1 ENOENT$' "$tmp/err"
is "the last call" "$(tail -n 1 "$tmp/err" | sed 's/ = .*//')" "  getppid()"
check "no more than sixteen" [ "$(sed -n '/^last/,$p' "$tmp/err" | wc -l)" -le 17 ]
XLATE_CRASH=full "$x" "$tmp/dies" 2>"$tmp/err"
check "the variable" grep -q '^called from:' "$tmp/err"

cp "$tmp/dies" "$tmp/stripped"
"${AARCH64_CC%gcc}strip" "$tmp/stripped" 2>/dev/null || "${AARCH64_OBJDUMP%objdump}strip" "$tmp/stripped"
"$x" "$tmp/stripped" 2>"$tmp/err"
check "without symbols, the file" grep -Eq 'pc 0x[0-9a-f]+ stripped\+0x[0-9a-f]+, address' "$tmp/err"
"$x" --crash=full "$tmp/dies" 1 2>"$tmp/err"
is "another signal" "$?" 133
check "its name" grep -q 'uncaught target signal 5 (Trace/breakpoint trap)' "$tmp/err"
"$x" --crash=full "$tmp/dies" 1 2 2>"$tmp/err"
check "an endless recursion" grep -q '^called from:' "$tmp/err"
"$x" --crash=loud "$tmp/dies" 2>"$tmp/err"
is "a bad value" "$? $(cat "$tmp/err")" "1 xlate-aarch64: bad value 'loud' for option '--crash'"

guest_cc probes <<'EOT'
#include <signal.h>
#include <stdio.h>
#include <setjmp.h>
static sigjmp_buf back;
static void on_ill(int signo) { siglongjmp(back, signo); }
int main(void)
{
	signal(SIGILL, on_ill);
	if (!sigsetjmp(back, 1))
		__asm__ volatile("udf #0");
	puts("survived");
}
EOT
is "nothing is said of an instruction that a handler takes" "$("$x" "$tmp/probes" 2>&1)" survived
tap_done
