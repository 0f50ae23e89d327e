/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The encoder against a disassembler: every row of insn.def in the forms that it is made for,
 * with registers and addresses of every shape, decoded by objdump. Without objdump the tests
 * are skipped.
 */
#include "tests/lib/unit.h"

#include <ctype.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "jit/x86/asm.h"

#define MAX_CASES 20000
#define GAP 15 /* no-ops behind each case, so that a wrong one does not spoil the next */

static uint8_t code[1 << 20];
static struct x86_buf buf;
static struct {
	uint32_t offset, end;
	char text[76];
} cases[MAX_CASES];
static unsigned ncases;
static uint8_t *case_start;

static const char *const r64[16] = { "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
				     "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15" };
static const char *const r32[16] = { "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi",
				     "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d" };
static const char *const r16[16] = { "ax", "cx", "dx", "bx", "sp", "bp", "si", "di",
				     "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w" };
static const char *const r8[16] = { "al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil",
				    "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b" };

static const char *gp(unsigned w, unsigned r)
{
	w &= 7;
	return w == W64 ? r64[r] : w == W16 ? r16[r] : w == W8 ? r8[r] : r32[r];
}

static const char *size_of(unsigned w)
{
	w &= 7;
	return w == W64 ? "QWORD" : w == W16 ? "WORD" : w == W8 ? "BYTE" : "DWORD";
}

static const struct {
	struct x86_mem m;
	const char *text;
} mems[] = {
	{ { 0x40, RBP, X86_NO_REG, 0, 0 }, "[rbp+0x40]" },
	{ { -0x80, RBP, X86_NO_REG, 0, 0 }, "[rbp-0x80]" },
	{ { 0x1234, RBP, X86_NO_REG, 0, 0 }, "[rbp+0x1234]" },
	{ { 0, RBP, X86_NO_REG, 0, 0 }, "[rbp+0x0]" },
	{ { 0, R13, X86_NO_REG, 0, 0 }, "[r13+0x0]" },
	{ { 0, RAX, X86_NO_REG, 0, 0 }, "[rax]" },
	{ { 8, RSP, X86_NO_REG, 0, 0 }, "[rsp+0x8]" },
	{ { 0, R12, X86_NO_REG, 0, 0 }, "[r12]" },
	{ { -0x81, R12, X86_NO_REG, 0, 0 }, "[r12-0x81]" },
	{ { 0x12345, RAX, RCX, 2, 0 }, "[rax+rcx*4+0x12345]" },
	{ { -8, R13, R14, 3, 0 }, "[r13+r14*8-0x8]" },
	{ { 0, R8, RDI, 0, 0 }, "[r8+rdi*1]" },
	{ { 0, RBX, R12, 1, 0 }, "[rbx+r12*2]" },
	{ { 0x10, X86_NO_REG, R8, 3, 0 }, "[r8*8+0x10]" },
	{ { 0x7fffffff, X86_NO_REG, RDX, 0, 0 }, "[rdx*1+0x7fffffff]" },
	{ { 0x100, X86_RIP, X86_NO_REG, 0, 0 }, "[rip+rel]" },
};
#define NMEMS (sizeof(mems) / sizeof(mems[0]))

static const uint8_t regs[] = { RAX, RBX, RSI, RDI, R8, R12, R13, R15 };
#define NREGS sizeof(regs)

static bool seen_row[1 << 15];

static void begin(unsigned op)
{
	seen_row[op] = true;
	case_start = buf.p;
}

/* What the bytes since begin() should be. */
__attribute__((format(printf, 1, 2))) static void want(const char *format, ...)
{
	va_list ap;

	assert_true(ncases < MAX_CASES);
	cases[ncases].offset = (uint32_t)(case_start - code);
	cases[ncases].end = (uint32_t)(buf.p - code);
	va_start(ap, format);
	vsnprintf(cases[ncases].text, sizeof(cases[0].text), format, ap);
	va_end(ap);
	ncases++;
	memset(buf.p, 0x90, GAP);
	buf.p += GAP;
	assert_true(buf.p < buf.end - 64);
}

/* ---- integer forms ---- */

/* name reg, rm. rw, mw: widths of the two as printed. */
static void form_rm(enum x86_insn op, const char *name, unsigned w, unsigned rw, unsigned mw)
{
	for (unsigned i = 0; i < NREGS; i++)
		for (unsigned k = 0; k < NREGS; k++) {
			begin(op);
			x86_rr(&buf, op, w, regs[i], regs[k]);
			want("%s %s,%s", name, gp(rw, regs[i]), gp(mw, regs[k]));
		}
	for (unsigned k = 0; k < NMEMS; k++) {
		unsigned r = regs[k % NREGS];

		begin(op);
		x86_rm(&buf, op, w, r, mems[k].m);
		want("%s %s,%s PTR %s", name, gp(rw, r), size_of(mw), mems[k].text);
	}
}

static void form_mr(enum x86_insn op, const char *name, unsigned w, unsigned rw)
{
	for (unsigned i = 0; i < NREGS; i++) {
		unsigned r = regs[i], k = regs[(i * 3 + 1) % NREGS];

		begin(op);
		x86_rr(&buf, op, w, r, k);
		want("%s %s,%s", name, gp(rw, k), gp(rw, r));
	}
	for (unsigned k = 0; k < NMEMS; k++) {
		unsigned r = regs[k % NREGS];

		begin(op);
		x86_rm(&buf, op, w, r, mems[k].m);
		want("%s%s %s PTR %s,%s", w & X86_LOCK ? "lock " : "", name, size_of(rw),
		     mems[k].text, gp(rw, r));
	}
}

static const unsigned words[] = { W32, W64, W16 };

static void rm_all(enum x86_insn op, const char *name)
{
	for (unsigned i = 0; i < 3; i++)
		form_rm(op, name, words[i], words[i], words[i]);
}

static void mr_all(enum x86_insn op, const char *name)
{
	for (unsigned i = 0; i < 3; i++)
		form_mr(op, name, words[i], words[i]);
}

