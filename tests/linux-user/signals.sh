#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Deaths, handlers, masks, restarts.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc die <<'EOF'
#include <signal.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
	switch (argv[1][0]) {
	case 's': *(volatile int *)16 = 1; break;
	case 'i': __asm__(".word 0x0000dead"); break;
	case 'b': __asm__("brk #1"); break;
	case 'a': abort();
	case 't': raise(SIGTERM); break;
	case 'k': raise(SIGKILL); break;
	case 'q': raise(SIGQUIT); break;
	case 'x': ((void (*)(void))0x10)(); break;
	}
	return 99;
}
EOF

# dies NAME LETTER SIGNAL TEXT: dies of the signal itself; TEXT is in its one line on stderr, or
# nothing is when TEXT is empty.
dies()
{
	(ulimit -c unlimited; cd "$tmp" && "$x" ./die "$2" >out 2>err; echo $? >status) 2>/dev/null
	is "$1: status" "$(cat "$tmp/status")" $((128 + $3))
	if [ -n "$4" ]; then
		check "$1: says so" grep -q "$4" "$tmp/err"
	else
		is "$1: says nothing" "$(grep xlate "$tmp/err")" ""
	fi
	# byte 18 of an ELF file is its machine: 183 is arm64
	machine=$(find "$tmp" -name '*core*' -exec od -An -tu1 -j18 -N1 {} + | tr -d ' ')
	is "$1: no core of the translator" "${machine:-183}" 183
	find "$tmp" -name '*core*' -exec rm {} +
}
dies "segmentation fault" s 11 'uncaught target signal 11 (Segmentation fault).*address 0x10'
dies "jump to nowhere" x 11 'uncaught target signal 11 (Segmentation fault).*pc 0x10'
dies "undefined instruction" i 4 'undefined instruction 0x0000dead at pc 0x[0-9a-f]'
dies "breakpoint" b 5 'uncaught target signal 5'
dies "abort" a 6 ''
dies "SIGTERM" t 15 ''
dies "SIGKILL" k 9 ''
dies "SIGQUIT" q 3 ''

