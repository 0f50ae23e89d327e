/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pointers with something in bits 63:56, which accesses ignore: every kind of access, flags
 * that live across them, faults, branches; and system calls, which want them clean unless the
 * thread has asked otherwise.
 * only: arm64
 * levels: O0
 * quick: yes
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#ifndef PR_SET_TAGGED_ADDR_CTRL
#define PR_SET_TAGGED_ADDR_CTRL 55
#define PR_GET_TAGGED_ADDR_CTRL 56
#endif

#define TAG(p, n) ((void *)((u64)(p) | (u64)(n) << 56))

static u64 area[64] __attribute__((aligned(64)));
static u64 hash;
static volatile u64 sink;

#define ACCESS(text, p)                                                              \
	({                                                                            \
		u64 x_ = 0x1234, y_ = 0x5678, p_ = (u64)(p);                          \
		__asm__ volatile(".arch armv8.2-a+lse\n\t" text                       \
				 : "+r"(x_), "+r"(y_), "+r"(p_)                       \
				 :                                                    \
				 : "memory", "cc", "x8", "x9", "x10", "x11", "w12", "v0", "v1"); \
		hash = mix(mix(hash, x_), y_);                                        \
		if ((u8 *)p_ - (u8 *)(p) > 64)                                        \
			printf("the tag got lost: " text "\n");                       \
	})

static NOINLINE void accesses(void *p)
{
	ACCESS("str %0, [%2]", p);
	ACCESS("ldr %0, [%2]", p);
	ACCESS("ldrsb %0, [%2, #3]", p);
	ACCESS("ldrh %w0, [%2], #2", p);
	ACCESS("mov x8, #8\n\tldr %0, [%2, x8]", p);
	ACCESS("mov x8, #1\n\tldr %0, [%2, x8, lsl #3]", p);
	ACCESS("mov w8, #2\n\tstr %w0, [%2, w8, uxtw #2]", p);
	ACCESS("stp %0, %1, [%2, #16]!", p);
	ACCESS("ldp %0, %1, [%2]", p);
	ACCESS("ldpsw %0, %1, [%2, #4]", p);
	ACCESS("stlr %0, [%2]", p);
	ACCESS("ldar %1, [%2]", p);
	ACCESS("1: ldaxr %0, [%2]\n\tadd %0, %0, #1\n\tstlxr w12, %0, [%2]\n\tcbnz w12, 1b", p);
	ACCESS("1: ldxrb %w0, [%2]\n\tstxrb w12, %w1, [%2]\n\tcbnz w12, 1b", p);
	ACCESS("1: ldxp %0, %1, [%2]\n\tadd %1, %1, #1\n\tstxp w12, %0, %1, [%2]\n\tcbnz w12, 1b", p);
	ACCESS("1: ldxp %w0, %w1, [%2]\n\tstxp w12, %w1, %w0, [%2]\n\tcbnz w12, 1b", p);
	ACCESS("ldaddal %0, %1, [%2]", p);
	ACCESS("ldclr %w0, %w1, [%2]", p);
	ACCESS("ldsmaxh %w0, %w1, [%2]", p);
	ACCESS("stset %0, [%2]", p);
	ACCESS("swp %0, %1, [%2]", p);
	ACCESS("ldr x8, [%2]\n\tcas x8, %1, [%2]", p);
	ACCESS("ldp x8, x9, [%2]\n\tmov x10, %0\n\tmov x11, %1\n\tcasp x8, x9, x10, x11, [%2]", p);
	ACCESS("ldr q0, [%2, #16]\n\tumov %0, v0.d[1]", p);
	ACCESS("ldp q0, q1, [%2]\n\tstp q1, q0, [%2]", p);
	ACCESS("ld2 {v0.4s, v1.4s}, [%2]\n\tst2 {v0.4s, v1.4s}, [%2], #32", p);
	ACCESS("ld1r {v0.8h}, [%2]\n\tumov %w0, v0.h[3]", p);
	ACCESS("ld1 {v0.b}[5], [%2]\n\tst1 {v0.s}[1], [%2]", p);
	ACCESS("str s0, [%2, #4]\n\tldr h1, [%2, #6]", p);
	ACCESS("prfm pldl1keep, [%2]\n\tdc cvau, %2\n\tic ivau, %2", p);
	/* Flags that live across accesses. */
	ACCESS("cmp %0, %1\n\tldr %0, [%2, #8]\n\tstr %1, [%2, #8]\n\tcset %1, lo", p);
	ACCESS("adds %0, %0, %1\n\tldr %1, [%2]\n\tadc %0, %0, %1\n\tcset %1, vs", p);
	ACCESS("fcmp d0, d1\n\tldr q1, [%2]\n\tldr %0, [%2]\n\tcset %1, lt", p);
	ACCESS("dc zva, %2\n\tldr %0, [%2, #56]", p);
}

static sigjmp_buf jump;
static u64 fault;

static void on_segv(int n, siginfo_t *si, void *c)
{
	fault = (u64)si->si_addr;
	siglongjmp(jump, n);
}

static NOINLINE u64 sum(const u64 *p, int n)
{
	u64 s = 0;

	while (n--)
		s += *p++;
	return s;
}

static int function(int x)
{
	return x + 1;
}

