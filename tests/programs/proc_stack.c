/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RLIMIT_STACK, before execve and behind it: how deep the stack gets, what a thread's gets, where
 * mmap() puts things, how many arguments fit.
 * flags: -pthread
 */
#include "guest.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define KB 1024ul
#define MB (1024 * KB)

static const char *me;
static char *first, *volatile deepest;

static void on_fault(int signo, siginfo_t *info, void *context)
{
	static char text[64];
	uintptr_t limit = 0, used = (uintptr_t)(first - deepest);
	struct rlimit r;

	getrlimit(RLIMIT_STACK, &r);
	limit = r.rlim_cur;
	/* What lies above main() counts: arguments, tables, and up to 16 MB of random distance do not. */
	snprintf(text, sizeof(text), "%s, code %d, address %s\n",
		 used > limit              ? "deeper"
		 : used + 160 * KB < limit ? "less"
					   : "as deep as the limit",
		 info->si_code,
		 (uintptr_t)deepest - (uintptr_t)info->si_addr < 8192 ? "right"
								      : "wrong");
	write(1, text, strlen(text));
	_exit(0);
}

static NOINLINE void descend(void)
{
	volatile char frame[1024];

	frame[0] = 1;
	deepest = (char *)frame;
	descend();
	frame[1] = 2;
}

static void show_depth(void)
{
	static char alternate[65536];
	stack_t ss = {.ss_sp = alternate, .ss_size = sizeof(alternate)};
	struct sigaction sa = {.sa_sigaction = on_fault,
			       .sa_flags = SA_SIGINFO | SA_ONSTACK};
	char here;

	sigaltstack(&ss, NULL);
	sigaction(SIGSEGV, &sa, NULL);
	first = &here;
	fflush(stdout);
	descend();
}

static void *thread(void *arg)
{
	pthread_attr_t attr;
	size_t size;

	pthread_getattr_np(pthread_self(), &attr);
	pthread_attr_getstacksize(&attr, &size);
	*(size_t *)arg = size;
	return NULL;
}

static int inside(const char *limit)
{
	bool deep = strcmp(limit, "unlimited") != 0;
	size_t size = 0, own = 0;
	pthread_attr_t attr;
	struct rlimit r;
	pthread_t t;
	char *a, *b, *c, here;

	getrlimit(RLIMIT_STACK, &r);
	printf("%s: %lld %lld,", limit, (long long)r.rlim_cur, (long long)r.rlim_max);
	pthread_getattr_np(pthread_self(), &attr);
	pthread_attr_getstacksize(&attr, &own);
	pthread_create(&t, NULL, thread, &size);
	pthread_join(t, NULL);
	printf(" thread %zu,", size / MB);
	if (deep)
		printf(" main %s,",
		       own + 256 * KB > r.rlim_cur && own <= r.rlim_cur + 4096
			       ? "the limit"
			       : "else");
	a = mmap(NULL, 64 * MB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b = mmap(NULL, 64 * MB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	c = mmap(NULL, 64 * MB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf(" mmap %s,", a > b && b > c   ? "downwards"
			    : a < b && b < c ? "upwards"
					     : "anywhere");
	if (deep)
		printf(" gap %s,",
		       (size_t)(&here - a) >
				       (r.rlim_cur > 128 * MB ? r.rlim_cur : 128 * MB)
			       ? "enough"
			       : "small");
	printf(" depth ");
	if (!deep || r.rlim_cur > 64 * MB) {
		size_t n = deep ? r.rlim_cur - 4 * MB : 256 * MB;
		volatile char *p = __builtin_alloca(n);

		for (size_t i = 0; i < n; i += n / 64)
			p[n - 1 - i] = 1;
		printf("%zu\n", n / MB);
		fflush(stdout);
		return 0;
	}
	show_depth();
	return 1;
}

/* Starts this program again below a limit. */
static void below(const char *name, rlim_t soft, rlim_t hard)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		struct rlimit r = {soft, hard};
		char *argv[] = {(char *)me, (char *)name, NULL};

		if (setrlimit(RLIMIT_STACK, &r) < 0)
			_exit(99);
		execv(me, argv);
		_exit(98);
	}
	waitpid(pid, &status, 0);
	if (status)
		printf("%s: status %x\n", name, status);
}

/* Without execve: the limit counts from now on. */
static void at_once(const char *name, rlim_t soft)
{
	int status;
	pid_t pid;

	printf("at once, %s: ", name);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		struct rlimit r = {soft, RLIM_INFINITY};

		setrlimit(RLIMIT_STACK, &r);
		show_depth();
	}
	waitpid(pid, &status, 0);
	if (status)
		printf("status %x\n", status);
}

/* Arguments may take a quarter of the limit, not more than 6 MB. */
static void arguments(const char *name, rlim_t soft, size_t length, size_t count)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		struct rlimit r = {soft, RLIM_INFINITY};
		char *text = malloc(length + 1),
		     **argv = calloc(count + 3, sizeof(char *)), *envp[] = {NULL};

		memset(text, 'x', length);
		text[length] = 0;
		argv[0] = (char *)me;
		argv[1] = "count";
		for (size_t i = 0; i < count; i++)
			argv[i + 2] = text;
		setrlimit(RLIMIT_STACK, &r);
		execve(me, argv, envp);
		printf("%s\n", strerrorname_np(errno));
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("arguments, %s: status %x\n", name, status);
}

int main(int argc, char **argv)
{
	me = "/proc/self/exe";
	if (argc > 1 && !strcmp(argv[1], "count")) {
		size_t n = 0;

		for (int i = 0; i < argc; i++)
			n += strlen(argv[i]) + 1;
		printf("%d arguments, %zu bytes\n", argc, n);
		return 0;
	}
	if (argc > 1)
		return inside(argv[1]);
	below("64 KB", 64 * KB, RLIM_INFINITY);
	below("256 KB", 256 * KB, 512 * KB);
	below("1 MB", MB, RLIM_INFINITY);
	below("8 MB", 8 * MB, RLIM_INFINITY);
	below("20 MB", 20 * MB, RLIM_INFINITY);
	below("1 GB", 1024 * MB, RLIM_INFINITY);
	below("unlimited", RLIM_INFINITY, RLIM_INFINITY);
	at_once("512 KB", 512 * KB);
	at_once("16 MB", 16 * MB);
	arguments("few", 8 * MB, 100, 10);
	arguments("many", 8 * MB, 1000, 1900);
	arguments("too many", 8 * MB, 1000, 2200);
	arguments("one too long", 8 * MB, 131072, 1);
	arguments("one as long as can be", 8 * MB, 131071, 1);
	arguments("small stack", 64 * KB, 1000, 100);
	arguments("small stack, too many", 64 * KB, 1000, 140);
	arguments("large stack", 64 * MB, 100000, 60);
	arguments("large stack, too many", 64 * MB, 100000, 64);
	return 0;
}
