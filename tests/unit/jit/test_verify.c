/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verifier accepts what front ends may emit and names what they may not. */
#include <errno.h>

#include "ir-test.h"

static const char *const good[] = {
	/* own result before the last access, base not among the results */
	ONE_BLOCK "ld r1, [r2]\nld r3, [r2 + 8]\nadd r2, r2, #16\nb #0x1010\n",
	/* a result that is the base waits in a temporary */
	ONE_BLOCK "ld t0, [r2]\nld r3, [r2 + 8]\nmov r2, t0\nb #0x1010\n",
	/* t1 lives across an op that clobbers t0 */
	ONE_BLOCK "mov t1, r1\nmul r3, r1, r2\nmov r4, t1\nb #0x1010\n",
	/* t0 as an operand and as the result of such an op */
	ONE_BLOCK "mov t0, r1\nmul t0, t0, r2\nmov r4, t0\nb #0x1010\n",
	ONE_BLOCK "mov t2, r5\nldxp r1, t2, t1\nb #0x1010\n",
	/* a dead op is not looked at */
	ONE_BLOCK "mov r1, t3 !dead\nb #0x1010\n",
	ONE_BLOCK "mov t1, r1\nmov t2, r2\nmov t3, r3\nmov t4, r4\n"
		  "casp t1, r9, t3\nmov r30, t1\nb #0x1010\n",
	/* the next guest instruction may write what the last one read */
	"region 0x1000\nblock 0x1000 next 0x1008 insns 2\n@0\nadd r1, r1, #1\n"
	"@4\nld r2, [r1]\nb #0x1008\n",
	"region 0x1000\nblock 0x1ffc next 0x2000 insns 1\n@0xffc\nsvc\n",
};

static void test_good(void **state)
{
	(void)state;
	for (unsigned n = 0; n < sizeof(good) / sizeof(good[0]); n++)
		assert_verifies(region_of(good[n]));
}

