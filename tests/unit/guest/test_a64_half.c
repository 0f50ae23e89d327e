/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conversions between half precision and the others, exhaustively: every half to single and
 * double, and to half every single and double that matters, which are the halves themselves,
 * the middles between them, and their neighbours, in all rounding modes. What must come out
 * follows from where a number lies between two halves, so that nothing is computed here.
 */
#include "loop.h"

#include <math.h>

enum { IOC = 1, DZC = 2, OFC = 4, UFC = 8, IXC = 16, IDC = 128 };
enum { NEAREST, UP, DOWN, TOWARD_ZERO };

static const char *const modes[] = { "nearest", "up", "down", "zero" };

/* The value of a finite half. */
static double half_value(unsigned h)
{
	unsigned e = h >> 10 & 31, f = h & 1023;
	double x = e ? ldexp(1024 + f, (int)e - 25) : ldexp(f, -24);

	return h & 0x8000 ? -x : x;
}

static uint64_t bits_of(double x, bool wide)
{
	float s = (float)x;
	uint32_t w;
	uint64_t d;

	if (wide) {
		memcpy(&d, &x, 8);
		return d;
	}
	memcpy(&w, &s, 4);
	return w;
}

/* Words: FCVT of v0 to v2. */
enum { H_S = 0x1ee24002, H_D = 0x1ee2c002, S_H = 0x1e23c002, D_H = 0x1e63c002 };

typedef uint32_t run_fn(void *d, const void *a, const void *b, unsigned count, uint32_t fpcr);

struct vector {
	uint64_t d[2];
};

static unsigned long wrong;

static void differ(const char *what, uint64_t in, uint64_t got, uint64_t want, uint32_t flags,
		   uint32_t want_flags)
{
	if (wrong++ < 5)
		printf("# %s of %llx: %llx, FPSR %x instead of %llx, %x\n", what,
		       (unsigned long long)in, (unsigned long long)got, flags,
		       (unsigned long long)want, want_flags);
}

/* ---- from half ---- */

/* What FCVT gives for any half, and its flags. */
static uint64_t widened(unsigned h, bool wide, uint32_t fpcr, uint32_t *ret_flags)
{
	uint64_t sign = (uint64_t)(h >> 15) << (wide ? 63 : 31), frac = h & 1023;
	uint64_t top = wide ? (uint64_t)2047 << 52 : (uint64_t)255 << 23;
	unsigned shift = wide ? 42 : 13;

	*ret_flags = 0;
	if ((h >> 10 & 31) < 31)
		return bits_of(half_value(h), wide);
	if (fpcr >> 26 & 1) /* the alternative format: a number of the next binade */
		return bits_of(half_value((h & 0x83ff) | 30 << 10) * 2, wide);
	if (!frac)
		return sign | top;
	if (!(frac >> 9))
		*ret_flags = IOC;
	if (fpcr >> 25 & 1) /* default NaN */
		return top | (uint64_t)512 << shift;
	return sign | top | (frac | 512) << shift;
}

static void from_half(run_fn *run, bool wide, uint32_t fpcr)
{
	static struct vector in, out;

	for (unsigned h = 0; h < 65536; h++) {
		uint32_t flags, want_flags;
		uint64_t want = widened(h, wide, fpcr, &want_flags);

		/* What is above the half does not matter. */
		in = (struct vector){ { 0xfc017e0112340000 | h, ~(uint64_t)0 } };
		flags = run(&out, &in, &in, 1, fpcr);
		if (out.d[0] != want || out.d[1] || flags != want_flags)
			differ(wide ? "half to double" : "half to single", h, out.d[0], want, flags,
			       want_flags);
	}
}

/* ---- to half ---- */

/* x lies between the halves h and h + 1 (magnitudes): `where` is 0 at h, 1 below the middle, 2 in
 * the middle, 3 above it. */
static unsigned narrowed(unsigned h, unsigned where, bool negative, unsigned mode, uint32_t *ret_flags)
{
	bool up = false;

	*ret_flags = 0;
	if (where) {
		switch (mode) {
		case NEAREST: up = where == 3 || (where == 2 && h & 1); break;
		case UP: up = !negative; break;
		case DOWN: up = negative; break;
		}
		*ret_flags = IXC;
		if (h < 0x400)
			*ret_flags |= UFC; /* before rounding */
		if (up && h == 0x7bff) /* to infinity */
			*ret_flags |= OFC;
	}
	return (h + up) | (negative ? 0x8000u : 0);
}

