/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pointer authentication. Without A64_SET_PAUTH the keys are off, as on a processor whose
 * kernel did not turn them on: pointers pass as they are, and PACGA alone computes.
 * tags: guest/a64 - PACIA, AUTIA, XPAC, PACGA, RETAA, BRAA, LDRAA
 */
#include "guest/a64/decode.h"
#include "guest/a64/lift.h"
#include "guest/a64/pauth.h"

#define KEYS_ON (a64_sets & A64_SET_PAUTH)

/* d = n signed or authenticated with a key of enum a64_key and the modifier m */
static void emit_pac(struct a64_lift *l, bool auth, unsigned key, unsigned d, unsigned n,
		     unsigned m)
{
	a64_emit(l, IR_HELPER, IR_I64, 0, d, n, m,
		 auth ? A64_HELPER_AUTH : A64_HELPER_SIGN, (int64_t)key);
}

/* Bits 54:48 become copies of bit 55, and the top byte too if that is one (see pauth.c). */
static void emit_strip(struct a64_lift *l, unsigned d)
{
	a64_r(l, IR_SBFX, IR_I64, IR_T1, d, IR_BF(55, 1));
	a64_emit(l, IR_BFI, IR_I64, 0, d, d, IR_T1, 0, IR_BF(48, 7));
	a64_ri(l, IR_AND, IR_I64, IR_T1, IR_T1, (int64_t)UINT64_C(0xff00000000000000));
	a64_rr(l, IR_OR, IR_I64, d, d, IR_T1);
}

void a64_pauth_hint(struct a64_lift *l, unsigned number)
{
	switch (number) {
	case 7: emit_strip(l, 30); break; /* XPACLRI */
	case 8: emit_pac(l, false, A64_KEY_IA, 17, 17, 16); break; /* PACIA1716 */
	case 10: emit_pac(l, false, A64_KEY_IB, 17, 17, 16); break;
	case 12: emit_pac(l, true, A64_KEY_IA, 17, 17, 16); break;
	case 14: emit_pac(l, true, A64_KEY_IB, 17, 17, 16); break;
	case 24: emit_pac(l, false, A64_KEY_IA, 30, 30, IR_ZERO); break; /* PACIAZ */
	case 25: emit_pac(l, false, A64_KEY_IA, 30, 30, IR_SP); break;	 /* PACIASP */
	case 26: emit_pac(l, false, A64_KEY_IB, 30, 30, IR_ZERO); break;
	case 27: emit_pac(l, false, A64_KEY_IB, 30, 30, IR_SP); break;
	case 28: emit_pac(l, true, A64_KEY_IA, 30, 30, IR_ZERO); break; /* AUTIAZ */
	case 29: emit_pac(l, true, A64_KEY_IA, 30, 30, IR_SP); break;	/* AUTIASP */
	case 30: emit_pac(l, true, A64_KEY_IB, 30, 30, IR_ZERO); break;
	case 31: emit_pac(l, true, A64_KEY_IB, 30, 30, IR_SP); break;
	}
}

A64_TRANS(PAC, pac)
{
	unsigned d = a64_zr(a->rd);

	if (KEYS_ON && d != IR_ZERO)
		emit_pac(l, a->auth, (unsigned)(a->data * 2 + a->b), d, d,
			 a->z ? (unsigned)IR_ZERO : (unsigned)a->rn);
	return true;
}

A64_TRANS(XPAC, xpac)
{
	if (a->rd != 31)
		emit_strip(l, (unsigned)a->rd);
	return true;
}

A64_TRANS(PACGA, pacga)
{
	a64_emit(l, IR_HELPER, IR_I64, 0, a64_zr(a->rd), a64_zr(a->rn), (unsigned)a->rm,
		 A64_HELPER_MAC, 0);
	return true;
}

/* The target of a branch, authenticated: in rn, or in t1. */
static unsigned target(struct a64_lift *l, unsigned key, unsigned n, unsigned m)
{
	if (!KEYS_ON)
		return n;
	emit_pac(l, true, key, IR_T1, n, m);
	return IR_T1;
}

static unsigned target_of(struct a64_lift *l, const struct a64_arg_branch_auth *a)
{
	return target(l, a->b ? A64_KEY_IB : A64_KEY_IA, a64_zr(a->rn),
		      a->z ? (unsigned)IR_ZERO : (unsigned)a->rm);
}

A64_TRANS(BRA, branch_auth)
{
	a64_end(l, IR_JMPR, IR_I64, IR_NONE, target_of(l, a), 0, 0);
	return true;
}

A64_TRANS(BLRA, branch_auth)
{
	a64_end(l, IR_CALLR, IR_I64, 30, target_of(l, a), 0, 0);
	l->end->has_next = true;
	return true;
}

A64_TRANS(RETA, ret_auth)
{
	a64_end(l, IR_RET, IR_I64, IR_NONE,
		target(l, a->b ? A64_KEY_IB : A64_KEY_IA, 30, IR_SP), 0, 0);
	return true;
}

A64_TRANS(LDRA, ldra)
{
	unsigned base = target(l, a->b ? A64_KEY_DB : A64_KEY_DA, (unsigned)a->rn, IR_ZERO);

	/* The result may be the base itself. */
	if (a->wback && base != IR_T1) {
		a64_mov(l, IR_I64, IR_T1, base);
		base = IR_T1;
	}
	a64_access(l, IR_LD, IR_I64, 0, a64_zr(a->rt), a64_address_imm((int)base, a->imm, 0));
	if (a->wback)
		a64_ri(l, IR_ADD, IR_I64, (unsigned)a->rn, IR_T1, a->imm);
	return true;
}
