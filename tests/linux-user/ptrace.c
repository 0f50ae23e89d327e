/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ptrace(2) as programs use it: `ptrace NAME` runs one case and prints what it sees, which is
 * the same on every machine.
 */
#include "ptrace.h"

static volatile int got;
static siginfo_t got_info;

static void on_signal(int signo)
{
	got = signo;
}

static void on_info(int signo, siginfo_t *info, void *uc)
{
	(void)uc;
	got = signo;
	got_info = *info;
}

static void resume(long request, pid_t pid, int signo)
{
	if (P(request, pid, 0, signo) < 0)
		printf("resume: %s\n", strerror(errno));
}

/* Resumes and shows the next stop. */
static int next(long request, pid_t pid, int signo)
{
	int status;

	resume(request, pid, signo);
	status = wait_for(pid);
	printf("%s\n", show_status(status));
	return status;
}

static void show_result(const char *name, long r)
{
	printf("%s: %s\n", name, r < 0 ? strerror(errno) : "ok");
}

static void signals(void)
{
	struct sigaction sa = { .sa_sigaction = on_info, .sa_flags = SA_SIGINFO };
	siginfo_t si;
	pid_t pid;

	CHILD(pid);
	show_siginfo(pid);
	next(PTRACE_CONT, pid, 0); /* USR1, handled */
	show_siginfo(pid);
	next(PTRACE_CONT, pid, SIGUSR1); /* USR1 again: to be dropped */
	next(PTRACE_CONT, pid, 0);	 /* ... changed to USR2 */
	next(PTRACE_CONT, pid, SIGUSR2); /* CHLD, ignored by default */
	show_siginfo(pid);
	next(PTRACE_CONT, pid, SIGCHLD); /* HUP, ignored */
	next(PTRACE_CONT, pid, SIGHUP); /* queued with a value, which is changed */
	P(PTRACE_GETSIGINFO, pid, 0, &si);
	printf("  value %d\n", si.si_value.sival_int);
	si.si_value.sival_int = 8;
	P(PTRACE_SETSIGINFO, pid, 0, &si);
	next(PTRACE_CONT, pid, si.si_signo); /* SEGV of its own */
	P(PTRACE_GETSIGINFO, pid, 0, &si);
	printf("  signal %d code %d addr %p\n", si.si_signo, si.si_code, si.si_addr);
	next(PTRACE_CONT, pid, SIGTERM); /* instead */
	return;
child:
	setvbuf(stdout, NULL, _IONBF, 0);
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	sigaction(SIGRTMIN + 1, &sa, NULL);
	signal(SIGHUP, SIG_IGN);
	raise(SIGUSR1);
	printf("handled %d\n", got);
	got = 0;
	raise(SIGUSR1);
	printf("dropped: %d\n", got);
	raise(SIGUSR1);
	printf("changed to %d, code %d, from the tracer %d\n", got, got_info.si_code,
	       got_info.si_pid == getppid());
	raise(SIGCHLD);
	raise(SIGHUP);
	sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ 7 });
	printf("value %d\n", got_info.si_value.sival_int);
	mmap((void *)0x10000000, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	*(volatile char *)0x10000000;
	_exit(1);
}

static void masks(void)
{
	uint64_t mask = 0;
	struct ptrace_peeksiginfo_args args = { 0, 0, 4 };
	siginfo_t si[4];
	pid_t pid;
	long n;

	CHILD(pid);
	next(PTRACE_CONT, pid, 0); /* STOP; USR1 and RT are blocked and pending */
	P(PTRACE_GETSIGMASK, pid, 8, &mask);
	printf("mask 0x%lx\n", (long)mask);
	n = P(PTRACE_PEEKSIGINFO, pid, &args, si);
	printf("queued %ld\n", n);
	for (int i = 0; i < n; i++)
		printf("  %d\n", si[i].si_signo);
	mask &= ~(1ul << (SIGUSR1 - 1));
	printf("%ld\n", P(PTRACE_SETSIGMASK, pid, 8, &mask));
	show_result("bad size", P(PTRACE_GETSIGMASK, pid, 4, &mask));
	next(PTRACE_CONT, pid, 0);
	next(PTRACE_CONT, pid, SIGUSR1);
	show_result("gone", P(PTRACE_GETSIGMASK, pid, 4, &mask));
	return;
child:
	signal(SIGUSR1, on_signal);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN + 2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	raise(SIGRTMIN + 2);
	kill(getpid(), SIGSTOP);
	_exit(got);
}

