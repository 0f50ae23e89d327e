/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Classic BPF against the running kernel. What seccomp(2) accepts: a second thread has a filter
 * that the first has not, so that installing for both never succeeds, but a valid program is told
 * from others by the errno. What programs compute: they are installed in a child, whose system
 * call then fails with their result. Skipped where the kernel has no seccomp.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "linux-user/bpf.h"
#include "tests/lib/unit.h"

#define PROGRAMS 30000
#define RUNS	 200
#define NUMBER	 499 /* of a system call that does not exist */

_Static_assert(sizeof(struct bpf_insn) == sizeof(struct sock_filter), "struct sock_filter");

static long install(const struct bpf_insn *insns, unsigned n, unsigned flags)
{
	struct sock_fprog prog = { (unsigned short)n, (void *)(uintptr_t)insns };

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}

static const uint8_t codes[] = {
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0c, 0x14, 0x15, 0x16, 0x1c, 0x1d,
	0x20, 0x20, 0x20, 0x24, 0x25, 0x2c, 0x2d, 0x34, 0x35, 0x3c, 0x3d, 0x44, 0x45, 0x4c,
	0x4d, 0x54, 0x5c, 0x60, 0x61, 0x64, 0x6c, 0x74, 0x7c, 0x80, 0x81, 0x84, 0x87, 0x8c,
	0x94, 0xa4, 0xac, 0x28, 0x30, 0x40, 0xb1,
};

/* A program that is often right. */
static unsigned generate(uint64_t *seed, struct bpf_insn *p, unsigned max, bool wild)
{
	unsigned n = 1 + (unsigned)(unit_random(seed) % max);

	for (unsigned i = 0; i < n; i++) {
		unsigned left = n - i - 1;
		uint64_t r = unit_random(seed);

		p[i].code = wild && r % 16 == 0 ? (uint16_t)(r >> 8) : codes[(r >> 8) % sizeof(codes)];
		p[i].jt = (uint8_t)(unit_random(seed) % (left + 1 + (wild && r % 8 == 1)));
		p[i].jf = (uint8_t)(unit_random(seed) % (left + 1 + (wild && r % 8 == 2)));
		if (!wild && left) {
			p[i].jt %= left;
			p[i].jf %= left;
		}
		switch (unit_random(seed) % 4) {
		case 0: p[i].k = (uint32_t)unit_random(seed) % 17 * 4; break;
		case 1: p[i].k = (uint32_t)unit_random(seed) % (left + 1); break;
		case 2: p[i].k = (uint32_t)unit_random(seed) % 33; break;
		default: p[i].k = (uint32_t)unit_random(seed);
		}
		if (p[i].code == 0x20 && !(wild && r % 4 == 0))
			p[i].k = p[i].k % 16 * 4;
	}
	if (!wild || unit_random(seed) % 8)
		p[n - 1].code = unit_random(seed) % 2 ? 0x06 : 0x16;
	return n;
}

static void *diverge(void *arg)
{
	const struct bpf_insn allow = { 0x06, 0, 0, SECCOMP_RET_ALLOW };
	int *fds = arg;
	char c;

	if (install(&allow, 1, 0) != 0)
		c = 'x';
	else
		c = 'y';
	if (write(fds[1], &c, 1) != 1)
		return NULL;
	for (;;)
		pause();
}

static void test_check(void **state)
{
	uint64_t seed = unit_seed(0xbbf);
	struct bpf_insn p[24];
	unsigned accepted = 0;
	pthread_t thread;
	int fds[2];
	char c = 0;

	(void)state;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(pthread_create(&thread, NULL, diverge, fds), 0);
	assert_int_equal(read(fds[0], &c, 1), 1);
	if (c != 'y')
		skip();
	for (unsigned i = 0; i < PROGRAMS; i++) {
		unsigned n = generate(&seed, p, i % 2 ? 4 : 24, i % 4 != 0);
		long r = install(p, n, SECCOMP_FILTER_FLAG_TSYNC);
		bool kernel = r > 0, ours = bpf_check(p, n);

		if (r == 0)
			fail_msg("it was installed");
		if (r < 0 && errno != EINVAL)
			fail_msg("errno %d", errno);
		accepted += kernel;
		if (kernel == ours)
			continue;
		for (unsigned k = 0; k < n; k++)
			print_message("%u: %04x %u %u %08x\n", k, p[k].code, p[k].jt, p[k].jf, p[k].k);
		fail_msg("program %u: the kernel says %d, we %d", i, kernel, ours);
	}
	/* Both answers are common. */
	assert_true(accepted > PROGRAMS / 50 && accepted < PROGRAMS / 50 * 49);
}