static void to_half_one(run_fn *run, bool wide, unsigned mode, double x, unsigned h, unsigned where)
{
	static struct vector in, out;

	for (int negative = 0; negative < 2; negative++) {
		uint32_t flags, want_flags;
		unsigned want = narrowed(h, where, negative, mode, &want_flags);
		uint64_t bits = bits_of(negative ? -x : x, wide);

		in = (struct vector){ { wide ? bits : bits | 0x7f80000100000000, 0x7ff0000000000001 } };
		flags = run(&out, &in, &in, 1, mode << 22);
		if (out.d[0] != want || out.d[1] || flags != want_flags)
			differ(modes[mode], bits, out.d[0], want, flags, want_flags);
	}
}

static void to_half(run_fn *run, bool wide, unsigned mode, unsigned step)
{
	for (unsigned h = 0; h < 0x7c00; h += step) {
		double low = half_value(h), high = h == 0x7bff ? 65536 : half_value(h + 1);
		double middle = (low + high) / 2;

		to_half_one(run, wide, mode, low, h, 0);
		if (wide) {
			to_half_one(run, wide, mode, nextafter(low, 1e6), h, 1);
			to_half_one(run, wide, mode, nextafter(middle, 0), h, 1);
			to_half_one(run, wide, mode, nextafter(middle, 1e6), h, 3);
			to_half_one(run, wide, mode, nextafter(high, 0), h, 3);
		} else {
			to_half_one(run, wide, mode, nextafterf((float)low, 1e6f), h, 1);
			to_half_one(run, wide, mode, nextafterf((float)middle, 0), h, 1);
			to_half_one(run, wide, mode, nextafterf((float)middle, 1e6f), h, 3);
			to_half_one(run, wide, mode, nextafterf((float)high, 0), h, 3);
		}
		to_half_one(run, wide, mode, middle, h, 2);
	}
}

/* Numbers beyond the halves, infinities and NaNs. */
static void to_half_large(run_fn *run, bool wide, unsigned mode)
{
	static const double large[] = { 65536, 65537, 1e10, 3e38 };
	static struct vector in, out;
	uint64_t top = wide ? (uint64_t)2047 << 52 : (uint64_t)255 << 23;
	unsigned shift = wide ? 42 : 13;

	for (unsigned n = 0; n < 8; n++) {
		bool negative = n & 1, finite = mode == TOWARD_ZERO || mode == (negative ? UP : DOWN);
		unsigned want = (finite ? 0x7bff : 0x7c00) | (negative ? 0x8000u : 0);
		uint64_t bits = bits_of(negative ? -large[n / 2] : large[n / 2], wide);
		uint32_t flags;

		in = (struct vector){ { bits, 0 } };
		flags = run(&out, &in, &in, 1, mode << 22);
		if (out.d[0] != want || flags != (OFC | IXC))
			differ(modes[mode], bits, out.d[0], want, flags, OFC | IXC);
	}
	for (unsigned payload = 0; payload < 1024; payload++) {
		uint64_t bits = top | (uint64_t)payload << shift;
		unsigned want = payload ? 0x7e00 | payload : 0x7c00;
		uint32_t flags, want_flags = payload && payload < 512 ? IOC : 0;

		in = (struct vector){ { bits, 0 } };
		flags = run(&out, &in, &in, 1, mode << 22);
		if (out.d[0] != want || flags != want_flags)
			differ("NaN", bits, out.d[0], want, flags, want_flags);
	}
}

/* ---- */

static void both(void (*fn)(run_fn *))
{
	fn(loop_jit);
	if (!loop_host)
		fn(loop_eval);
}

static void widen_all(run_fn *run)
{
	static const uint32_t fpcr[] = { 0, 1u << 26, 1u << 25, 1u << 19, 1u << 24, 2u << 22 };

	for (unsigned n = 0; n < sizeof(fpcr) / sizeof(fpcr[0]); n++) {
		loop_set(H_S);
		from_half(run, false, fpcr[n]);
		loop_set(H_D);
		from_half(run, true, fpcr[n]);
	}
}

static unsigned now_mode;
static bool now_wide;

static void narrow_all(run_fn *run)
{
	/* All of them with every feature of the host and, in a slow run, without. */
	unsigned step = loop_host && !getenv("SLOW") ? 7 : 1;

	loop_set(now_wide ? D_H : S_H);
	to_half(run, now_wide, now_mode, run == loop_eval ? 1 : step);
	to_half_large(run, now_wide, now_mode);
}

static void all(void)
{
	both(widen_all);
	loop_result("half to single and double", wrong);
	for (unsigned n = 0; n < 8; n++) {
		char name[64];

		now_mode = n / 2;
		now_wide = n & 1;
		wrong = 0;
		both(narrow_all);
		snprintf(name, sizeof(name), "%s to half, %s", now_wide ? "double" : "single",
			 modes[now_mode]);
		loop_result(name, wrong);
	}
}

static void list(void)
{
	loop_list(H_S);
	loop_list(H_D);
	loop_list(S_H);
	loop_list(D_H);
}

int main(int argc, char **argv)
{
	(void)argv;
	return loop_main(argc, 9, all, list);
}