/* Its own program, whose arguments have tags. */
static int run_tagged(int tag)
{
	static char first[] = "run", second[] = "argument", variable[] = "NAME=value";
	char *argv[] = { first, TAG(second, tag), NULL }, *envp[] = { TAG(variable, tag), NULL };
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		execve("/proc/self/exe", argv, envp);
		_exit(errno);
	}
	waitpid(pid, &status, 0);
	return status;
}

static void calls(const char *when, int tag)
{
	static char text[32] = "some text";
	char buf[32] = "";
	struct iovec iov[2] = { { TAG(text, tag), 4 }, { text, 2 } };
	struct msghdr m = { .msg_iov = TAG(iov, tag), .msg_iovlen = 2 };
	static u32 word = 5;
	struct {
		u64 val, uaddr;
		u32 flags, reserved;
	} futex[2] = { { 4, 0, 2, 0 }, { 4, 0, 2, 0 } };
	int fds[2], pair[2];
	long r;

#define CALL(e)                                                                 \
	({                                                                      \
		errno = 0;                                                      \
		r = (long)(e);                                                  \
		printf("%s %s: %ld %s\n", when, #e, r < 0 ? -1 : r,             \
		       r < 0 ? strerrorname_np(errno) : "");                    \
	})
	pipe(fds);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	fcntl(pair[1], F_SETFL, O_NONBLOCK);
	CALL(write(fds[1], TAG(text, tag), 5));
	CALL(writev(fds[1], iov, 2));
	CALL(writev(fds[1], TAG(iov, tag), 2));
	CALL(read(fds[0], TAG(buf, tag), 5));
	CALL(sendmsg(pair[0], TAG(&m, tag), 0));
	CALL(recvmsg(pair[1], &m, 0));
	CALL(openat(AT_FDCWD, TAG("/dev/null", tag), O_RDONLY) < 0 ? -1 : 0);
	CALL(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, TAG(buf, tag)));
	CALL(prctl(PR_GET_NAME, TAG(buf, tag)));
	CALL(pipe2(TAG(buf, tag), 0));
	futex[0].uaddr = (u64)(unsigned long)TAG(&word, tag);
	futex[1].uaddr = (u64)(unsigned long)&word;
	CALL(syscall(SYS_futex_waitv, TAG(futex, tag), 2, 0, NULL, 0));
	CALL(syscall(SYS_futex_waitv, futex, 2, 0, NULL, 0));
	CALL(run_tagged(tag));
	/* These look after addresses and take tags all the same, or never. */
	CALL(mprotect(TAG(area, tag), 1, PROT_READ | PROT_WRITE) < 0 && errno != EINVAL ? -1 : 0);
	CALL(madvise(TAG((u64)area & ~4095ul, tag), 4096, MADV_NORMAL));
	CALL(munmap(TAG(mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), tag), 4096));
	CALL(mmap(TAG(0x100000000000, tag), 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		  -1, 0) == MAP_FAILED ? -1 : 0);
	for (int i = 0; i < 2; i++) {
		close(fds[i]);
		close(pair[i]);
	}
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		printf("%s %s %s\n", argv[0], argv[1], getenv("NAME"));
		return 9;
	}
	struct sigaction sa = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO };
	u64 total = 0, plain;
	int status;

	for (int tag = 0; tag < 256; tag += 5) {
		for (int i = 0; i < 64; i++)
			area[i] = i * 0x0101010101010101;
		hash = 0;
		for (int i = 0; i < 3; i++)
			accesses(TAG(area, tag));
		if (!tag)
			plain = hash;
		if (hash != plain)
			printf("tag %d: another result\n", tag);
	}
	for (int i = 0; i < 64; i++)
		area[i] = i;
	for (int i = 0; i < 20000; i++)
		total += sum(TAG(area, i & 255), 64);
	printf("%" PRIu64 "\n", total);

	/* Faults: the address is told without its tag. */
	sigaction(SIGSEGV, &sa, NULL);
	for (int i = 0; i < 3; i++)
		if (!sigsetjmp(jump, 1))
			sink = sum(TAG(0x123456780, 0x7e), 1);
		else
			printf("fault at %" PRIx64 "\n", fault);
	/* Bits 55:48 are no tag. */
	if (!sigsetjmp(jump, 1))
		sink = sum((u64 *)0x00aa000000000000, 1);
	else
		printf("fault\n");

	/* Branches. */
	int (*volatile f)(int) = TAG(function, 0x5a);
	printf("%d\n", f(f(1)));

	printf("%d\n", prctl(PR_GET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
	calls("before", 0x3c);
	printf("%d %d %d\n", prctl(PR_SET_TAGGED_ADDR_CTRL, 0x10000, 0, 0, 0),
	       prctl(PR_SET_TAGGED_ADDR_CTRL, 1, 1, 0, 0), prctl(PR_GET_TAGGED_ADDR_CTRL, 1, 0, 0, 0));
	printf("%d\n", prctl(PR_SET_TAGGED_ADDR_CTRL, 1, 0, 0, 0));
	calls("after", 0x3c);
	printf("%d\n", prctl(PR_GET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
	fflush(stdout);
	if (!fork())
		_exit(prctl(PR_GET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
	wait(&status);
	printf("child %d\n", WEXITSTATUS(status));
	printf("%d\n", prctl(PR_SET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
	printf("%zd\n", write(1, TAG("x", 1), 1));
	return 0;
}