static void show_info(pid_t pid, const char *what)
{
	struct ptrace_syscall_info info;
	long n;

	memset(&info, 0, sizeof(info));
	n = P(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);
	printf("%s: op %d size %ld", what, info.op, n);
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		printf(" write %d args %d %d", info.entry.nr == SYS_write, (int)info.entry.args[0],
		       (int)info.entry.args[2]);
	if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		printf(" value %d error %d", (int)info.exit.rval, info.exit.is_error);
	printf(" message %lu\n", message(pid));
}

static void syscalls(void)
{
	struct regs r;
	pid_t pid;

	CHILD(pid);
	show_info(pid, "signal");
	next(PTRACE_SYSCALL, pid, 0);
	show_siginfo(pid);
	P(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
	next(PTRACE_SYSCALL, pid, 0);
	next(PTRACE_SYSCALL, pid, 0); /* write */
	show_siginfo(pid);
	show_info(pid, "entry");
	next(PTRACE_SYSCALL, pid, 0);
	show_info(pid, "exit");
	r = get_regs(pid);
	REG_RESULT(r) = (uint64_t)-EPERM;
	put_regs(pid, r);
	next(PTRACE_SYSCALL, pid, 0); /* a write that is skipped */
	put_syscall(pid, -1);
	next(PTRACE_SYSCALL, pid, 0);
	r = get_regs(pid);
	REG_RESULT(r) = 17;
	put_regs(pid, r);
	next(PTRACE_SYSCALL, pid, 0); /* one that becomes shorter */
	r = get_regs(pid);
	REG_ARG(r, 2) = 5;
	put_regs(pid, r);
	next(PTRACE_SYSCALL, pid, 0);
	next(PTRACE_SYSCALL, pid, 0); /* one that becomes another */
	put_syscall(pid, SYS_getpid);
	next(PTRACE_SYSCALL, pid, 0);
	printf("getpid %d\n", (pid_t)REG_RESULT(get_regs(pid)) == pid);
	next(PTRACE_SYSCALL, pid, 0); /* an error */
	next(PTRACE_SYSCALL, pid, 0);
	show_info(pid, "error");
	next(PTRACE_SYSEMU, pid, 0);
	next(PTRACE_SYSEMU, pid, 0);
	next(PTRACE_CONT, pid, 0);
	return;
child: {
	long a = syscall(SYS_getppid); (void)a;
	long b[6] = { 0 };
	b[0] = syscall(SYS_write, 1, "first\n", 6) == -1 ? -errno : 0;
	b[1] = syscall(SYS_write, 1, "never\n", 6);
	b[2] = syscall(SYS_write, 1, "five\n\n\n\n", 8);
	b[3] = syscall(SYS_write, 1, "never\n", 6);
	b[4] = syscall(SYS_write, -1, "never\n", 6) == -1 ? -errno : 0;
	/* emulated: they do not happen */
	syscall(SYS_write, 1, "never\n", 6);
	syscall(SYS_write, 1, "never\n", 6);
	printf("%ld %ld %ld pid %d %ld\n", b[0], b[1], b[2], b[3] == getpid(), b[4]);
	fflush(stdout);
	_exit(3);
}
}

/* Returns when the process sleeps in the kernel. */
static void asleep(pid_t pid)
{
	char path[64], text[512];
	const char *p;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (;;) {
		int fd = open(path, O_RDONLY);
		ssize_t n = read(fd, text, sizeof(text) - 1);

		close(fd);
		text[n > 0 ? n : 0] = 0;
		p = strrchr(text, ')');
		if (!p || p[2] == 'S')
			break;
		usleep(1000);
	}
}

/* The result of an interrupted call, as its exit stop shows it; then it starts again. */
static void interrupted(pid_t pid, int signo, int deliver)
{
	int status;
	long value;

	next(PTRACE_SYSCALL, pid, 0); /* entry */
	resume(PTRACE_SYSCALL, pid, 0);
	asleep(pid);
	kill(pid, signo);
	status = wait_for(pid);
	value = (long)REG_RESULT(get_regs(pid));
	printf("%s value %ld\n", show_status(status), value);
	next(PTRACE_SYSCALL, pid, 0); /* the signal */
	next(PTRACE_SYSCALL, pid, deliver ? signo : 0);
}

static void restarts(void)
{
	int pipes[2];
	pid_t pid;

	if (pipe(pipes) < 0)
		exit(1);
	CHILD(pid);
	P(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
	next(PTRACE_CONT, pid, 0);
	printf("read, dropped\n");
	interrupted(pid, SIGUSR1, 0);
	(void)!write(pipes[1], "x", 1);
	next(PTRACE_SYSCALL, pid, 0);
	printf("read, handled with restart\n");
	interrupted(pid, SIGUSR1, 1);
	next(PTRACE_SYSCALL, pid, 0); /* sigreturn */
	next(PTRACE_SYSCALL, pid, 0); /* read again */
	(void)!write(pipes[1], "x", 1);
	next(PTRACE_SYSCALL, pid, 0);
	printf("nanosleep, ignored\n");
	interrupted(pid, SIGCHLD, 1);
	{
		struct ptrace_syscall_info info;

		P(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);
		printf("restart_syscall %d\n", info.entry.nr == SYS_restart_syscall);
	}
	next(PTRACE_SYSCALL, pid, 0);
	printf("value %ld\n", (long)REG_RESULT(get_regs(pid)));
	printf("sigsuspend, dropped, handled\n");
	interrupted(pid, SIGUSR1, 0);
	resume(PTRACE_CONT, pid, 0);
	asleep(pid);
	kill(pid, SIGUSR1);
	printf("%s\n", show_status(wait_for(pid)));
	next(PTRACE_CONT, pid, SIGUSR1);
	return;
child: {
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct timespec ts = { 0, 150000000 };
	long a, b, d;
	sigset_t none;
	char c[2];

	sigaction(SIGUSR1, &sa, NULL);
	sigemptyset(&none);
	kill(getpid(), SIGSTOP);
	a = syscall(SYS_read, pipes[0], c, 1);
	b = syscall(SYS_read, pipes[0], c, 1);
	d = syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &ts, NULL);
	got = 0;
	syscall(SYS_rt_sigsuspend, &none, 8);
	_exit(a == 1 && b == 1 && d == 0 && got == SIGUSR1 ? 5 : 6);
}
}

/* ---- children, execve, exit ---- */

static int thread_done;
static void *thread_body(void *arg)
{
	(void)arg;
	syscall(SYS_getppid);
	__atomic_add_fetch(&thread_done, 1, __ATOMIC_RELAXED);
	return NULL;
}

/* Waits for the stop of `pid` and of a new child, which come in any order. */
static pid_t event_of(pid_t pid, int want)
{
	int status, parent = 0;
	pid_t child = 0, other, p;

	while (!parent || !child) {
		p = waitpid(-1, &status, __WALL);
		if (p == pid) {
			parent = status >> 8;
		} else {
			child = p;
			printf("  child: %s", show_status(status));
			if (status >> 16)
				printf(" event %d", status >> 16);
			printf("\n");
		}
	}
	other = (pid_t)message(pid);
	printf("event 0x%x wanted %d message %d\n", parent, parent == (SIGTRAP | want << 8),
	       other == child);
	return child;
}

static void events(const char *self)
{
	pid_t pid, child;

	CHILD(pid);
	P(PTRACE_SETOPTIONS, pid, 0,
	  PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
		  PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEVFORKDONE |
		  PTRACE_O_TRACEEXIT);
	resume(PTRACE_CONT, pid, 0);
	child = event_of(pid, PTRACE_EVENT_FORK);
	next(PTRACE_SYSCALL, pid, 0); /* exit of fork */
	printf("result %d\n", (pid_t)REG_RESULT(get_regs(pid)) == child);
	next(PTRACE_SYSCALL, child, 0); /* its own exit_group */
	next(PTRACE_CONT, child, 0);
	printf("status %lx\n", message(child));
	next(PTRACE_CONT, child, 0);
	next(PTRACE_CONT, pid, 0); /* CHLD */
	resume(PTRACE_CONT, pid, 0);
	child = event_of(pid, PTRACE_EVENT_VFORK);
	resume(PTRACE_CONT, pid, 0);
	next(PTRACE_CONT, child, 0); /* exec */
	printf("former %d\n", (pid_t)message(child) == child);
	next(PTRACE_SYSCALL, child, 0); /* exit of execve */
	printf("result %ld\n", (long)REG_RESULT(get_regs(child)));
	printf("%s\n", show_status(wait_for(pid)));
	printf("vfork done %d\n", (pid_t)message(pid) == child);
	next(PTRACE_CONT, child, 0); /* exit */
	printf("status %lx\n", message(child));
	next(PTRACE_CONT, child, 0);
	next(PTRACE_CONT, pid, 0); /* CHLD */
	resume(PTRACE_CONT, pid, 0);
	child = event_of(pid, PTRACE_EVENT_CLONE);
	resume(PTRACE_CONT, pid, 0);
	next(PTRACE_SYSCALL, child, 0);
	for (int status; !WIFEXITED(status = (resume(PTRACE_CONT, child, 0), wait_for(child)));)
		printf("thread: %s message %lx\n", show_status(status), message(child));
	printf("%s\n", show_status(wait_for(pid))); /* exit */
	printf("status %lx\n", message(pid));
	next(PTRACE_CONT, pid, 0);
	return;
child: {
	static char *args[] = { "ptrace", "exit", NULL };
	pthread_t t;

	if (!(child = fork()))
		_exit(4);
	waitpid(child, NULL, 0);
	if (!(child = vfork())) {
		execv(self, args);
		_exit(9);
	}
	waitpid(child, NULL, 0);
	pthread_create(&t, NULL, thread_body, NULL);
	pthread_join(t, NULL);
	_exit(5);
}
}

/* The first program of a TRACEME child, and a second one. */
static void exec(const char *self)
{
	pid_t pid;
	int status;

	if (!(pid = fork())) {
		static char *args[] = { "ptrace", "again", NULL, NULL };

		args[2] = (char *)self;
		P(PTRACE_TRACEME, 0, 0, 0);
		execv(self, args);
		_exit(9);
	}
	status = wait_for(pid);
	printf("%s\n", show_status(status));
	show_siginfo(pid);
	printf("sp aligned %d\n", REG_SP(get_regs(pid)) % 16 == 0);
	next(PTRACE_CONT, pid, 0);
	P(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD);
	show_siginfo(pid);
	next(PTRACE_CONT, pid, 0);
	show_siginfo(pid);
	next(PTRACE_CONT, pid, 0);
}

#define THREADS 8
static void threads(void)
{
	int exits = 0, calls = 0, clones = 0, status;
	pid_t pid, p;

	CHILD(pid);
	P(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE);
	resume(PTRACE_SYSCALL, pid, 0);
	while ((p = waitpid(-1, &status, __WALL)) > 0) {
		struct ptrace_syscall_info info;

		if (!WIFSTOPPED(status)) {
			exits++;
			if (p == pid)
				printf("%s\n", show_status(status));
			continue;
		}
		clones += status >> 16 == PTRACE_EVENT_CLONE;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80) &&
		    P(PTRACE_GET_SYSCALL_INFO, p, sizeof(info), &info) > 0 &&
		    info.op == PTRACE_SYSCALL_INFO_ENTRY)
			calls += info.entry.nr == SYS_getppid;
		resume(PTRACE_SYSCALL, p, 0);
	}
	printf("clones %d calls %d ends %d\n", clones, calls, exits);
	return;
