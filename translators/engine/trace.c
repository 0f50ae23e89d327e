/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Dumps of the stages, the perf map, the clock of the statistics. tags: engine - tracing
 *
 * Host code is dumped as bytes, guest code as words: disassemblers belong to tools (see
 * tools/disassemble), not to a static program.
 */
#include <linux/fcntl.h>
#include <linux/time.h>

#include "engine/engine-internal.h"
#include "rt/syscall.h"
#include "rt/text.h"

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

void engine_perf_map(const struct index_region *r)
{
	static int fd = -1;
	char text[96];
	size_t n;

	if (fd < 0) {
		rt_format(text, sizeof(text), "/tmp/perf-%d.map",
			  (int)rt_syscall(__NR_getpid));
		fd = (int)rt_syscall(__NR_openat, AT_FDCWD, text,
				     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
		if (fd < 0) {
			engine.opt.perf_map = false;
			return;
		}
	}
	n = rt_format(text, sizeof(text), "%lx %x guest_%lx\n",
		      (unsigned long)engine_host(r->hot), r->hot_end - r->hot,
		      (unsigned long)index_block(&engine.index, r->block)->pc);
	rt_syscall(__NR_write, fd, text, n);
}

uint64_t engine_clock_ns(void)
{
	struct timespec ts = { 0 };

	rt_syscall(__NR_clock_gettime, CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}