static void test_bad(void **state)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{ONE_BLOCK "mov r1, t0\nb #0x1010\n",
		 "op 0 (MOV): temporary read before it is written"},
		{ONE_BLOCK "vmov v1, vt0\nb #0x1010\n",
		 "op 0 (VMOV): vector temporary read before it is written"},
		/* temporaries end with their guest instruction */
		{ONE_BLOCK "mov t1, r1\n@4\nmov r2, t1\nb #0x1010\n",
		 "op 1 (MOV): temporary read before it is written"},
		{ONE_BLOCK "mov t0, r1\nmul r3, r1, r2\nmov r4, t0\nb #0x1010\n",
		 "op 2 (MOV): temporary read before it is written"},
		{ONE_BLOCK "mov t1, r1\nmov t3, r1\ncasp t1, r9, t3\nb #0x1010\n",
		 "op 2 (CASP): temporary read before it is written"},
		{ONE_BLOCK "casp r30, r1, r2\nb #0x1010\n",
		 "op 0 (CASP): a pair cannot include sp"},
		{ONE_BLOCK "mov t4, r1\ncasp t4, r1, r2\nb #0x1010\n",
		 "op 1 (CASP): a pair of registers needed"},
		{ONE_BLOCK "vmov vt1, v1\nvmov vt2, v1\nvriff3 v1, vt1, 0\nb #0x1010\n",
		 "op 2 (VRIFF3): vector temporary read before it is written"},
		/* precise faults */
		{ONE_BLOCK "add r2, r2, #16\nld r1, [r2]\nb #0x1010\n",
		 "op 0 (ADD): state changes before the last memory access"},
		{ONE_BLOCK "ld r2, [r2]\nld r3, [r2 + 8]\nb #0x1010\n",
		 "op 0 (LD): state changes before the last memory access"},
		{ONE_BLOCK "ld r4, [r2]\nld r3, [r2 + r4]\nb #0x1010\n",
		 "op 0 (LD): state changes before the last memory access"},
		{ONE_BLOCK "sub.s z, r2, #16\nst r1, [r2]\nb #0x1010\n",
		 "op 0 (SUB): state changes before the last memory access"},
		{ONE_BLOCK "vmov v1, v2\nldv v3, [r2]\nb #0x1010\n",
		 "op 0 (VMOV): state changes before the last memory access"},
		{ONE_BLOCK "setst r1, #0\nst r1, [r2]\nb #0x1010\n",
		 "op 0 (SETST): state changes before the last memory access"},
		/* terminators */
		{ONE_BLOCK "mov r1, r2\n",
		 "op 0 (MOV): block does not end with a terminator"},
		{ONE_BLOCK "b #0x1010\nb #0x1010\n",
		 "op 0 (B): terminator inside a block"},
		{ONE_BLOCK "b #0x1010 !dead\n", "op 0 (B): terminator is dead"},
		/* types */
		{ONE_BLOCK "add.i16 r1, r2, r3\nb #0x1010\n",
		 "op 0 (ADD): type not allowed here"},
		{ONE_BLOCK "ld.i128 r1, [r2]\nb #0x1010\n",
		 "op 0 (LD): type not allowed here"},
		{ONE_BLOCK "setf r1\nb #0x1010\n", "op 0 (SETF): type not allowed here"},
		{ONE_BLOCK "rev64.i32 r1, r2\nb #0x1010\n",
		 "op 0 (REV64): type not allowed here"},
		{ONE_BLOCK "ldv.f64 v1, [r2]\nb #0x1010\n",
		 "op 0 (LDV): type not allowed here"},
		/* numbers */
		{ONE_BLOCK "add.i32 r1, r2, r3, lsl 32\nb #0x1010\n",
		 "op 0 (ADD): shift amount out of range"},
		{ONE_BLOCK "extr.i32 r1, r2, r3, 32\nb #0x1010\n",
		 "op 0 (EXTR): shift amount out of range"},
		{ONE_BLOCK "tbz.i32 r1, 32, #0x1000\n", "op 0 (TBZ): bit out of range"},
		{ONE_BLOCK "ubfx.i32 r1, r2, #20:13\nb #0x1010\n",
		 "op 0 (UBFX): bit field out of range"},
		{ONE_BLOCK "bfi r1, r2, r3, #20:0\nb #0x1010\n",
		 "op 0 (BFI): bit field out of range"},
		{ONE_BLOCK "csel r1, r2, r3, eq, #4\nb #0x1010\n",
		 "op 0 (CSEL): unknown kind of CSEL"},
		{ONE_BLOCK "csel r1, r2, r3, eq:1\nb #0x1010\n",
		 "op 0 (CSEL): condition out of range"},
		{ONE_BLOCK "amo r1, r2, r3, #9\nb #0x1010\n",
		 "op 0 (AMO): unknown kind of AMO"},
		{ONE_BLOCK "fence #3\nb #0x1010\n",
		 "op 0 (FENCE): unknown kind of FENCE"},
		{ONE_BLOCK "rmif r1, 3, #64\nb #0x1010\n",
		 "op 0 (RMIF): RMIF out of range"},
		{ONE_BLOCK "getst r1, #0x100000\nb #0x1010\n",
		 "op 0 (GETST): offset outside struct cpu"},
		{ONE_BLOCK "getst r1, #4\nb #0x1010\n",
		 "op 0 (GETST): offset outside struct cpu"},
		{ONE_BLOCK "ld r1, [r2 + r3 << 5]\nb #0x1010\n",
		 "op 0 (LD): index shift out of range"},
		/* attributes and operands */
		{ONE_BLOCK "or.s r1, r2, r3\nb #0x1010\n",
		 "op 0 (OR): op cannot set flags"},
		{ONE_BLOCK "st.sx64 r1, [r2]\nb #0x1010\n",
		 "op 0 (ST): sign-extension is for LD"},
		{ONE_BLOCK "ld.i8.sx64.sx32 r1, [r2]\nb #0x1010\n",
		 "op 0 (LD): sign-extension to both 32 and 64 bits"},
		{ONE_BLOCK "add r1, -, r2\nb #0x1010\n",
		 "op 0 (ADD): operand is not an integer register"},
		/* shape of the region */
		{"region 0x1000\nblock 0x2000 next 0x2004 insns 1\n@0\nb #0\n",
		 "op 0 (B): block leaves the page"},
		{"region 0x1000\nblock 0x1ffc next 0x2004 insns 2\n@0xffc\nb #0\n",
		 "op 0 (B): block leaves the page"},
		{"region 0x1008\nblock 0x1008 next 0x100c insns 1\n@0\nb #0\n",
		 "op 0 (B): page is not aligned"},
		{"region 0x1000\nblock 0x1000 next 0x1008 insns 2\n@4\nmov r1, r2\n@0\nb #0\n",
		 "op 1 (B): position outside the block or going back"},
		{"region 0x1000\nblock 0x1000 next 0x1008 insns 2\n@0\nb #0\n"
		 "block 0x1008 next 0x100c insns 1\n",
		 "op 1: ops of the block are not where they should be"},
	};

	(void)state;
	for (unsigned n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		char message[128] = "";

		if (ir_verify(region_of(bad[n].text), message, sizeof(message)) !=
		    -EINVAL) {
			print_error("accepted: %s", bad[n].text);
			fail();
		}
		assert_string_equal(message, bad[n].message);
	}
}

static void test_shape(void **state)
{
	struct ir_region *r = region_of(ONE_BLOCK "mov r1, r2\nb #0x1010\n");
	char message[128], small[8];

	(void)state;
	r->ninsns++;
	assert_int_equal(ir_verify(r, message, sizeof(message)), -EINVAL);
	assert_non_null(strstr(message, "wrong number of guest instructions"));
	r->ninsns--;
	r->ins[0].d = 40;
	assert_int_equal(ir_verify(r, small, sizeof(small)), -EINVAL);
	assert_string_equal(small, "op 0 (M");
	r->ins[0].d = 1;
	r->ins[0].op = IR_OP_COUNT;
	assert_int_equal(ir_verify(r, message, sizeof(message)), -EINVAL);
	assert_string_equal(message, "op 0: unknown op");
	r->ins[0].op = IR_MOV;
	r->nops--;
	assert_int_equal(ir_verify(r, message, sizeof(message)), -EINVAL);
	assert_non_null(strstr(message, "not where they should be"));
	r->nops++;
	assert_int_equal(ir_verify(r, message, sizeof(message)), 0);
	r->block[1] = r->block[0];
	r->nblocks++;
	assert_int_equal(ir_verify(r, message, sizeof(message)), -EINVAL);
	assert_non_null(strstr(message, "not where they should be"));
	r->nblocks--;
	/* what a split leaves behind */
	r->ins[2] = r->ins[1];
	r->at[2] = r->at[1];
	r->ins[1] = r->ins[0];
	r->at[1] = r->at[0];
	r->block[0].first = 1;
	r->nops++;
	assert_int_equal(ir_verify(r, message, sizeof(message)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_shape),
	};

	return cmocka_run_group_tests_name("jit/ir verifier", tests, NULL, NULL);
}
