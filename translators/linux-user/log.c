/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log's descriptor is out of the way of the guest's numbers.
 */
#include <linux/fcntl.h>

#include "linux-user/log.h"
#include "linux-user/thread.h"
#include "rt/text.h"

#define HIGH_FD 900

/* The name with %d and %p replaced; was there one? */
static bool file_name(const char *pattern, char *buf, size_t size)
{
	bool any = false;
	size_t n = 0;

	for (const char *p = pattern; *p && n + 1 < size; p++) {
		if (*p == '%' && (p[1] == 'd' || p[1] == 'p')) {
			n += rt_format(buf + n, size - n, "%d", (int)rt_syscall(__NR_getpid));
			any = true;
			p++;
		} else {
			buf[n++] = *p;
		}
	}
	buf[n < size ? n : size - 1] = 0;
	return any;
}

static void open_file(struct process *process, const char *name)
{
	long high, fd = rt_syscall(__NR_openat, AT_FDCWD, name,
				   O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	if (fd < 0) {
		rt_log("%s: %s: cannot be opened for logging\n", process->abi->program, name);
		return;
	}
	high = rt_syscall(__NR_fcntl, fd, F_DUPFD_CLOEXEC, HIGH_FD);
	process->log_fd = (int)(high >= 0 ? high : fd);
	if (high >= 0)
		rt_syscall(__NR_close, fd);
}

void log_open(struct process *process)
{
	char name[4096];

	process->log_fd = 2;
	if (!process->options->log_file)
		return;
	file_name(process->options->log_file, name, sizeof(name));
	open_file(process, name);
}

void log_after_fork(struct process *process)
{
	int old = process->log_fd;
	char name[4096];

	if (!process->options->log_file ||
	    !file_name(process->options->log_file, name, sizeof(name)))
		return;
	open_file(process, name);
	if (process->log_fd != old && old > 2)
		rt_syscall(__NR_close, old);
}

void log_write(struct process *process, const char *text, size_t length)
{
	while (length) {
		long n = rt_syscall(__NR_write, process->log_fd, text, length);

		if (n <= 0)
			return;
		text += n;
		length -= (size_t)n;
	}
}
