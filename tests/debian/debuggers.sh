#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Debian's strace and gdb for arm64 look at a small arm64 program, and say what their amd64 builds
# say of the same program on this machine: numbers of processes and addresses apart.
set -u
# shellcheck source=tests/lib/tap.sh
. "${top_srcdir:-.}/tests/lib/tap.sh"
# shellcheck source=tests/debian/packages.sh
. "${top_srcdir:-.}/tests/debian/packages.sh"
[ -n "${AARCH64_CC:-}" ] || skip_all "no arm64 compiler"
packages='strace gdb-minimal'
trees=${DEBIAN_TREES:-$build/tests/debian/debuggers}
packages_needed usr/bin/strace usr/bin/gdb
for side in arm64 amd64; do
	mkdir -p "$work/bin/$side"
	compiler=$AARCH64_CC
	[ $side = arm64 ] || compiler=${CC:-cc}
	(cd "$top/tests/debian" && $compiler -g -O0 -w -static -pthread -o "$work/bin/$side/debuggee" debuggee.c) ||
		skip_all "cannot compile debuggee.c for $side"
done

# Without what differs from run to run and from processor to processor.
plain()
{
	sed -e "s|$work/bin/[a-z0-9]*|BIN|g" -e "s|$work/$side|HERE|g" -e 's|/\* [0-9]* vars \*/|VARS|' -e 's/0x[0-9a-f][0-9a-f]*/ADDRESS/g' \
		-e 's/\(LWP\|process\|Process\|pid\|Thread ADDRESS (LWP\) [0-9][0-9]*/\1 N/g' \
		-e 's/\(pipe\|socket\):\[[0-9]*\]/\1:[N]/g' -e 's/si_pid=[0-9]*/si_pid=N/; s/si_uid=[0-9]*/si_uid=N/; s/si_utime=[0-9]*, si_stime=[0-9]*/TIMES/' \
		-e 's/^\(clone(.*\|wait4(\)-*[0-9]*/\1N/; s/ = [0-9]\{3,\}$/ = N/; s/\(getpid()\|fork\|gettid()\).*/\1/' \
		-e 's/^kill([0-9]*/kill(N/; s/tgkill([0-9]*, [0-9]*/tgkill(N, N/; s/wait4([-0-9]*/wait4(N/' \
		-e 's/ *= \(-*[0-9N]\)/ = \1/; s/parent_tid=[^,)]*/parent_tid/; s/set_tid_address.*//'
}

# The calls that the C library makes in the same way on both.
calls=openat,read,write,close,pipe2,dup3,socketpair,sendto,recvfrom,fcntl,lseek,pread64,pwrite64
calls=$calls,wait4,kill,clock_nanosleep,epoll_create1,epoll_ctl,eventfd2,timerfd_create,exit_group,execve
calls=$calls,mkdirat,unlinkat,flock,ftruncate,prctl,getsockopt,setsockopt,nanosleep,restart_syscall

trace() # OPTION... MODE
{
	mode=
	for mode; do :; done
	options=${*% "$mode"}
	# shellcheck disable=SC2086
	run usr/bin/strace -o log $options "$work/bin/$side/debuggee" "$mode" >out 2>err
	plain <log
	rm -f log
	cat out
	# The translator's own words about a program that dies.
	sed -i '/^xlate-aarch64: uncaught target signal/d' err
	cat err
	rm -f err
}
compare "strace" trace -e "trace=$calls" -e signal=all calls
compare "strace: details" trace -v -s 100 -y -e "trace=${calls%,execve*},prctl,getsockopt" calls
compare "strace: signals only" trace -e trace=none -e signal=all calls
compare "strace: it dies" trace -e trace=kill,exit_group die
compare "strace: calls that fail" trace -e "trace=$calls" -Z calls
compare "strace: a fault is injected" trace -e trace=pwrite64 -e inject=pwrite64:error=ENOSPC:when=2 calls
compare "strace: a result is injected" trace -e trace=lseek -e inject=lseek:retval=4711 calls

# Each process has a log of its own.
trace_all()
{
	run usr/bin/strace -ff -o log -e "trace=$calls" "$work/bin/$side/debuggee" "$1" >out
	# In the order in which they were made.
	for log in $(ls log.* | sort -t . -k 2 -n); do
		echo "process"
		plain <"$log"
	done
	rm -f log.*
	sort out
}
compare "strace -ff: fork" trace_all fork
compare "strace -ff: threads" trace_all threads
compare "strace -ff: execve" trace_all exec

