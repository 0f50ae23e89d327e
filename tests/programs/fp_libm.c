/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The transcendental functions of libm, printed to the digits that no sound one disputes.
 */
#include "guest.h"
#include <math.h>

int main(void)
{
	for (double x = 0.1; x < 12; x = x * 1.37 + 0.01) {
		printf("%.3f: %.10e %.10e %.10e %.10e %.10e %.10e ", x, sin(x), cos(x),
		       atan(x), exp(x), log(x), pow(x, 1.7));
		printf("%.10e %.10e %.10e %.10e %.10e %.10e\n", tanh(x), sinh(x), cbrt(x),
		       log2(x), exp2(x), log10(x));
		printf("%.10e %.10e %.10e %.10e %.5e %.5e %.5e\n", tgamma(x), erf(x / 3),
		       atan2(x, -2), expm1(-x), sinf(x), expf(x), powf(x, 0.3f));
	}
	for (double x = -1; x <= 1; x += 0.125)
		printf("%.9f %.9f %.9f ", asin(x), acos(x), atan2(x, x - 0.5));
	putchar('\n');
	return 0;
}
