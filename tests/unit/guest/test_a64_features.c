/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the processor reports: HWCAP bits against Linux's numbers, identification registers
 * against the manual's fields.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "guest/a64/cpu.h"

static int use_default(void **state)
{
	(void)state;
	a64_sets = A64_SET_BASE;
	return 0;
}

static void test_hwcap(void **state)
{
	(void)state;
	/* 0 fp, asimd, evtstrm, aes, pmull, sha1, sha2, crc32, atomics, 11 cpuid, asimdrdm, jscvt,
	 * fcma, lrcpc, dcpop, sha3, sm3, sm4, asimddp, 21 sha512, 26 ilrcpc, flagm, ssbs, 29 sb */
	assert_int_equal(a64_hwcap(1), 0x1ffu | 0x3ff800u | 15u << 26);
	/* dcpodp, flagm2, frint, i8mm, dgh, rng, ecv, wfxt, cssc, rprfm, hbc, lrcpc3 */
	assert_int_equal(a64_hwcap(2), UINT64_C(0x9a181) | UINT64_C(1) << 31 |
					       UINT64_C(3) << 34 | UINT64_C(1) << 44 |
					       UINT64_C(1) << 46);
	assert_int_equal(a64_hwcap(0), 0);
}

/* What -cpu max adds. */
static void test_max(void **state)
{
	uint64_t base1 = a64_hwcap(1), base2 = a64_hwcap(2);

	(void)state;
	a64_sets = A64_SET_BASE | A64_SET_MAX;
	/* fphp, asimdhp, asimdfhm, dit; bf16, mops, lse128 */
	assert_int_equal(a64_hwcap(1), base1 | 3u << 9 | 3u << 23);
	assert_int_equal(a64_hwcap(2), base2 | 1u << 14 | UINT64_C(1) << 43 | UINT64_C(1) << 47);
	assert_int_equal(a64_id_value(A64_ID_AA64ISAR1) >> 8 & 15, 0);
	a64_sets |= A64_SET_PAUTH;
	assert_int_equal(a64_hwcap(1), base1 | 3u << 9 | 3u << 23 | 3u << 30);
	assert_int_equal(a64_id_value(A64_ID_AA64PFR0), UINT64_C(0x0001000000110011));
	assert_int_equal(a64_id_value(A64_ID_AA64ISAR0), UINT64_C(0x1021111110312120));
	assert_int_equal(a64_id_value(A64_ID_AA64ISAR1), UINT64_C(0x0011101110311102));
	assert_int_equal(a64_id_value(A64_ID_AA64ISAR2), UINT64_C(0x0011000000110002));
}

/* ---- pointer authentication ---- */

static struct cpu cpu;

static uint64_t call(unsigned helper, uint64_t a, uint64_t b, int64_t key)
{
	return a64_arch.helpers[helper](&cpu, a, b, key);
}

static void test_pauth(void **state)
{
	static const uint64_t pointers[] = {
		0, 0x400000, 0x7fffffffffff, 0xffff80, 0x1200007000001234, 0xffff800012345678,
		0xffffffffffffffff, 0xab00000000000001,
	};

	(void)state;
	memset(&cpu, 0, sizeof(cpu));
	for (unsigned n = 0; n < 2 * A64_KEY_COUNT; n++)
		cpu.sys[A64_SYS_KEYS + n] = 0x0123456789abcdef * (n + 1);
	/* Off: nothing changes. */
	assert_int_equal(call(A64_HELPER_SIGN, 0x400000, 1, A64_KEY_IA), 0x400000);
	assert_int_equal(call(A64_HELPER_AUTH, 0x400000, 1, A64_KEY_IA), 0x400000);
	cpu.sys[A64_SYS_PAC_ON] = 15;
	for (unsigned n = 0; n < sizeof(pointers) / sizeof(pointers[0]); n++) {
		for (int64_t key = A64_KEY_IA; key <= A64_KEY_DB; key++) {
			uint64_t p = pointers[n], s = call(A64_HELPER_SIGN, p, n, key), f;

			/* in the upper half the top byte is not ignored */
			int place = p >> 55 & 1 ? 61 : 53;

			assert_int_equal((s ^ p) & UINT64_C(0x0080ffffffffffff), 0);
			if (place == 53)
				assert_int_equal((s ^ p) & ~A64_PAC_MASK, 0);
			assert_int_equal(call(A64_HELPER_AUTH, s, n, key), p);
			/* one bit of the code wrong: an error code, the rest is the pointer's */
			f = call(A64_HELPER_AUTH, s ^ UINT64_C(1) << 50, n, key);
			assert_int_equal(f >> place & 3, key & 1 ? 2 : 1);
			assert_int_equal((f ^ p) & ~(UINT64_C(3) << place), 0);
		}
	}
	/* Signing what is no address never gives what authenticates. */
	for (uint64_t n = 1; n < 127; n++) {
		uint64_t s = call(A64_HELPER_SIGN, n << 48 | 0x1000, 7, A64_KEY_DA);

		assert_int_not_equal(call(A64_HELPER_AUTH, s, 7, A64_KEY_DA), 0x1000);
	}
}

