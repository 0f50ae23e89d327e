/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Looks ahead for the flags pass: which NZCV bits may code read before it writes them? The
 * answer may be too large, never too small. Words are classified by masks, without decoding:
 * where an unallocated word is taken for its allocated neighbour, it ends in SIGILL, whose
 * frame then shows flags that nobody read. tags: guest/a64 - flag liveness across blocks
 */
#include "guest/a64/cpu.h"

#define MAX_INSNS 16
#define MAX_PATHS 4

struct path {
	uint64_t pc;
	unsigned live; /* flags not yet written on the way here */
};

/* What one instruction does to the flags, and where it goes. */
struct effect {
	uint8_t reads, writes;
	bool next, branch; /* goes on behind it; goes to target */
	bool unknown;
	uint64_t target;
};

static int64_t field(uint32_t word, unsigned low, unsigned width)
{
	return (int64_t)((uint64_t)word << (64 - low - width)) >> (64 - width);
}

static struct effect branch_effect(uint32_t word, uint64_t pc)
{
	struct effect e = {.branch = true};

	if ((word & 0x7c000000) == 0x14000000) { /* B, BL */
		e.target = pc + (uint64_t)field(word, 0, 26) * 4;
		return e;
	}
	e.next = true;
	if ((word & 0xff000000) == 0x54000000) { /* B.cond, BC.cond */
		e.reads = (uint8_t)ir_cond_reads(word & 15);
		e.target = pc + (uint64_t)field(word, 5, 19) * 4;
	} else if ((word & 0x7e000000) == 0x34000000) { /* CBZ, CBNZ */
		e.target = pc + (uint64_t)field(word, 5, 19) * 4;
	} else if ((word & 0x7e000000) == 0x36000000) { /* TBZ, TBNZ */
		e.target = pc + (uint64_t)field(word, 5, 14) * 4;
	} else {
		e.branch = false;
		if ((word & 0xfffff01f) == 0xd503201f || /* hints */
		    (word & 0xfffff01f) == 0xd503301f) { /* barriers */
							 /* neither reads nor writes */
		} else if ((word & 0xffffffe0) == 0xd51b4200) { /* MSR NZCV */
			e.writes = IR_FLAGS;
		} else if (word == 0xd500401f) { /* CFINV */
			e.reads = e.writes = IR_FLAG_C;
		} else if ((word & 0xffdfffe0) == 0xd51bd040 || /* TPIDR_EL0 */
			   (word & 0xffffffe0) == 0xd50b7420) { /* DC ZVA */
								/* neither */
		} else {
			e.unknown = true;
		}
	}
	return e;
}

static struct effect register_effect(uint32_t word)
{
	struct effect e = {.next = true};

	if ((word & 0x1f000000) == 0x0b000000) { /* ADD, SUB, shifted or extended */
		e.writes = word >> 29 & 1 ? IR_FLAGS : 0;
	} else if ((word & 0x1f000000) == 0x0a000000) { /* logical */
		e.writes = (word >> 29 & 3) == 3 ? IR_FLAGS : 0;
	} else if ((word & 0x1fe00000) == 0x1a800000) { /* CSEL ... */
		e.reads = (uint8_t)ir_cond_reads(word >> 12 & 15);
	} else if ((word & 0x1fe00000) == 0x1a400000) { /* CCMP, CCMN */
		e.reads = (uint8_t)ir_cond_reads(word >> 12 & 15);
		e.writes = IR_FLAGS;
	} else if ((word & 0x1fe0fc00) == 0x1a000000) { /* ADC, SBC */
		e.reads = IR_FLAG_C;
		e.writes = word >> 29 & 1 ? IR_FLAGS : 0;
	} else if ((word & 0x1fe00000) == 0x1a000000) { /* RMIF, SETF */
		e.unknown = true;
	}
	return e;
}

static struct effect effect_of(uint32_t word, uint64_t pc)
{
	struct effect e = {.next = true};

	switch (word >> 25 & 15) {
	case 0x0:
	case 0x1:
	case 0x2:
	case 0x3: /* reserved, SVE */ e.unknown = true; break;
	case 0x8:
	case 0x9: /* immediate */
		if ((word & 0x1f000000) == 0x11000000)
			e.writes = word >> 29 & 1 ? IR_FLAGS : 0;
		else if ((word & 0x1f800000) == 0x12000000)
			e.writes = (word >> 29 & 3) == 3 ? IR_FLAGS : 0;
		break;
	case 0xa:
	case 0xb: return branch_effect(word, pc);
	case 0xc:
	case 0xe: /* memory; copies and sets use the flags */
		e.unknown = (word & 0xfb200c00) == 0x19000400;
		break;
	case 0x5:
	case 0xd: return register_effect(word);
	case 0x7:
	case 0xf: /* FP and SIMD; the rest of them leaves the flags alone */
		if ((word & 0xff20fc07) == 0x1e202000 || /* FCMP, FCMPE */
		    (word & 0xfffffc00) == 0x1e7e0000) { /* FJCVTZS */
			e.writes = IR_FLAGS;
		} else if ((word & 0xff200c00) == 0x1e200400) { /* FCCMP */
			e.reads = (uint8_t)ir_cond_reads(word >> 12 & 15);
			e.writes = IR_FLAGS;
		} else if ((word & 0xff200c00) == 0x1e200c00) { /* FCSEL */
			e.reads = (uint8_t)ir_cond_reads(word >> 12 & 15);
		}
		break;
	}
	return e;
}

unsigned a64_peek_flags(uint64_t pc)
{
	struct path paths[MAX_PATHS] = {{pc, IR_FLAGS}};
	uint64_t page = pc & -(uint64_t)GUEST_PAGE_SIZE;
	unsigned npaths = 1, insns = 0, read = 0;

	while (npaths) {
		struct path p = paths[--npaths];

		while (p.live & ~read) {
			struct effect e;

			if ((p.pc & -(uint64_t)GUEST_PAGE_SIZE) != page ||
			    insns++ >= MAX_INSNS)
				return read | p.live;
			e = effect_of(*(const uint32_t *)(uintptr_t)p.pc, p.pc);
			if (e.unknown)
				return IR_FLAGS & (read | p.live);
			read |= e.reads & p.live;
			p.live &= ~(unsigned)e.writes;
			if (e.branch && e.next) {
				if (npaths == MAX_PATHS)
					return read | p.live;
				paths[npaths++] = (struct path){e.target, p.live};
			}
			p.pc = e.next ? p.pc + 4 : e.target;
		}
	}
	return read;
}
