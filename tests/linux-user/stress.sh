#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Threads, signals, forks and freshly written code at the same time; results must not change.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc stress -pthread <<'EOF'
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile long signals;
static void on_signal(int s) { __atomic_add_fetch(&signals, 1, __ATOMIC_RELAXED); }
static void *compute(void *seed)
{
	unsigned long x = (long)seed, y = 0;
	double d = 1;
	for (int i = 0; i < 1000000; i++) {
		x = x * 6364136223846793005ul + 1;
		y ^= x >> 7;
		d = d * 1.0000001 + 0.5;
	}
	return (void *)(y ^ (unsigned long)(long)d);
}
/* writes functions that return a number, and calls them */
static void *generate(void *arg)
{
	long bad = 0;
	for (int i = 0; i < 200; i++) {
		unsigned *p = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (int k = 0; k < 5; k++) {
			unsigned v = (i * 5 + k) & 0xffff;
			p[0] = 0x52800000 | v << 5;
			p[1] = 0xd65f03c0;
			__builtin___clear_cache((char *)p, (char *)p + 8);
			bad += ((unsigned (*)(void))p)() != v;
		}
		munmap(p, 4096);
	}
	return (void *)bad;
}
static void *multiply(void *arg)
{
	long bad = 0;
	for (int i = 0; i < 30; i++) {
		int status;
		pid_t pid = i & 1 ? fork() : vfork();
		if (!pid)
			_exit(i);
		while (waitpid(pid, &status, 0) < 0)
			;
		bad += WEXITSTATUS(status) != i;
	}
	return (void *)bad;
}
static void *nothing(void *arg) { return arg; }
static void *churn(void *arg)
{
	for (int i = 0; i < 100; i++) {
		pthread_t t;
		pthread_create(&t, 0, nothing, 0);
		pthread_join(t, 0);
	}
	return 0;
}
int main(void)
{
	void *(*work[])(void *) = { compute, compute, generate, multiply, churn, compute };
	struct itimerval it = { { 0, 500 }, { 0, 500 } }, off = { 0 };
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	pthread_t t[6];
	void *r[6];
	sigaction(SIGALRM, &sa, 0);
	sigaction(SIGUSR1, &sa, 0);
	setitimer(ITIMER_REAL, &it, 0);
	for (int i = 0; i < 6; i++)
		pthread_create(&t[i], 0, work[i], (void *)(long)(i % 5));
	for (int i = 0; i < 200; i++) {
		pthread_kill(t[0], SIGUSR1);
		usleep(200);
	}
	for (int i = 0; i < 6; i++)
		pthread_join(t[i], &r[i]);
	setitimer(ITIMER_REAL, &off, 0);
	printf("%d %d %ld %ld %d\n", r[0] == r[5], r[0] != r[1], (long)r[2], (long)r[3], signals > 50);
	return 0;
}
EOF
for mode in stats nofold nolink noshadow tinycache; do
	is "everything at once, $mode" "$(XLATE_DEBUG=$mode timeout 120 "$x" "$tmp/stress" 2>/dev/null)" "1 1 0 0 1"
done
tap_done