static void group(enum x86_insn op, const char *name, unsigned w, const char *tail)
{
	for (unsigned i = 0; i < NREGS; i++) {
		begin(op);
		x86_gr(&buf, op, w, regs[i]);
		want("%s %s%s", name, gp(w, regs[i]), tail);
	}
}

static void group_mem(enum x86_insn op, const char *name, unsigned w, const char *size)
{
	for (unsigned k = 0; k < NMEMS; k++) {
		begin(op);
		x86_gm(&buf, op, w, mems[k].m);
		want("%s %s%s", name, size, mems[k].text);
	}
}

static void group_imm8(enum x86_insn op, const char *name)
{
	for (unsigned i = 0; i < NREGS; i++)
		for (unsigned k = 0; k < 2; k++) {
			unsigned w = k ? W64 : W32;

			begin(op);
			x86_gri8(&buf, op, w, regs[i], 29);
			want("%s %s,0x1d", name, gp(w, regs[i]));
		}
}

static uint64_t masked(int32_t imm, unsigned w)
{
	w &= 7;
	return w == W64 ? (uint64_t)(int64_t)imm : w == W16 ? (uint16_t)imm : w == W8 ? (uint8_t)imm :
	       (uint32_t)imm;
}

static void group_imm(enum x86_insn op, const char *name, bool byte_too)
{
	static const int32_t imms[] = { 1, 127, -128, 128, -129, 0x7fff, 0x12345678, INT32_MIN };
	static const unsigned ws[] = { W32, W64, W16, W8 };

	for (unsigned k = 0; k < (byte_too ? 4u : 3u); k++)
		for (unsigned n = 0; n < sizeof(imms) / sizeof(imms[0]); n++) {
			unsigned w = ws[k], r = regs[(n + k) % NREGS];
			int32_t imm = w == W16 ? (int16_t)imms[n] : w == W8 ? (int8_t)imms[n] : imms[n];
			unsigned m = (n * 4 + k) % NMEMS;

			begin(op);
			x86_gri(&buf, op, w, r, imm);
			want("%s %s,0x%llx", name, gp(w, r), (unsigned long long)masked(imm, w));
			begin(op);
			x86_gmi(&buf, op, w, mems[m].m, imm);
			want("%s %s PTR %s,0x%llx", name, size_of(w), mems[m].text,
			     (unsigned long long)masked(imm, w));
		}
}

static void bmi(enum x86_insn op, const char *name, bool vvvv_last)
{
	for (unsigned i = 0; i < NREGS; i++)
		for (unsigned w = 0; w < 2; w++) {
			unsigned a = regs[i], b = regs[(i * 3 + 2) % NREGS], c = regs[(i * 5 + 1) % NREGS];
			const char *const *n = w ? r64 : r32;

			begin(op);
			x86_vrr(&buf, op, w, 0, a, b, c);
			if (vvvv_last)
				want("%s %s,%s,%s", name, n[a], n[c], n[b]);
			else
				want("%s %s,%s,%s", name, n[a], n[b], n[c]);
			for (unsigned k = i; k < NMEMS; k += NREGS) {
				begin(op);
				x86_vrm(&buf, op, w, 0, a, b, mems[k].m, 0);
				if (vvvv_last)
					want("%s %s,%s PTR %s,%s", name, n[a], w ? "QWORD" : "DWORD",
					     mems[k].text, n[b]);
				else
					want("%s %s,%s,%s PTR %s", name, n[a], n[b],
					     w ? "QWORD" : "DWORD", mems[k].text);
			}
		}
}

