/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text form: what is written is read back, and bad text is refused where it is bad. */
#include <errno.h>

#include "ir-test.h"

/* Every way of writing an operand, in the form that ir_dump() gives it. */
static const char all_forms[] =
	"region 0x7f0000001000\n"
	"block 0x7f0000001000 next 0x7f0000001010 insns 4 in:nzcv out:c\n"
	"@0x0\n"
	"\tadd r0, r1, #5\n"
	"\tsub.i32.s z, r31, #-1\n"
	"\tand r0, r1, r2, lsl 3\n"
	"\torn.i32 t0, t4, r30, ror 31\n"
	"\tmov r1, #0xffffffff80000000\n"
	"\tmov r1, z\n"
	"\tadr r9, #0x7f0000002000\n"
	"@0x4\n"
	"\text.i32 r1, r2, sxtb\n"
	"\tubfx r1, r2, #8:16\n"
	"\tbfi.i32 r1, r1, r2, #0:1\n"
	"\tcsel r1, r2, z, ge, inc !live:nv\n"
	"\tcsel r1, r2, r3, eq\n"
	"\tccmp r1, #31, ne:4 !live:nzcv !dead\n"
	"\trmif r1, 15, #63\n"
	"\tld.i16.sx64 r1, [r2 + r3 << 1 + 0x1000]\n"
	"\tst.i8.rel z, [r31 + -256]\n"
	"\tld.i32.sx32.acq r1, [t1]\n"
	"\tldv.i128.q v1, [r1 + t1 << 4]\n"
	"\tvmov.q vt7, v31\n"
	"\tldxp r1, r2, r3\n"
	"\tamo.i8.acq.rel z, r1, r2, swp\n"
	"\tamo r3, r1, r2, #77\n"
	"\tcasp.i32 r2, r1, r4\n"
	"\tfence load\n"
	"\tfence full\n"
	"\tgetst r1, #1000\n"
	"\thelper z, z, r1, 7, #-5\n"
	"\ttbz r1, 63, #0x7f0000001010\n"
	"block 0x7f0000001010 next 0x7f0000001014 insns 1\n"
	"@0x10\n"
	"\tbcc.i8 al, #0x7f0000001000\n";

static void test_text_to_text(void **state)
{
	static char text[8192];
	char expected[sizeof(all_forms)], *full;
	struct ir_region *r = region_of(all_forms);
	size_t length;

	(void)state;
	/* "full" is number 0 and need not be written. */
	memcpy(expected, all_forms, sizeof(all_forms));
	full = strstr(expected, "fence full");
	memmove(full + 5, full + 10, strlen(full + 10) + 1);
	length = ir_dump(text, sizeof(text), r);
	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(text));
	assert_int_equal(r->nblocks, 2);
	assert_int_equal(r->ninsns, 5);
	assert_int_equal(r->block[1].first, r->nops - 1);
	assert_int_equal(r->at[7], 4);
}

static unsigned random_name(uint64_t *seed, unsigned role)
{
	uint64_t x = next_random(seed);
	bool vector = role == IR_ROLE_VO || role == IR_ROLE_VI || role == IR_ROLE_VIO;

	switch (x % 8) {
	case 0: return IR_ZERO;
	case 1: return role == IR_ROLE_I ? IR_NONE : 0;
	case 2: return role == IR_ROLE_M ? IR_IMM : 1;
	default: return x / 8 % (vector ? IR_VEC_COUNT : IR_INT_COUNT);
	}
}

static uint8_t random_field(uint64_t *seed, unsigned op, unsigned role)
{
	uint64_t x = next_random(seed);

	if (role == IR_ROLE__)
		return IR_NONE;
	if (role != IR_ROLE_N)
		return (uint8_t)random_name(seed, role);
	if (op == IR_EXT)
		return x % 8;
	return (uint8_t)(ir_op_info[op].attr & IR_A_MEM ? x % 5 : x); /* index shift */
}

static struct ir_ins random_ins(uint64_t *seed, unsigned op)
{
	const struct ir_op_info *info = &ir_op_info[op];
	uint64_t x = next_random(seed);
	struct ir_ins i = {
		.op = op & 0x3ff,
		.live = x & 15,
		.dead = x >> 4 & 1,
		.ty = (uint8_t)((x >> 8) % IR_TYPE_COUNT),
		.fl = (uint8_t)(x >> 16),
		.d = random_field(seed, op, info->d),
		.a = random_field(seed, op, info->a),
		.b = random_field(seed, op, info->b),
		.c = random_field(seed, op, info->c),
		.imm = (int64_t)(next_random(seed) >> x % 64),
	};

	if (info->attr & IR_A_MEM && i.b == IR_NONE && info->c == IR_ROLE_N)
		i.c = 0; /* no index, no shift */
	return i;
}

