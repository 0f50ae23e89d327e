/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files as strace(1) shows them: status, directory entries, vectors, locks, fcntl(2), ioctl(2). */
#include "linux-user/strace-internal.h"
#include "linux-user/sys.h"
#include "rt/uaccess.h"

static void add_device(struct line *l, uint64_t dev)
{
	line_add(l, "makedev(0x%lx, 0x%lx)",
		 (unsigned long)((dev >> 8 & 0xfff) | (dev >> 32 & ~0xffful)),
		 (unsigned long)((dev & 0xff) | (dev >> 12 & 0xffffff00)));
}

void strace_add_stat(struct line *l, uint64_t address)
{
	struct guest_stat st;
	uint32_t type;

	if (!strace_get(l, &st, address, sizeof(st)))
		return;
	line_add(l, "{st_mode=");
	strace_add_mode(l, st.st_mode);
	type = st.st_mode & 0170000;
	if (type == 0020000 || type == 0060000) {
		line_add(l, ", st_rdev=");
		add_device(l, st.st_rdev);
	} else {
		line_add(l, ", st_size=%ld", (long)st.st_size);
	}
	line_add(l, ", ...}");
}

void strace_add_statx(struct line *l, uint64_t address)
{
	struct {
		uint32_t mask, blksize;
		uint64_t attributes;
		uint32_t nlink, uid, gid;
		uint16_t mode, pad;
		uint64_t ino, size;
	} st;

	if (!strace_get(l, &st, address, sizeof(st)))
		return;
	line_add(l, "{stx_mask=");
	strace_add_flags(l, STRACE_TABLE("statx_mask"), st.mask);
	line_add(l, ", stx_attributes=");
	strace_add_hex(l, st.attributes);
	line_add(l, ", stx_mode=");
	strace_add_mode(l, st.mode);
	line_add(l, ", stx_size=%lu, ...}", (unsigned long)st.size);
}

void strace_add_statfs(struct line *l, uint64_t address)
{
	uint64_t v[15];

	if (!strace_get(l, v, address, sizeof(v)))
		return;
	line_add(l, "{f_type=");
	strace_add_enum(l, STRACE_TABLE("fs_magic"), v[0]);
	line_add(
		l,
		", f_bsize=%lu, f_blocks=%lu, f_bfree=%lu, f_bavail=%lu, f_files=%lu, f_ffree=%lu, ",
		(unsigned long)v[1], (unsigned long)v[2], (unsigned long)v[3],
		(unsigned long)v[4], (unsigned long)v[5], (unsigned long)v[6]);
	line_add(l,
		 "f_fsid={val=[0x%x, 0x%x]}, f_namelen=%lu, f_frsize=%lu, f_flags=0x%lx}",
		 (unsigned)v[7], (unsigned)(v[7] >> 32), (unsigned long)v[8],
		 (unsigned long)v[9], (unsigned long)v[10]);
}

void strace_add_dents(struct line *l, uint64_t address, int64_t bytes)
{
	unsigned count = 0;
	uint16_t length;

	for (int64_t at = 0; at < bytes; at += length, count++)
		if (copy_from_guest(&length, address + (uint64_t)at + 16, 2) < 0 ||
		    !length)
			break;
	strace_add_ptr(l, address);
	line_add(l, " /* %u entr%s */", count, count == 1 ? "y" : "ies");
}

/* `filled`: bytes that the call wrote, for reading; ~0: all of it is there. */
void strace_add_iovec(struct line *l, uint64_t address, uint64_t count, uint64_t filled)
{
	uint64_t iov[2];

	if (!address) {
		line_add(l, "NULL");
		return;
	}
	line_add(l, "[");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t n;

		line_add(l, i ? ", " : "");
		if (i == STRACE_ARRAY_MAX) {
			line_add(l, "...");
			break;
		}
		if (copy_from_guest(iov, address + i * 16, 16) < 0) {
			line_add(l, "... /* 0x%lx */", (unsigned long)(address + i * 16));
			break;
		}
		n = iov[1] < filled ? iov[1] : filled;
		filled -= filled == ~0ull ? 0 : n;
		line_add(l, "{iov_base=");
		strace_add_bytes(l, iov[0], n, false);
		line_add(l, ", iov_len=%lu}", (unsigned long)iov[1]);
	}
	line_add(l, "]");
}