static void emit_integer(void)
{
	static const char *const cc[16] = { "o", "no", "b", "ae", "e", "ne", "be", "a",
					    "s", "ns", "p", "np", "l", "ge", "le", "g" };
	static const unsigned lock_words[] = { W32 | X86_LOCK, W64 | X86_LOCK, W16 | X86_LOCK };

	rm_all(X86_ADD, "add");
	rm_all(X86_OR, "or");
	rm_all(X86_ADC, "adc");
	rm_all(X86_SBB, "sbb");
	rm_all(X86_AND, "and");
	rm_all(X86_SUB, "sub");
	rm_all(X86_XOR, "xor");
	rm_all(X86_CMP, "cmp");
	rm_all(X86_MOV, "mov");
	rm_all(X86_IMUL, "imul");
	form_rm(X86_MOVSXD, "movsxd", W64, W64, W32);
	for (unsigned i = 0; i < 2; i++) {
		unsigned w = i ? W64 : W32;

		form_rm(X86_MOVZX8, "movzx", w | W8, w, W8);
		form_rm(X86_MOVSX8, "movsx", w | W8, w, W8);
		form_rm(X86_MOVZX16, "movzx", w, w, W16);
		form_rm(X86_MOVSX16, "movsx", w, w, W16);
		form_rm(X86_BSR, "bsr", w, w, w);
		form_rm(X86_BSF, "bsf", w, w, w);
		form_rm(X86_LZCNT, "lzcnt", w, w, w);
		form_rm(X86_TZCNT, "tzcnt", w, w, w);
		form_rm(X86_POPCNT, "popcnt", w, w, w);
		for (unsigned c = 0; c < 16; c++) {
			char name[8];

			snprintf(name, sizeof(name), "cmov%s", cc[c]);
			form_rm((enum x86_insn)(X86_CMOV + c), name, w, w, w);
		}
	}
	for (unsigned c = 0; c < 16; c++)
		for (unsigned i = 0; i < NREGS; i++) {
			begin(X86_SETCC);
			x86_rr(&buf, (enum x86_insn)(X86_SETCC + c), W8, 0, regs[i]);
			want("set%s %s", cc[c], r8[regs[i]]);
		}
	form_rm(X86_CRC32_8, "crc32", W8, W32, W8);
	form_rm(X86_CRC32_16, "crc32", W16, W32, W16);
	form_rm(X86_CRC32, "crc32", W16, W32, W16);
	form_rm(X86_CRC32, "crc32", W32, W32, W32);
	form_rm(X86_CRC32, "crc32", W64, W64, W64);
	for (unsigned k = 0; k < NMEMS; k++) {
		unsigned r = regs[k % NREGS];

		begin(X86_LEA);
		x86_rm(&buf, X86_LEA, k & 1 ? W64 : W32, r, mems[k].m);
		want("lea %s,%s", gp(k & 1 ? W64 : W32, r), mems[k].text);
		begin(X86_MOVBE);
		x86_rm(&buf, X86_MOVBE, W64, r, mems[k].m);
		want("movbe %s,QWORD PTR %s", r64[r], mems[k].text);
	}
	mr_all(X86_ADD_MR, "add");
	mr_all(X86_OR_MR, "or");
	mr_all(X86_ADC_MR, "adc");
	mr_all(X86_SBB_MR, "sbb");
	mr_all(X86_AND_MR, "and");
	mr_all(X86_SUB_MR, "sub");
	mr_all(X86_XOR_MR, "xor");
	mr_all(X86_CMP_MR, "cmp");
	mr_all(X86_TEST_MR, "test");
	mr_all(X86_MOV_MR, "mov");
	mr_all(X86_BT_MR, "bt");
	mr_all(X86_XCHG_MR, "xchg");
	mr_all(X86_CMPXCHG_MR, "cmpxchg");
	mr_all(X86_XADD_MR, "xadd");
	form_mr(X86_XCHG8_MR, "xchg", W8, W8);
	form_mr(X86_MOV8_MR, "mov", W8, W8);
	form_mr(X86_ADD8_MR, "add", W8, W8);
	form_mr(X86_OR8_MR, "or", W8, W8);
	form_mr(X86_AND8_MR, "and", W8, W8);
	form_mr(X86_XOR8_MR, "xor", W8, W8);
	form_mr(X86_TEST8_MR, "test", W8, W8);
	form_mr(X86_CMPXCHG8_MR, "cmpxchg", W8, W8);
	form_mr(X86_XADD8_MR, "xadd", W8, W8);
	for (unsigned k = 0; k < NMEMS; k++) {
		unsigned r = regs[k % NREGS];

		for (unsigned i = 0; i < 3; i++) {
			begin(X86_CMPXCHG_MR);
			x86_rm(&buf, X86_CMPXCHG_MR, lock_words[i], r, mems[k].m);
			want("lock cmpxchg %s PTR %s,%s", size_of(lock_words[i]), mems[k].text,
			     gp(lock_words[i], r));
		}
		begin(X86_XADD8_MR);
		x86_rm(&buf, X86_XADD8_MR, W8 | X86_LOCK, r, mems[k].m);
		want("lock xadd BYTE PTR %s,%s", mems[k].text, r8[r]);
		begin(X86_OR_I32);
		x86_gmi(&buf, X86_OR_I32, W32 | X86_LOCK, mems[k].m, 0);
		want("lock or DWORD PTR %s,0x0", mems[k].text);
		for (unsigned i = 0; i < 2; i++) {
			begin(i ? X86_SHRD_MRI : X86_SHLD_MRI);
			x86_rmi(&buf, i ? X86_SHRD_MRI : X86_SHLD_MRI, W64, r, mems[k].m, 5);
			want("%s QWORD PTR %s,%s,0x5", i ? "shrd" : "shld", mems[k].text, r64[r]);
			begin(i ? X86_SHRD_MRI : X86_SHLD_MRI);
			x86_rri(&buf, i ? X86_SHRD_MRI : X86_SHLD_MRI, W32, r, R13, 31);
			want("%s r13d,%s,0x1f", i ? "shrd" : "shld", r32[r]);
		}
	}
	bmi(X86_ANDN, "andn", false);
	bmi(X86_PDEP, "pdep", false);
	bmi(X86_PEXT, "pext", false);
	bmi(X86_MULX, "mulx", false);
	bmi(X86_BEXTR, "bextr", true);
	bmi(X86_BZHI, "bzhi", true);
	bmi(X86_SHLX, "shlx", true);
	bmi(X86_SARX, "sarx", true);
	bmi(X86_SHRX, "shrx", true);
	for (unsigned k = 0; k < NMEMS; k++) {
		unsigned r = regs[k % NREGS];

		begin(X86_RORX_I);
		x86_vrm(&buf, X86_RORX_I, 1, 0, r, 0, mems[k].m, 1);
		x86_u8(&buf, 9);
		want("rorx %s,QWORD PTR %s,0x9", r64[r], mems[k].text);
		begin(X86_RORX_I);
		x86_vrr(&buf, X86_RORX_I, 0, 0, r, 0, R9);
		x86_u8(&buf, 9);
		want("rorx %s,r9d,0x9", r32[r]);
	}
	group_imm(X86_ADD_I32, "add", true);
	group_imm(X86_OR_I32, "or", true);
	group_imm(X86_ADC_I32, "adc", true);
	group_imm(X86_SBB_I32, "sbb", true);
	group_imm(X86_AND_I32, "and", true);
	group_imm(X86_SUB_I32, "sub", true);
	group_imm(X86_XOR_I32, "xor", true);
	group_imm(X86_CMP_I32, "cmp", true);
	group_imm(X86_TEST_I32, "test", false);
	for (unsigned k = 0; k < NMEMS; k++) {
		static const unsigned ws[] = { W32, W64, W16, W8 };
		unsigned w = ws[k & 3];

		begin(w == W8 ? X86_MOV8_I : X86_MOV_I32);
		x86_mov_mi(&buf, w, mems[k].m, -3);
		want("mov %s PTR %s,0x%llx", size_of(w), mems[k].text,
		     (unsigned long long)masked(-3, w));
		begin(X86_TEST8_I8);
		x86_gmi(&buf, X86_TEST8_I8, W8, mems[k].m, 0x80);
		want("test BYTE PTR %s,0x80", mems[k].text);
		begin(X86_TEST8_I8);
		x86_gri(&buf, X86_TEST8_I8, W8, regs[k % NREGS], 0x41);
		want("test %s,0x41", r8[regs[k % NREGS]]);
		begin(X86_BT_I);
		x86_gm(&buf, X86_BT_I, W32, mems[k].m);
		if (mems[k].m.base != X86_RIP) {
			x86_u8(&buf, 8);
			want("bt DWORD PTR %s,0x8", mems[k].text);
		} else {
			buf.p = case_start;
		}
	}
	for (unsigned w = 0; w < 2; w++) {
		group(X86_NOT, "not", w, "");
		group(X86_NEG, "neg", w, "");
		group(X86_MUL, "mul", w, "");
		group(X86_IMUL1, "imul", w, "");
		group(X86_DIV, "div", w, "");
		group(X86_IDIV, "idiv", w, "");
		group(X86_ROL_CL, "rol", w, ",cl");
		group(X86_ROR_CL, "ror", w, ",cl");
		group(X86_SHL_CL, "shl", w, ",cl");
		group(X86_SHR_CL, "shr", w, ",cl");
		group(X86_SAR_CL, "sar", w, ",cl");
	}
	group_imm8(X86_ROL_I, "rol");
	group_imm8(X86_ROR_I, "ror");
	group_imm8(X86_SHL_I, "shl");
	group_imm8(X86_SHR_I, "shr");
	group_imm8(X86_SAR_I, "sar");
	group_imm8(X86_BT_I, "bt");
	for (unsigned i = 0; i < NREGS; i++) {
		begin(X86_JMP_RM);
		x86_gr(&buf, X86_JMP_RM, W32, regs[i]);
		want("jmp %s", r64[regs[i]]);
		begin(X86_CALL_RM);
		x86_gr(&buf, X86_CALL_RM, W32, regs[i]);
		want("call %s", r64[regs[i]]);
	}
	group_mem(X86_JMP_RM, "jmp", W32, "QWORD PTR ");
	group_mem(X86_CALL_RM, "call", W32, "QWORD PTR ");
	group_mem(X86_PUSH_RM, "push", W32, "QWORD PTR ");
	group_mem(X86_PREFETCHT0, "prefetcht0", W32, "BYTE PTR ");
	group_mem(X86_PREFETCHW, "prefetchw", W32, "BYTE PTR ");
	group_mem(X86_LDMXCSR, "ldmxcsr", W32, "DWORD PTR ");
	group_mem(X86_STMXCSR, "stmxcsr", W32, "DWORD PTR ");
	group_mem(X86_CMPXCHG8B, "cmpxchg8b", W32, "QWORD PTR ");
	group_mem(X86_CMPXCHG8B, "cmpxchg16b", W64, "OWORD PTR ");
}

