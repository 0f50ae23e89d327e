/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Barriers, hints, cache maintenance and the system registers, as far as Linux lets EL0 use
 * them; everything else here is undefined. tags: guest/a64 - MSR, MRS, SYS, barriers
 */
#include "guest/a64/cpu.h"
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"
#include "guest/a64/pauth.h"

/* ---- barriers and hints ---- */

/* YIELD, WFE and SEV do nothing either: waiting for events may end at any time. */
A64_TRANS(HINT, hint)
{
	if (a64_sets & A64_SET_PAUTH)
		a64_pauth_hint(l, (unsigned)(a->crm << 3 | a->op2));
	return true;
}

A64_TRANS(WFXT, wfxt)
{
	return true;
}

static bool memory_barrier(struct a64_lift *l, int crm)
{
	static const uint8_t kinds[4] = {IR_FENCE_FULL, IR_FENCE_LOAD, IR_FENCE_STORE,
					 IR_FENCE_FULL};

	a64_r(l, IR_FENCE, IR_I64, IR_NONE, IR_NONE, kinds[crm & 3]);
	return true;
}

A64_TRANS(DMB, barrier)
{
	return memory_barrier(l, a->crm);
}

A64_TRANS(DSB, barrier)
{
	return memory_barrier(l, a->crm);
}

A64_TRANS(ISB, barrier)
{
	a64_end(l, IR_SYNC, IR_I64, IR_NONE, IR_NONE, 0, 0);
	l->end->has_next = true;
	return true;
}

/* Orders speculation only, which the guest's code does not control here. */
A64_TRANS(SB, none)
{
	return true;
}

/* ---- SYS ---- */

#define SYS_OP(op1, crn, crm, op2) ((op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))

A64_TRANS(SYS, sys)
{
	switch (SYS_OP(a->op1, a->crn, a->crm, a->op2)) {
	case SYS_OP(3, 7, 4, 1): /* DC ZVA */
		a64_r(l, IR_ZVA, IR_I64, IR_NONE, a64_zr(a->rt), 0);
		return true;
	case SYS_OP(3, 7, 5, 1): /* IC IVAU */
		a64_end(l, IR_ICACHE, IR_I64, IR_NONE, a64_zr(a->rt), 0, 0);
		l->end->has_next = true;
		return true;
	case SYS_OP(3, 7, 10, 1): /* DC CVAC */
	case SYS_OP(3, 7, 11, 1): /* DC CVAU */
	case SYS_OP(3, 7, 12, 1): /* DC CVAP */
	case SYS_OP(3, 7, 13, 1): /* DC CVADP */
	case SYS_OP(3, 7, 14, 1): /* DC CIVAC */
		/* Nothing to clean, but they need a readable address: fault like a load. */
		a64_emit(l, IR_LD, IR_I8, 0, IR_ZERO, a64_zr(a->rt), IR_NONE, 0, 0);
		return true;
	default: return false;
	}
}

A64_TRANS(SYSL, sys)
{
	return false;
}

/* ---- system registers ---- */

#define SYSREG(op0, op1, crn, crm, op2) \
	((op0) << 14 | (op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))
#define SYSREG_OF(a) SYSREG((a)->op0, (a)->op1, (a)->crn, (a)->crm, (a)->op2)

enum {
	RNDR = SYSREG(3, 3, 2, 4, 0),
	RNDRRS = SYSREG(3, 3, 2, 4, 1),
	DIT = SYSREG(3, 3, 4, 2, 5),
	SSBS = SYSREG(3, 3, 4, 2, 6),
	CTR_EL0 = SYSREG(3, 3, 0, 0, 1),
	DCZID_EL0 = SYSREG(3, 3, 0, 0, 7),
	NZCV = SYSREG(3, 3, 4, 2, 0),
	FPCR = SYSREG(3, 3, 4, 4, 0),
	FPSR = SYSREG(3, 3, 4, 4, 1),
	TPIDR_EL0 = SYSREG(3, 3, 13, 0, 2),
	TPIDRRO_EL0 = SYSREG(3, 3, 13, 0, 3),
	CNTFRQ_EL0 = SYSREG(3, 3, 14, 0, 0),
	CNTVCT_EL0 = SYSREG(3, 3, 14, 0, 2),
	CNTVCTSS_EL0 = SYSREG(3, 3, 14, 0, 6),
	VDSO_REALTIME = SYSREG(3, 3, 15, 0, 0),
	VDSO_MONOTONIC = SYSREG(3, 3, 15, 0, 1),
};

#define CPU_SYS(index) ((int64_t)(offsetof(struct cpu, sys) + 8 * (index)))

/* ---- SSBS and DIT: kept, and without effect ---- */

static void read_pstate(struct a64_lift *l, unsigned d, uint64_t field)
{
	a64_r(l, IR_GETST, IR_I64, IR_T1, IR_NONE, CPU_SYS(A64_SYS_PSTATE));
	a64_ri(l, IR_AND, IR_I64, d, IR_T1, (int64_t)field);
}

/* Bit 0 of t2 becomes the field. */
static void write_pstate(struct a64_lift *l, uint64_t field)
{
	a64_r(l, IR_GETST, IR_I64, IR_T1, IR_NONE, CPU_SYS(A64_SYS_PSTATE));
	a64_emit(l, IR_BFI, IR_I64, 0, IR_T1, IR_T1, IR_T2, 0,
		 IR_BF(__builtin_ctzll(field), 1));
	a64_r(l, IR_SETST, IR_I64, IR_NONE, IR_T1, CPU_SYS(A64_SYS_PSTATE));
}