child: {
	pthread_t t[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, thread_body, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	_exit(thread_done);
}
}

/* ---- registers, steps, code ---- */

__attribute__((noinline)) static int seven(void)
{
	__asm__ volatile("");
	return 7;
}

static int sum_to(int n)
{
	static int sum;
	int s = 0;

	for (int i = 1; i <= n; i++)
		s += i;
	__atomic_add_fetch(&sum, s, __ATOMIC_SEQ_CST);
	return sum;
}

static void step(void)
{
	long n = 0;
	int status;
	pid_t pid;

	CHILD(pid);
	next(PTRACE_CONT, pid, 0);
	/* To the next system call and over it, to a handler, to the end. */
	for (;;) {
		siginfo_t si;

		resume(PTRACE_SINGLESTEP, pid, 0);
		status = wait_for(pid);
		n++;
		if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP)
			break;
		P(PTRACE_GETSIGINFO, pid, 0, &si);
		if (si.si_code != TRAP_TRACE && si.si_code != TRAP_BRKPT) {
			printf("code %d\n", si.si_code);
			break;
		}
	}
	printf("%s after more than a hundred %d\n", show_status(status), n > 100);
	resume(PTRACE_SINGLESTEP, pid, SIGUSR1);
	printf("%s\n", show_status(wait_for(pid)));
	show_siginfo(pid);
	printf("at handler %d\n", REG_PC(get_regs(pid)) == (uint64_t)on_signal);
	next(PTRACE_CONT, pid, 0);
	return;
