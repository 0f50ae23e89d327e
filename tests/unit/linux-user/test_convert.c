/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Open flags, struct stat, and the text of traced calls. */
#include <sys/stat.h>

#include "linux-user/host.h"
#include "linux-user/strace.h"
#include "linux-user/sys.h"
#include "tests/lib/unit.h"

static void test_open_flags(void **state)
{
	(void)state;
	assert_int_equal(host_open_flags(040000), O_DIRECTORY);
	assert_int_equal(host_open_flags(0100000), O_NOFOLLOW);
	assert_int_equal(host_open_flags(0200000), O_DIRECT);
	assert_int_equal(host_open_flags(020040000), 020000000 | O_DIRECTORY); /* O_TMPFILE */
	assert_int_equal(host_open_flags(O_RDWR | O_CREAT | O_CLOEXEC), O_RDWR | O_CREAT | O_CLOEXEC);
	for (uint64_t f = 1; f < 1 << 24; f <<= 1)
		assert_int_equal(guest_open_flags(host_open_flags(f)), f);
}

static void test_stat(void **state)
{
	struct host_stat host;
	struct guest_stat guest;
	struct stat st;

	(void)state;
	assert_int_equal(stat("/proc/self/exe", &st), 0);
	assert_int_equal(sizeof(st), sizeof(host));
	memcpy(&host, &st, sizeof(host));
	memset(&guest, 0xff, sizeof(guest));
	convert_stat(&guest, &host);
	assert_int_equal(guest.st_ino, st.st_ino);
	assert_int_equal(guest.st_dev, st.st_dev);
	assert_int_equal(guest.st_mode, st.st_mode);
	assert_int_equal(guest.st_nlink, st.st_nlink);
	assert_int_equal(guest.st_uid, st.st_uid);
	assert_int_equal(guest.st_size, st.st_size);
	assert_int_equal(guest.st_blksize, st.st_blksize);
	assert_int_equal(guest.st_blocks, st.st_blocks);
	assert_int_equal(guest.mtime_sec, st.st_mtim.tv_sec);
	assert_int_equal(guest.mtime_nsec, st.st_mtim.tv_nsec);
	assert_int_equal(guest.pad1, 0);
	assert_int_equal(offsetof(struct guest_stat, st_rdev), 32);
	assert_int_equal(offsetof(struct guest_stat, st_size), 48);
	assert_int_equal(offsetof(struct guest_stat, st_blksize), 56);
	assert_int_equal(offsetof(struct guest_stat, st_blocks), 64);
	assert_int_equal(offsetof(struct guest_stat, mtime_sec), 88);
}

#define TRACE(want, name, signature, ...)                                                    \
	do {                                                                                 \
		static struct strace_call c_;                                                \
		const uint64_t args_[6] = { __VA_ARGS__ };                                   \
		strace_format(&c_, name, signature, args_);                                  \
		assert_string_equal(c_.buf, want);                                           \
	} while (0)

static void test_trace(void **state)
{
	uint64_t set = 1 << 1 | 1 << 16;
	struct host_timespec ts = { 5, 6 };

	(void)state;
	TRACE("openat(AT_FDCWD, \"/a\\nb\", O_RDWR|O_CREAT|O_CLOEXEC, 0644", "openat", "dfsom",
	      (uint64_t)-100, (uint64_t) "/a\nb", 02 | 0100 | 02000000, 0644);
	TRACE("write(1, \"a\\0b\", 3", "write", "ddbz", 1, (uint64_t) "a\0b", 3);
	TRACE("write(1, \"01234567890123456789012345678901\"..., 40", "write", "ddbz", 1,
	      (uint64_t) "0123456789012345678901234567890123456789", 40);
	TRACE("read(3, ", "read", "ddBz", 3, 0x1000, 10);
	TRACE("mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0", "mmap",
	      "xpzPMdx", 0, 4096, 3, 0x22, (uint64_t)-1, 0);
	TRACE("kill(7, SIGTERM", "kill", "ddg", 7, 15);
	TRACE("rt_sigprocmask(SIG_SETMASK, [INT CHLD], ", "rt_sigprocmask", "dhkpz", 2,
	      (uint64_t)&set, 0, 8);
	TRACE("nanosleep({tv_sec=5, tv_nsec=6}, ", "nanosleep", "dtp", (uint64_t)&ts, 0);
	TRACE("clone(", "clone", "dCp", 0x4111, 0);
	TRACE("unknown(CLONE_VM|CLONE_VFORK|SIGCHLD, NULL, -1", "unknown", "dCpd", 0x4111, 0, (uint64_t)-1);
	TRACE("unlinkat(5, NULL, 0", "unlinkat", "dfsx", 5, 0, 0);
}

static void test_trace_result(void **state)
{
	static struct strace_call c;
	const uint64_t args[6] = { 3, (uint64_t) "abc", 10 }, clone[6] = { 17 };

	(void)state;
	strace_format(&c, "read", "ddBz", args);
	strace_format_exit(&c, 3);
	assert_string_equal(c.buf, "read(3, \"abc\", 10)                      = 3");
	strace_format(&c, "read", "ddBz", (const uint64_t[6]){ 3, 0x1000, 10 });
	strace_format_exit(&c, -EAGAIN);
	assert_string_equal(c.buf, "read(3, 0x1000, 10)                     = -1 EAGAIN "
				   "(Resource temporarily unavailable)");
	strace_format(&c, "clone", "dCpppp", clone);
	strace_format_exit(&c, 7);
	assert_string_equal(c.buf, "clone(child_stack=NULL, flags=SIGCHLD)  = 7");
}

/* A line never leaves its buffer. */
static void test_trace_bounds(void **state)
{
	static char path[3000];
	static struct strace_call c[2];
	const uint64_t args[6] = { (uint64_t)path, (uint64_t)path };

	(void)state;
	memset(path, 1, sizeof(path) - 1);
	memset(c, 'Z', sizeof(c));
	strace_format(&c[0], "symlink", "dss", args);
	strace_format_exit(&c[0], 0);
	assert_true(c[0].length < STRACE_LINE);
	assert_int_equal(strlen(c[0].buf), c[0].length);
	assert_int_equal(*(char *)&c[1], 'Z');
}

static void test_errno_names(void **state)
{
	(void)state;
	assert_string_equal(strace_errno_name(ENOENT), "ENOENT");
	assert_string_equal(strace_errno_name(ELOOP), "ELOOP");
	assert_string_equal(strace_errno_name(ERANGE), "ERANGE");
	assert_string_equal(strace_errno_name(ENOTSOCK), "ENOTSOCK");
	assert_string_equal(strace_errno_name(EINPROGRESS), "EINPROGRESS");
	assert_string_equal(strace_errno_name(ECONNREFUSED), "ECONNREFUSED");
	assert_string_equal(strace_errno_text(ENOENT), "No such file or directory");
	assert_null(strace_errno_name(0));
	assert_null(strace_errno_name(4000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_flags), cmocka_unit_test(test_stat),
		cmocka_unit_test(test_trace), cmocka_unit_test(test_trace_result),	   cmocka_unit_test(test_trace_bounds),
		cmocka_unit_test(test_errno_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