/* Inline encoders. */
static void emit_inline(void)
{
	static const uint64_t imms[] = { 0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
					 0xffffffff80000000, 0xffffffffffffffff, 0x123456789abcdef0,
					 0xffffffff7fffffff };

	for (unsigned i = 0; i < 16; i++) {
		begin(0);
		x86_push(&buf, i);
		want("push %s", r64[i]);
		begin(0);
		x86_pop(&buf, i);
		want("pop %s", r64[i]);
		begin(0);
		x86_bswap(&buf, W64, i);
		want("bswap %s", r64[i]);
		begin(0);
		x86_bswap(&buf, W32, i);
		want("bswap %s", r32[i]);
		begin(0);
		x86_mov_rr(&buf, W64, i, (i + 1) % 16);
		want("mov %s,%s", r64[i], r64[(i + 1) % 16]);
		for (unsigned k = 0; k < sizeof(imms) / sizeof(imms[0]); k++) {
			uint64_t v = imms[k];

			begin(0);
			x86_mov_ri(&buf, i, v, k & 1);
			if (v == 0)
				want("xor %s,%s", r32[i], r32[i]);
			else if (v <= 0xffffffff)
				want("mov %s,0x%llx", r32[i], (unsigned long long)v);
			else if ((int64_t)v == (int32_t)v)
				want("mov %s,0x%llx", r64[i], (unsigned long long)v);
			else
				want("movabs %s,0x%llx", r64[i], (unsigned long long)v);
		}
		begin(0);
		x86_mov_ri(&buf, i, 0, true);
		want("mov %s,0x0", r32[i]);
	}
	begin(0);
	x86_ret(&buf);
	want("ret");
	begin(0);
	x86_lahf(&buf);
	want("lahf");
	begin(0);
	x86_sahf(&buf);
	want("sahf");
	begin(0);
	x86_cmc(&buf);
	want("cmc");
	begin(0);
	x86_stc(&buf);
	want("stc");
	begin(0);
	x86_clc(&buf);
	want("clc");
	for (unsigned c = 0; c < 16; c++) {
		static const char *const names[16] = { "jo", "jno", "jb", "jae", "je", "jne", "jbe",
						       "ja", "js", "jns", "jp", "jnp", "jl", "jge",
						       "jle", "jg" };
		uint8_t *at;

		begin(0);
		x86_jcc(&buf, c, x86_here(&buf) + 0x1000);
		want("%s 0x%x", names[c], (unsigned)(case_start - code) + 0x1000);
		begin(0);
		at = x86_jcc8(&buf, c);
		x86_bind8(&buf, at);
		want("%s 0x%x", names[c], (unsigned)(buf.p - code));
	}
	begin(0);
	x86_jmp(&buf, x86_here(&buf) + 0x2345);
	want("jmp 0x%x", (unsigned)(case_start - code) + 0x2345);
	begin(0);
	x86_call(&buf, x86_here(&buf) + 0x2345);
	want("call 0x%x", (unsigned)(case_start - code) + 0x2345);
}

/* ---- vectors: by the row's name ---- */

enum shape {
	UNARY = 1,  /* VEX: reg, rm */
	BINARY = 2, /* VEX: reg, vvvv, rm */
	IMM8 = 4,
	STORE = 8,  /* rm, reg */
	SHIFT = 16, /* group: vvvv, rm, imm8 */
	VEX_ONLY = 32,
	LEGACY_ONLY = 64,
	XMM0 = 128, /* a third operand */
};

