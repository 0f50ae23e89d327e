/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reserves and resets code memory. tags: jit/cache - code memory */
#include "jit/cache/codemem.h"

#include <linux/errno.h>
#include <linux/memfd.h>
#include <linux/mman.h>

#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/syscall.h"

static int new_memfd(size_t size)
{
	long fd = rt_syscall(__NR_memfd_create, "xlate-code", MFD_CLOEXEC);
	long r;

	if (fd < 0)
		return (int)fd;
	/* Out of the way of the guest, which may count on low numbers. */
	r = rt_syscall(__NR_fcntl, fd, 1030 /* F_DUPFD_CLOEXEC */, 1000);
	if (r >= 0) {
		rt_syscall(__NR_close, fd);
		fd = r;
	}
	r = rt_syscall(__NR_ftruncate, fd, size);
	if (r < 0) {
		rt_syscall(__NR_close, fd);
		return (int)r;
	}
	return (int)fd;
}

int codemem_init(struct codemem *m, size_t size)
{
	uint8_t *rw;

	size = (size + 4095) & ~(size_t)4095;
	*m = (struct codemem){ .size = size, .fd = -1 };
	m->base = rt_map(size, PROT_READ | PROT_WRITE | PROT_EXEC,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	rw = m->base;
	if (!m->base) {
		m->fd = new_memfd(size);
		if (m->fd < 0)
			return m->fd;
		rw = rt_map(size, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd, 0);
		m->base = rt_map(size, PROT_READ | PROT_EXEC, MAP_SHARED, m->fd, 0);
		if (!rw || !m->base)
			return -ENOMEM;
	}
	m->rx = m->base - rw;
	/* Measured: cold stubs are about half as many bytes as hot code. */
	m->hot = m->hot_start = rw;
	m->hot_end = m->cold = m->cold_start = rw + size / 8 * 5;
	m->cold_end = rw + size;
	return 0;
}

void codemem_keep(struct codemem *m)
{
	m->hot_start = m->hot;
	m->cold_start = m->cold;
}

void codemem_reset(struct codemem *m)
{
	m->hot = m->hot_start;
	m->cold = m->cold_start;
}

int codemem_after_fork(struct codemem *m)
{
	uint8_t *rw = m->base - m->rx, *tmp;
	int fd;

	fd = new_memfd(m->size);
	if (fd < 0)
		return fd;
	tmp = rt_map(m->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (!tmp)
		return -ENOMEM;
	/* The parent goes on changing the old memory, but not this. */
	memcpy(tmp, rw, (size_t)(m->hot_start - rw));
	memcpy(tmp + (m->hot_end - rw), m->hot_end, (size_t)(m->cold_start - m->hot_end));
	rt_unmap(tmp, m->size);
	if (rt_is_error(rt_syscall(__NR_mmap, rw, m->size, PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_FIXED, fd, 0)) ||
	    rt_is_error(rt_syscall(__NR_mmap, m->base, m->size, PROT_READ | PROT_EXEC,
				   MAP_SHARED | MAP_FIXED, fd, 0)))
		return -ENOMEM;
	rt_syscall(__NR_close, m->fd);
	m->fd = fd;
	codemem_reset(m);
	return 0;
}