child:
	signal(SIGUSR1, on_signal);
	kill(getpid(), SIGSTOP);
	n = sum_to(20);
	kill(getpid(), SIGUSR1);
	_exit(n == 210 && got == SIGUSR1 ? 6 : 7);
}

static void registers(void)
{
	struct fp_regs fp;
	struct regs r;
	char big[2048];
	size_t size;
	pid_t pid;
	double d = 2.5, seen;

	CHILD(pid);
	memset(&fp, 0, sizeof(fp));
	memset(big, 0, sizeof(big));
	printf("%ld", regset(PTRACE_GETREGSET, pid, NT_PRSTATUS, big, sizeof(big), &size));
	printf(" whole %d\n", size == sizeof(struct regs));
	printf("%ld", regset(PTRACE_GETREGSET, pid, NT_PRSTATUS, big, 16, &size));
	printf(" part %zu\n", size);
	show_result("odd", regset(PTRACE_GETREGSET, pid, NT_PRSTATUS, big, 15, &size));
	show_result("unknown", regset(PTRACE_GETREGSET, pid, 0x7777, big, 16, &size));
	next(PTRACE_CONT, pid, 0);
	printf("fp %ld", regset(PTRACE_GETREGSET, pid, FP_NOTE, &fp, sizeof(fp), &size));
	printf(" whole %d\n", size == sizeof(fp));
	/* The function seven() returns twice: with the registers as they are, and as set. */
	r = get_regs(pid);
	put_regs(pid, r);
	seen = 0;
	memcpy(&FP_FIRST(fp), &d, sizeof(d));
	printf("%ld\n", regset(PTRACE_SETREGSET, pid, FP_NOTE, &fp, sizeof(fp), NULL));
	memset(&fp, 0, sizeof(fp));
	regset(PTRACE_GETREGSET, pid, FP_NOTE, &fp, sizeof(fp), NULL);
	memcpy(&seen, &FP_FIRST(fp), sizeof(seen));
	printf("%g\n", seen);
	/* kill() is over: the first register is its result, the first vector register d. */
	r = get_regs(pid);
	REG_RESULT(r) = 1234;
	put_regs(pid, r);
	next(PTRACE_CONT, pid, 0);
	return;
child: {
	long x;

#ifdef __aarch64__
	long self = getpid();
	register long nr __asm__("x8") = SYS_kill;
	register long a __asm__("x0") = self;
	register long b __asm__("x1") = SIGSTOP;
	__asm__ volatile("svc #0\n\tfmov %d1, d0" : "+r"(a), "=w"(d) : "r"(nr), "r"(b) : "memory", "v0");
	x = a;
#else
	x = SYS_kill;
	__asm__ volatile("syscall\n\tmovsd %%xmm0, %1"
			 : "+a"(x), "=m"(d)
			 : "D"((long)getpid()), "S"((long)SIGSTOP)
			 : "rcx", "r11", "memory", "xmm0");
#endif
	printf("result %ld and %g\n", x, d);
	_exit(0);
}
}