static const struct vector_row {
	enum x86_insn op;
	const char *name;
	unsigned shape;
} vector_rows[] = {
#define B2(n) { X86_##n, #n, BINARY },
#define U1(n) { X86_##n, #n, UNARY },
#define S1(n, text) { X86_##n, text, UNARY | STORE },
	U1(MOVUPS) U1(MOVAPS) S1(MOVUPS_MR, "MOVUPS") S1(MOVAPS_MR, "MOVAPS")
	B2(MOVLHPS) B2(MOVHLPS) U1(MOVDDUP) U1(MOVQ)
	B2(PAND) B2(PANDN) B2(POR) B2(PXOR) B2(XORPS) U1(PTEST)
	B2(PADDB) B2(PADDW) B2(PADDD) B2(PADDQ) B2(PSUBB) B2(PSUBW) B2(PSUBD) B2(PSUBQ)
	B2(PADDSB) B2(PADDSW) B2(PADDUSB) B2(PADDUSW) B2(PSUBSB) B2(PSUBSW) B2(PSUBUSB)
	B2(PSUBUSW) B2(PMULLW) B2(PMULHW) B2(PMULHUW) B2(PMULHRSW) B2(PMULUDQ) B2(PMULDQ)
	B2(PMULLD) B2(PMADDWD) B2(PMADDUBSW) B2(PSADBW) B2(PAVGB) B2(PAVGW) U1(PABSB) U1(PABSW)
	U1(PABSD) B2(PCMPEQB) B2(PCMPEQW) B2(PCMPEQD) B2(PCMPEQQ) B2(PCMPGTB) B2(PCMPGTW)
	B2(PCMPGTD) B2(PCMPGTQ) B2(PMINUB) B2(PMAXUB) B2(PMINSW) B2(PMAXSW) B2(PMINSB) B2(PMINSD)
	B2(PMINUW) B2(PMINUD) B2(PMAXSB) B2(PMAXSD) B2(PMAXUW) B2(PMAXUD)
	{ X86_PSRLW_I, "PSRLW", SHIFT }, { X86_PSRAW_I, "PSRAW", SHIFT },
	{ X86_PSLLW_I, "PSLLW", SHIFT }, { X86_PSRLD_I, "PSRLD", SHIFT },
	{ X86_PSRAD_I, "PSRAD", SHIFT }, { X86_PSLLD_I, "PSLLD", SHIFT },
	{ X86_PSRLQ_I, "PSRLQ", SHIFT }, { X86_PSRLDQ_I, "PSRLDQ", SHIFT },
	{ X86_PSLLQ_I, "PSLLQ", SHIFT }, { X86_PSLLDQ_I, "PSLLDQ", SHIFT },
	B2(PACKSSWB) B2(PACKSSDW) B2(PACKUSWB) B2(PACKUSDW) B2(PUNPCKLBW) B2(PUNPCKLWD)
	B2(PUNPCKLDQ) B2(PUNPCKLQDQ) B2(PUNPCKHBW) B2(PUNPCKHWD) B2(PUNPCKHDQ) B2(PUNPCKHQDQ)
	B2(PSHUFB)
	{ X86_PSHUFD, "PSHUFD", UNARY | IMM8 }, { X86_PSHUFLW, "PSHUFLW", UNARY | IMM8 },
	{ X86_PSHUFHW, "PSHUFHW", UNARY | IMM8 }, { X86_SHUFPS, "SHUFPS", BINARY | IMM8 },
	{ X86_PALIGNR, "PALIGNR", BINARY | IMM8 }, { X86_PBLENDW, "PBLENDW", BINARY | IMM8 },
	{ X86_INSERTPS, "INSERTPS", BINARY | IMM8 },
	U1(PMOVSXBW) U1(PMOVSXWD) U1(PMOVSXDQ) U1(PMOVZXBW) U1(PMOVZXWD) U1(PMOVZXDQ)
	B2(ADDPS) B2(MULPS) B2(SUBPS) B2(MINPS) B2(DIVPS) B2(MAXPS) U1(SQRTPS) U1(UCOMISS)
	U1(COMISS) { X86_ROUNDPS, "ROUNDPS", UNARY | IMM8 }, B2(CVTSS2SD) B2(CVTSD2SS)
	U1(CVTPS2PD) U1(CVTPD2PS) U1(CVTDQ2PS) U1(CVTTPS2DQ)
	{ X86_CMPPS, "CMPPS", BINARY | IMM8 | LEGACY_ONLY },
	{ X86_PCLMULQDQ, "PCLMULQDQ", BINARY | IMM8 },
	B2(AESENC) B2(AESENCLAST) B2(AESDEC) B2(AESDECLAST) U1(AESIMC)
	{ X86_SHA1RNDS4, "SHA1RNDS4", BINARY | IMM8 | LEGACY_ONLY },
	{ X86_SHA256RNDS2, "SHA256RNDS2", BINARY | XMM0 | LEGACY_ONLY },
	{ X86_SHA1NEXTE, "SHA1NEXTE", BINARY | LEGACY_ONLY },
	{ X86_SHA1MSG2, "SHA1MSG2", BINARY | LEGACY_ONLY },
	{ X86_SHA256MSG1, "SHA256MSG1", BINARY | LEGACY_ONLY },
	{ X86_SHA256MSG2, "SHA256MSG2", BINARY | LEGACY_ONLY },
	{ X86_VPSLLV, "PSLLVD", BINARY | VEX_ONLY },
	{ X86_VPSRLV, "PSRLVD", BINARY | VEX_ONLY }, { X86_VPSRAVD, "PSRAVD", BINARY | VEX_ONLY },
	{ X86_VPBROADCASTB, "PBROADCASTB", UNARY | VEX_ONLY },
	{ X86_VPBROADCASTW, "PBROADCASTW", UNARY | VEX_ONLY },
	{ X86_VPBROADCASTD, "PBROADCASTD", UNARY | VEX_ONLY },
	{ X86_VPBROADCASTQ, "PBROADCASTQ", UNARY | VEX_ONLY },
	{ X86_VCVTPH2PS, "CVTPH2PS", UNARY | VEX_ONLY },
	{ X86_VCVTPS2PH, "CVTPS2PH", UNARY | STORE | IMM8 | VEX_ONLY },
	{ X86_VFMADD231PS, "FMADD231PS", BINARY | VEX_ONLY },
	{ X86_VFMSUB231PS, "FMSUB231PS", BINARY | VEX_ONLY },
	{ X86_VFNMADD231PS, "FNMADD231PS", BINARY | VEX_ONLY },
	{ X86_VFNMSUB231PS, "FNMSUB231PS", BINARY | VEX_ONLY },
};

