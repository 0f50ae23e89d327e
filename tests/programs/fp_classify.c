/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Classification, taking apart and putting together; remainders; minimum and maximum.
 */
#include "guest.h"
#include <math.h>

static const double values[] = {0.0,
				1.0,
				1.5,
				5e-324,
				2.2250738585072014e-308,
				1.7976931348623157e308,
				INFINITY,
				0.1,
				1e-310,
				123456.789,
				0x1p-1022,
				0x1.8p100};

static const char *class_name(double d)
{
	switch (fpclassify(d)) {
	case FP_NAN: return "nan";
	case FP_INFINITE: return "infinite";
	case FP_ZERO: return "zero";
	case FP_SUBNORMAL: return "subnormal";
	default: return "normal";
	}
}

static void one(double d)
{
	int e, q;
	double ip, f = frexp(d, &e), m = modf(d, &ip);

	if (isinf(d))
		e = 0;
	printf("%a %s %d %d %d f %a %d m %a %a ", d, class_name(d), !!signbit(d),
	       !!isfinite(d), !!isnormal(d), f, e, m, ip);
	printf("ld %a %a next %a %a logb %g ", ldexp(d, 3), scalbn(d, -1060),
	       nextafter(d, 2.0), nextafter(d, -1e9), d == 0 ? 0 : logb(d));
	if (isfinite(d)) {
		double r = remquo(d, 0.75, &q);
		printf("fmod %a rem %a %d remquo %a ", fmod(d, 0.7), remainder(d, 0.7),
		       (int)fmod(d, 2), r);
	}
	printf("copysign %a min %a max %a dim %a\n", copysign(d, -1.0), fmin(d, 1.25),
	       fmax(d, 1.25), fdim(d, 1.25));
}

int main(void)
{
	for (size_t i = 0; i < COUNT(values); i++) {
		one(values[i]);
		one(-values[i]);
	}
	volatile double nan = NAN, zero = 0.0;
	printf("%s %d %a %a %a\n", class_name(nan), nan == nan, fmin(nan, 1),
	       fmax(2, nan), fmin(-1, zero));
	printf("%d %d %d\n", isnan(zero / zero) != 0, isinf(1 / zero),
	       signbit(1 / -zero) != 0);
	printf("%a %a\n", hypot(3, 4), cbrt(27.0));
	printf("%d %d\n", ilogb(1e100), (int)lrint(scalbln(1.0, 10)));
	return 0;
}
