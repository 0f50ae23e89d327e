#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# -strace: its lines are those of strace(1) for the same program built for this machine.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc sample <"$top_srcdir/tests/linux-user/strace_sample.c"
cd "$tmp" || exit 99

# From the marker on; without what differs: numbers of processes, addresses, width of a column,
# the restorer of x86-64, the kernel's own O_LARGEFILE.
normal()
{
	sed -nE '/getppid\(\)/,$p' | sed -E 's/^([0-9]+ +|\[pid +[0-9]+\] )//; s/(0x[0-9a-f]{5,16}|\b0x10\b)/ADDRESS/g
		s/ += /  = /; s/(pid|uid)=[0-9]+/\1=N/g; s/si_[us]time=[0-9]+/TIME/g
		s/SA_RESTORER\|?//; s/sa_flags=,/sa_flags=0,/; s/, sa_restorer=ADDRESS//; s/O_LARGEFILE\|?//
		s/^(getppid.*|clone.*|wait4.*|getpid.*)= [0-9]+$/\1= N/; s/kill\([0-9]+/kill(N/; s/(wait4\(|P_PID, )[0-9]+/\1N/
		s/ \(To be restarted.*//'
}

if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	"$CC" -O1 -w -o native "$top_srcdir/tests/linux-user/strace_sample.c" || exit 99
	strace -o native.log ./native
	normal <native.log >native.out
	rm -f file
	"$x" -strace -D ours.log ./sample
	# the children are not strace's without -f
	grep -v "^$(sed -n 's/^[0-9]*  *clone.*= \([0-9]*\)$/\1/p' ours.log | tr '\n' '|' | sed 's/|$//; s/|/\\|^/g') " \
		ours.log | sed -E ':a;N;$!ba;s/ <unfinished \.\.\.>\n[0-9]+ +<\.\.\. [a-z0-9_]+ resumed>//g' |
		normal >ours.out
	# a signal that nobody handles is not delivered here
	sed -i '/^--- SIGCHLD /d' native.out
	wc -l <native.out | sed 's/^/# lines: /'
	is "lines are those of strace(1)" "$(diff native.out ours.out)" ""
	check "there are many" [ "$(wc -l <native.out)" -gt 120 ]
else
	skip "lines are those of strace(1)" "no strace, or ptrace is not allowed"
fi

"$x" -strace ./sample 2>err
check "the first line is execve" grep -Eq '^execve\("./sample", \["./sample"\], 0x[0-9a-f]+ /\* [0-9]+ vars? \*/\) = 0$' err
check "alone, no prefix" grep -q '^getppid()  *= [0-9]' err
check "with a child, [pid N]" grep -Eq '^\[pid +[0-9]+\] wait4\(' err
check "the end" grep -Eq '^(\[pid +[0-9]+\] )?\+\+\+ exited with 7 \+\+\+$' err
check "a call that waits" grep -Eq 'wait4\(.* <unfinished \.\.\.>$|wait4\(.*WEXITSTATUS\(s\) == 3' err

"$x" -strace ./sample s 2>err
check "a fault" grep -qF -e '--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---' err
check "killed by it" grep -qF -e '+++ killed by SIGSEGV +++' err
"$x" -strace ./sample t 2>err
is "the status stays" "$?" 143
check "SIGTERM is shown" grep -Eq '^--- SIGTERM \{si_signo=SIGTERM, si_code=SI_TKILL, si_pid=[0-9]+, si_uid=[0-9]+\} ---$' err
check "and its end" grep -qF -e '+++ killed by SIGTERM +++' err

"$x" -strace --strace-filter=openat,%network ./sample 2>err
is "the filter" "$(sed -E 's/^\[pid +[0-9]+\] //; s/\(.*//; /^[-+]/d' err | sort -u | tr '\n' ' ')" \
	"accept4 bind connect getsockopt listen openat recvfrom recvmsg sendmsg sendto setsockopt shutdown socket socketpair "
"$x" -strace --strace-filter='!%desc,brk' ./sample 2>err
is "its negation" "$(grep -cE '(read|write|openat|brk)\(' err)" 0
check "leaves the others" grep -q 'prlimit64(' err

"$x" --strace-summary ./sample 2>err
is "a summary alone" "$(head -n 1 err)" "% time     seconds  usecs/call     calls    errors syscall"
check "it counts errors" grep -Eq '^ *[0-9]+\.[0-9]{2} +[0-9.]+ +[0-9]+ +3 +2 openat$' err
check "it counts all" grep -Eq '^100.00 .* total$' err
is "the child adds to it" "$(grep -c '% time' err)" 1

guest_cc threads -pthread <<'EOT'
#include <pthread.h>
#include <unistd.h>
static int fds[2];
static volatile int ready;
static void *reader(void *arg)
{
	char c;
	ready = 1;
	read(fds[0], &c, 1);
	return arg;
}
int main(void)
{
	pthread_t t;
	pipe(fds);
	pthread_create(&t, 0, reader, 0);
	while (!ready)
		usleep(10000);
	sleep(1);
	write(fds[1], "x", 1);
	pthread_join(t, 0);
	return 0;
}
EOT
"$x" -strace ./threads 2>err
check "what waits is shown at once" grep -Eq 'read\([0-9]+,  <unfinished \.\.\.>$' err
check "and its end" grep -Eq '^\[pid +[0-9]+\] <\.\.\. read resumed>"x", 1\) += 1$' err
is "no broken lines" "$(grep -vcE '^(\[pid +[0-9]+\] )?([a-z_0-9]+\(.*|<\.\.\. .*|\+\+\+ .*|--- .*)$' err)" 0
tap_done
