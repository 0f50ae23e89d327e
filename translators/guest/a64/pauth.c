/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pointer authentication: codes of 7 bits (48-bit addresses, top byte ignored, bit 55 says
 * which half), and the generic code of 32 bits. The algorithm is implementation defined: two rounds
 * of multiplying and folding, keyed, which hides a code from a guest but not from a
 * cryptographer. No FPAC: a pointer that fails becomes one that faults when it is used.
 * tags: guest/a64 - pointer authentication
 */
#include "guest/a64/pauth.h"

/* Bit 55 says which half of the addresses a pointer belongs to. In the upper one, which is the
 * kernel's, the top byte is not ignored: it is part of the code. */
static uint64_t code_bits(uint64_t pointer)
{
	return pointer >> 55 & 1 ? UINT64_C(0xff7f000000000000) : A64_PAC_MASK;
}

static uint64_t extend(uint64_t pointer)
{
	return pointer >> 55 & 1 ? pointer | code_bits(pointer) : pointer & ~code_bits(pointer);
}

static uint64_t mix(uint64_t x, uint64_t factor)
{
	unsigned __int128 wide = (unsigned __int128)x * factor;

	return (uint64_t)wide ^ (uint64_t)(wide >> 64);
}

static uint64_t code(const struct cpu *cpu, unsigned key, uint64_t data, uint64_t modifier)
{
	const uint64_t *k = &cpu->sys[A64_SYS_KEYS + 2 * key];
	uint64_t x = mix(data ^ k[0], UINT64_C(0x9e3779b97f4a7c15));

	x = mix(x ^ modifier ^ k[1], UINT64_C(0xd6e8feb86659fd93));
	return mix(x ^ k[0], UINT64_C(0xa0761d6478bd642f));
}

static bool is_on(const struct cpu *cpu, unsigned key)
{
	return cpu->sys[A64_SYS_PAC_ON] >> key & 1;
}

uint64_t a64_helper_sign(struct cpu *cpu, uint64_t pointer, uint64_t modifier, int64_t key)
{
	uint64_t extended = extend(pointer), bits = code_bits(pointer), pac;

	if (!is_on(cpu, (unsigned)key))
		return pointer;
	pac = code(cpu, (unsigned)key, extended, modifier);
	/* What is no address must not become one by authenticating it. */
	if (extended != pointer)
		pac ^= UINT64_C(1) << (pointer >> 55 & 1 ? 62 : 54);
	return (pointer & ~bits) | (pac & bits);
}

uint64_t a64_helper_auth(struct cpu *cpu, uint64_t pointer, uint64_t modifier, int64_t key)
{
	uint64_t original = extend(pointer);
	unsigned place = pointer >> 55 & 1 ? 61 : 53;

	if (!is_on(cpu, (unsigned)key))
		return pointer;
	if (!((code(cpu, (unsigned)key, original, modifier) ^ pointer) & code_bits(pointer)))
		return original;
	/* The error code tells an A key (01) from a B key (10). */
	return (original & ~(UINT64_C(3) << place)) | (uint64_t)(key & 1 ? 2 : 1) << place;
}

uint64_t a64_helper_mac(struct cpu *cpu, uint64_t a, uint64_t b, int64_t imm)
{
	(void)imm;
	return code(cpu, A64_KEY_GA, a, b) & UINT64_C(0xffffffff00000000);
}