counted()
{
	run usr/bin/strace -c -o log -e trace=pwrite64,lseek,pread64 "$work/bin/$side/debuggee" calls >out
	awk '$NF ~ /pwrite64|lseek|pread64/ { print $NF, $4, NF }' log | sort
	rm -f log
}
compare "strace -c" counted

gdb() # MODE COMMANDS, one a line
{
	mode=$1
	{
		printf 'set startup-with-shell off\nset confirm off\nset pagination off\nset width 0\nset debuginfod enabled off\n'
		printf 'handle SIGUSR1 SIGUSR2 nostop noprint pass\n'
		printf '%s\n' "$2"
	} >commands
	run usr/bin/gdb -nx -batch -x commands --args "$work/bin/$side/debuggee" "$mode" </dev/null >log 2>&1
	# When threads are seen to begin and end is a matter of luck.
	plain <log | grep -v 'Error disabling address space\|debuginfod\|libthread_db' |
		sed '/^Signal  *Stop/d; /^SIGUSR[12] .*No.*No/d; /^\[New Thread/d; /^\[Thread .*exited/d; /^\[Switching/d' |
		tr -s ' ' | sed 's/\( 1 Thread ADDRESS (LWP N) "debuggee"\).*/\1/'
	rm -f commands
	# The commands behind a mistake were not run.
	! grep -q 'Error in sourced command' log && rm log
}
compare "gdb: breakpoint, frames, variables" gdb calls 'break leaf
run
bt
info locals
print n
up
print *record
print record->name
print sizeof(*record)
finish
info breakpoints'
compare "gdb: steps" gdb calls 'break outer
run
next
next
step
bt
stepi
next
next
until
kill'
compare "gdb: conditions and ignored breakpoints" gdb calls 'break leaf if n == 3
tbreak outer
break counted
ignore 3 4
run
print i
continue
continue
continue
print n
info breakpoints'
compare "gdb: changes" gdb calls 'break leaf
run
set var n = 40
finish
delete
print leaf(2) + leaf(3)
print global
set var global = 77
print global
break leaf
continue
return 5
continue'
compare "gdb: a watchpoint" gdb calls 'set can-use-hw-watchpoints 0
break counted
run
watch global
continue
continue
print global'
compare "gdb: signals" gdb calls 'handle SIGUSR1 stop print
run
bt 1
print $_siginfo.si_signo
signal SIGUSR1'
compare "gdb: a crash" gdb die 'run
bt
print $_siginfo.si_signo
print $_siginfo._sifields._sigfault.si_addr'
compare "gdb: the child of a fork" gdb fork 'set follow-fork-mode child
break in_child
run
bt
print global
continue'
compare "gdb: the parent of a fork" gdb fork 'break in_parent
run
bt
continue'
compare "gdb: execve" gdb exec 'catch exec
run
info program
tbreak main
continue
bt'
compare "gdb: threads" gdb threads 'break in_thread
run
bt 1
info threads
continue
thread apply 3 bt 1
continue
continue'

# Without its table of names: pwrite64 by its number.
gdb_calls()
{
	number=18
	[ "$side" = amd64 ] || number=68
	gdb calls "catch syscall $number
run
continue
continue
bt 1" | sed "s/syscall $number/syscall N/g; /syscall XML file/d; /GDB will not be able/d; /any provided syscall/d"
}
compare "gdb: system calls" gdb_calls

attached()
{
	if [ "$side" = arm64 ]; then
		"$XLATE" "$work/bin/arm64/debuggee" wait >out &
	else
		"$work/bin/amd64/debuggee" wait >out &
	fi
	pid=$!
	while ! [ -s out ]; do
		sleep 0.1
	done
	printf 'set confirm off\nset width 0\nbt -frame-info short-location\nup 100\nprint global\nset var global = 1\ndetach\n' >commands
	run usr/bin/gdb -nx -batch -x commands "$work/bin/$side/debuggee" $pid </dev/null 2>&1 | plain |
		sed -n '/ main (/,$p' | grep -v '^warning'
	wait $pid
	echo "status $?"
	rm -f commands
}
compare "gdb: attached" attached
tap_done
