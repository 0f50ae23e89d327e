/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses, options and messages of sockets as strace(1) shows them. */
#include <linux/errno.h>

#include "linux-user/strace-internal.h"
#include "linux-user/sys.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

static void add_ipv6(struct line *l, const uint8_t *a)
{
	unsigned best = 8, best_length = 1;

	for (unsigned i = 0; i < 8; i++) {
		unsigned n = 0;

		while (i + n < 8 && !a[2 * (i + n)] && !a[2 * (i + n) + 1])
			n++;
		if (n > best_length) {
			best = i;
			best_length = n;
		}
	}
	line_add(l, "\"");
	for (unsigned i = 0; i < 8; i++) {
		if (i == best) {
			line_add(l, "::");
			i += best_length - 1;
			continue;
		}
		line_add(l, "%s%x", i && i != best + best_length ? ":" : "",
			 (unsigned)a[2 * i] << 8 | a[2 * i + 1]);
	}
	line_add(l, "\"");
}

void strace_add_sockaddr(struct line *l, uint64_t address, uint64_t length)
{
	uint8_t b[128] = {0};
	uint16_t family;
	uint32_t word;

	length = length < sizeof(b) ? length : sizeof(b);
	if (length < 2 || !address || copy_from_guest(b, address, length) < 0) {
		strace_add_ptr(l, address);
		return;
	}
	memcpy(&family, b, 2);
	line_add(l, "{sa_family=");
	strace_add_enum(l, STRACE_TABLE("domain"), family);
	switch (family) {
	case 1:
		if (length == 2)
			break;
		line_add(l, ", sun_path=%s", b[2] ? "" : "@");
		if (b[2])
			strace_add_quoted(l, b + 2,
					  rt_strlen((char *)b + 2) < length - 2
						  ? rt_strlen((char *)b + 2)
						  : length - 2,
					  false, false);
		else
			strace_add_quoted(l, b + 3, length - 3, false, false);
		break;
	case 2:
		line_add(l, ", sin_port=htons(%u), sin_addr=inet_addr(\"%u.%u.%u.%u\")",
			 (unsigned)b[2] << 8 | b[3], b[4], b[5], b[6], b[7]);
		break;
	case 10:
		memcpy(&word, b + 4, 4);
		line_add(
			l,
			", sin6_port=htons(%u), sin6_flowinfo=htonl(%u), inet_pton(AF_INET6, ",
			(unsigned)b[2] << 8 | b[3], __builtin_bswap32(word));
		add_ipv6(l, b + 8);
		memcpy(&word, b + 24, 4);
		line_add(l, ", &sin6_addr), sin6_scope_id=%u", word);
		break;
	case 16:
		memcpy(&word, b + 4, 4);
		line_add(l, ", nl_pid=%d", (int)word);
		memcpy(&word, b + 8, 4);
		line_add(l, ", nl_groups=%08x", word);
		break;
	default:
		line_add(l, ", sa_data=");
		strace_add_quoted(l, b + 2, length - 2 < 14 ? length - 2 : 14, false,
				  false);
		break;
	}
	line_add(l, "}");
}

void strace_add_out_sockaddr(struct line *l, uint64_t address, uint64_t length_at)
{
	uint32_t length;

	if (!length_at || copy_from_guest(&length, length_at, 4) < 0)
		strace_add_ptr(l, address);
	else
		strace_add_sockaddr(l, address, length);
}

void strace_add_socklen(struct line *l, uint64_t address, uint64_t before)
{
	uint32_t length;

	if (!strace_get(l, &length, address, 4))
		return;
	if (length != (uint32_t)before)
		line_add(l, "[%u => %u]", (uint32_t)before, length);
	else
		line_add(l, "[%u]", length);
}

void strace_add_sockopt(struct line *l, int level, uint64_t option)
{
	switch (level) {
	case 0: strace_add_enum(l, STRACE_TABLE("ip"), option); break;
	case 1: strace_add_enum(l, STRACE_TABLE("so"), option); break;
	case 6: strace_add_enum(l, STRACE_TABLE("tcp"), option); break;
	case 41: strace_add_enum(l, STRACE_TABLE("ipv6"), option); break;
	default: strace_add_hex(l, option); break;
	}
}

void strace_add_optval(struct line *l, const uint64_t *args, uint32_t length)
{
	int64_t tv[2];

	if (args[1] == 1 && (args[2] == 20 || args[2] == 21) && length == 16) {
		if (strace_get(l, tv, args[3], 16))
			line_add(l, "{tv_sec=%ld, tv_usec=%ld}", (long)tv[0],
				 (long)tv[1]);
	} else if (length == 4) {
		strace_add_int_at(l, args[3]);
	} else {
		strace_add_bytes(l, args[3], length, false);
	}
}

static void add_control(struct line *l, uint64_t address, uint64_t length)
{
	struct {
		uint64_t length;
		int32_t level, type;
	} c;

	line_add(l, ", msg_control=[");
	for (uint64_t at = 0; at + sizeof(c) <= length; at += (c.length + 7) & ~7ull) {
		line_add(l, at ? ", " : "");
		if (copy_from_guest(&c, address + at, sizeof(c)) < 0 ||
		    c.length < sizeof(c))
			break;
		line_add(l, "{cmsg_len=%lu, cmsg_level=", (unsigned long)c.length);
		strace_add_enum(l, STRACE_TABLE("sol"), (uint32_t)c.level);
		if (c.level == 1 && c.type == 1) {
			int fd;

			line_add(l, ", cmsg_type=SCM_RIGHTS, cmsg_data=[");
			for (uint64_t i = sizeof(c); i + 4 <= c.length && i < 1024;
			     i += 4)
				if (copy_from_guest(&fd, address + at + i, 4) == 0)
					line_add(l, "%s%d", i > sizeof(c) ? ", " : "",
						 fd);
			line_add(l, "]}");
		} else if (c.level == 1 && c.type == 2) {
			int id[3] = {0};

			copy_from_guest(id, address + at + sizeof(c), sizeof(id));
			line_add(
				l,
				", cmsg_type=SCM_CREDENTIALS, cmsg_data={pid=%d, uid=%d, gid=%d}}",
				id[0], id[1], id[2]);
		} else {
			line_add(l, ", cmsg_type=0x%x, cmsg_data=", (unsigned)c.type);
			strace_add_bytes(l, address + at + sizeof(c),
					 c.length - sizeof(c), true);
			line_add(l, "}");
		}
	}
	line_add(l, "]");
}

void strace_add_msghdr(struct line *l, uint64_t address, uint64_t filled)
{
	struct {
		uint64_t name;
		uint32_t namelen, pad;
		uint64_t iov, iovlen, control, controllen;
		uint32_t flags, pad2;
	} m;

	if (!strace_get(l, &m, address, sizeof(m)))
		return;
	line_add(l, "{msg_name=");
	strace_add_sockaddr(l, m.name, m.namelen);
	line_add(l, ", msg_namelen=%u, msg_iov=", m.namelen);
	strace_add_iovec(l, m.iov, m.iovlen, filled);
	line_add(l, ", msg_iovlen=%lu", (unsigned long)m.iovlen);
	if (m.control && m.controllen)
		add_control(l, m.control, m.controllen);
	line_add(l, ", msg_controllen=%lu, msg_flags=", (unsigned long)m.controllen);
	strace_add_flags(l, STRACE_TABLE("msg_flags"), m.flags);
	line_add(l, "}");
}
