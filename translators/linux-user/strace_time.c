/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times, limits, and what calls that wait are given, as strace(1) shows them. */
#include "linux-user/strace-internal.h"
#include "linux-user/sys.h"
#include "rt/uaccess.h"

static void add_time(struct line *l, const int64_t tv[2], const char *fraction)
{
	line_add(l, "{tv_sec=%ld, tv_%s=%ld}", (long)tv[0], fraction, (long)tv[1]);
}

void strace_add_timespec(struct line *l, uint64_t address, const char *fraction)
{
	int64_t tv[2];

	if (strace_get(l, tv, address, sizeof(tv)))
		add_time(l, tv, fraction);
}

void strace_add_itimer(struct line *l, uint64_t address, const char *fraction)
{
	int64_t tv[4];

	if (!strace_get(l, tv, address, sizeof(tv)))
		return;
	line_add(l, "{it_interval=");
	add_time(l, tv, fraction);
	line_add(l, ", it_value=");
	add_time(l, tv + 2, fraction);
	line_add(l, "}");
}

void strace_add_timespecs(struct line *l, uint64_t address)
{
	int64_t tv[4];

	if (!strace_get(l, tv, address, sizeof(tv)))
		return;
	for (int i = 0; i < 4; i += 2) {
		line_add(l, i ? ", " : "[");
		if (tv[i + 1] == 0x3fffffff)
			line_add(l, "UTIME_NOW");
		else if (tv[i + 1] == 0x3ffffffe)
			line_add(l, "UTIME_OMIT");
		else
			add_time(l, tv + i, "nsec");
	}
	line_add(l, "]");
}

void strace_add_rusage(struct line *l, uint64_t address)
{
	int64_t tv[4];

	if (!strace_get(l, tv, address, sizeof(tv)))
		return;
	line_add(l, "{ru_utime=");
	add_time(l, tv, "usec");
	line_add(l, ", ru_stime=");
	add_time(l, tv + 2, "usec");
	line_add(l, ", ...}");
}

static void add_limit(struct line *l, uint64_t v)
{
	if (v == ~0ull)
		line_add(l, "RLIM64_INFINITY");
	else if (v > 1024 && v % 1024 == 0)
		line_add(l, "%lu*1024", (unsigned long)(v / 1024));
	else
		line_add(l, "%lu", (unsigned long)v);
}

void strace_add_rlimit(struct line *l, uint64_t address)
{
	uint64_t limit[2];

	if (!strace_get(l, limit, address, sizeof(limit)))
		return;
	line_add(l, "{rlim_cur=");
	add_limit(l, limit[0]);
	line_add(l, ", rlim_max=");
	add_limit(l, limit[1]);
	line_add(l, "}");
}

void strace_add_epoll_event(struct line *l, uint64_t address)
{
	struct {
		uint32_t events, pad;
		uint64_t data;
	} e;

	if (!strace_get(l, &e, address, sizeof(e)))
		return;
	line_add(l, "{events=");
	strace_add_flags(l, STRACE_TABLE("epoll"), e.events);
	line_add(l, ", data={u32=%u, u64=%lu}}", (unsigned)e.data, (unsigned long)e.data);
}

void strace_add_epoll_events(struct line *l, uint64_t address, int64_t count)
{
	line_add(l, "[");
	for (int64_t i = 0; i < count; i++) {
		line_add(l, i ? ", " : "");
		if (i == STRACE_ARRAY_MAX) {
			line_add(l, "...");
			break;
		}
		strace_add_epoll_event(l, address + (uint64_t)i * 16);
	}
	line_add(l, "]");
}

struct guest_pollfd {
	int32_t fd;
	uint16_t events, revents;
};

void strace_add_pollfds(struct line *l, uint64_t address, uint64_t count, bool results)
{
	const char *separator = "";
	struct guest_pollfd p;

	if (!address) {
		line_add(l, "NULL");
		return;
	}
	line_add(l, "[");
	for (uint64_t i = 0; i < count; i++) {
		if (copy_from_guest(&p, address + i * 8, 8) < 0) {
			line_add(l, "%s... /* 0x%lx */", separator,
				 (unsigned long)(address + i * 8));
			break;
		}
		if (results && !p.revents)
			continue;
		if (i == STRACE_ARRAY_MAX) {
			line_add(l, "%s...", separator);
			break;
		}
		line_add(l, "%s{fd=%d", separator, p.fd);
		separator = ", ";
		if (p.fd < 0) {
			line_add(l, "}");
			continue;
		}
		line_add(l, ", %s=", results ? "revents" : "events");
		strace_add_flags(l, STRACE_TABLE("poll"), results ? p.revents : p.events);
		line_add(l, "}");
	}
	line_add(l, "]");
}

void strace_add_bits(struct line *l, uint64_t address, uint64_t count)
{
	const char *separator = "";
	uint64_t word = 0;

	if (!strace_get(l, &word, address, count ? 8 : 1))
		return;
	line_add(l, "[");
	for (uint64_t i = 0; i < count && i < 65536; i++) {
		if (i % 64 == 0 && copy_from_guest(&word, address + i / 8, 8) < 0)
			break;
		if (!(word >> i % 64 & 1))
			continue;
		line_add(l, "%s%lu", separator, (unsigned long)i);
		separator = " ";
	}
	line_add(l, "]");
}