/* Every op, with random fields: dump, parse, compare all that the op uses. */
static void test_every_op(void **state)
{
	uint64_t seed = 1;
	char text[256], line[200];

	(void)state;
	for (unsigned n = 0; n < 50 * IR_OP_COUNT; n++) {
		struct ir_ins want = random_ins(&seed, n % IR_OP_COUNT);
		struct ir_ins *got;

		assert_true(ir_dump_ins(line, sizeof(line), &want) < sizeof(line));
		snprintf(text, sizeof(text), ONE_BLOCK "%s\n", line);
		got = &region_of(text)->ins[0];
		if (memcmp(got, &want, sizeof(want))) {
			char again[200];

			ir_dump_ins(again, sizeof(again), got);
			print_error("%s\nread as\n%s\n", line, again);
			fail();
		}
	}
}

static void test_cut(void **state)
{
	struct ir_region *r = region_of(ONE_BLOCK "add r0, r1, #5\nb #0x1000\n");
	char full[256], cut[16];
	size_t length = ir_dump(full, sizeof(full), r);

	(void)state;
	assert_int_equal(ir_dump(NULL, 0, r), length);
	assert_int_equal(ir_dump(cut, sizeof(cut), r), length);
	assert_int_equal(strlen(cut), sizeof(cut) - 1);
	assert_memory_equal(cut, full, sizeof(cut) - 1);
}

static void test_errors(void **state)
{
	static const struct {
		const char *text, *message;
		unsigned line;
	} bad[] = {
		{"add r0, r1, #5\n", "op outside a block", 1},
		{ONE_BLOCK "frob r1\n", "unknown op", 4},
		{ONE_BLOCK "\n; comment\nadd.i31 r0, r1, r2\n", "unknown suffix", 6},
		{ONE_BLOCK "add r0 r1, r2\n", ", expected", 4},
		{ONE_BLOCK "add r0, r32, r2\n", "register expected", 4},
		{ONE_BLOCK "add r0, t5, r2\n", "register expected", 4},
		{ONE_BLOCK "add r0, v1, r2\n", "register expected", 4},
		{ONE_BLOCK "vmov v0, r1\n", "vector register expected", 4},
		{ONE_BLOCK "vmov v0, vt8\n", "vector register expected", 4},
		{ONE_BLOCK "add r0, r1, r2, lsl 64\n", "number out of range", 4},
		{ONE_BLOCK "add r0, r1, r2, sideways 1\n", "shift expected", 4},
		{ONE_BLOCK "add r0, r1, #\n", "number expected", 4},
		{ONE_BLOCK "add r0, r1, #12z\n", "number expected", 4},
		{ONE_BLOCK "mov r0, #0x10000000000000000\n", "number too large", 4},
		{ONE_BLOCK "add r0, r1, r2, lsl 1 r3\n", ", expected", 4},
		{ONE_BLOCK "ld r0, r1\n", "address expected", 4},
		{ONE_BLOCK "ld r0, [r1\n", "] expected", 4},
		{ONE_BLOCK "bcc xx, #4\n", "condition expected", 4},
		{ONE_BLOCK "ext r1, r2, r3\n", "extension expected", 4},
		{ONE_BLOCK "mov r0, r1 !lively\n", "mark expected", 4},
		{ONE_BLOCK "mov r0, r1 !live:q\n", "flags are some of n, z, c and v", 4},
		{"block 0x1000 0x1004\n", "next expected", 1},
		{"region x\n", "number expected", 1},
		{ONE_BLOCK "@0x1001\n", "number out of range", 4},
	};
	static struct ir_region r;

	(void)state;
	for (unsigned n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		const char *message = NULL;
		unsigned line = 0;

		assert_int_equal(ir_parse(&r, bad[n].text, &line, &message), -EINVAL);
		assert_string_equal(message, bad[n].message);
		assert_int_equal(line, bad[n].line);
	}
}

static void test_too_much(void **state)
{
	static struct ir_region r;
	size_t size = 64 + (IR_MAX_OPS + 1) * 16;
	char *text = malloc(size);
	const char *message = NULL;
	unsigned line = 0;
	size_t used;

	(void)state;
	assert_non_null(text);
	used = (size_t)sprintf(text, "%s", ONE_BLOCK);
	for (unsigned n = 0; n <= IR_MAX_OPS; n++)
		used += (size_t)sprintf(text + used, "mov r0, r1\n");
	assert_int_equal(ir_parse(&r, text, &line, &message), -EINVAL);
	assert_string_equal(message, "too many ops");
	assert_int_equal(line, 4 + IR_MAX_OPS);
	used = 0;
	for (unsigned n = 0; n <= IR_MAX_BLOCKS; n++)
		used += (size_t)sprintf(text + used, "block 0 next 4\n");
	assert_int_equal(ir_parse(&r, text, &line, &message), -EINVAL);
	assert_string_equal(message, "too many blocks");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_to_text), cmocka_unit_test(test_every_op),
		cmocka_unit_test(test_cut),          cmocka_unit_test(test_errors),
		cmocka_unit_test(test_too_much),
	};

	return cmocka_run_group_tests_name("jit/ir text", tests, NULL, NULL);
}
