/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rounding functions, and arithmetic under each rounding mode.
 * flags: -frounding-math
 * quick: yes
 */
#include "guest.h"
#include <fenv.h>
#include <math.h>

static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
static const double values[] = {0.0,        -0.0,
				0.3,        0.5,
				0.7,        1.5,
				2.5,        3.5,
				1e10 + 0.5, 0x1p51 + 0.5,
				0x1p52 + 1, 0x1.8p53,
				1e300,      0.49999999999999994,
				INFINITY};

static void print_double(double d)
{
	double f = d;

	printf("%g %g %g %g %g %g ", floor(f), ceil(f), trunc(f), round(f), rint(f),
	       nearbyint(f));
	if (fabs(f) < 1e15)
		printf("%ld %lld %ld %d ", lrint(f), llround(f), lround(-f),
		       (int)floorf(fmod(f, 1000)));
	printf("%g %g %g %g\n", floorf(f), ceilf(f), truncf(f), rintf(f));
}

static NOINLINE u64 arithmetic(double a, double b)
{
	u64 h = double_bits(a + b);

	h = mix(h, double_bits(a - b));
	h = mix(h, double_bits(a * b));
	h = mix(h, double_bits(a / b));
	h = mix(h, double_bits(sqrt(fabs(a))));
	h = mix(h, double_bits(fma(a, b, a)));
	h = mix(h, float_bits((float)a * (float)b));
	h = mix(h, float_bits((float)a));
	return mix(h, double_bits((double)(s64)(a * 0x1p60)));
}

int main(void)
{
	for (size_t m = 0; m < COUNT(modes); m++) {
		u64 h = 0;
		fesetround(modes[m]);
		random_state = 12345;
		for (int i = 0; i < 2000; i++) {
			double a = ((s64)random_u64() | 1) * 0x1p-63,
			       b = ((s64)random_u64() | 1) * 0x1p-62;
			h = mix(h, arithmetic(a, b));
		}
		int got = fegetround() == modes[m];
		printf("mode %zu %d %016" PRIx64 "\n", m, got, h);
		for (size_t i = 0; i < COUNT(values); i++) {
			print_double(values[i]);
			print_double(-values[i]);
		}
	}
	fesetround(FE_TONEAREST);
	printf("%.3f %.0f %.0f\n", 2.0005, 0.5, 1.5);
	return 0;
}