static void copy_pstate(struct a64_lift *l, unsigned n, uint64_t field)
{
	a64_r(l, IR_UBFX, IR_I64, IR_T2, n, IR_BF(__builtin_ctzll(field), 1));
	write_pstate(l, field);
}

/* The other fields that there are belong to the kernel, or to features not reported. */
A64_TRANS(MSR_imm, msr_imm)
{
	if (a->op1 != 3 || (a->op2 != 1 && a->op2 != 2))
		return false;
	a64_mov_imm(l, IR_I64, IR_T2, a->crm & 1);
	write_pstate(l, a->op2 == 1 ? A64_PSTATE_SSBS : A64_PSTATE_DIT);
	return true;
}

/* ---- identification ---- */

/*
 * The space of identification registers, which Linux emulates for HWCAP_CPUID: the three of
 * CRm 0 that exist, and all of CRm 2 to 7, of which most read as zero. Returns false for the
 * others.
 */
static bool id_register(const struct a64_arg_sysreg *a, uint64_t *ret_value)
{
	if (a->op0 != 3 || a->op1 != 0 || a->crn != 0 || a->crm == 1 || a->crm > 7)
		return false;
	*ret_value = 0;
	if (a->crm == 0) {
		switch (a->op2) {
		case 0: *ret_value = A64_MIDR; return true;
		case 5: *ret_value = A64_MPIDR; return true;
		case 6: *ret_value = A64_REVIDR; return true;
		default: return false;
		}
	}
	switch (a->crm << 3 | a->op2) {
#define ID_REG(name, reg_crm, reg_op2, base)              \
	case (reg_crm) << 3 | (reg_op2):                  \
		*ret_value = a64_id_value(A64_ID_##name); \
		break;
#define FEATURE(set, name, text, word, bit, reg, shift, more)
#include "guest/a64/features.def"
#undef ID_REG
#undef FEATURE
	}
	return true;
}

A64_TRANS(MRS, sysreg)
{
	unsigned d = a64_zr(a->rt);
	uint64_t value;

	switch (SYSREG_OF(a)) {
	case TPIDR_EL0:
		a64_r(l, IR_GETST, IR_I64, d, IR_NONE, CPU_SYS(A64_SYS_TPIDR));
		return true;
	case TPIDRRO_EL0:
		a64_r(l, IR_GETST, IR_I64, d, IR_NONE, CPU_SYS(A64_SYS_TPIDRRO));
		return true;
	case NZCV: a64_r(l, IR_GETNZCV, IR_I64, d, IR_NONE, 0); return true;
	case FPCR:
		a64_r(l, IR_GETST, IR_I32, d, IR_NONE, offsetof(struct cpu, fpcr));
		return true;
	case FPSR: a64_r(l, IR_GETFPSR, IR_I64, d, IR_NONE, 0); return true;
	case CTR_EL0: value = A64_CTR; break;
	case DCZID_EL0: value = A64_DCZID; break;
	case CNTFRQ_EL0: value = A64_CNTFRQ; break;
	case DIT: read_pstate(l, d, A64_PSTATE_DIT); return true;
	case SSBS: read_pstate(l, d, A64_PSTATE_SSBS); return true;
	case RNDR:
	case RNDRRS:
		a64_emit(l, IR_HELPER, IR_I64, 0, d, IR_ZERO, IR_ZERO, A64_HELPER_RANDOM, 0);
		a64_r(l, IR_GETST, IR_I64, IR_T1, IR_NONE, CPU_SYS(A64_SYS_RNDR));
		a64_r(l, IR_SETNZCV, IR_I64, IR_NONE, IR_T1, 0);
		return true;
	/* The physical counter is the kernel's. */
	case CNTVCT_EL0:
	case CNTVCTSS_EL0:
		a64_emit(l, IR_HELPER, IR_I64, 0, d, IR_ZERO, IR_ZERO, A64_HELPER_COUNTER,
			 0);
		return true;
	case VDSO_REALTIME:
	case VDSO_MONOTONIC:
		if (l->pc < a64_vdso_start || l->pc >= a64_vdso_end)
			return false;
		a64_emit(l, IR_HELPER, IR_I64, 0, d, IR_ZERO, IR_ZERO, A64_HELPER_CLOCK,
			 a->op2);
		return true;
	default:
		if (!id_register(a, &value))
			return false;
	}
	a64_mov_imm(l, IR_I64, d, (int64_t)value);
	return true;
}

A64_TRANS(MSR_reg, sysreg)
{
	unsigned n = a64_zr(a->rt);

	switch (SYSREG_OF(a)) {
	case TPIDR_EL0:
		a64_r(l, IR_SETST, IR_I64, IR_NONE, n, CPU_SYS(A64_SYS_TPIDR));
		return true;
	case DIT: copy_pstate(l, n, A64_PSTATE_DIT); return true;
	case SSBS: copy_pstate(l, n, A64_PSTATE_SSBS); return true;
	case NZCV: a64_r(l, IR_SETNZCV, IR_I64, IR_NONE, n, 0); return true;
	case FPCR: a64_r(l, IR_SETFPCR, IR_I64, IR_NONE, n, 0); return true;
	case FPSR: a64_r(l, IR_SETFPSR, IR_I64, IR_NONE, n, 0); return true;
	default: return false;
	}
}