guest_cc signals <<'EOF'
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>
static volatile int got, ticks;
static sigjmp_buf back;
static char stack[65536];
static void on_fault(int s, siginfo_t *i, void *u)
{
	char here;
	ucontext_t *uc = u;
	printf("signal %d code %d addr %p alt %d", s, i->si_code, i->si_addr,
	       &here > stack && &here < stack + sizeof(stack));
	unsigned *p = (unsigned *)uc->uc_mcontext.__reserved;
	for (; *p; p += p[1] / 4)
		if (*p == 0x45535201)
			printf(" write %d", (int)(p[2] >> 6 & 1));
	printf("\n");
	siglongjmp(back, 1);
}
static void on_signal(int s) { got = s; }
static void on_tick(int s) { ticks++; }
static void on_skip(int s, siginfo_t *i, void *u) { ((ucontext_t *)u)->uc_mcontext.pc += 4; }
static void arm(int us, int every)
{
	struct itimerval it = { { 0, every }, { 0, us } };
	setitimer(ITIMER_REAL, &it, NULL);
}
int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	sigset_t set, empty;
	int pipes[2], r, status;
	char c, *page = mmap((void *)0x10000000, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	setvbuf(stdout, NULL, _IONBF, 0);
	sigemptyset(&empty);
	sigaction(SIGSEGV, &sa, NULL);
	if (!sigsetjmp(back, 1)) *(volatile int *)0x1238 = 1;
	if (!sigsetjmp(back, 1)) (void)*(volatile int *)0x1238;
	if (!sigsetjmp(back, 1)) *(volatile char *)page = 1;
	if (!sigsetjmp(back, 1)) ((void (*)(void))page)();
	sigaltstack(&ss, NULL);
	sa.sa_flags |= SA_ONSTACK;
	sigaction(SIGSEGV, &sa, NULL);
	if (!sigsetjmp(back, 1)) *(volatile int *)0x1238 = 1;

	sa.sa_sigaction = on_skip;
	sigaction(SIGILL, &sa, NULL);
	sigaction(SIGTRAP, &sa, NULL);
	__asm__ volatile(".word 0\n\tbrk #7");
	printf("skipped two\n");

	signal(SIGUSR1, on_signal);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	sigpending(&set);
	printf("blocked: got %d pending %d\n", got, sigismember(&set, SIGUSR1));
	r = sigsuspend(&empty);
	printf("sigsuspend: %d EINTR %d got %d\n", r, errno == EINTR, got);
	sigprocmask(SIG_SETMASK, NULL, &set);
	printf("still blocked %d\n", sigismember(&set, SIGUSR1));

	sigaddset(&set, SIGSEGV);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sa.sa_handler = on_signal;
	sa.sa_flags = 0;
	sigaction(SIGSEGV, &sa, NULL);
	got = 0;
	kill(getpid(), SIGSEGV);
	sigpending(&set);
	printf("SIGSEGV by kill: got %d pending %d", got, sigismember(&set, SIGSEGV));
	sigprocmask(SIG_SETMASK, &empty, NULL);
	printf(" then %d\n", got);

	sa.sa_handler = on_tick;
	sigaction(SIGALRM, &sa, NULL);
	arm(1000, 1000);
	while (ticks < 20)
		;
	arm(0, 0);
	pipe(pipes);
	arm(20000, 20000); /* again, should the first come too early */
	r = read(pipes[0], &c, 1);
	arm(0, 0);
	printf("read: %d EINTR %d\n", r, errno == EINTR);
	sa.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &sa, NULL);
	ticks = 0;
	if (!fork()) {
		usleep(500000); /* long behind the alarm, on a busy machine as well */
		write(pipes[1], "x", 1);
		_exit(0);
	}
	arm(10000, 0);
	r = read(pipes[0], &c, 1);
	wait(NULL);
	printf("restarted read: %d ticks %d\n", r, ticks);
	arm(10000, 0);
	errno = 0;
	r = poll(NULL, 0, 1000);
	printf("poll: %d EINTR %d\n", r, errno == EINTR);

	if (!(r = fork())) {
		raise(SIGSTOP);
		_exit(9);
	}
	waitpid(r, &status, WUNTRACED);
	printf("stopped %d", WIFSTOPPED(status));
	kill(r, SIGCONT);
	waitpid(r, &status, 0);
	printf(" exit %d\n", WEXITSTATUS(status));
	if (!fork())
		*(volatile int *)8 = (sa.sa_handler = SIG_DFL, sigaction(SIGSEGV, &sa, NULL), 1);
	wait(&status);
	printf("child died of %d\n", WTERMSIG(status));
	signal(SIGCHLD, SIG_IGN);
	if (!fork())
		_exit(0);
	r = wait(NULL);
	printf("ignored child: %d ECHILD %d\n", r, errno == ECHILD);
	return 0;
}
EOF
timeout 60 "$x" "$tmp/signals" >"$tmp/out" 2>/dev/null
is "signals: status" "$?" 0
cat >"$tmp/want" <<'EOF'
signal 11 code 1 addr 0x1238 alt 0 write 1
signal 11 code 1 addr 0x1238 alt 0 write 0
signal 11 code 2 addr 0x10000000 alt 0 write 1
signal 11 code 2 addr 0x10000000 alt 0 write 0
signal 11 code 1 addr 0x1238 alt 1 write 1
skipped two
blocked: got 0 pending 1
sigsuspend: -1 EINTR 1 got 10
still blocked 1
SIGSEGV by kill: got 0 pending 1 then 11
read: -1 EINTR 1
restarted read: 1 ticks 1
poll: -1 EINTR 1
stopped 1 exit 9
child died of 11
ignored child: -1 ECHILD 1
EOF
is "signals: output" "$(cat "$tmp/out")" "$(cat "$tmp/want")"

guest_cc storm <<'EOF'
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>
static volatile unsigned long sum;
static void on_alarm(int s) { getppid(); }
/* A signal every 100 us must never change a result or make a plain system call fail. */
int main(void)
{
	struct itimerval it = { { 0, 100 }, { 0, 100 } };
	struct sigaction sa = { .sa_handler = on_alarm };
	unsigned long x = 1, bad = 0;
	double d = 1;
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	for (int i = 0; i < 300000; i++) {
		x = x * 6364136223846793005ul + 1442695040888963407ul;
		d = d * 1.0000001 + 0.5;
		bad += getpid() <= 0;
		bad += access("/", 0) != 0;
	}
	printf("%lx %.17g %lu\n", x, d, bad);
	return 0;
}
EOF
storm=$(timeout 60 "$x" "$tmp/storm")
calm=$(cd "$tmp" && sed 's/setitimer(ITIMER_REAL.*//' storm.c >calm.c && cc -O1 -w -o calm calm.c 2>/dev/null && ./calm)
if [ -n "$calm" ]; then
	is "a storm of signals changes nothing" "$storm" "$calm"
else
	skip "a storm of signals" "no native compiler"
fi
tap_done
