#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The command line and the variables as users of QEMU know them; logs; what -h says.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc hello <<'EOT'
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	if (argc > 2 && argv[1][0] == 'e')
		execv(argv[2], argv + 2);
	if (argc > 1 && argv[1][0] == 'f' && !fork())
		_exit(3);
	if (argc > 1 && argv[1][0] == 'u')
		for (int i = 0; i < 3; i++)
			syscall(600), syscall(42, 0, 0, 0);
	wait(NULL);
	puts("hello");
	return 0;
}
EOT

out=$("$x" -B 0x10000 -R 0xf0000000 -t 34 -p 4096 -dfilter 0x1000..0x2000 -seed 7 \
	-plugin file=x.so -trace 'enable=foo*' -cpu cortex-a57 "$tmp/hello" 2>"$tmp/err")
is "what does not apply does not hinder" "$out" hello
is "one line says so" "$(wc -l <"$tmp/err")" 1
check "it names all" grep -q -e '-B, -R, -t, -p, -dfilter, -seed, -plugin, --trace, -cpu$' "$tmp/err"
"$x" -B 1 "$tmp/hello" e "$tmp/hello" e "$tmp/hello" >"$tmp/out" 2>"$tmp/err"
is "not again in what the guest executes" "$(cat "$tmp/out") $(wc -l <"$tmp/err")" "hello 1"
QEMU_GUEST_BASE=0x1000 QEMU_RAND_SEED=1 "$x" "$tmp/hello" >/dev/null 2>"$tmp/err"
check "variables that do not apply" grep -Eq 'here: (-B, -seed|-seed, -B)$' "$tmp/err"

is "no option of QEMU is unknown" "$(for o in L E U 0 strace cpu r s g d D one-insn-per-tb singlestep \
	tb-size B R t p dfilter trace plugin perfmap jitdump seed version h help; do
	"$x" "-$o" 2>&1 </dev/null | grep 'unknown option'; done)" ""
is "-strace=x is not an option" "$("$x" --strace=x /bin/true 2>&1)" \
	"xlate-aarch64: unknown option '--strace=x' (-h lists them)"

is "XLATE_ wins, also to switch off" \
	"$(QEMU_STRACE=1 XLATE_STRACE=0 "$x" "$tmp/hello" 2>&1)" hello
is "options win over variables" "$(XLATE_LOG_FILENAME=/no/such/dir/log "$x" -strace -D "$tmp/log.%d" \
	"$tmp/hello" f 2>&1)" hello
is "%d in -D: a file for each process" "$(ls "$tmp"/log.* | wc -l)" 2
is "the child's has its end" "$(cat "$tmp"/log.* | grep -c 'exit_group(3)')" 1
rm -f "$tmp"/log.*
"$x" -strace -D "$tmp/log.%p" "$tmp/hello" e "$tmp/hello" >/dev/null 2>"$tmp/err"
is "the log follows execve" "$(cat "$tmp"/log.* | grep -c 'execve(') $(grep -c write "$tmp"/log.*) $(cat "$tmp/err")" "2 1 "

"$x" -d unimp,guest_errors "$tmp/hello" u 2>&1 >/dev/null | grep -E ' (42|600) ' | sort >"$tmp/out"
is "-d unimp: each number once" "$(cat "$tmp/out")" \
	"xlate-aarch64: system call 42 (nfsservctl) is refused: ENOSYS
xlate-aarch64: system call 600 is unknown: ENOSYS"
check "-d page shows the stack" sh -c "'$x' -d page '$tmp/hello' 2>&1 | grep -q '^[0-9a-f-]* rw-p .*\\[stack\\]$'"
is "-d says what it does not know" "$("$x" -d nonsense "$tmp/hello" 2>&1 >/dev/null)" \
	"xlate-aarch64: -d: unknown word 'nonsense' ignored"
check "-d help lists the items" sh -c "'$x' -d help | grep -q '^unimp '"
check "-cpu help" sh -c "'$x' -cpu help | grep -q '^  max$'"

"$x" -h >"$tmp/out"
is "-h: lines of 100 columns at most" "$(awk 'length > 100' "$tmp/out")" ""
check "-h names options and variables" grep -Eq '^  -L directory +LD_PREFIX ' "$tmp/out"
tap_done
