/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NaNs that both machines define alike: payload and sign of one quiet operand survive.
 * quick: yes
 */
#include "guest.h"
#include <math.h>

static double from_bits(u64 v)
{
	double d;

	memcpy(&d, &v, sizeof(d));
	return d;
}

static NOINLINE double add(double a, double b)
{
	return a + b;
}
static NOINLINE double sub(double a, double b)
{
	return a - b;
}
static NOINLINE double mul(double a, double b)
{
	return a * b;
}
static NOINLINE double divide(double a, double b)
{
	return a / b;
}
static NOINLINE float narrow(double a)
{
	return a;
}
static NOINLINE double widen(float a)
{
	return a;
}

int main(void)
{
	static const u64 nans[] = {0x7ff8000000000001, 0xfff8000000000002,
				   0x7ffc123400000000, 0xffffffffffffffff,
				   0x7ff800000000beef};

	for (size_t i = 0; i < COUNT(nans); i++) {
		double n = from_bits(nans[i]);
		printf("%016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64
		       " %016" PRIx64 "\n",
		       double_bits(add(n, 1.5)), double_bits(add(2.5, n)),
		       double_bits(sub(n, 3)), double_bits(mul(INFINITY, n)),
		       double_bits(divide(n, 0.0)));
		printf("%016" PRIx64 " %016" PRIx64 " %08x %016" PRIx64 " %d %g\n",
		       double_bits(-n), double_bits(fabs(n)), float_bits(narrow(n)),
		       double_bits(widen(narrow(n))), signbit(n) != 0, copysign(1.0, n));
	}
	/* A signalling NaN is made quiet and keeps the rest. */
	double s = from_bits(0x7ff0000000000123);
	printf("%016" PRIx64 " %016" PRIx64 "\n", double_bits(add(s, 1.0)),
	       double_bits(mul(-2.0, s)));
	printf("%f %F %e %g %a\n", fabs(s), -fabs(NAN), INFINITY, -INFINITY, fabs(NAN));
	return 0;
}
