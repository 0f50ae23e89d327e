/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vFile: gdb reads the program and its libraries through us, as the guest sees them.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>

#include "linux-user/gdb-internal.h"
#include "linux-user/host.h"
#include "linux-user/path.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"

#define HIGH_FD 900

static void send_error(long error)
{
	/* gdb has numbers of its own, which agree for the usual ones. */
	gdb_send("F-1,%x", (unsigned)(error < 0 ? -error : error));
}

static void take_path(const char **p, char *path, size_t size)
{
	path[gdb_take_bytes(p, path, size - 1)] = 0;
}

static void open_file(struct thread *t, const char *p)
{
	char path[1024], redirected[2048];
	const char *host;
	long fd, high;

	take_path(&p, path, sizeof(path));
	p += *p == ',';
	if (gdb_take_hex(&p) & 3) {
		send_error(EACCES);
		return;
	}
	host = path_redirect(t->process->options, path, redirected, sizeof(redirected));
	fd = rt_syscall(__NR_openat, AT_FDCWD, host, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		send_error(fd);
		return;
	}
	high = rt_syscall(__NR_fcntl, fd, F_DUPFD_CLOEXEC, HIGH_FD);
	if (high >= 0) {
		rt_syscall(__NR_close, fd);
		fd = high;
	}
	gdb_send("F%x", (unsigned)fd);
}

static void send_data(long n, const void *data)
{
	if (n < 0) {
		send_error(n);
		return;
	}
	gdb_out_reset();
	gdb_out("F%x;", (unsigned)n);
	gdb_out_binary(data, (size_t)n);
	gdb_out_send();
}

static void read_file(const char *p)
{
	static char data[GDB_PACKET / 2];
	long fd = (long)gdb_take_hex(&p);
	uint64_t count, offset;

	p += *p == ',';
	count = gdb_take_hex(&p);
	p += *p == ',';
	offset = gdb_take_hex(&p);
	count = count < sizeof(data) ? count : sizeof(data);
	send_data(fd < HIGH_FD ? -EBADF : rt_syscall(__NR_pread64, fd, data, count, offset), data);
}

static uint8_t *put_be(uint8_t *p, uint64_t v, unsigned bytes)
{
	while (bytes--)
		*p++ = (uint8_t)(v >> 8 * bytes);
	return p;
}

static void stat_file(const char *p)
{
	long fd = (long)gdb_take_hex(&p), r;
	uint8_t data[64], *at = data;
	struct host_stat st;

	r = fd < HIGH_FD ? -EBADF : rt_syscall(__NR_fstat, fd, &st);
	if (r < 0) {
		send_error(r);
		return;
	}
	at = put_be(at, st.st_dev, 4);
	at = put_be(at, st.st_ino, 4);
	at = put_be(at, st.st_mode, 4);
	at = put_be(at, st.st_nlink, 4);
	at = put_be(at, st.st_uid, 4);
	at = put_be(at, st.st_gid, 4);
	at = put_be(at, st.st_rdev, 4);
	at = put_be(at, (uint64_t)st.st_size, 8);
	at = put_be(at, (uint64_t)st.st_blksize, 8);
	at = put_be(at, (uint64_t)st.st_blocks, 8);
	at = put_be(at, st.atime_sec, 4);
	at = put_be(at, st.mtime_sec, 4);
	put_be(at, st.ctime_sec, 4);
	send_data(sizeof(data), data);
}

static void read_link(struct thread *t, const char *p)
{
	char path[1024], redirected[2048], target[1024];

	take_path(&p, path, sizeof(path));
	send_data(rt_syscall(__NR_readlinkat, AT_FDCWD,
			     path_redirect(t->process->options, path, redirected, sizeof(redirected)),
			     target, sizeof(target)),
		  target);
}

void gdb_vfile(struct thread *t, const char *p)
{
	const char *rest;

	if (rt_str_after(p, "setfs:")) {
		gdb_send("F0");
	} else if ((rest = rt_str_after(p, "open:"))) {
		open_file(t, rest);
	} else if ((rest = rt_str_after(p, "pread:"))) {
		read_file(rest);
	} else if ((rest = rt_str_after(p, "fstat:"))) {
		stat_file(rest);
	} else if ((rest = rt_str_after(p, "readlink:"))) {
		read_link(t, rest);
	} else if ((rest = rt_str_after(p, "close:"))) {
		long fd = (long)gdb_take_hex(&rest);

		if (fd >= HIGH_FD && fd != gdb.fd && fd != gdb.listen_fd)
			rt_syscall(__NR_close, fd);
		gdb_send("F0");
	} else {
		gdb_send("%s", "");
	}
}