static void code(void)
{
	struct regs r;
	uint64_t word = 0, old[2];
	char path[64];
	siginfo_t si;
	pid_t pid;
	int fd;

	CHILD(pid);
	next(PTRACE_CONT, pid, 0); /* seven() has run */
	for (unsigned i = 0; i < 2; i++)
		P(PTRACE_PEEKTEXT, pid, (char *)seven + 8 * i, &old[i]);
	memcpy(&word, code_42, sizeof(code_42));
	printf("%ld\n", P(PTRACE_POKETEXT, pid, seven, word));
	next(PTRACE_CONT, pid, 0);
	r = get_regs(pid);
	/* Back, and a trap at its beginning, through /proc. */
	P(PTRACE_POKETEXT, pid, seven, old[0]);
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR);
	printf("%d\n", pwrite(fd, trap_code, sizeof(trap_code), (off_t)seven) == sizeof(trap_code));
	next(PTRACE_CONT, pid, 0);
	P(PTRACE_GETSIGINFO, pid, 0, &si);
	r = get_regs(pid);
	printf("at it %d\n", REG_PC(r) == (uint64_t)seven + TRAP_BEHIND);
	lseek(fd, (off_t)seven, SEEK_SET);
	printf("%d\n", write(fd, old, 8) == 8);
	REG_PC(r) = (uint64_t)seven;
	put_regs(pid, r);
	next(PTRACE_CONT, pid, 0);
	return;