/* The program's value, as an errno: its low byte. */
static unsigned kernel_value(const struct bpf_insn *p, unsigned n, const uint64_t args[6])
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (install(p, n, 0) != 0)
			_exit(255);
		syscall(NUMBER, args[0], args[1], args[2], args[3], args[4], args[5]);
		_exit(errno);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return (unsigned)WEXITSTATUS(status);
}

/* The program for our number only: the child has other calls to make. */
static unsigned wrap(struct bpf_insn *out, const struct bpf_insn *p, unsigned n)
{
	unsigned m = 0;

	out[m++] = (struct bpf_insn){ 0x20, 0, 0, 0 };
	out[m++] = (struct bpf_insn){ 0x15, 1, 0, NUMBER };
	out[m++] = (struct bpf_insn){ 0x06, 0, 0, SECCOMP_RET_ALLOW };
	for (unsigned i = 0; i < n; i++)
		out[m++] = p[i];
	return m;
}

static void test_run(void **state)
{
	uint64_t seed = unit_seed(0x5ecc);
	struct bpf_insn p[32], q[40];
	unsigned done = 0;

	(void)state;
	for (unsigned i = 0; done < RUNS && i < 100 * RUNS; i++) {
		struct bpf_data data = { .nr = NUMBER, .arch = 0xc000003e };
		unsigned n = 0, m, length;
		uint32_t value;

		for (unsigned a = 0; a < 6; a++)
			data.args[a] = unit_random(&seed) >> unit_random(&seed) % 64;
		/* Straight code with forward jumps over one; ip differs, so it is not looked at. */
		length = 4 + (unsigned)(unit_random(&seed) % 20);
		n = generate(&seed, p, length, false);
		if (n < 4)
			continue;
		/* the value's low bits, as an errno */
		p[n - 3] = (struct bpf_insn){ 0x54, 0, 0, 0x7f };
		p[n - 2] = (struct bpf_insn){ 0x44, 0, 0, SECCOMP_RET_ERRNO };
		p[n - 1] = (struct bpf_insn){ 0x16, 0, 0, 0 };
		for (unsigned k = 0; k + 3 < n; k++) {
			if ((p[k].code & 7) == 6 || (p[k].code == 0x20 && (p[k].k & ~4u) == 8))
				p[k].code = 0x87;
			if ((p[k].code & 7) == 5 && p[k].code != 0x05) {
				p[k].jt %= n - 3 - k;
				p[k].jf %= n - 3 - k;
			}
			if (p[k].code == 0x05)
				p[k].k %= n - 3 - k;
		}
		m = wrap(q, p, n);
		if (!bpf_check(q, m))
			continue;
		value = bpf_run(q, &data);
		if ((value & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
			continue; /* divided by zero */
		done++;
		if (kernel_value(q, m, data.args) != (value & 0x7f)) {
			for (unsigned k = 0; k < m; k++)
				print_message("%u: %04x %u %u %08x\n", k, q[k].code, q[k].jt,
					      q[k].jf, q[k].k);
			fail_msg("the kernel computes something else than %x", value);
		}
	}
	assert_int_equal(done, RUNS);
}

/* The shortcut never says yes where running says no. */
static void test_always(void **state)
{
	uint64_t seed = unit_seed(0xa1);
	struct bpf_insn p[24];
	unsigned yes = 0;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		unsigned n = generate(&seed, p, 12, false);
		struct bpf_data data = { .nr = (int32_t)(unit_random(&seed) % 500), .arch = 3 };

		for (unsigned k = 0; k < n; k++)
			if (p[k].code == 0x06 && unit_random(&seed) % 2)
				p[k].k = SECCOMP_RET_ALLOW;
			else if ((p[k].code & 7) == 5 && unit_random(&seed) % 2)
				p[k].k = (uint32_t)data.nr;
		if (!bpf_check(p, n) || !bpf_always(p, data.nr, data.arch, SECCOMP_RET_ALLOW))
			continue;
		yes++;
		for (unsigned a = 0; a < 6; a++)
			data.args[a] = unit_random(&seed);
		data.ip = unit_random(&seed);
		assert_int_equal(bpf_run(p, &data), SECCOMP_RET_ALLOW);
	}
	assert_true(yes > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_always),
		cmocka_unit_test(test_check), /* last: it confines this process */
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
