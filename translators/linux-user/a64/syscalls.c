/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The system call instruction of AArch64: number in x8, arguments in x0-x5, result in x0.
 */
#include <linux/errno.h>

#include "linux-user/a64/abi.h"
#include "linux-user/a64/tagged.h"
#include "linux-user/strace.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/text.h"

enum row_kind { ROW_NONE, ROW_PASS, ROW_CALL, ROW_DENY };

/* No pointers in the rows: nothing to relocate at start. */
struct row {
	uint8_t kind;	  /* enum row_kind */
	uint8_t error;	  /* ROW_DENY */
	uint16_t host_nr; /* ROW_PASS */
};

#define A64_NR_COUNT 471

static const struct row rows[A64_NR_COUNT] = {
#define PASS(nr, name, host, sig)    [nr] = { ROW_PASS, 0, host },
#define CALL(nr, name, handler, sig) [nr] = { ROW_CALL, 0, 0 },
#define DENY(nr, name, errno_, sig)  [nr] = { ROW_DENY, errno_, 0 },
#include "linux-user/a64/syscalls.def"
#undef PASS
#undef CALL
#undef DENY
};

struct row_text {
	char name[25], signature[9];
};

static const struct row_text texts[A64_NR_COUNT] = {
#define PASS(nr, name, host, sig)    [nr] = { #name, sig },
#define CALL(nr, name, handler, sig) [nr] = { #name, sig },
#define DENY(nr, name, errno_, sig)  [nr] = { #name, sig },
#include "linux-user/a64/syscalls.def"
#undef PASS
#undef CALL
#undef DENY
};

static int64_t call(struct thread *t, uint64_t nr, const uint64_t *args)
{
	switch (nr) {
#define PASS(nr, name, host, sig)
#define CALL(nr, name, handler, sig)                                                         \
	case nr: return handler(t, args);
#define DENY(nr, name, errno_, sig)
#include "linux-user/a64/syscalls.def"
#undef PASS
#undef CALL
#undef DENY
	default: return -ENOSYS;
	}
}

static int64_t run(struct thread *t, uint64_t nr, const uint64_t *args)
{
	const struct row *row = &rows[nr < A64_NR_COUNT ? nr : 0];

	if (nr >= A64_NR_COUNT)
		return -ENOSYS;
	switch ((enum row_kind)row->kind) {
	case ROW_PASS: return rt_guest_syscall(&t->cpu.pending, row->host_nr, args);
	case ROW_CALL: return call(t, nr, args);
	case ROW_DENY: return -(int64_t)row->error;
	case ROW_NONE: break;
	}
	return -ENOSYS;
}

static const char *signature_of(uint64_t nr)
{
	return nr < A64_NR_COUNT ? texts[nr].signature : "";
}

static int64_t run_untagged(struct thread *t, uint64_t nr, const uint64_t *args)
{
	uint64_t copy[6] = { args[0], args[1], args[2], args[3], args[4], args[5] };
	struct a64_untag u;
	int64_t r;

	a64_untag(&u, nr, signature_of(nr), copy);
	r = run(t, nr, copy);
	a64_untag_done(&u);
	return r;
}

/* What is behind tracing. */
static int64_t run_hooked(struct thread *t, uint64_t nr, const uint64_t *args)
{
	int64_t r;

	if (t->syscall_hooks & HOOK_SECCOMP && !seccomp_allows(t, nr, args, &r))
		return r;
	if (t->syscall_hooks & HOOK_TAGGED)
		return run_untagged(t, nr, args);
	return run(t, nr, args);
}

static int64_t run_traced(struct thread *t, uint64_t nr, const uint64_t *args)
{
	const uint64_t copy[6] = { args[0], args[1], args[2], args[3], args[4], args[5] };
	const struct row_text *text = nr < A64_NR_COUNT && texts[nr].name[0] ? &texts[nr] : NULL;
	const char *signature = text ? text->signature : "xxxxxxx";
	char line[1024], number[24];
	size_t length;
	int64_t r;

	if (!text)
		rt_format(number, sizeof(number), "syscall_%lu", (unsigned long)nr);
	length = strace_enter(line, sizeof(line), text ? text->name : number, signature, copy);
	/* A call that does not come back is shown all the same. */
	if (signature[0] == 'v' || nr == 221 || nr == 281)
		rt_print(t->process->log_fd, "%d %s) = ?\n", t->tid, line);
	r = run_hooked(t, nr, args);
	if (signature[0] != 'v')
		strace_exit(t, line, sizeof(line), length, signature, copy, r);
	return r;
}

int64_t a64_syscall(struct thread *t)
{
	const uint64_t *r = t->cpu.r;
	uint64_t args[6] = { r[0], r[1], r[2], r[3], r[4], r[5] };
	uint64_t nr = (uint32_t)r[8];

	if (__builtin_expect(a64_is_tagged(args[0]), 0))
		a64_untag_address(nr, args);
	if (__builtin_expect(t->syscall_hooks, 0))
		return t->syscall_hooks & HOOK_STRACE ? run_traced(t, nr, args)
						      : run_hooked(t, nr, args);
	return run(t, nr, args);
}
