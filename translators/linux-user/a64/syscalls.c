/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The system call instruction of AArch64: number in x8, arguments in x0-x5, result in x0.
 */
#include <linux/errno.h>

#include "linux-user/a64/abi.h"
#include "linux-user/a64/tagged.h"
#include "linux-user/log.h"
#include "linux-user/strace.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
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

/* -d unimp: the first call of each number. Returns `error`. */
static int64_t refuse(struct thread *t, uint64_t nr, int error)
{
	static uint64_t told[512 / 64 + 1]; /* the last word: all larger numbers */
	uint64_t bit = nr < 512 ? nr : 512;
	const char *name = nr < A64_NR_COUNT ? texts[nr].name : "";
	char line[128];

	if (t->process->options->log_unimp &&
	    !(__atomic_fetch_or(&told[bit / 64], 1ull << bit % 64, __ATOMIC_RELAXED) >> bit % 64 & 1))
		log_write(t->process, line,
			  rt_format(line, sizeof(line), "%s: system call %lu%s%s%s is %s: %s\n",
				    t->abi->program, (unsigned long)nr, *name ? " (" : "", name,
				    *name ? ")" : "", *name ? "refused" : "unknown",
				    strace_errno_name(error)));
	return -error;
}

static int64_t run(struct thread *t, uint64_t nr, const uint64_t *args)
{
	const struct row *row = &rows[nr < A64_NR_COUNT ? nr : 0];

	if (nr >= A64_NR_COUNT)
		return refuse(t, nr, ENOSYS);
	switch ((enum row_kind)row->kind) {
	case ROW_PASS: return rt_guest_syscall(&t->cpu.pending, row->host_nr, args);
	case ROW_CALL: return call(t, nr, args);
	case ROW_DENY: return refuse(t, nr, row->error);
	case ROW_NONE: break;
	}
	return refuse(t, nr, ENOSYS);
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
static int64_t run_hooked(struct thread *t, uint64_t nr, uint64_t *args)
{
	int64_t r;

	if (t->syscall_hooks & HOOK_SECCOMP && !seccomp_allows(t, &nr, args, &r))
		return r;
	if (t->syscall_hooks & HOOK_TAGGED)
		return run_untagged(t, nr, args);
	return run(t, nr, args);
}

static int64_t run_traced(struct thread *t, uint64_t nr, uint64_t *args)
{
	const struct row_text *text = nr < A64_NR_COUNT && texts[nr].name[0] ? &texts[nr] : NULL;
	struct strace_call call_;
	char number[24];
	int64_t r;

	if (!text)
		rt_format(number, sizeof(number), "syscall_%lu", (unsigned long)nr);
	strace_enter(t, &call_, (unsigned)nr, text ? text->name : number,
		     text ? text->signature : "xxxxxxx", args);
	r = run_hooked(t, nr, args);
	strace_exit(t, &call_, r);
	return r;
}

void a64_call_info(unsigned nr, const char **ret_name, const char **ret_signature)
{
	bool known = nr < A64_NR_COUNT && texts[nr].name[0];

	*ret_name = known ? texts[nr].name : "";
	*ret_signature = known ? texts[nr].signature : "xxxxxxx";
}

int64_t a64_syscall(struct thread *t)
{
	const uint64_t *r = t->cpu.r;
	uint64_t args[6] = { r[0], r[1], r[2], r[3], r[4], r[5] };
	/* A tracer may have changed it. */
	uint64_t nr = t->trace.in_syscall ? (uint32_t)t->trace.syscall : (uint32_t)r[8];
	struct call_record *record = &t->calls[t->call_count++ % CALLS_KEPT];
	int64_t result;

	if (__builtin_expect(a64_is_tagged(args[0]), 0))
		a64_untag_address(nr, args);
	record->nr = (uint32_t)nr;
	memcpy(record->args, args, sizeof(args));
	record->result = SYS_NO_RESULT;
	if (__builtin_expect(t->syscall_hooks, 0))
		result = t->syscall_hooks & HOOK_STRACE ? run_traced(t, nr, args)
							 : run_hooked(t, nr, args);
	else
		result = run(t, nr, args);
	record->result = result;
	return result;
}
