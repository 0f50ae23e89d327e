/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signals and their structures, and wait statuses, as strace(1) shows them. */
#include "linux-user/strace-internal.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"

static const char signal_names[][7] = {
	"0",      "HUP",  "INT",    "QUIT", "ILL",   "TRAP", "ABRT", "BUS",
	"FPE",    "KILL", "USR1",   "SEGV", "USR2",  "PIPE", "ALRM", "TERM",
	"STKFLT", "CHLD", "CONT",   "STOP", "TSTP",  "TTIN", "TTOU", "URG",
	"XCPU",   "XFSZ", "VTALRM", "PROF", "WINCH", "IO",   "PWR",  "SYS",
};

static void add_bare_signal(struct line *l, int v)
{
	if (v < 32)
		line_add(l, "%s", signal_names[v]);
	else if (v == 32)
		line_add(l, "RTMIN");
	else
		line_add(l, "RT_%d", v - 32);
}

void strace_add_signal(struct line *l, int v)
{
	if (v <= 0 || v > 64) {
		line_add(l, "%d", v);
		return;
	}
	line_add(l, "SIG");
	add_bare_signal(l, v);
}

void strace_add_sigset(struct line *l, uint64_t set)
{
	const char *separator = "";

	if (__builtin_popcountll(set) >= 64 * 2 / 3) {
		line_add(l, "~");
		set = ~set;
	}
	line_add(l, "[");
	for (int s = 1; s <= 64; s++) {
		if (!(set >> (s - 1) & 1))
			continue;
		line_add(l, "%s", separator);
		add_bare_signal(l, s);
		separator = " ";
	}
	line_add(l, "]");
}

void strace_add_sigset_at(struct line *l, uint64_t address)
{
	uint64_t set;

	if (strace_get(l, &set, address, 8))
		strace_add_sigset(l, set);
}

void strace_add_sigaction(struct line *l, uint64_t address)
{
	struct guest_sigaction a;

	if (!strace_get(l, &a, address, sizeof(a)))
		return;
	line_add(l, "{sa_handler=");
	if (a.handler > 1)
		strace_add_ptr(l, a.handler);
	else
		line_add(l, a.handler ? "SIG_IGN" : "SIG_DFL");
	line_add(l, ", sa_mask=");
	strace_add_sigset(l, a.mask);
	line_add(l, ", sa_flags=");
	strace_add_flags(l, STRACE_TABLE("sa_flags"), a.flags);
	if (a.flags & HOST_SA_RESTORER)
		line_add(l, ", sa_restorer=0x%lx", (unsigned long)a.restorer);
	line_add(l, "}");
}

static const struct strace_name *code_table(int signo)
{
	switch (signo) {
	case HOST_SIGILL: return STRACE_TABLE("si_code_ill");
	case HOST_SIGFPE: return STRACE_TABLE("si_code_fpe");
	case HOST_SIGSEGV: return STRACE_TABLE("si_code_segv");
	case HOST_SIGBUS: return STRACE_TABLE("si_code_bus");
	case HOST_SIGTRAP: return STRACE_TABLE("si_code_trap");
	case HOST_SIGCHLD: return STRACE_TABLE("si_code_chld");
	default: return STRACE_TABLE("si_code");
	}
}

void strace_add_siginfo(struct line *l, const struct host_siginfo *i)
{
	const int32_t *word = (const int32_t *)(const void *)i->raw;
	const char *code = strace_enum_name(STRACE_TABLE("si_code"), (uint32_t)i->code);

	line_add(l, "{si_signo=");
	strace_add_signal(l, i->signo);
	if (!code)
		code = strace_enum_name(code_table(i->signo), (uint32_t)i->code);
	if (code)
		line_add(l, ", si_code=%s", code);
	else
		line_add(l, ", si_code=0x%x", (unsigned)i->code);
	if (i->error)
		line_add(l, ", si_errno=%d", i->error);
	if (i->code == -2) {
		line_add(l, ", si_timerid=0x%x, si_overrun=%d, si_int=%d, si_ptr=",
			 (unsigned)word[0], word[1], word[2]);
		strace_add_ptr(l, i->raw[1]);
	} else if (i->code <= 0) {
		line_add(l, ", si_pid=%d, si_uid=%d", i->pid, (int)i->uid);
		if (i->code == -1 || i->code == -3) {
			line_add(l, ", si_int=%d, si_ptr=", word[2]);
			strace_add_ptr(l, i->raw[1]);
		}
	} else if (i->code != 0x80) {
		switch (i->signo) {
		case HOST_SIGCHLD:
			line_add(l, ", si_pid=%d, si_uid=%d, si_status=", i->pid,
				 (int)i->uid);
			if (i->code == 1)
				line_add(l, "%d", word[2]);
			else
				strace_add_signal(l, word[2]);
			line_add(l, ", si_utime=%ld, si_stime=%ld", (long)i->raw[2],
				 (long)i->raw[3]);
			break;
		case HOST_SIGILL:
		case HOST_SIGFPE:
		case HOST_SIGSEGV:
		case HOST_SIGBUS:
		case HOST_SIGTRAP:
			line_add(l, ", si_addr=");
			strace_add_ptr(l, i->addr);
			break;
		default: break;
		}
	}
	line_add(l, "}");
}

void strace_add_siginfo_at(struct line *l, uint64_t address)
{
	struct host_siginfo info;

	if (strace_get(l, &info, address, sizeof(info)))
		strace_add_siginfo(l, &info);
}

void strace_add_stack(struct line *l, uint64_t address)
{
	struct host_stack ss;

	if (!strace_get(l, &ss, address, sizeof(ss)))
		return;
	line_add(l, "{ss_sp=");
	strace_add_ptr(l, ss.sp);
	line_add(l, ", ss_flags=");
	strace_add_flags(l, STRACE_TABLE("ss_flags"), (uint32_t)ss.flags);
	line_add(l, ", ss_size=%lu}", (unsigned long)ss.size);
}

void strace_add_wstatus(struct line *l, uint64_t address, int64_t result)
{
	int s;

	if (result <= 0) {
		strace_add_ptr(l, address);
		return;
	}
	if (!strace_get(l, &s, address, 4))
		return;
	line_add(l, "[{");
	if ((s & 0x7f) == 0) {
		line_add(l, "WIFEXITED(s) && WEXITSTATUS(s) == %d", s >> 8 & 0xff);
	} else if ((s & 0xff) == 0x7f) {
		line_add(l, "WIFSTOPPED(s) && WSTOPSIG(s) == ");
		strace_add_signal(l, s >> 8 & 0x7f);
	} else if (s == 0xffff) {
		line_add(l, "WIFCONTINUED(s)");
	} else {
		line_add(l, "WIFSIGNALED(s) && WTERMSIG(s) == ");
		strace_add_signal(l, s & 0x7f);
		line_add(l, s & 0x80 ? " && WCOREDUMP(s)" : "");
	}
	line_add(l, "}]");
}
