/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Floating point, scalar: chains of dependent operations, double and single: polynomials,
 * continued fractions, Newton's method, the logistic map.
 * class: fp
 * flags: -fno-tree-vectorize
 */
#include "bench.h"
#include <math.h>

static NOINLINE double polynomial(double x)
{
	double r = 1.0 / 5040;

	r = r * x + 1.0 / 720;
	r = r * x + 1.0 / 120;
	r = r * x + 1.0 / 24;
	r = r * x + 1.0 / 6;
	r = r * x + 0.5;
	r = r * x + 1;
	return r * x + 1;
}

static NOINLINE double fraction(double x, int n)
{
	double r = n;

	while (n > 0)
		r = n-- + x / r;
	return r;
}

static NOINLINE float newton(float x)
{
	float r = x > 1 ? x : 1;

	for (int i = 0; i < 6; i++)
		r = 0.5f * (r + x / r);
	return fabsf(r - sqrtf(x)) < 1e-3f * r ? r : -1;
}

static NOINLINE float logistic(float x, int n)
{
	while (n--)
		x = 3.75f * x * (1 - x);
	return x;
}

int main(void)
{
	double d = 0.25, sum = 0;
	float f = 0.3f, fsum = 0;

	for (int i = 0; i < 3500000; i++) {
		d = polynomial(d) - floor(polynomial(d));
		sum += fraction(d, 4);
		f = logistic(f, 3);
		fsum += newton(f * 1000) * 0x1p-10f;
		if (fsum > 4096)
			fsum -= 4096;
	}
	printf("%a %a %a %a\n", d, sum, f, fsum);
	return 0;
}
