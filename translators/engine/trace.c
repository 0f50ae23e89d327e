/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Dumps of the stages, the perf map, the clock of the statistics. tags: engine - tracing
 *
 * Host code is dumped as bytes, guest code as words: disassemblers belong to tools (see
 * tools/disassemble), not to a static program.
 */
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/time.h>

#include "engine/engine-internal.h"
#include "rt/arena.h"
#include "rt/syscall.h"
#include "rt/text.h"

#define PERF_FD 900 /* and above */

static void out(const char *text, size_t length)
{
	if (engine.opt.log)
		engine.opt.log(text, length);
}

void trace_region(const struct ir_region *region, const char *stage)
{
	static char text[256 << 10];
	size_t n = rt_format(text, sizeof(text), "---- %s, %u blocks, %u instructions, %u ops\n",
			     stage, region->nblocks, region->ninsns, region->nops);

	n += ir_dump(text + n, sizeof(text) - n, region);
	out(text, n < sizeof(text) ? n : sizeof(text) - 1);
}

void trace_guest(const struct ir_region *region)
{
	char line[64];
	size_t n;

	for (unsigned b = 0; b < region->nblocks; b++) {
		const struct ir_block *k = &region->block[b];

		n = rt_format(line, sizeof(line), "block %lx\n", (unsigned long)k->pc);
		out(line, n);
		for (uint64_t pc = k->pc; pc < k->next_pc; pc += engine.arch->insn_align) {
			n = rt_format(line, sizeof(line), "%lx: ", (unsigned long)pc);
			if (engine.arch->insn_align == 4)
				n += rt_format(line + n, sizeof(line) - n, "%08x\n",
					       *(const uint32_t *)pc);
			else
				n += rt_format(line + n, sizeof(line) - n, "%04x\n",
					       *(const uint16_t *)pc);
			out(line, n);
		}
	}
}

void trace_exec(const struct cpu *cpu)
{
	char line[64];

	out(line, rt_format(line, sizeof(line), "exec %lx\n", (unsigned long)cpu->pc));
}

void trace_code(const struct index_region *r)
{
	char line[160];
	size_t n;

	for (uint32_t b = r->block; b < r->block + r->nblocks; b++) {
		const struct index_block *k = index_block(&engine.index, b);

		n = rt_format(line, sizeof(line), "block %lx at %lx\n", (unsigned long)k->pc,
			      (unsigned long)engine_host(k->host));
		out(line, n);
	}
	for (uint32_t at = r->hot; at < r->hot_end; at += 32) {
		uint32_t end = at + 32 < r->hot_end ? at + 32 : r->hot_end;

		n = rt_format(line, sizeof(line), "x86 %lx:", (unsigned long)engine_host(at));
		for (uint32_t i = at; i < end; i++)
			n += rt_format(line + n, sizeof(line) - n, " %02x", *engine_code(i));
		n += rt_format(line + n, sizeof(line) - n, "\n");
		out(line, n);
	}
}

/* ---- for perf(1) ---- */

/* A log of one process: a forked child writes its own. */
struct perf_file {
	int fd, pid;
};

/* Is it open, or can it be? *ret_new: it has just been. */
static bool perf_open(struct perf_file *f, const char *format, unsigned flags, bool *ret_new)
{
	int pid = (int)rt_syscall(__NR_getpid);
	char path[64];
	long high;

	*ret_new = false;
	if (f->pid == pid)
		return f->fd >= 0;
	if (f->pid && f->fd >= 0)
		rt_syscall(__NR_close, f->fd);
	f->pid = pid;
	rt_format(path, sizeof(path), format, pid);
	f->fd = (int)rt_syscall(__NR_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC | flags, 0644);
	if (f->fd < 0)
		return false;
	/* Out of the way of the guest's numbers. */
	high = rt_syscall(__NR_fcntl, f->fd, F_DUPFD_CLOEXEC, PERF_FD);
	if (high >= 0) {
		rt_syscall(__NR_close, f->fd);
		f->fd = (int)high;
	}
	*ret_new = true;
	return true;
}

static size_t perf_name(const struct index_region *r, char *buf, size_t size)
{
	uint64_t pc = index_block(&engine.index, r->block)->pc;
	size_t n = engine.opt.describe ? engine.opt.describe(pc, buf, size) : 0;

	if (!n)
		n = rt_format(buf, size, "guest_%lx", (unsigned long)pc);
	return n < size ? n : size - 1;
}

void engine_perf_map(const struct index_region *r)
{
	static struct perf_file file;
	char text[320], name[256];
	bool is_new;

	if (!perf_open(&file, "/tmp/perf-%d.map", O_APPEND, &is_new))
		return;
	perf_name(r, name, sizeof(name));
	rt_syscall(__NR_write, file.fd, text,
		   rt_format(text, sizeof(text), "%lx %x %s\n", (unsigned long)engine_host(r->hot),
			     r->hot_end - r->hot, name));
}

/* The file format is described in the kernel's tools/perf/Documentation/jitdump-specification.txt. */
#define JITDUMP_MAGIC	0x4a695444u
#define JITDUMP_VERSION 1
#define JITDUMP_LOAD	0
#define MACHINE_X86_64	62

struct jitdump_header {
	uint32_t magic, version, total_size, machine, pad, pid;
	uint64_t time, flags;
};

struct jitdump_load {
	uint32_t id, total_size;
	uint64_t time;
	uint32_t pid, tid;
	uint64_t vma, address, size, index;
};

void engine_jitdump(const struct index_region *r)
{
	static struct perf_file file;
	static uint64_t index;
	char name[256];
	size_t length = perf_name(r, name, sizeof(name)) + 1;
	uint32_t size = r->hot_end - r->hot;
	struct {
		const void *base;
		size_t length;
	} iov[3];
	struct jitdump_load load = {
		.id = JITDUMP_LOAD,
		.total_size = (uint32_t)(sizeof(load) + length + size),
		.vma = engine_host(r->hot),
		.address = engine_host(r->hot),
		.size = size,
	};
	bool is_new;

	if (!perf_open(&file, "jit-%d.dump", O_TRUNC, &is_new))
		return;
	if (is_new) {
		struct jitdump_header header = {
			JITDUMP_MAGIC, JITDUMP_VERSION, sizeof(header), MACHINE_X86_64, 0,
			(uint32_t)file.pid, engine_clock_ns(), 0,
		};

		rt_syscall(__NR_write, file.fd, &header, sizeof(header));
		/* perf finds the file by this mapping. */
		rt_map(GUEST_PAGE_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, file.fd, 0);
		index = 0;
	}
	load.time = engine_clock_ns();
	load.pid = (uint32_t)file.pid;
	load.tid = (uint32_t)rt_syscall(__NR_gettid);
	load.index = index++;
	iov[0].base = &load;
	iov[0].length = sizeof(load);
	iov[1].base = name;
	iov[1].length = length;
	iov[2].base = engine_code(r->hot);
	iov[2].length = size;
	rt_syscall(__NR_writev, file.fd, iov, 3);
}

uint64_t engine_clock_ns(void)
{
	struct timespec ts = { 0 };

	rt_syscall(__NR_clock_gettime, CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}