child: {
	int a, b, c;

	a = seven();
	kill(getpid(), SIGSTOP);
	b = seven();
	printf("%d %d\n", a, b);
	kill(getpid(), SIGSTOP);
	c = seven();
	printf("%d\n", c);
	_exit(a + b + c);
}
}

/* ---- attaching ---- */

static void attach(void)
{
	volatile int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, spin;
	pid_t pid;

	for (spin = 0; spin < 2; spin++) {
		if (!(pid = fork())) {
			*shared = 1;
			for (;;)
				if (spin)
					*shared += !*shared;
				else
					pause();
		}
		while (!*shared)
			;
		*shared = 0;
		if (!spin)
			asleep(pid);
		show_result("not mine", P(PTRACE_CONT, pid, 0, 0));
		printf("attach %ld\n", P(PTRACE_ATTACH, pid, 0, 0));
		printf("%s\n", show_status(wait_for(pid)));
		show_siginfo(pid);
		resume(PTRACE_CONT, pid, 0);
		show_result("running", P(PTRACE_PEEKTEXT, pid, attach, &status));
		kill(pid, SIGUSR1);
		printf("%s\n", show_status(wait_for(pid)));
		next(PTRACE_SINGLESTEP, pid, 0);
		printf("detach %ld\n", P(PTRACE_DETACH, pid, 0, 0));
		usleep(10000);
		kill(pid, SIGTERM);
		printf("%s\n", show_status(wait_for(pid)));
	}
}

