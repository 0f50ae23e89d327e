/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that wait, when the process is stopped and continued again and again: most go on as if
 * nothing had been and end in time, some say EINTR. Then the same with a handler in between.
 */
#include "guest.h"
#include <errno.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS         1000
#define FUTEX_WAIT_CALL 455

static const struct timespec whole = {WAIT_MS / 1000, WAIT_MS % 1000 * 1000000l};

static u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

static struct timespec deadline(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += WAIT_MS / 1000;
	return t;
}

static long call_nanosleep(void)
{
	struct timespec left = {77, 77};
	long r = nanosleep(&whole, &left);

	/* What is left is said only to who is interrupted. */
	if (r < 0 && (left.tv_sec || left.tv_nsec < 1000 || left.tv_nsec > 999999999))
		errno = EBADMSG;
	else if (!r && (left.tv_sec != 77 || left.tv_nsec != 77))
		errno = EBADF, r = -1;
	return r;
}

static long call_clock(void)
{
	errno = clock_nanosleep(CLOCK_MONOTONIC, 0, &whole, NULL);
	return errno ? -1 : 0;
}

static long call_clock_absolute(void)
{
	struct timespec t = deadline();

	errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
	return errno ? -1 : 0;
}

static long call_poll(void)
{
	return poll(NULL, 0, WAIT_MS);
}

static long call_ppoll(void)
{
	struct timespec t = whole;
	/* The call itself: the library's copies the timeout. */
	long r = syscall(SYS_ppoll, NULL, 0, &t, NULL, 8);

	if (r == 0 && (t.tv_sec || t.tv_nsec))
		errno = EBADMSG, r = -1;
	return r;
}

static long call_pselect(void)
{
	struct timespec t = whole;
	long r = syscall(SYS_pselect6, 0, NULL, NULL, NULL, &t, NULL);

	if (r == 0 && (t.tv_sec || t.tv_nsec))
		errno = EBADMSG, r = -1;
	return r;
}

static long call_epoll(void)
{
	struct epoll_event e;

	return epoll_wait(epoll_create1(0), &e, 1, WAIT_MS);
}

static long call_epoll2(void)
{
	struct epoll_event e;

	return syscall(441, epoll_create1(0), &e, 1, &whole, NULL, 8);
}

static long call_futex(void)
{
	u32 word = 1;

	return syscall(SYS_futex, &word, FUTEX_WAIT, 1, &whole, NULL, 0);
}

static long call_futex_bitset(void)
{
	struct timespec t = deadline();
	u32 word = 1;

	return syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 1, &t, NULL, 7);
}

static long call_futex_new(void)
{
	struct timespec t = deadline();
	u32 word = 1;

	return syscall(FUTEX_WAIT_CALL, &word, 1, ~0u, 2, &t, CLOCK_MONOTONIC);
}

static long call_semtimedop(void)
{
	int id = semget(IPC_PRIVATE, 1, 0600), e;
	struct sembuf op = {0, -1, 0};
	long r = semtimedop(id, &op, 1, &whole);

	e = errno;
	semctl(id, 0, IPC_RMID);
	errno = e;
	return r;
}

static long call_sigtimedwait(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	return sigtimedwait(&set, NULL, &whole);
}

static long call_receive(void)
{
	int fd[2], type = SOCK_STREAM;
	struct timeval t = {1, 0};
	char c;

	socketpair(AF_UNIX, type, 0, fd);
	setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	return recv(fd[0], &c, 1, 0);
}

static long call_mq(void)
{
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};
	struct timespec t;
	char name[32], m[8];
	mqd_t q;

	snprintf(name, sizeof(name), "/sys_restart.%d", getpid());
	q = mq_open(name, O_CREAT | O_RDWR, 0600, &attr);
	mq_unlink(name);
	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += WAIT_MS / 1000;
	return mq_timedreceive(q, m, sizeof(m), NULL, &t);
}

/* These have no timeout: something ends them. */
static long call_read(void)
{
	int fd[2];
	char c;

	pipe(fd);
	if (!fork()) {
		usleep(WAIT_MS * 1000);
		write(fd[1], "x", 1);
		_exit(0);
	}
	return read(fd[0], &c, 1) - 1;
}