static const uint8_t xmms[][3] = { { 0, 1, 2 }, { 3, 12, 7 }, { 9, 4, 15 }, { 14, 14, 6 }, { 8, 0, 11 } };

static void emit_legacy_vector(const struct vector_row *r, const char *name, const uint8_t *x)
{
	char imm[8] = "";

	begin(r->op);
	if (r->shape & SHIFT) {
		x86_gr(&buf, r->op, W32, x[2]);
		x86_u8(&buf, 5);
		want("%s xmm%u,0x5", name, x[2]);
		return;
	}
	x86_rr(&buf, r->op, W32, x[0], x[2]);
	if (r->shape & IMM8) {
		x86_u8(&buf, 0x1b);
		strcpy(imm, ",0x1b");
	}
	if (r->shape & XMM0)
		strcpy(imm, ",xmm0");
	if (r->shape & STORE)
		want("%s xmm%u,xmm%u", name, x[2], x[0]);
	else
		want("%s xmm%u,xmm%u%s", name, x[0], x[2], imm);
}

static void emit_vex_vector(const struct vector_row *r, const char *name, const uint8_t *x)
{
	const char *imm = "";

	begin(r->op);
	if (r->shape & SHIFT) {
		x86_vrr(&buf, r->op, 0, 0, X86_EXT(r->op), x[1], x[2]);
		x86_u8(&buf, 5);
		want("v%s xmm%u,xmm%u,0x5", name, x[1], x[2]);
		return;
	}
	x86_vrr(&buf, r->op, 0, 0, x[0], r->shape & BINARY ? x[1] : 0, x[2]);
	if (r->shape & IMM8) {
		x86_u8(&buf, 0x1b);
		imm = ",0x1b";
	}
	if (r->shape & STORE)
		want("v%s xmm%u,xmm%u%s", name, x[2], x[0], imm);
	else if (r->shape & BINARY)
		want("v%s xmm%u,xmm%u,xmm%u%s", name, x[0], x[1], x[2], imm);
	else
		want("v%s xmm%u,xmm%u%s", name, x[0], x[2], imm);
}

static void emit_evex(void)
{
	static const struct {
		enum x86_insn op;
		const char *name;
		unsigned w, shape;
	} rows[] = {
		{ X86_VPTERNLOGD, "vpternlogd", 0, BINARY | IMM8 }, { X86_VPABSQ, "vpabsq", 1, UNARY },
		{ X86_VPSLLVW, "vpsllvw", 1, BINARY }, { X86_VPSRLVW, "vpsrlvw", 1, BINARY },
		{ X86_VPSRAVW, "vpsravw", 1, BINARY }, { X86_VPOPCNTB, "vpopcntb", 0, UNARY },
		{ X86_VPMOVWB, "vpmovwb", 0, STORE }, { X86_VPMOVDW, "vpmovdw", 0, STORE },
		{ X86_VPMOVQD, "vpmovqd", 0, STORE }, { X86_VCVTTPS2UDQ, "vcvttps2udq", 0, UNARY },
		{ X86_VCVTTPD2UQQ, "vcvttpd2uqq", 1, UNARY },
		{ X86_VCVTTPD2QQ, "vcvttpd2qq", 1, UNARY },
		{ X86_VCVTUDQ2PS, "vcvtudq2ps", 0, UNARY },
		{ X86_VCVTQQ2PD, "vcvtqq2pd", 1, UNARY },
		{ X86_VCVTUQQ2PD, "vcvtuqq2pd", 1, UNARY }, { X86_PADDD, "vpaddd", 0, BINARY },
		{ X86_AESENC, "vaesenc", 0, BINARY }, { X86_AESDECLAST, "vaesdeclast", 0, BINARY },
		{ X86_PCLMULQDQ, "vpclmulqdq", 0, BINARY | IMM8 },
		{ X86_VPROR_I, "vprord", 0, SHIFT }, { X86_VPROR_I, "vprorq", 1, SHIFT },
		{ X86_PSRLD_I, "vpsrld", 0, SHIFT }, { X86_PSRLQ_I, "vpsrlq", 1, SHIFT },
	};

	for (unsigned n = 0; n < sizeof(rows) / sizeof(rows[0]); n++)
		for (unsigned i = 0; i < 32; i += 3) {
			unsigned a = i, v = 31 - i, c = (i * 7 + 5) & 31;

			begin(rows[n].op);
			if (rows[n].shape & SHIFT) {
				x86_err(&buf, rows[n].op, rows[n].w, X86_EXT(rows[n].op), v,
					c | 16);
				x86_u8(&buf, 5);
				want("%s xmm%u,xmm%u,0x5", rows[n].name, v, c | 16);
				continue;
			}
			x86_err(&buf, rows[n].op, rows[n].w, a, rows[n].shape & BINARY ? v : 0, c);
			if (rows[n].shape & IMM8)
				x86_u8(&buf, 0x1b);
			if (rows[n].shape & STORE)
				want("%s xmm%u,xmm%u", rows[n].name, c, a);
			else if (rows[n].shape & BINARY)
				want("%s xmm%u,xmm%u,xmm%u%s", rows[n].name, a, v, c,
				     rows[n].shape & IMM8 ? ",0x1b" : "");
			else
				want("%s xmm%u,xmm%u", rows[n].name, a, c);
		}
}

