/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls of all sorts, made by number so that both machines make the same: what
 * tests/linux-user/strace.sh compares with strace(1).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define S(name, ...) syscall(SYS_##name, ##__VA_ARGS__)

static void handler(int s)
{
}

static void files(void)
{
	static char buf[100];
	struct stat st;
	struct iovec iov[2] = { { "one", 3 }, { "two\n\t\1\0012", 7 } };
	struct flock lock = { .l_type = F_WRLCK };
	char more[50];
	int fd, pipes[2];

	S(openat, AT_FDCWD, "no/such/file", O_RDONLY | O_CLOEXEC);
	S(openat, AT_FDCWD, (char *)8, O_RDWR);
	fd = S(openat, AT_FDCWD, "file", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0640);
	S(write, fd, "0123456789012345678901234567890123456789", 40);
	S(writev, fd, iov, 2);
	S(lseek, fd, 0, SEEK_SET);
	S(read, fd, buf, 20);
	iov[0] = (struct iovec){ buf, 5 };
	iov[1] = (struct iovec){ more, 50 };
	S(readv, fd, iov, 2);
	S(pread64, fd, buf, 8, 3);
	S(newfstatat, AT_FDCWD, "file", &st, 0);
	S(newfstatat, fd, "", &st, AT_EMPTY_PATH);
	S(newfstatat, AT_FDCWD, "/dev/null", &st, AT_SYMLINK_NOFOLLOW);
	S(newfstatat, AT_FDCWD, "/tmp", &st, 0);
	S(newfstatat, AT_FDCWD, "/no", &st, 0);
	S(faccessat, AT_FDCWD, "file", R_OK | W_OK);
	S(faccessat, AT_FDCWD, "file", F_OK);
	S(fcntl, fd, F_GETFD);
	S(fcntl, fd, F_SETFD, FD_CLOEXEC);
	S(fcntl, fd, F_GETFD);
	S(fcntl, fd, F_SETFL, O_RDWR | O_NONBLOCK);
	S(fcntl, fd, F_SETLK, &lock);
	S(fcntl, fd, F_DUPFD_CLOEXEC, 20);
	S(ftruncate, fd, 10);
	S(flock, fd, LOCK_EX | LOCK_NB);
	S(fchmod, fd, 04755);
	S(mkdirat, AT_FDCWD, "dir", 0700);
	S(symlinkat, "target", AT_FDCWD, "dir/link");
	S(readlinkat, AT_FDCWD, "dir/link", buf, sizeof(buf));
	S(renameat2, AT_FDCWD, "dir/link", AT_FDCWD, "dir/other", 1);
	S(unlinkat, AT_FDCWD, "dir/other", 0);
	S(unlinkat, AT_FDCWD, "dir", AT_REMOVEDIR);
	S(unlinkat, AT_FDCWD, "file", AT_REMOVEDIR);
	S(ioctl, fd, TCGETS, buf);
	S(ioctl, fd, TIOCGWINSZ, buf);
	S(ioctl, fd, FIONREAD, buf);
	S(close, fd);
	S(close, fd);
	S(pipe2, pipes, O_CLOEXEC | O_NONBLOCK);
	S(read, pipes[0], buf, 1);
	S(dup3, pipes[0], 30, O_CLOEXEC);
	S(umask, 022);
	S(umask, 077);
	S(memfd_create, "name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	S(eventfd2, 7, EFD_CLOEXEC);
	S(inotify_init1, IN_CLOEXEC);
	S(fallocate, fd, 0, 0, 5);
}

static void memory(void)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	S(mprotect, p, 4096, PROT_READ);
	S(mprotect, p, 4096, PROT_NONE);
	S(madvise, p, 4096, MADV_DONTNEED);
	S(mremap, p + 4096, 4096, 4096, 0);
	S(msync, p + 4096, 4096, MS_SYNC);
	S(munmap, p, 8192);
	S(mprotect, 1, 4096, PROT_EXEC);
}

static void signals(void)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART };
	sigset_t set;
	stack_t ss = { .ss_flags = SS_DISABLE };

	sigemptyset(&sa.sa_mask);
	sigaddset(&sa.sa_mask, SIGINT);
	sigaction(SIGUSR1, &sa, NULL);
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, 33);
	S(rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
	sigfillset(&set);
	S(rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
	sigemptyset(&set);
	S(rt_sigprocmask, SIG_SETMASK, &set, NULL, 8);
	S(rt_sigprocmask, 9, &set, NULL, 8);
	S(kill, getpid(), SIGUSR1);
	S(kill, getpid(), 0);
	S(kill, getpid(), 99);
	sigaltstack(&ss, NULL);
}

static void processes(void)
{
	char *args[] = { "prog", "an argument", NULL };
	siginfo_t info;
	int status;
	pid_t pid;

	if (!(pid = fork()))
		_exit(3);
	S(wait4, pid, &status, 0, NULL);
	S(wait4, -1, &status, WNOHANG | WUNTRACED, NULL);
	if (!(pid = fork()))
		for (;;)
			pause();
	S(kill, pid, SIGKILL);
	S(waitid, P_PID, pid, &info, WEXITED | WSTOPPED, NULL);
	S(execve, "/no/such/program", args, (char *[]){ "A=1", NULL });
	S(prctl, PR_SET_NAME, "sample");
	S(prctl, PR_SET_PDEATHSIG, SIGTERM);
}

static void limits_and_time(void)
{
	struct rlimit r;
	struct timespec ts = { 0, 1000 };
	struct itimerval it = { { 1, 2 }, { 3, 4 } }, off = { 0 };
	struct itimerspec its = { .it_value = { 5, 6 } };
	struct utsname u;
	char buf[40];
	int fd;

	S(prlimit64, 0, RLIMIT_NOFILE, NULL, &r);
	r = (struct rlimit){ 8192 * 1024, RLIM_INFINITY };
	S(prlimit64, 0, RLIMIT_STACK, &r, NULL);
	S(nanosleep, &ts, NULL);
	S(clock_nanosleep, CLOCK_MONOTONIC, 0, &ts, NULL);
	S(clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &ts, NULL);
	S(setitimer, ITIMER_REAL, &it, NULL);
	S(setitimer, ITIMER_REAL, &off, NULL);
	fd = S(timerfd_create, CLOCK_MONOTONIC, TFD_CLOEXEC);
	S(timerfd_settime, fd, TFD_TIMER_ABSTIME, &its, NULL);
	S(close, fd);
	S(clock_settime, 77, &ts);
	S(getpriority, PRIO_PROCESS, 0);
	S(sched_getscheduler, 0);
	S(getrandom, buf, 0, 1);
}

static void waiting(void)
{
	struct pollfd p[2] = { { .events = POLLIN | POLLOUT }, { .fd = -1 } };
	struct epoll_event e = { EPOLLIN | EPOLLET, { .u64 = 7 } }, got[4];
	struct timespec zero = { 0 };
	int fds[2], ep;
	fd_set set;
	int word = 1;

	pipe(fds);
	p[0].fd = fds[1];
	S(ppoll, p, 2, NULL, NULL, 8);
	p[0].fd = fds[0];
	S(ppoll, p, 1, &zero, NULL, 8);
	FD_ZERO(&set);
	FD_SET(fds[1], &set);
	S(pselect6, fds[1] + 1, NULL, &set, NULL, NULL, NULL);
	ep = S(epoll_create1, EPOLL_CLOEXEC);
	S(epoll_ctl, ep, EPOLL_CTL_ADD, fds[0], &e);
	S(epoll_ctl, ep, EPOLL_CTL_ADD, fds[0], &e);
	write(fds[1], "x", 1);
	S(epoll_pwait, ep, got, 4, -1, NULL, 8);
	S(futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	S(futex, &word, FUTEX_WAIT, 2, NULL);
	S(futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME, 1, &zero,
	  NULL, FUTEX_BITSET_MATCH_ANY);
	S(futex, &word, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, 2, &fds, 1);
}

static void network(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(99) };
	struct sockaddr_un un = { AF_UNIX, "no/such/socket" }, abstract = { AF_UNIX, "\0name" };
	struct sockaddr_storage name;
	struct iovec iov = { "hello", 5 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	char control[CMSG_SPACE(4)];
	int fd = S(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP), one = 1, pair[2];
	struct cmsghdr *c = (struct cmsghdr *)control;
	socklen_t length = sizeof(name);

	S(setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, &one, 4);
	S(setsockopt, fd, SOL_TCP, TCP_NODELAY, &one, 4);
	S(bind, fd, &in, sizeof(in));
	S(listen, fd, 5);
	S(accept4, -1, NULL, NULL, SOCK_CLOEXEC);
	length = 4;
	S(getsockopt, fd, SOL_SOCKET, SO_ERROR, &one, &length);
	S(socket, AF_UNIX, 99, 0);
	S(connect, -1, &in6, sizeof(in6));
	in6.sin6_addr.s6_addr[15] = 1;
	S(connect, -1, &in6, sizeof(in6));
	in6.sin6_addr.s6_addr[0] = 0xfe;
	in6.sin6_addr.s6_addr[1] = 0x80;
	in6.sin6_addr.s6_addr[9] = 5;
	S(connect, -1, &in6, sizeof(in6));
	S(connect, -1, &un, sizeof(un));
	S(connect, -1, &abstract, 7);
	S(connect, -1, &abstract, 2);
	S(socketpair, AF_UNIX, SOCK_DGRAM, 0, pair);
	S(sendto, pair[0], "abc", 3, MSG_NOSIGNAL, NULL, 0);
	S(recvfrom, pair[1], &name, 10, MSG_DONTWAIT, NULL, NULL);
	m.msg_control = control;
	m.msg_controllen = sizeof(control);
	memset(control, 0, sizeof(control));
	c->cmsg_len = CMSG_LEN(4);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(c), pair, 4);
	S(sendmsg, pair[0], &m, 0);
	iov = (struct iovec){ &name, 20 };
	S(recvmsg, pair[1], &m, 0);
	S(shutdown, fd, SHUT_RDWR);
}

int main(int argc, char **argv)
{
	if (argc > 1 && argv[1][0] == 's')
		*(volatile int *)16 = 0;
	if (argc > 1 && argv[1][0] == 't')
		raise(SIGTERM);
	S(getppid);
	files();
	memory();
	signals();
	limits_and_time();
	waiting();
	network();
	processes();
	S(exit_group, 7);
}
