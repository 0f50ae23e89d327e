/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers as gdb numbers them: x0-x30, sp, pc, cpsr, v0-v31, fpsr, fpcr, tpidr.
 */
#include "guest/a64/cpu.h"
#include "linux-user/a64/abi.h"
#include "linux-user/a64/processor.h"
#include "rt/memory.h"
#include "rt/text.h"

enum { REG_SP = 31, REG_PC, REG_CPSR, REG_V0, REG_FPSR = REG_V0 + 32, REG_FPCR, REG_TPIDR };

const char *a64_gdb_description(void)
{
	static char xml[8192];
	size_t n = rt_strcpy(xml, sizeof(xml),
		"<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
		"<target><architecture>aarch64</architecture><osabi>GNU/Linux</osabi>\n"
		"<feature name=\"org.gnu.gdb.aarch64.core\">\n"
		"<flags id=\"cpsr_flags\" size=\"4\"><field name=\"V\" start=\"28\" end=\"28\"/>"
		"<field name=\"C\" start=\"29\" end=\"29\"/><field name=\"Z\" start=\"30\" end=\"30\"/>"
		"<field name=\"N\" start=\"31\" end=\"31\"/></flags>\n");

	for (int i = 0; i < 31; i++)
		n += rt_format(xml + n, sizeof(xml) - n, "<reg name=\"x%d\" bitsize=\"64\"/>", i);
	n += rt_strcpy(xml + n, sizeof(xml) - n,
		"<reg name=\"sp\" bitsize=\"64\" type=\"data_ptr\"/>"
		"<reg name=\"pc\" bitsize=\"64\" type=\"code_ptr\"/>"
		"<reg name=\"cpsr\" bitsize=\"32\" type=\"cpsr_flags\"/></feature>\n"
		"<feature name=\"org.gnu.gdb.aarch64.fpu\">\n"
		"<vector id=\"v2d\" type=\"ieee_double\" count=\"2\"/>"
		"<vector id=\"v2u\" type=\"uint64\" count=\"2\"/>"
		"<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/>"
		"<vector id=\"v4u\" type=\"uint32\" count=\"4\"/>"
		"<vector id=\"v8u\" type=\"uint16\" count=\"8\"/>"
		"<vector id=\"v16u\" type=\"uint8\" count=\"16\"/>"
		"<union id=\"vec\"><field name=\"d\" type=\"v2d\"/><field name=\"u\" type=\"v2u\"/>"
		"<field name=\"f\" type=\"v4f\"/><field name=\"s\" type=\"v4u\"/>"
		"<field name=\"h\" type=\"v8u\"/><field name=\"b\" type=\"v16u\"/>"
		"<field name=\"q\" type=\"uint128\"/></union>\n");
	for (int i = 0; i < 32; i++)
		n += rt_format(xml + n, sizeof(xml) - n,
			       "<reg name=\"v%d\" bitsize=\"128\" type=\"vec\"/>", i);
	rt_strcpy(xml + n, sizeof(xml) - n,
		"<reg name=\"fpsr\" bitsize=\"32\"/><reg name=\"fpcr\" bitsize=\"32\"/></feature>\n"
		"<feature name=\"org.gnu.gdb.aarch64.tls\">"
		"<reg name=\"tpidr\" bitsize=\"64\" type=\"data_ptr\"/></feature></target>\n");
	return xml;
}

unsigned a64_gdb_get(struct cpu *cpu, unsigned n, void *value)
{
	uint32_t word;

	if (n <= REG_SP) {
		memcpy(value, &cpu->r[n], 8);
		return 8;
	}
	if (n >= REG_V0 && n < REG_FPSR) {
		memcpy(value, &cpu->v[n - REG_V0], 16);
		return 16;
	}
	switch (n) {
	case REG_PC: memcpy(value, &cpu->pc, 8); return 8;
	case REG_TPIDR: memcpy(value, &cpu->sys[A64_SYS_TPIDR], 8); return 8;
	case REG_CPSR: word = (uint32_t)a64_get_pstate(cpu); break;
	case REG_FPSR: word = engine_get_fpsr(cpu); break;
	case REG_FPCR: word = cpu->fpcr; break;
	default: return 0;
	}
	memcpy(value, &word, 4);
	return 4;
}

void a64_gdb_set(struct cpu *cpu, unsigned n, const void *value)
{
	uint64_t v = 0;

	if (n >= REG_V0 && n < REG_FPSR) {
		memcpy(&cpu->v[n - REG_V0], value, 16);
		return;
	}
	memcpy(&v, value, n == REG_CPSR || n == REG_FPSR || n == REG_FPCR ? 4 : 8);
	if (n <= REG_SP)
		cpu->r[n] = v;
	else if (n == REG_PC)
		cpu->pc = v;
	else if (n == REG_TPIDR)
		cpu->sys[A64_SYS_TPIDR] = v;
	else if (n == REG_CPSR)
		a64_set_pstate(cpu, v);
	else if (n == REG_FPSR)
		engine_set_fpsr(cpu, (uint32_t)v);
	else if (n == REG_FPCR)
		engine_set_fpcr(cpu, (uint32_t)v);
}