/* 256 bits, and others of VEX alone */
static void emit_wide(void)
{
	for (unsigned i = 0; i < sizeof(xmms) / sizeof(xmms[0]); i++) {
		unsigned a = xmms[i][0], b = xmms[i][1], c = xmms[i][2];

		begin(X86_ADDPS);
		x86_vrr(&buf, X86_ADDPS, 0, 1, a, b, c);
		want("vaddps ymm%u,ymm%u,ymm%u", a, b, c);
		begin(X86_VFMADD231PS);
		x86_vrr(&buf, X86_VFMADD231PS, 1, 1, a, b, c);
		want("vfmadd231pd ymm%u,ymm%u,ymm%u", a, b, c);
		begin(X86_VCVTPH2PS);
		x86_vrr(&buf, X86_VCVTPH2PS, 0, 1, a, 0, c);
		want("vcvtph2ps ymm%u,xmm%u", a, c);
		begin(X86_VCVTPS2PH);
		x86_vrr(&buf, X86_VCVTPS2PH, 0, 1, a, 0, c);
		x86_u8(&buf, 4);
		want("vcvtps2ph xmm%u,ymm%u,0x4", c, a);
		begin(X86_CVTPS2PD);
		x86_vrr(&buf, X86_CVTPS2PD, 0, 1, a, 0, c);
		want("vcvtps2pd ymm%u,xmm%u", a, c);
		begin(X86_CVTPD2PS);
		x86_vrr(&buf, X86_CVTPD2PS, 0, 1, a, 0, c);
		want("vcvtpd2ps xmm%u,ymm%u", a, c);
		begin(X86_GF2P8AFFINEQB);
		x86_vrr(&buf, X86_GF2P8AFFINEQB, 1, 0, a, b, c);
		x86_u8(&buf, 0x3e);
		want("vgf2p8affineqb xmm%u,xmm%u,xmm%u,0x3e", a, b, c);
		begin(X86_GF2P8AFFINEINVQB);
		x86_vrr(&buf, X86_GF2P8AFFINEINVQB, 1, 0, a, b, c);
		x86_u8(&buf, 0xd3);
		want("vgf2p8affineinvqb xmm%u,xmm%u,xmm%u,0xd3", a, b, c);
		begin(X86_VEXTRACTF128);
		x86_vrr(&buf, X86_VEXTRACTF128, 0, 1, a, 0, c);
		x86_u8(&buf, 1);
		want("vextractf128 xmm%u,ymm%u,0x1", c, a);
	}
}

static void emit_vector(void)
{
	emit_wide();
	for (unsigned n = 0; n < sizeof(vector_rows) / sizeof(vector_rows[0]); n++) {
		char name[16];
		unsigned i;

		for (i = 0; vector_rows[n].name[i]; i++)
			name[i] = (char)tolower((unsigned char)vector_rows[n].name[i]);
		name[i] = 0;
		for (i = 0; i < sizeof(xmms) / sizeof(xmms[0]); i++) {
			if (!(vector_rows[n].shape & VEX_ONLY))
				emit_legacy_vector(&vector_rows[n], name, xmms[i]);
			if (!(vector_rows[n].shape & LEGACY_ONLY))
				emit_vex_vector(&vector_rows[n], name, xmms[i]);
		}
	}
	for (unsigned k = 0; k < NMEMS; k++) {
		begin(X86_MOVAPS);
		x86_rm(&buf, X86_MOVAPS, W32, k, mems[k].m);
		want("movaps xmm%u,XMMWORD PTR %s", k, mems[k].text);
		begin(X86_MOVUPS_MR);
		x86_rm(&buf, X86_MOVUPS_MR, W32, k, mems[k].m);
		want("movups XMMWORD PTR %s,xmm%u", mems[k].text, k);
		begin(X86_MOVSS);
		x86_rm(&buf, X86_MOVSS, W32, k, mems[k].m);
		want("movss xmm%u,DWORD PTR %s", k, mems[k].text);
		begin(X86_MOVSS_MR);
		x86_rm(&buf, X86_MOVSS_MR, W32, k, mems[k].m);
		want("movss DWORD PTR %s,xmm%u", mems[k].text, k);
		begin(X86_MOVSD);
		x86_rm(&buf, X86_MOVSD, W32, k, mems[k].m);
		want("movsd xmm%u,QWORD PTR %s", k, mems[k].text);
		begin(X86_MOVSD_MR);
		x86_rm(&buf, X86_MOVSD_MR, W32, k, mems[k].m);
		want("movsd QWORD PTR %s,xmm%u", mems[k].text, k);
		begin(X86_MOVQ_MR);
		x86_rm(&buf, X86_MOVQ_MR, W32, k, mems[k].m);
		want("movq QWORD PTR %s,xmm%u", mems[k].text, k);
		begin(X86_PADDD);
		x86_vrm(&buf, X86_PADDD, 0, 0, k, 15 - k, mems[k].m, 0);
		want("vpaddd xmm%u,xmm%u,XMMWORD PTR %s", k, 15 - k, mems[k].text);
		begin(X86_PSHUFD);
		x86_rmi(&buf, X86_PSHUFD, W32, k, mems[k].m, 0x4e);
		want("pshufd xmm%u,XMMWORD PTR %s,0x4e", k, mems[k].text);
	}
	for (unsigned i = 0; i < NREGS; i++) {
		begin(X86_MOVD);
		x86_rr(&buf, X86_MOVD, W32, 9, regs[i]);
		want("movd xmm9,%s", r32[regs[i]]);
		begin(X86_MOVD);
		x86_rr(&buf, X86_MOVD, W64, 3, regs[i]);
		want("movq xmm3,%s", r64[regs[i]]);
		begin(X86_MOVD_MR);
		x86_rr(&buf, X86_MOVD_MR, W64, 9, regs[i]);
		want("movq %s,xmm9", r64[regs[i]]);
		begin(X86_MOVMSKPS);
		x86_rr(&buf, X86_MOVMSKPS, W32, regs[i], 12);
		want("movmskps %s,xmm12", r32[regs[i]]);
		begin(X86_MOVMSKPD);
		x86_rr(&buf, X86_MOVMSKPD, W32, regs[i], 12);
		want("movmskpd %s,xmm12", r32[regs[i]]);
		begin(X86_PMOVMSKB);
		x86_rr(&buf, X86_PMOVMSKB, W32, regs[i], 12);
		want("pmovmskb %s,xmm12", r32[regs[i]]);
		begin(X86_PEXTRB);
		x86_rri(&buf, X86_PEXTRB, W32, 11, regs[i], 3);
		want("pextrb %s,xmm11,0x3", r32[regs[i]]);
		begin(X86_PEXTRW);
		x86_rri(&buf, X86_PEXTRW, W32, 11, regs[i], 3);
		want("pextrw %s,xmm11,0x3", r32[regs[i]]);
		begin(X86_PEXTRD);
		x86_rri(&buf, X86_PEXTRD, W64, 11, regs[i], 1);
		want("pextrq %s,xmm11,0x1", r64[regs[i]]);
		begin(X86_PINSRB);
		x86_rri(&buf, X86_PINSRB, W32, 11, regs[i], 3);
		want("pinsrb xmm11,%s,0x3", r32[regs[i]]);
		begin(X86_PINSRW);
		x86_rri(&buf, X86_PINSRW, W32, 11, regs[i], 3);
		want("pinsrw xmm11,%s,0x3", r32[regs[i]]);
		begin(X86_PINSRD);
		x86_rri(&buf, X86_PINSRD, W64, 11, regs[i], 1);
		want("pinsrq xmm11,%s,0x1", r64[regs[i]]);
		begin(X86_CVTSI2SS);
		x86_rr(&buf, X86_CVTSI2SS, W64, 11, regs[i]);
		want("cvtsi2ss xmm11,%s", r64[regs[i]]);
		begin(X86_CVTSI2SD);
		x86_rr(&buf, X86_CVTSI2SD, W32, 11, regs[i]);
		want("cvtsi2sd xmm11,%s", r32[regs[i]]);
		begin(X86_CVTTSS2SI);
		x86_rr(&buf, X86_CVTTSS2SI, W64, regs[i], 14);
		want("cvttss2si %s,xmm14", r64[regs[i]]);
		begin(X86_CVTTSD2SI);
		x86_rr(&buf, X86_CVTTSD2SI, W32, regs[i], 14);
		want("cvttsd2si %s,xmm14", r32[regs[i]]);
	}
	emit_evex();
}