/* Codes depend on the key, the modifier and each bit of the pointer. */
static void test_pauth_spread(void **state)
{
	unsigned same = 0;

	(void)state;
	for (uint64_t n = 0; n < 1000; n++) {
		uint64_t s = call(A64_HELPER_SIGN, 0x400000, n, A64_KEY_IA);

		same += s == call(A64_HELPER_SIGN, 0x400000, n, A64_KEY_IB);
		same += s == call(A64_HELPER_SIGN, 0x400000, n + 1, A64_KEY_IA);
		same += (s ^ call(A64_HELPER_SIGN, 0x400001, n, A64_KEY_IA)) == 1;
	}
	/* 3000 / 128 are expected to be equal by chance */
	assert_in_range(same, 5, 60);
	assert_int_equal(call(A64_HELPER_MAC, 1, 2, 0) & 0xffffffff, 0);
	assert_int_not_equal(call(A64_HELPER_MAC, 1, 2, 0), call(A64_HELPER_MAC, 2, 1, 0));
}

static bool fixed_random(uint64_t *ret)
{
	*ret = 0x1234;
	return true;
}

static void test_random(void **state)
{
	(void)state;
	a64_random = NULL;
	assert_int_equal(call(A64_HELPER_RANDOM, 0, 0, 0), 0);
	assert_int_equal(cpu.sys[A64_SYS_RNDR], 1u << 30);
	a64_random = fixed_random;
	assert_int_equal(call(A64_HELPER_RANDOM, 0, 0, 0), 0x1234);
	assert_int_equal(cpu.sys[A64_SYS_RNDR], 0);
}

static unsigned field(enum a64_id_reg id, unsigned shift)
{
	return a64_id_value(id) >> shift & 15;
}

static void test_id_registers(void **state)
{
	(void)state;
	assert_int_equal(field(A64_ID_AA64PFR0, 0), 1);   /* EL0: AArch64 only */
	assert_int_equal(field(A64_ID_AA64PFR0, 16), 0);  /* FP without half precision */
	assert_int_equal(field(A64_ID_AA64PFR0, 20), 0);  /* AdvSIMD, the same */
	assert_int_equal(field(A64_ID_AA64ISAR0, 4), 2);  /* AES, PMULL */
	assert_int_equal(field(A64_ID_AA64ISAR0, 16), 1); /* CRC32 */
	assert_int_equal(field(A64_ID_AA64ISAR0, 20), 2); /* Atomic */
	assert_int_equal(field(A64_ID_AA64ISAR0, 52), 2); /* TS: FLAGM2 */
	assert_int_equal(field(A64_ID_AA64ISAR0, 60), 1); /* RNDR */
	assert_int_equal(field(A64_ID_AA64ISAR1, 0), 2);  /* DPB */
	assert_int_equal(field(A64_ID_AA64ISAR1, 8), 0);  /* API */
	assert_int_equal(field(A64_ID_AA64ISAR1, 20), 3); /* LRCPC */
	assert_int_equal(field(A64_ID_AA64ISAR1, 36), 1); /* SB */
	assert_int_equal(field(A64_ID_AA64ISAR2, 0), 2);  /* WFxT */
	assert_int_equal(a64_id_value(A64_ID_AA64DFR0), 6);
	assert_int_equal(a64_id_value(A64_ID_AA64PFR1), 0x20); /* SSBS */
	assert_int_equal(a64_id_value(A64_ID_AA64MMFR0), UINT64_C(0x10000000ff000000));
}

static void test_cache_geometry(void **state)
{
	(void)state;
	assert_int_equal(4 << (A64_CTR & 15), 64);       /* IminLine */
	assert_int_equal(4 << (A64_CTR >> 16 & 15), 64); /* DminLine */
	assert_int_equal(A64_CTR >> 28 & 3, 1);          /* IDC, not DIC */
	assert_int_equal(4 << A64_DCZID, 64);
}

static uint64_t fixed_counter(void)
{
	return 0x123456789abc;
}

static void test_counter(void **state)
{
	ir_helper_fn *read = a64_arch.helpers[A64_HELPER_COUNTER];
	uint64_t first = read(NULL, 0, 0, 0);

	(void)state;
	assert_true(read(NULL, 0, 0, 0) > first);
	a64_counter = fixed_counter;
	assert_int_equal(read(NULL, 0, 0, 0), 0x123456789abc);
	a64_counter = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_hwcap, use_default),
		cmocka_unit_test_setup(test_max, use_default),
		cmocka_unit_test_setup(test_id_registers, use_default),
		cmocka_unit_test(test_pauth),
		cmocka_unit_test(test_pauth_spread),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_cache_geometry),
		cmocka_unit_test(test_counter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
