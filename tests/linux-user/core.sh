#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Core dumps of the guest: whether, where, and what gdb-multiarch finds in them.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc crash -g -pthread <<'EOF'
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
volatile int marker = 0x12345678;
char *heap, *left_out, *shared;
__thread int mine = 77;
static volatile int ready;
__attribute__((noinline)) int inner(int *p, int depth)
{
	if (depth)
		return inner(p, depth - 1) + 1;
	__asm__ volatile("fmov d9, #2.5" ::: "d9");
	return *p;
}
__attribute__((noinline)) static void spins(void) { ready++; for (;;) marker = marker; }
__attribute__((noinline)) static void sleeps(void) { ready++; for (;;) pause(); }
static void *spinner(void *arg) { spins(); return NULL; }
static void *sleeper(void *arg) { sleeps(); return NULL; }
int main(int argc, char **argv)
{
	pthread_t t;
	heap = strdup("on the heap");
	left_out = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	strcpy(left_out, "left out");
	madvise(left_out, 4096, MADV_DONTDUMP);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	strcpy(shared, "shared");
	for (char *what = argv[1]; *what; what++)
		switch (*what) {
		case 't':
			pthread_create(&t, NULL, spinner, NULL);
			pthread_create(&t, NULL, sleeper, NULL);
			while (ready < 2)
				usleep(1000);
			break;
		case 'u': prctl(PR_SET_DUMPABLE, 0); break;
		case 'f': {
			FILE *f = fopen("/proc/self/coredump_filter", "w");
			fprintf(f, "0x31\n");
			fclose(f);
			break;
		}
		case 'a': abort();
		}
	return inner((int *)0x1238, 3);
}
EOF

mkdir "$tmp/cores"
pattern=$(cat /proc/sys/kernel/core_pattern)

# dies LIMIT WHAT: the program in a directory of its own, which then has what it left.
dies()
{
	rm -f "$tmp/cores"/*
	(cd "$tmp/cores" && ulimit -c "$1" && exec "$x" "$tmp/crash" "$2") >/dev/null 2>"$tmp/err"
	status=$?
}

dies 0 a
is "no limit, no core: status" "$status" 134
is "no limit, no core" "$(ls "$tmp/cores")" ""
dies 0 x
check "says so" grep -q 'uncaught target signal 11 (Segmentation fault) - no core dumped' "$tmp/err"
case $pattern in
'|'* | @* | */*)
	dies unlimited x
	is "status" "$status" 139
	is "nothing here" "$(ls "$tmp/cores")" ""
	skip "the core" "core_pattern is $pattern"
	tap_done
	;;
esac
dies unlimited xu
is "not dumpable" "$(ls "$tmp/cores")" ""
dies unlimited x
is "status" "$status" 139
check "says that there is one" grep -q 'uncaught target signal 11 (Segmentation fault) - core dumped' "$tmp/err"
is "one file" "$(ls "$tmp/cores" | wc -l)" 1
core=$(ls "$tmp/cores")
case $pattern in
core) is "its name" "${core%%.*}" core ;;
esac
is "nobody else can read it" "$(stat -c %a "$tmp/cores/$core")" 600
dies 8 x
check "the limit cuts it" test "$(stat -c %s "$tmp/cores"/*)" -le 8192

readelf=$(command -v aarch64-linux-gnu-readelf || command -v readelf)
if [ "$readelf" ]; then
	dies unlimited tx
	"$readelf" -hn "$tmp/cores"/* >"$tmp/elf" 2>/dev/null
	check "an arm64 core" grep -q 'Machine: *AArch64' "$tmp/elf"
	check "of type CORE" grep -q 'Type: *CORE' "$tmp/elf"
	for n in NT_PRPSINFO:1 NT_SIGINFO:1 NT_AUXV:1 NT_FILE:1 NT_PRSTATUS:3 NT_FPREGSET:3 NT_ARM_TLS:3; do
		is "${n%:*}" "$(grep -c "	${n%:*} " "$tmp/elf")" "${n#*:}"
	done
else
	skip "the notes" "no readelf"
fi

guest_cc gone <<'EOT'
#include <sys/mman.h>
int main(void) { return munmap(0, (1ul << 47) - 4096); }
EOT
mkdir "$tmp/elsewhere"
(cd "$tmp/elsewhere" && ulimit -c unlimited && exec timeout 20 "$x" "$tmp/gone") >/dev/null 2>"$tmp/err"
is "a program that unmapped everything" "$?" 139
check "dumps what there is" grep -q 'core dumped: ' "$tmp/err"

gdb=$(command -v gdb-multiarch) || {
	skip "what is in it" "no gdb-multiarch"
	tap_done
}
# ask EXPRESSION...: what gdb prints about the core
ask()
{
	for e; do
		set -- "$@" -ex "$e"
		shift
	done
	"$gdb" -nx -batch -ex 'set debuginfod enabled off' "$@" "$tmp/crash" "$tmp/cores"/* 2>/dev/null
}
is "memory" "$(ask 'output/x marker' 'echo \n' 'output mine' 'echo \n' 'x/s heap' 'x/s shared' |
	tail -n 4 | sed 's/^0x[0-9a-f]*:[^"]*//')" '0x12345678
77
"on the heap"
"shared"'
check "MADV_DONTDUMP" sh -c '! "$@" | grep -q "left out"' sh "$gdb" -nx -batch -ex 'x/s left_out' "$tmp/crash" "$tmp/cores"/*
is "the stack" "$(ask bt | sed -n 's/^#[0-9]* .* \(inner\|main\) .*/\1/p' | tail -n 5 | tr '\n' ' ')" \
	"inner inner inner inner main "
is "registers" "$(ask 'output $d9.f' 'echo \n' 'output/x $pc == (long)&inner' 'echo \n' \
	'output $_siginfo.si_signo' 'echo \n' 'output/x $_siginfo._sifields._sigfault.si_addr' | tail -n 4)" "2.5
0x0
11
0x1238"
ask 'thread apply all bt' >"$tmp/threads"
is "three threads" "$(grep -c '^Thread ' "$tmp/threads")" 3
check "one that ran" grep -q ' spins ' "$tmp/threads"
check "one that slept" grep -q ' sleeps ' "$tmp/threads"
dies unlimited fx
check "coredump_filter" sh -c '! "$@" | grep -q \"shared\"' sh "$gdb" -nx -batch -ex 'x/s shared' "$tmp/crash" "$tmp/cores"/*
dies unlimited a
is "abort" "$(ask 'output $_siginfo.si_signo' | tail -n 1)" 6
tap_done