static long call_waitpid(void)
{
	pid_t pid = fork();

	if (!pid) {
		usleep(WAIT_MS * 1000);
		_exit(0);
	}
	return waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static long call_alarm_pause(void)
{
	alarm(WAIT_MS / 1000);
	return pause();
}

static const struct {
	const char *name;
	long (*fn)(void);
} calls[] = {
	{"nanosleep", call_nanosleep},
	{"clock_nanosleep", call_clock},
	{"clock_nanosleep, absolute", call_clock_absolute},
	{"poll", call_poll},
	{"ppoll", call_ppoll},
	{"pselect6", call_pselect},
	{"epoll_pwait", call_epoll},
	{"epoll_pwait2", call_epoll2},
	{"futex", call_futex},
	{"futex, bitset", call_futex_bitset},
	{"futex_wait", call_futex_new},
	{"semtimedop", call_semtimedop},
	{"sigtimedwait", call_sigtimedwait},
	{"recv", call_receive},
	{"mq_timedreceive", call_mq},
	{"read", call_read},
	{"waitpid", call_waitpid},
	{"pause", call_alarm_pause},
};

struct result {
	long r;
	int error, handled;
	u64 ms;
};

static volatile int handled;

static void on_signal(int signo)
{
	handled += signo == SIGUSR1;
}

/* Starts call i with a handler that has these flags, or none (-1), and bothers it. */
static void one(unsigned i, int flags, const char *when)
{
	struct result result = {0};
	int fd[2], status, tries = 0;
	u64 start;
	pid_t pid;

	do {
		pipe(fd);
		pid = fork();
		if (!pid) {
			struct sigaction sa = {.sa_handler = on_signal,
					       .sa_flags = flags < 0 ? 0 : flags};

			sigaction(SIGUSR1, &sa, NULL);
			sigaction(SIGALRM, &sa, NULL);
			write(fd[1], "", 1);
			start = now();
			result.r = calls[i].fn();
			result.error = result.r < 0 ? errno : 0;
			result.ms = now() - start;
			result.handled = handled;
			write(fd[1], &result, sizeof(result));
			_exit(0);
		}
		close(fd[1]);
		read(fd[0], &status, 1);
		for (int n = 0; n < 9 && !(flags >= 0 && n == 3); n++) {
			usleep(WAIT_MS * 1000 / 10 * 2 / 3);
			kill(pid, SIGSTOP);
			usleep(WAIT_MS * 1000 / 10 / 3);
			kill(pid, flags >= 0 && n == 2 ? SIGUSR1 : SIGCONT);
			kill(pid, SIGCONT);
		}
		read(fd[0], &result, sizeof(result));
		waitpid(pid, &status, 0);
		close(fd[0]);
		/* A busy machine may be late by itself. */
	} while (result.ms >= WAIT_MS * 3 / 2 && ++tries < 3);
	printf("%s, %s: %s, %s%s", calls[i].name, when,
	       result.r < 0 ? strerrorname_np(result.error) : "ok",
	       result.ms < WAIT_MS - 20      ? "early"
	       : result.ms < WAIT_MS * 3 / 2 ? "in time"
					     : "late",
	       result.handled ? ", handled" : "");
	printf("\n");
	fflush(stdout);
}

int main(void)
{
	static const struct {
		const char *name;
		int flags;
	} whens[] = {{"stopped", -1}, {"handler", 0}, {"SA_RESTART", SA_RESTART}};

	/* All at once, each in a process of its own; what they say in order. */
	for (unsigned w = 0; w < COUNT(whens); w++) {
		int out[COUNT(calls)][2];
		char text[512];

		for (unsigned i = 0; i < COUNT(calls); i++) {
			pipe(out[i]);
			fflush(stdout);
			if (!fork()) {
				dup2(out[i][1], 1);
				one(i, whens[w].flags, whens[w].name);
				_exit(0);
			}
			close(out[i][1]);
		}
		for (unsigned i = 0; i < COUNT(calls); i++) {
			ssize_t n = read(out[i][0], text, sizeof(text));

			fwrite(text, 1, n > 0 ? (size_t)n : 0, stdout);
			close(out[i][0]);
		}
		while (wait(NULL) > 0)
			;
	}
	return 0;
}
