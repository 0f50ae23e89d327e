/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Contents of the arm64 signal frame, without the thread around it.
 */
#include "linux-user/a64/sigframe.h"
#include "rt/memory.h"

size_t a64_fill_frame(struct a64_rt_sigframe *frame, const struct cpu *cpu, uint64_t pstate,
		      uint32_t fpsr, uint64_t mask, const struct a64_fault *fault)
{
	struct a64_sigcontext *mc = &frame->uc.mc;
	struct a64_fpsimd_context *fp = (struct a64_fpsimd_context *)mc->reserved;
	uint8_t *next = mc->reserved + sizeof(*fp);

	memcpy(mc->regs, cpu->r, sizeof(mc->regs));
	mc->sp = cpu->r[31];
	mc->pc = cpu->pc;
	mc->pstate = pstate;
	mc->fault_address = fault->address;
	frame->uc.sigmask = mask;
	fp->head = (struct a64_context_head){ A64_FPSIMD_MAGIC, sizeof(*fp) };
	fp->fpsr = fpsr;
	fp->fpcr = cpu->fpcr;
	memcpy(fp->v, cpu->v, sizeof(fp->v));
	if (fault->esr) {
		struct a64_esr_context *esr = (struct a64_esr_context *)next;

		esr->head = (struct a64_context_head){ A64_ESR_MAGIC, sizeof(*esr) };
		esr->esr = fault->esr;
		next += sizeof(*esr);
	}
	memset(next, 0, sizeof(struct a64_context_head) * 2);
	next += sizeof(struct a64_context_head) * 2;
	return (size_t)(next - (uint8_t *)frame);
}

const struct a64_fpsimd_context *a64_find_fpsimd(const struct a64_rt_sigframe *frame)
{
	const uint8_t *p = frame->uc.mc.reserved;
	const uint8_t *end = p + sizeof(frame->uc.mc.reserved);

	while ((size_t)(end - p) >= sizeof(struct a64_context_head)) {
		const struct a64_context_head *head = (const struct a64_context_head *)p;

		if (head->magic == A64_FPSIMD_MAGIC)
			return head->size == sizeof(struct a64_fpsimd_context) &&
					       (size_t)(end - p) >= head->size
				       ? (const struct a64_fpsimd_context *)p
				       : NULL;
		if (!head->magic || head->size < sizeof(*head) || head->size % 16 ||
		    head->size > (size_t)(end - p))
			return NULL;
		p += head->size;
	}
	return NULL;
}