/* ---- comparison ---- */

/* Starts objdump on the file, or to tell its version, with its output to read from. */
static FILE *start_objdump(const char *path, pid_t *ret_pid)
{
	int out[2];
	pid_t pid;

	assert_int_equal(pipe(out), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		if (path)
			execlp("objdump", "objdump", "-D", "-z", "-b", "binary", "-m",
			       "i386:x86-64", "-M", "intel", "--no-show-raw-insn", path, NULL);
		else
			execlp("objdump", "objdump", "--version", NULL);
		_exit(127);
	}
	close(out[1]);
	*ret_pid = pid;
	return fdopen(out[0], "re");
}

static bool have_objdump(void)
{
	char line[128];
	pid_t pid;
	FILE *f = start_objdump(NULL, &pid);
	int status = 0;

	while (fgets(line, sizeof(line), f))
		;
	fclose(f);
	waitpid(pid, &status, 0);
	return status == 0;
}

/* One space behind the mnemonic, nothing behind the operands, rip-relative distances out, no
 * word of a REX prefix that could be left away. */
static void normalize(char *text)
{
	char *to = text, *p;

	if ((p = strchr(text, '#')))
		*p = 0;
	for (p = text; *p; p++)
		if (!isspace((unsigned char)*p) || (to > text && to[-1] != ' '))
			*to++ = isspace((unsigned char)*p) ? ' ' : *p;
	while (to > text && to[-1] == ' ')
		to--;
	*to = 0;
	if ((p = strstr(text, "[rip")) && (to = strchr(p, ']'))) {
		char rest[64];

		snprintf(rest, sizeof(rest), "%s", to);
		sprintf(p, "[rip+rel%s", rest);
	}
}

static void test_against_objdump(void **state)
{
	char path[32], file[40], line[256];
	int dir = unit_temp_dir(path), fd = openat(dir, "code", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	unsigned n = 0, wrong = 0, checked = 0;
	pid_t pid;
	FILE *f;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, code, (size_t)(buf.p - code)), buf.p - code);
	close(fd);
	snprintf(file, sizeof(file), "%s/code", path);
	f = start_objdump(file, &pid);
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		unsigned long at;
		char *text;

		if (line[0] != ' ' || sscanf(line, " %lx:", &at) != 1 || !(text = strchr(line, ':')))
			continue;
		if (n < ncases && at > cases[n].offset) {
			print_error("no instruction for %s\n", cases[n].text);
			wrong++;
			while (n < ncases && cases[n].offset < at)
				n++;
		}
		if (n == ncases || at != cases[n].offset)
			continue;
		text++;
		while (isspace((unsigned char)*text))
			text++;
		normalize(text);
		if (!strncmp(text, "rex ", 4))
			text += 4;
		if (strcmp(text, cases[n].text)) {
			print_error("want %s, got %s:", cases[n].text, text);
			for (uint32_t i = cases[n].offset; i < cases[n].end; i++)
				print_error(" %02x", code[i]);
			print_error("\n");
			wrong++;
		}
		checked++;
		n++;
	}
	fclose(f);
	waitpid(pid, NULL, 0);
	unlinkat(dir, "code", 0);
	close(dir);
	rmdir(path);
	printf("# %u instructions\n", checked);
	assert_int_equal(wrong, 0);
	assert_int_equal(n, ncases);
}

/* What is not in the lists above is said; integer rows are all in them. */
static void test_coverage(void **state)
{
	static const struct {
		const char *name;
		unsigned op;
	} rows[] = {
#define I(name, pp, map, opc) { #name, X86_##name },
#define G(name, pp, map, opc, ext) { #name, X86_##name },
#include "jit/x86/insn.def"
#undef I
#undef G
	};
	bool vectors = false;
	unsigned missing = 0;

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		vectors |= rows[i].op == X86_MOVUPS;
		if (seen_row[rows[i].op])
			continue;
		printf("# not compared: %s\n", rows[i].name);
		missing += !vectors;
	}
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_objdump),
		cmocka_unit_test(test_coverage),
	};

	if (!have_objdump()) {
		printf("1..0 # SKIP no objdump\n");
		return 0;
	}
	buf = (struct x86_buf){ .p = code, .end = code + sizeof(code), .rx = -(intptr_t)code };
	emit_integer();
	emit_inline();
	emit_vector();
	return cmocka_run_group_tests_name("jit/x86 encoder", tests, NULL, NULL);
}
