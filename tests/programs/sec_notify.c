/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Seccomp with a supervisor: what it receives, every kind of answer, descriptors, signals while
 * it thinks, listeners that go away, execve. And with a tracer (SECCOMP_RET_TRACE).
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __aarch64__
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH AUDIT_ARCH_X86_64
#endif
#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define ONLY(n, v)                                                                           \
	{                                                                                    \
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),                                       \
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, n, 0, 1),                                \
		BPF_STMT(BPF_RET | BPF_K, v),                                                \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),                                \
	}

static long install(int nr, unsigned action, unsigned flags)
{
	struct sock_filter f[] = ONLY(nr, action);
	struct sock_fprog p = { LENGTH(f), f };

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &p);
}

static void result(const char *name, long r)
{
	printf("%s: %ld %s\n", name, r < 0 ? -1 : r, r < 0 ? strerrorname_np(errno) : "");
	fflush(stdout);
}

static volatile int signals;
static void on_signal(int signo)
{
	signals++;
}

/* syncfs(), by an instruction whose address the supervisor knows. */
long call(long a, long b, long c, long d, long e, long f);
extern char call_end[];
#ifdef __aarch64__
__asm__(".text\n.globl call, call_end\ncall:\n\tmov x8, 267\n\tsvc 0\ncall_end:\n\tret\n");
#else
__asm__(".text\n.globl call, call_end\n"
	"call:\n\tmov $306, %eax\n\tmov %rcx, %r10\n\tsyscall\ncall_end:\n\tret\n");
#endif

static long ask(long a, long b)
{
	long r = call(a, b, 3, 4, 5, 0x123456789abcdefl);

	if (r < 0 && r > -4096)
		errno = (int)-r, r = -1;
	return r;
}

static void supervised(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	char c;
	int fd;

	result("an error", ask(1, 2));
	result("a value", ask(2, 2));
	result("ENOSYS", ask(3, 2));
	result("go on", ask(-1, 2));
	result("go on, and it works", ask(dup2(open("/", O_RDONLY), 20), 2));
	fd = (int)ask(5, 2);
	result("a descriptor", fd >= 0);
	result("reading it", read(fd, &c, 1) == 1 && c == 'x');
	sigaction(SIGUSR1, &sa, NULL);
	result("a signal without SA_RESTART", ask(6, 2));
	sa.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &sa, NULL);
	result("a signal with SA_RESTART", ask(7, 2));
	printf("signals: %d\n", signals);
	fflush(stdout);
	execl("/proc/self/exe", "sec_notify", "executed", (char *)0);
}

/* Gets the listener of a filter that the child installs. */
static int give(int sock, int fd)
{
	char c = 0, control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { &c, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			    .msg_controllen = sizeof(control) };
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);

	if (fd >= 0) {
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(h), &fd, sizeof(fd));
		return (int)sendmsg(sock, &m, 0);
	}
	if (recvmsg(sock, &m, 0) != 1)
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

static void supervise(int fd, pid_t pid)
{
	for (int turn = 0; turn < 12; turn++) {
		struct seccomp_notif n = { 0 };
		struct seccomp_notif_resp a = { 0 };
		struct pollfd p = { fd, POLLIN };
		struct seccomp_notif_addfd add = { 0 };
		int pipes[2];

		poll(&p, 1, -1);
		if (p.revents & POLLHUP) {
			printf("hangup\n");
			return;
		}
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &n)) {
			result("receive", -1);
			return;
		}
		printf("  asked: nr %d arch %d pid %d flags %u args %lld %llu %llu %llu %llu %llx at %d valid %d\n",
		       n.data.nr == SYS_syncfs, n.data.arch == ARCH, n.pid == pid, n.flags,
		       (long long)n.data.args[0], n.data.args[1], n.data.args[2],
		       n.data.args[3], n.data.args[4], n.data.args[5],
		       n.data.instruction_pointer == (uintptr_t)call_end, ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id));
		fflush(stdout);
		a.id = n.id;
		switch ((int)n.data.args[0]) {
		case 1: a.error = -EXDEV; break;
		case 2: a.val = 4711; break;
		case 3: a.error = -ENOSYS; break;
		case 5:
			pipe(pipes);
			write(pipes[1], "x", 1);
			add.id = n.id;
			add.srcfd = (unsigned)pipes[0];
			a.val = ioctl(fd, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
			break;
		case 6:
		case 7:
			if (!signals++)
				kill(pid, SIGUSR1);
			else if (n.data.args[0] == 7 && signals == 2) {
				kill(pid, SIGUSR1);
			} else {
				a.val = signals;
				break;
			}
			while (ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id) == 0)
				usleep(1000);
			/* Both print: this one only what is wrong. */
			if (!ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &a) || errno != ENOENT)
				result("  late, and not refused", -1);
			continue;
		default:
			a.error = 1;
			a.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
			if (!ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &a) || errno != EINVAL)
				result("  go on with an error", -1);
			a.error = 0;
		}
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &a))
			result("  not sent", -1);
	}
}

