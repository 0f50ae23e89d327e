/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What debuggers.sh looks at: `debuggee MODE`. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct record {
	char name[16];
	int value;
	double ratio;
};

volatile int global = 11;

__attribute__((noinline)) int leaf(int n)
{
	int twice = n * 2;

	return twice + 1;
}

__attribute__((noinline)) int outer(struct record *record)
{
	int sum = 0;

	for (int i = 0; i < 5; i++)
		sum += leaf(i);
	record->value = sum;
	return sum;
}

__attribute__((noinline)) void counted(int i)
{
	global += i;
}

__attribute__((noinline)) void in_child(void)
{
	global = 22;
}

__attribute__((noinline)) void in_parent(void)
{
	global = 33;
}

__attribute__((noinline)) void in_thread(int n)
{
	global = n;
}

static void on_signal(int signo)
{
	global++;
}

static void calls(void)
{
	struct timespec ts = { 0, 1000000 };
	struct epoll_event event = { EPOLLIN | EPOLLET, { .u64 = 0x123456789abcdef } };
	struct record record = { "a record", 5, 0.25 };
	int fd, s[2], p[2], value = 1;
	socklen_t length = sizeof(value);
	char buf[64] = "";

	fd = open("file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	pwrite(fd, "one\n", 4, 0);
	pwrite(fd, "two\1\xff\n", 6, 4);
	lseek(fd, 2, SEEK_SET);
	read(fd, buf, sizeof(buf));
	pread(fd, buf, 3, 1);
	pread(fd, (void *)8, 3, 1);
	flock(fd, LOCK_EX | LOCK_NB);
	ftruncate(fd, 5);
	fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	dup3(fd, 20, O_CLOEXEC);
	close(20);
	close(99);
	open("/no/such/file", O_RDONLY | O_DIRECTORY);
	unlinkat(AT_FDCWD, "file", 0);
	pipe2(p, O_NONBLOCK | O_CLOEXEC);
	read(p[0], buf, 1);
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s);
	send(s[0], "hello", 5, MSG_NOSIGNAL);
	recv(s[1], buf, sizeof(buf), MSG_DONTWAIT);
	setsockopt(s[0], SOL_SOCKET, SO_PASSCRED, &value, sizeof(value));
	getsockopt(s[0], SOL_SOCKET, SO_TYPE, &value, &length);
	fd = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(fd, EPOLL_CTL_ADD, s[0], &event);
	eventfd(7, EFD_NONBLOCK);
	timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	prctl(PR_SET_NAME, "renamed");
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, SIG_IGN);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR2);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL);
	for (int i = 0; i < 6; i++)
		counted(i);
	printf("%d %d\n", outer(&record), global);
}

static void *thread(void *arg)
{
	in_thread((int)(long)arg);
	write(1, "thread\n", 7);
	return NULL;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	int status;
	pid_t pid;

	if (!strcmp(mode, "calls")) {
		calls();
	} else if (!strcmp(mode, "fork")) {
		pid = fork();
		if (!pid) {
			in_child();
			write(1, "child\n", 6);
			_exit(7);
		}
		waitpid(pid, &status, 0);
		in_parent();
		printf("parent %x\n", status);
	} else if (!strcmp(mode, "exec")) {
		execl(argv[0], "debuggee", "calls", (char *)0);
	} else if (!strcmp(mode, "threads")) {
		pthread_t t;

		for (long i = 2; i < 5; i++) {
			pthread_create(&t, NULL, thread, (void *)i);
			pthread_join(t, NULL);
		}
		printf("main %d\n", global);
	} else if (!strcmp(mode, "die")) {
		*(volatile int *)64 = leaf(3);
	} else if (!strcmp(mode, "wait")) {
		puts("ready");
		fflush(stdout);
		for (int i = 0; i < 600 && global == 11; i++)
			usleep(100000);
		return global;
	} else {
		return 2;
	}
	return 3;
}