static void seize(void)
{
	pid_t pid;
	int status;

	if (!(pid = fork()))
		for (;;)
			pause();
	asleep(pid);
	printf("seize %ld\n", P(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD));
	show_result("not stopped", P(PTRACE_SETOPTIONS, pid, 0, 0));
	printf("interrupt %ld\n", P(PTRACE_INTERRUPT, pid, 0, 0));
	status = wait_for(pid);
	printf("%s\n", show_status(status));
	show_siginfo(pid);
	resume(PTRACE_CONT, pid, 0);
	kill(pid, SIGSTOP);
	status = wait_for(pid);
	printf("%s\n", show_status(status));
	status = next(PTRACE_CONT, pid, SIGSTOP);
	show_siginfo(pid);
	printf("listen %ld\n", P(PTRACE_LISTEN, pid, 0, 0));
	usleep(20000);
	printf("still stopped: %d\n", waitpid(pid, &status, WNOHANG | __WALL));
	kill(pid, SIGCONT);
	status = wait_for(pid);
	printf("%s\n", show_status(status));
	next(PTRACE_CONT, pid, 0); /* CONT itself */
	resume(PTRACE_CONT, pid, SIGCONT);
	P(PTRACE_INTERRUPT, pid, 0, 0);
	printf("%s\n", show_status(wait_for(pid)));
	next(PTRACE_SYSCALL, pid, 0);
	kill(pid, SIGKILL);
	printf("%s\n", show_status(wait_for(pid)));
}

static void exitkill(void)
{
	int pipes[2];
	pid_t tracer, pid = 0;
	char c;

	if (pipe(pipes) < 0)
		exit(1);
	if (!(tracer = fork())) {
		CHILD(pid);
		P(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_EXITKILL);
		resume(PTRACE_CONT, pid, 0);
		close(pipes[1]);
		_exit(0);
	child:
		for (;;)
			pause();
	}
	close(pipes[1]);
	waitpid(tracer, NULL, 0);
	/* The end of the tracee closes the pipe. */
	printf("end of file %zd\n", read(pipes[0], &c, 1));
}