static void with_supervisor(void)
{
	int s[2], status, fd;
	pid_t pid;

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		fd = (int)install(SYS_syncfs, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
		result("listener", fd >= 0);
		result("close on exec", fcntl(fd, F_GETFD));
		result("a second listener", install(SYS_syncfs, SECCOMP_RET_USER_NOTIF,
						    SECCOMP_FILTER_FLAG_NEW_LISTENER));
		result("an own error is stronger", install(SYS_acct, SECCOMP_RET_ERRNO | 77, 0));
		give(s[0], fd);
		close(fd);
		supervised();
		_exit(0);
	}
	supervise(give(s[1], -1), pid);
	waitpid(pid, &status, 0);
	printf("status %x\n", status);
}

static void without_listener(void)
{
	int fd, status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		install(SYS_syncfs, SECCOMP_RET_USER_NOTIF, 0);
		result("no listener", ask(1, 2));
		fd = (int)install(SYS_acct, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
		result("not of this filter", ask(1, 2));
		close(fd);
		result("closed", syscall(SYS_acct, 0));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	result("both flags", install(SYS_acct, SECCOMP_RET_ALLOW,
				     SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC));
	result("to wait without a listener", install(SYS_acct, SECCOMP_RET_ALLOW, 32));
}

/* ---- tracers ---- */

static void traced(void)
{
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	install(SYS_syncfs, SECCOMP_RET_TRACE | 1234, 0);
	result("as it is", ask(-1, 2));
	result("another call", ask(100, 2) == getppid());
	result("no call", ask(101, 2));
	result("its option is off", ask(102, 2));
	_exit(3);
}

static void set_number(pid_t pid, long nr, long ret)
{
#ifdef __aarch64__
	int n = (int)nr;
	u64 regs[34];
	struct iovec iov = { &n, sizeof(n) }, all = { regs, sizeof(regs) };

	ptrace(PTRACE_SETREGSET, pid, 0x404, &iov);
	if (nr < 0) {
		ptrace(PTRACE_GETREGSET, pid, 1, &all);
		regs[0] = (u64)ret;
		ptrace(PTRACE_SETREGSET, pid, 1, &all);
	}
#else
	ptrace(PTRACE_POKEUSER, pid, 15 * 8, nr);
	if (nr < 0)
		ptrace(PTRACE_POKEUSER, pid, 10 * 8, ret);
#endif
}

static void with_tracer(void)
{
	int status, turn = 0;
	unsigned long message;
	struct {
		u8 op, pad[3];
		u32 arch;
		u64 ip, sp, nr, args[6];
		u32 data, rest;
	} info;
	pid_t pid;
	long r;

	fflush(stdout);
	pid = fork();
	if (!pid)
		traced();
	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP);
	ptrace(PTRACE_CONT, pid, 0, 0);
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		ptrace(PTRACE_GETEVENTMSG, pid, 0, &message);
		memset(&info, 0, sizeof(info));
		r = ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);
		printf("  stop %x message %lu info %d op %d nr %d arch %d arg %llu data %u\n", status >> 8,
		       message, r >= 84, info.op, info.nr == SYS_syncfs, info.arch == ARCH,
		       (unsigned long long)info.args[5], info.data);
		fflush(stdout);
		if (turn == 1)
			set_number(pid, SYS_getppid, 0);
		if (turn == 2) {
			set_number(pid, -1, 77);
			ptrace(PTRACE_SETOPTIONS, pid, 0, 0);
		}
		turn++;
		ptrace(PTRACE_CONT, pid, 0, 0);
	}
	printf("traced: status %x turns %d\n", status, turn);
}

int main(int argc, char **argv)
{
	unsigned action = SECCOMP_RET_USER_NOTIF;

	if (argc > 1) {
		result("executed", ask(2, 9));
		return 5;
	}
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	result("available", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
	with_supervisor();
	without_listener();
	with_tracer();
	return 0;
}
