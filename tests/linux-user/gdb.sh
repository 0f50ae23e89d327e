#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# -g with Debian's gdb-multiarch: breakpoints, steps, threads, registers, memory, signals, system
# calls, interruption, attaching late, a dynamic program, the end.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc
gdb=$(command -v gdb-multiarch) || skip_all "no gdb-multiarch"
cd "$tmp" || exit 99

# debug NAME COMMANDS...: runs $guest under -g and gdb on it; output in NAME.gdb, the guest's, with
# its status, in NAME.out.
debug()
{
	name=$1
	shift
	{ "$x" $options -g "$tmp/$name.socket$suspend" $guest >"$name.out" 2>&1; echo "status $?" >>"$name.out"; } &
	for i in 1 2 3 4 5 6 7 8 9 10; do
		[ -S "$name.socket" ] && break
		sleep 0.2
	done
	[ -z "$pause" ] || sleep "$pause"
	printf '%s\n' "set pagination off" "set confirm off" "set architecture aarch64" \
		"target remote $tmp/$name.socket" "$@" >"$name.cmd"
	timeout 60 "$gdb" -nx -batch ${guest:+"./${guest%% *}"} -x "$name.cmd" >"$name.gdb" 2>&1
	wait
}

# has NAME PATTERN WHAT
has()
{
	if grep -Eq -e "$2" "$1.gdb"; then
		ok "$3"
	else
		not_ok "$3" "no '$2' in: $(cat "$1.gdb" "$1.out")"
	fi
}

guest_cc prog -g -O0 -pthread <<'EOT'
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int counter;
volatile int go;
double half = 0.5;
static void leaf(int n)
{
	counter += n;
}
static void *work(void *arg)
{
	while (!go)
		usleep(1000);
	leaf((int)(long)arg);
	return NULL;
}
static void on_usr1(int s)
{
	counter += 100;
}
int main(void)
{
	pthread_t t[2];
	double twice = half * 4;
	signal(SIGUSR1, on_usr1);
	for (long i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, work, (void *)(i + 1));
	leaf(10);
	go = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	raise(SIGUSR1);
	getppid();
	printf("counter %d %g\n", counter, twice);
	return 3;
}
EOT
guest=prog
pass='handle SIGUSR1 nostop noprint pass'

debug breaks "$pass" 'break leaf' 'continue' 'backtrace' 'info threads' 'print counter' 'print n' \
	'x/i $pc' 'set var n = 20' 'finish' 'print counter' 'info symbol $pc' 'delete' 'continue'
has breaks 'in _start \(\)' "it stops at the entry"
has breaks 'Breakpoint 1, leaf \(n=10\)' "a breakpoint"
has breaks '^#1 .* main \(\) at' "a backtrace"
is "all threads" "$(grep -cE '^[* ] [123] +Thread [0-9]+ \(prog\)' breaks.gdb)" 3
has breaks '^\$1 = 0$' "a variable"
has breaks '^\$2 = 10$' "an argument"
has breaks '=> .*:.*adrp' "the instruction there, not a trap"
has breaks '^\$3 = 20$' "finish, with a changed argument"
has breaks 'main .* in section .text' "in the caller"
has breaks 'exited with code 03' "the end"
is "memory was written" "$(cat breaks.out)" "counter 123 2
status 3"

debug steps 'break main' 'continue' 'next' 'next' 'print twice' 'stepi' 'stepi' 'info registers x29 sp cpsr fpcr tpidr' \
	'print $v0.d' 'print $d0 = 1.5' 'print $v0.d' 'break on_usr1' 'continue' 'p $_siginfo.si_signo' 'continue' \
	'backtrace' 'delete' 'kill'
has steps '^\$1 = 2$' "next over floating point"
has steps '^tpidr +0x[0-9a-f]{4,}' "the thread pointer"
has steps '^\$4 = \{1.5, ' "vector registers are written"
has steps 'received signal SIGUSR1' "a signal"
has steps '^\$5 = 10$' "its siginfo"
has steps 'Breakpoint 2, on_usr1' "it is delivered"
has steps '<signal handler called>' "a backtrace through the frame"
check "kill" grep -Eq 'status 137|Killed' steps.out

debug watch 'watch counter' 'continue' 'continue' 'delete' 'catch syscall getppid' "$pass" \
	'continue' 'continue' 'print counter' 'detach'
has watch 'New value = 10' "a watchpoint"
has watch 'New value = 1[12]' "again"
has watch 'call to syscall getppid' "a system call"
has watch 'returned from syscall getppid' "its end"
has watch '^\$1 = 113' "a signal that is not stopped at is delivered"
is "detached, it goes on" "$(cat watch.out)" "counter 113 2
status 3"

guest_cc loop -g -O0 -pthread <<'EOT'
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
volatile int stop, turns;
static void *spin(void *arg)
{
	while (!stop)
		turns++;
	return NULL;
}
int main(int argc, char **argv)
{
	pthread_t t;
	if (argc > 1 && !fork()) {
		write(1, "child\n", 6);
		_exit(0);
	}
	pthread_create(&t, NULL, spin, NULL);
	while (!stop)
		sleep(100);
	pthread_join(t, NULL);
	puts("stopped");
	return 0;
}
EOT
guest=loop
suspend=,suspend=n
pause=1
debug late 'info threads' 'print turns != 0' 'set var stop = 1' 'thread 1' 'backtrace' \
	'break puts' 'detach'
has late '^\$1 = 1$' "attached late, it had run"
has late 'sleep ' "a thread that sleeps"
has late 'spin \(' "one that runs"
suspend=
pause=
debug interrupt 'python import os, threading, time' \
	'python threading.Thread(target=lambda: (time.sleep(2), os.kill(os.getpid(), 2))).start()' \
	'continue' 'info threads' 'set var stop = 1' 'thread 1' 'p $pc' 'kill'
has interrupt 'received signal SIGINT' "interrupted"
guest="loop fork"
debug fork 'break write' 'break spin' 'continue' 'set var stop = 1' 'kill'
has fork 'Breakpoint 2, spin' "a forked child is let go"
check "it has no breakpoints" grep -q '^child$' fork.out

root=$("$AARCH64_CC" -print-sysroot 2>/dev/null)
[ -e "$root/lib/ld-linux-aarch64.so.1" ] || root=/usr/aarch64-linux-gnu
if [ -e "$root/lib/ld-linux-aarch64.so.1" ] && "$AARCH64_CC" -g -o dynamic prog.c -pthread; then
	guest=dynamic
	options="-L $root"
	debug dynamic "$pass" 'break main' 'continue' 'info sharedlibrary' 'break printf' 'continue' 'backtrace' 'kill'
	has dynamic 'libc\.so' "the libraries of a dynamic program, through us"
	has dynamic 'Breakpoint 2, .*printf' "a breakpoint in one"
else
	skip "a dynamic program" "no arm64 libraries"
fi

options=
guest=prog
port=$((20000 + $$ % 20000))
"$x" -g "$port" ./prog >tcp.out 2>&1 &
sleep 1
timeout 60 "$gdb" -nx -batch -ex 'set architecture aarch64' -ex "target remote 127.0.0.1:$port" -ex "$pass" -ex continue \
	./prog >tcp.gdb 2>&1
wait
is "a TCP port" "$(cat tcp.out)" "counter 113 2"
tap_done