/* A tracer that goes away: its tracee goes on, and handles what it should. */
static void orphan(void)
{
	int pipes[2], mine[2], status;
	pid_t tracer, pid = 0;
	char c = 0;

	if (pipe(pipes) < 0 || pipe(mine) < 0)
		exit(1);
	if (!(tracer = fork())) {
		CHILD(pid);
		P(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
		for (int i = 0; i < 4; i++) {
			resume(PTRACE_SYSCALL, pid, 0);
			wait_for(pid);
		}
		_exit(0);
	child:
		signal(SIGUSR1, on_signal);
		for (int i = 0; i < 20; i++)
			syscall(SYS_getppid);
		raise(SIGUSR1);
		c = got == SIGUSR1 ? 'y' : 'n';
		(void)!write(pipes[1], &c, 1);
		_exit(0);
	}
	waitpid(tracer, &status, 0);
	printf("%zd", read(pipes[0], &c, 1));
	printf(" %c\n", c);
}

/* Syscall user dispatch, seen and set by the tracer. */
struct dispatch_config {
	unsigned long long mode, selector, offset, length;
};
#define SET_DISPATCH 0x4210
#define GET_DISPATCH 0x4211

static volatile char selector;

static void show_dispatch(pid_t pid)
{
	struct dispatch_config c = { 9, 9, 9, 9 };
	long r = P(GET_DISPATCH, pid, sizeof(c), &c);

	printf("%s mode %llu selector %d offset %llx length %llx\n", r ? strerrorname_np(errno) : "ok", c.mode,
	       c.selector ? c.selector == (uintptr_t)&selector ? 1 : 2 : 0, c.offset, c.length);
}

static void set_dispatch(pid_t pid, unsigned long long mode, void *byte, unsigned long offset, unsigned long length)
{
	struct dispatch_config c = { mode, (uintptr_t)byte, offset, length };
	long r = P(SET_DISPATCH, pid, sizeof(c), &c);

	printf("set %llu: %s, ", mode, r ? strerrorname_np(errno) : "ok");
	show_dispatch(pid);
}

static void on_sigsys(int signo)
{
	selector = 0;
}

static void dispatch(void)
{
	struct dispatch_config c = { 0 };
	long word;
	pid_t pid;

	signal(SIGSYS, on_sigsys);
	CHILD(pid);
	show_dispatch(pid);
	set_dispatch(pid, 1, (void *)&selector, 0, 0);
	set_dispatch(pid, 2, NULL, 0x1000, 0x2000);
	set_dispatch(pid, 2, NULL, 0, 0);
	set_dispatch(pid, 1, NULL, 0x3000, -0x2000);
	set_dispatch(pid, 1, (void *)(-1ul << 16), 0x3000, 0x1000);
	set_dispatch(pid, 3, NULL, 0x3000, 0x1000);
	set_dispatch(pid, 0, NULL, 0x3000, 0);
	set_dispatch(pid, 0, NULL, 0, 0);
	show_result("size", P(GET_DISPATCH, pid, 24, &c));
	show_result("size", P(SET_DISPATCH, pid, 40, &c));
	show_result("address", P(GET_DISPATCH, pid, sizeof(c), 8));
	show_result("address", P(SET_DISPATCH, pid, sizeof(c), 8));
	set_dispatch(pid, 1, (void *)&selector, 0, 0);
	word = P(PTRACE_PEEKDATA, pid, &selector, 0);
	*(char *)&word = 1;
	P(PTRACE_POKEDATA, pid, &selector, word);
	next(PTRACE_CONT, pid, 0);
	show_dispatch(pid);
	next(PTRACE_CONT, pid, SIGSYS);
	/* What it sets itself is seen as well. */
	show_dispatch(pid);
	next(PTRACE_CONT, pid, 0);
	return;
child:
	syscall(SYS_getppid);
	prctl(59, 1, 0x5000, 0x1000, &selector);
	raise(SIGSTOP);
	_exit(selector);
}

static void errors(void)
{
	long word;
	pid_t pid;

#define TRY(what) show_result(#what, what)
	CHILD(pid);
	TRY(P(PTRACE_ATTACH, pid, 0, 0));
	TRY(P(PTRACE_ATTACH, getpid(), 0, 0));
	TRY(P(PTRACE_CONT, 1, 0, 0));
	TRY(P(PTRACE_CONT, pid, 0, 100));
	TRY(P(PTRACE_PEEKTEXT, pid, 8, &word));
	TRY(P(PTRACE_POKETEXT, pid, 8, 0));
	TRY(P(PTRACE_SETOPTIONS, pid, 0, 0x7fff0000));
	TRY(P(PTRACE_LISTEN, pid, 0, 0));
	TRY(P(PTRACE_GETREGSET, pid, NT_PRSTATUS, 8));
	TRY(P(PTRACE_GETSIGINFO, pid, 0, 8));
	TRY(P(0x5555, pid, 0, 0));
	TRY(P(PTRACE_SEIZE, 1 << 22, 0, 0));
	next(PTRACE_KILL, pid, 0);
	TRY(P(PTRACE_CONT, pid, 0, 0));
	return;
child:
	_exit(0);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IONBF, 0);
	alarm(60);
#define CASE(f, ...)                                                                         	if (!strcmp(name, #f)) {                                                             		f(__VA_ARGS__);                                                              		return 0;                                                                    	}
	CASE(signals)
	CASE(masks)
	CASE(syscalls)
	CASE(restarts)
	CASE(events, argv[0])
	CASE(exec, argv[0])
	CASE(threads)
	CASE(step)
	CASE(registers)
	CASE(code)
	CASE(attach)
	CASE(seize)
	CASE(exitkill)
	CASE(orphan)
	CASE(dispatch)
	CASE(errors)
	if (!strcmp(name, "again")) {
		static char *args[] = { "ptrace", "exit", NULL };

		kill(getpid(), SIGSTOP);
		execv(argv[2], args);
	}
	return !strcmp(name, "exit") ? 7 : 8;
}
