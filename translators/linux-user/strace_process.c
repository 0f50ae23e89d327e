/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* clone(2), futex(2) and prctl(2) as strace(1) shows them. */
#include <linux/sched.h>

#include "linux-user/strace-internal.h"
#include "linux-user/sys.h"

void strace_add_clone_flags(struct line *l, uint64_t flags, int signo)
{
	if (flags)
		strace_add_flags(l, STRACE_TABLE("clone_flags"), flags);
	if (signo) {
		line_add(l, flags ? "|" : "");
		strace_add_signal(l, signo);
	} else if (!flags) {
		line_add(l, "0");
	}
}

/* arm64: flags, stack, parent tid, tls, child tid. */
void strace_add_clone(struct line *l, const uint64_t *a)
{
	uint64_t flags = a[0] & 0xffffff00u;

	line_add(l, "child_stack=");
	strace_add_ptr(l, a[1]);
	line_add(l, ", flags=");
	strace_add_clone_flags(l, flags, (int)(a[0] & 0xff));
	if (flags & (CLONE_PARENT_SETTID | CLONE_PIDFD)) {
		line_add(l, flags & CLONE_PIDFD ? ", pidfd=" : ", parent_tid=");
		strace_add_int_at(l, a[2]);
	}
	if (flags & CLONE_SETTLS)
		line_add(l, ", tls=0x%lx", (unsigned long)a[3]);
	if (flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)) {
		line_add(l, ", child_tidptr=");
		strace_add_ptr(l, a[4]);
	}
}

void strace_add_clone3(struct line *l, uint64_t address, uint64_t size, int64_t result)
{
	struct clone_args a = {0};

	if (!strace_get(l, &a, address, size < sizeof(a) ? size : sizeof(a)))
		return;
	line_add(l, "{flags=");
	strace_add_clone_flags(l, a.flags, 0);
	if (a.flags & CLONE_PIDFD)
		line_add(l, ", pidfd=0x%lx", (unsigned long)a.pidfd);
	if (a.flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID))
		line_add(l, ", child_tid=0x%lx", (unsigned long)a.child_tid);
	if (a.flags & CLONE_PARENT_SETTID)
		line_add(l, ", parent_tid=0x%lx", (unsigned long)a.parent_tid);
	line_add(l, ", exit_signal=");
	strace_add_signal(l, (int)a.exit_signal);
	line_add(l, ", stack=");
	strace_add_ptr(l, a.stack);
	line_add(l, ", stack_size=");
	strace_add_hex(l, a.stack_size);
	if (a.flags & CLONE_SETTLS)
		line_add(l, ", tls=0x%lx", (unsigned long)a.tls);
	line_add(l, "}");
	if (result > 0 && a.flags & (CLONE_PARENT_SETTID | CLONE_PIDFD)) {
		bool both = a.flags & CLONE_PARENT_SETTID && a.flags & CLONE_PIDFD;

		line_add(l, " => {");
		if (a.flags & CLONE_PIDFD) {
			line_add(l, "pidfd=");
			strace_add_int_at(l, a.pidfd);
		}
		line_add(l, both ? ", " : "");
		if (a.flags & CLONE_PARENT_SETTID) {
			line_add(l, "parent_tid=");
			strace_add_int_at(l, a.parent_tid);
		}
		line_add(l, "}");
	}
}

#define FUTEX_COMMAND 0x7f

void strace_add_futex_op(struct line *l, uint32_t op)
{
	strace_add_enum(l, STRACE_TABLE("futex"), op & FUTEX_COMMAND);
	line_add(l, "%s%s", op & 0x80 ? "_PRIVATE" : "",
		 op & 0x100 ? "|FUTEX_CLOCK_REALTIME" : "");
}

/* Arguments 3, 4 and 5 depend on the command. False: not used. */
bool strace_add_futex_arg(struct line *l, unsigned index, const uint64_t *a)
{
	unsigned command = a[1] & FUTEX_COMMAND;
	bool requeue = command == 3 || command == 4 || command == 5 || command == 12;
	bool waits = command == 0 || command == 6 || command == 9 || command == 11 ||
		     command == 13;

	switch (index) {
	case 3:
		if (requeue)
			line_add(l, "%u", (unsigned)a[3]);
		else if (waits)
			strace_add_timespec(l, a[3], "nsec");
		return requeue || waits;
	case 4:
		if (requeue || command == 11)
			strace_add_ptr(l, a[4]);
		return requeue || command == 11;
	default:
		if (command == 9 || command == 10) {
			if ((uint32_t)a[5] == ~0u)
				line_add(l, "FUTEX_BITSET_MATCH_ANY");
			else
				line_add(l, "0x%x", (unsigned)a[5]);
			return true;
		}
		if (command == 4 || command == 12)
			line_add(l, "%u", (unsigned)a[5]);
		else if (command == 5)
			line_add(l, "0x%x", (unsigned)a[5]);
		return command == 4 || command == 12 || command == 5;
	}
}

/* True: no more arguments. */
bool strace_add_prctl(struct line *l, int option, uint64_t v, bool failed)
{
	switch (option) {
	case 15: strace_add_string(l, v, 15); return true;
	case 16:
		if (failed)
			strace_add_ptr(l, v);
		else
			strace_add_string(l, v, 15);
		return true;
	case 1: strace_add_signal(l, (int)v); return true;
	case 2: strace_add_int_at(l, v); return true;
	case 4:
	case 8:
	case 36: line_add(l, "%lu", (unsigned long)v); return true;
	case 23:
	case 24:
	case 29: line_add(l, "%lu", (unsigned long)v); return true;
	default: strace_add_hex(l, v); return false;
	}
}
