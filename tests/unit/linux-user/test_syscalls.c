/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The system call table: in order, complete, every row with a signature that makes sense. */
#include <asm/unistd.h>

#include "tests/lib/unit.h"

struct row {
	unsigned nr;
	const char *kind, *name, *signature;
	int host; /* PASS only, otherwise -1 */
};

static const struct row rows[] = {
#define PASS(nr, name, host, sig)    { nr, "PASS", #name, sig, host },
#define CALL(nr, name, handler, sig) { nr, "CALL", #name, sig, -1 },
#define DENY(nr, name, error, sig)   { nr, "DENY", #name, sig, -1 },
#include "linux-user/a64/syscalls.def"
#undef PASS
#undef CALL
#undef DENY
};

#define COUNT (sizeof(rows) / sizeof(rows[0]))

static void test_order(void **state)
{
	(void)state;
	for (unsigned i = 1; i < COUNT; i++)
		assert_true(rows[i].nr > rows[i - 1].nr);
}

/* arm64 has 0..243, 260..294 without gaps, and everything since 424. */
static void test_complete(void **state)
{
	unsigned i = 0;

	(void)state;
	for (unsigned nr = 0; nr <= 470; nr++) {
		bool exists = nr <= 243 || (nr >= 260 && nr <= 294) || nr >= 424;

		assert_int_equal(i < COUNT && rows[i].nr == nr, exists);
		i += exists;
	}
	assert_int_equal(i, COUNT);
}

static void test_signatures(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		const char *s = rows[i].signature;

		assert_true(strlen(s) >= 1 && strlen(s) <= 7);
		for (; *s; s++)
			if (!strchr("dulxzpmvsSAbBfoFghktcPMCrwe", *s))
				fail_msg("%s: letter '%c'", rows[i].name, *s);
		/* a buffer's length follows it */
		s = strpbrk(rows[i].signature, "b");
		assert_true(!s || s[1] == 'z');
	}
}

/* A passed-through call is the call of the same name. */
static void test_host_numbers(void **state)
{
	static const struct {
		const char *name;
		int nr;
	} known[] = {
#define N(name) { #name, __NR_##name }
		N(io_setup), N(setxattr), N(getcwd), N(dup), N(dup3), N(flock),
		N(mkdirat), N(unlinkat), N(renameat), N(mount), N(ftruncate), N(truncate),
		N(fallocate), N(chdir), N(fchmodat), N(fchownat), N(close), N(getdents64),
		N(lseek), N(read), N(write), N(readv), N(pread64), N(preadv), N(sendfile),
		N(splice), N(sync), N(fsync), N(utimensat), N(capget), N(unshare),
		N(futex), N(set_robust_list), N(nanosleep), N(setitimer), N(timer_create),
		N(clock_nanosleep), N(sched_setaffinity), N(sched_yield), N(kill), N(tgkill),
		N(setuid), N(setresgid), N(times), N(setpgid), N(setsid), N(getgroups),
		N(sethostname), N(getrlimit), N(getrusage), N(umask), N(getpid), N(gettid),
		N(sysinfo), N(msgget), N(semget), N(semop), N(shmget), N(socket), N(accept),
		N(sendto), N(recvmsg), N(setsockopt), N(readahead), N(keyctl), N(fadvise64),
		N(msync), N(mincore), N(mbind), N(accept4), N(prlimit64),
		N(name_to_handle_at), N(setns), N(process_vm_readv), N(kcmp), N(renameat2),
		N(getrandom), N(memfd_create), N(bpf), N(membarrier), N(mlock2),
		N(copy_file_range), N(preadv2), N(pidfd_send_signal), N(open_tree), N(fsopen),
		N(pidfd_open), N(close_range), N(pidfd_getfd), N(process_madvise),
		N(mount_setattr), N(landlock_create_ruleset), N(memfd_secret), N(futex_waitv),
#undef N
	};
	unsigned found = 0;

	(void)state;
	for (unsigned k = 0; k < sizeof(known) / sizeof(known[0]); k++)
		for (unsigned i = 0; i < COUNT; i++) {
			if (strcmp(rows[i].name, known[k].name) != 0)
				continue;
			assert_string_equal(rows[i].kind, "PASS");
			assert_int_equal(rows[i].host, known[k].nr);
			found++;
		}
	assert_int_equal(found, sizeof(known) / sizeof(known[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_host_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
