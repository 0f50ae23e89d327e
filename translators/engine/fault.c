/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Host faults in translated code and in guarded calls of the runtime. tags: engine - faults
 *
 * Translated code has all architectural state of before the faulting instruction in its
 * place; the fault map adds the guest pc and where the flags are. The handler writes those
 * two down and lets the interrupted context continue at the exit stub, which stores the
 * pinned registers: so engine_run() returns as from any other exit.
 */
#include <linux/errno.h>

#include <asm/sigcontext.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/ucontext.h>

#include "engine/engine-internal.h"

#ifndef SI_KERNEL
#define SI_KERNEL 0x80
#endif

uint16_t engine_flags_image(uint64_t eflags, unsigned kind)
{
	unsigned image = (eflags & 0x80 ? CPU_NZCV_N : 0) | (eflags & 0x40 ? CPU_NZCV_Z : 0);

	switch (kind) {
	case FLAGS_FCMP:
	case FLAGS_FCMP_SWAPPED:
		/* parity: unordered; carry: the first operand of ucomis is less */
		if (eflags & 4)
			return CPU_NZCV_V;
		if (eflags & 0x40)
			return CPU_NZCV_Z;
		return (eflags & 1) == (kind == FLAGS_FCMP) ? CPU_NZCV_N | CPU_NZCV_NC : 0;
	case FLAGS_ADD: image |= eflags & 1 ? 0 : CPU_NZCV_NC; break;
	case FLAGS_LOGIC: return (uint16_t)(image | CPU_NZCV_NC);
	default: image |= eflags & 1 ? CPU_NZCV_NC : 0; break;
	}
	return (uint16_t)(image | (eflags & 0x800 ? CPU_NZCV_V : 0));
}

/* The last map entry at or before a host offset within the region. */
static const struct index_pcmap *find_map(const struct index_region *r, uint32_t host)
{
	uint32_t lo = 0, hi = r->npcmap;

	host -= r->hot;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (index_pcmap(&engine.index, r->pcmap + mid)->host <= host)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? index_pcmap(&engine.index, r->pcmap + lo - 1) : NULL;
}

static void leave(struct cpu *cpu, struct sigcontext *sc, const struct index_region *r,
		  const struct index_pcmap *m, unsigned reason)
{
	cpu->pc = r->page + m->at;
	if (m->saved & LOWER_BORROWED) {
		sc->rbx = cpu->scratch[2];
		sc->rsi = cpu->scratch[3];
	}
	if (m->saved & LOWER_UNDONE) {
		struct engine_thread *t = cpu->engine;

		t->undone = m[-1].at | (uint32_t)m[-1].flags << 16 | (uint32_t)m[-1].saved << 24;
		t->undoes = m->saved & LOWER_UNDOES;
	}
	if (m->flags != FLAGS_HOME && !(m->saved & 1))
		cpu->nzcv = engine_flags_image(sc->eflags, m->flags);
	sc->rip = engine.stubs.exit;
	sc->rax = reason;
}

/* The push of a call hit the guard below the shadow stack: start again at the top. */
static bool shadow_overflow(struct cpu *cpu, struct sigcontext *sc, uint64_t addr)
{
	if (addr - (cpu->shadow_base - 4096) >= 4096)
		return false;
	sc->rsp = cpu->shadow_top;
	return true;
}

static enum engine_fault in_code(struct cpu *cpu, int signo, siginfo_t *info,
				 struct sigcontext *sc)
{
	uint32_t host = (uint32_t)(sc->rip - (uint64_t)(uintptr_t)engine.code.base);
	const struct index_region *r = index_region_at(&engine.index, host);
	const struct index_pcmap *m;
	uint64_t addr = (uint64_t)(uintptr_t)info->si_addr;

	if (signo == SIGSEGV && shadow_overflow(cpu, sc, addr))
		return ENGINE_FAULT_RESUME;
	m = r ? find_map(r, host) : NULL;
	if (!m)
		return ENGINE_FAULT_NOT_OURS;
	/*
	 * An Invalid operation, or a general protection fault (tagged pointer): the
	 * evaluator knows what the instruction does.
	 */
	if (signo == SIGFPE || (signo == SIGSEGV && info->si_code == SI_KERNEL)) {
		/* The host has noted what is unmasked; whether the guest does is for the
		 * evaluator. */
		if (signo == SIGFPE && sc->fpstate) {
			((struct engine_thread *)cpu->engine)->tiny |=
				info->si_code == FPE_FLTUND;
			sc->fpstate->mxcsr &= sc->fpstate->mxcsr >> 7 | ~CPU_MXCSR_FLAGS;
		}
		leave(cpu, sc, r, m, signo == SIGFPE ? LOWER_EXIT_TRAP : LOWER_EXIT_TAG);
		return ENGINE_FAULT_RESUME;
	}
	if (signo != SIGSEGV && signo != SIGBUS)
		return ENGINE_FAULT_NOT_OURS;
	cpu->fault = (struct cpu_fault){ signo, info->si_code, addr, sc->err };
	leave(cpu, sc, r, m, LOWER_EXIT_FAULT);
	return ENGINE_FAULT_GUEST;
}

enum engine_fault engine_handle_fault(struct cpu *cpu, int signo, void *info_, void *uc_)
{
	struct engine_thread *t = cpu->engine;
	siginfo_t *info = info_;
	struct ucontext *uc = uc_;
	struct sigcontext *sc = (struct sigcontext *)&uc->uc_mcontext;

	/* kill() and friends are not faults */
	if (info->si_code <= 0)
		return ENGINE_FAULT_NOT_OURS;
	if (codemem_contains(&engine.code, sc->rip))
		return in_code(cpu, signo, info, sc);
	if (t && t->guard.rsp && (signo == SIGSEGV || signo == SIGBUS)) {
		/* The host does not tell an address that it cannot have; the evaluator did. */
		bool no_address = info->si_code == SI_KERNEL;

		cpu->fault = (struct cpu_fault){
			SIGSEGV, SEGV_MAPERR, cpu->fault.addr, 0,
		};
		if (!no_address)
			cpu->fault = (struct cpu_fault){
				signo, info->si_code, (uint64_t)(uintptr_t)info->si_addr, sc->err,
			};
		sc->rip = (uint64_t)(uintptr_t)guard_abort;
		sc->rsp = t->guard.rsp;
		return ENGINE_FAULT_RESUME;
	}
	return ENGINE_FAULT_NOT_OURS;
}