static void add_lock(struct line *l, uint64_t address)
{
	struct {
		int16_t type, whence;
		int32_t pad;
		int64_t start, length;
	} lock;

	if (!strace_get(l, &lock, address, sizeof(lock)))
		return;
	line_add(l, "{l_type=");
	strace_add_enum(l, STRACE_TABLE("lock_type"), (uint16_t)lock.type);
	line_add(l, ", l_whence=");
	strace_add_enum(l, STRACE_TABLE("whence"), (uint16_t)lock.whence);
	line_add(l, ", l_start=%ld, l_len=%ld}", (long)lock.start, (long)lock.length);
}

/* False: the command has no argument. */
bool strace_add_fcntl(struct line *l, int command, uint64_t v)
{
	switch (command) {
	case 1:
	case 3:
	case 9:
	case 11:
	case 1025:
	case 1032:
	case 1034: return false;
	case 2: strace_add_flags(l, STRACE_TABLE("fd_flags"), v); break;
	case 4: strace_add_open_flags(l, v); break;
	case 5:
	case 6:
	case 7:
	case 36:
	case 37:
	case 38: add_lock(l, v); break;
	case 10: strace_add_signal(l, (int)v); break;
	case 15:
	case 16: strace_add_ptr(l, v); break;
	default: line_add(l, "%ld", (long)v); break;
	}
	return true;
}

void strace_add_ioctl_command(struct line *l, uint32_t command)
{
	static const char direction[][24] = {"_IOC_NONE", "_IOC_WRITE", "_IOC_READ",
					     "_IOC_READ|_IOC_WRITE"};
	const char *name = strace_enum_name(STRACE_TABLE("ioctl"), command);

	if (name)
		line_add(l, "%s", name);
	else
		line_add(l, "_IOC(%s, 0x%x, 0x%x, 0x%x)", direction[command >> 30],
			 command >> 8 & 0xff, command & 0xff, command >> 16 & 0x3fff);
}

bool strace_add_ioctl(struct line *l, uint32_t command, uint64_t v, bool failed)
{
	uint16_t ws[4];
	uint32_t tio[4];

	switch (command) {
	case 0x540c:
	case 0x5422:
	case 0x5450:
	case 0x5451: return false;
	case 0x5409:
	case 0x540a:
	case 0x540b:
	case 0x540e:
	case 0x40049409: line_add(l, "%d", (int)v); break;
	case 0x5401:
	case 0x5402:
	case 0x5403:
	case 0x5404:
		if (failed || !strace_get(l, tio, v, sizeof(tio))) {
			if (failed)
				strace_add_ptr(l, v);
			break;
		}
		line_add(l,
			 "{c_iflag=0x%x, c_oflag=0x%x, c_cflag=0x%x, c_lflag=0x%x, ...}",
			 tio[0], tio[1], tio[2], tio[3]);
		break;
	case 0x5413:
	case 0x5414:
		if (failed || !strace_get(l, ws, v, sizeof(ws))) {
			if (failed)
				strace_add_ptr(l, v);
			break;
		}
		line_add(l, "{ws_row=%u, ws_col=%u, ws_xpixel=%u, ws_ypixel=%u}", ws[0],
			 ws[1], ws[2], ws[3]);
		break;
	case 0x540f:
	case 0x5410:
	case 0x5411:
	case 0x541b:
	case 0x5421:
	case 0x5429:
	case 0x5452:
	case 0x40045431:
	case 0x80045430:
		if (failed && command != 0x5421)
			strace_add_ptr(l, v);
		else
			strace_add_int_at(l, v);
		break;
	default: strace_add_hex(l, v); break;
	}
	return true;
}
