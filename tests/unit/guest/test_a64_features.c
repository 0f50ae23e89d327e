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

static void test_hwcap(void **state)
{
	(void)state;
	/* 0 fp, asimd, evtstrm, aes, pmull, sha1, sha2, crc32, atomics, 11 cpuid, asimdrdm, jscvt,
	 * fcma, lrcpc, dcpop, sha3, sm3, sm4, asimddp, 21 sha512, 26 ilrcpc, flagm, 29 sb */
	assert_int_equal(a64_hwcap(1), 0x1ffu | 0x3ff800u | 1u << 26 | 1u << 27 | 1u << 29);
	/* flagm2, frint, i8mm, wfxt, cssc, hbc, lrcpc3 */
	assert_int_equal(a64_hwcap(2), UINT64_C(0x2180) | UINT64_C(1) << 31 |
					       UINT64_C(1) << 34 | UINT64_C(1) << 44 |
					       UINT64_C(1) << 46);
	assert_int_equal(a64_hwcap(0), 0);
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
	assert_int_equal(field(A64_ID_AA64ISAR0, 60), 0); /* RNDR */
	assert_int_equal(field(A64_ID_AA64ISAR1, 0), 1);  /* DPB */
	assert_int_equal(field(A64_ID_AA64ISAR1, 20), 3); /* LRCPC */
	assert_int_equal(field(A64_ID_AA64ISAR1, 36), 1); /* SB */
	assert_int_equal(field(A64_ID_AA64ISAR2, 0), 2);  /* WFxT */
	assert_int_equal(a64_id_value(A64_ID_AA64DFR0), 6);
	assert_int_equal(a64_id_value(A64_ID_AA64MMFR0), 0xff000000);
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
		cmocka_unit_test(test_hwcap),
		cmocka_unit_test(test_id_registers),
		cmocka_unit_test(test_cache_geometry),
		cmocka_unit_test(test_counter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
