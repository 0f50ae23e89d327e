/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Floating point comparisons with infinities, zeros and NaNs; branches, values, selections.
 * levels: O0 O3
 * quick: yes
 */
#include "guest.h"
#include <math.h>

static double values[] = {0.0, -0.0, 1.0, -1.0, 1e300, 5e-324, INFINITY, -INFINITY, NAN};

#define COMPARE(type)                                                                   \
	static NOINLINE unsigned compare_##type(type a, type b)                         \
	{                                                                               \
		unsigned v = (a < b) | (a <= b) << 1 | (a > b) << 2 | (a >= b) << 3 |   \
			     (a == b) << 4 | (a != b) << 5 | !!isunordered(a, b) << 6 | \
			     !!isless(a, b) << 7 | !!islessgreater(a, b) << 8;          \
		if (a < b)                                                              \
			v |= 1 << 9;                                                    \
		if (!(a < b))                                                           \
			v |= 1 << 10;                                                   \
		if (a != a || b != b)                                                   \
			v |= 1 << 11;                                                   \
		if (a > 0)                                                              \
			v |= 1 << 12;                                                   \
		if (!(a >= b) && b < 0)                                                 \
			v |= 1 << 13;                                                   \
		type c = a < b ? a : b, d = a >= b ? a : b;                             \
		v |= (c == a) << 14 | (d == b) << 15 | !!signbit(c) << 16;              \
		return v;                                                               \
	}
COMPARE(float)
COMPARE(double)

static NOINLINE int sorted(const double *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!(v[i - 1] <= v[i]))
			return i;
	return 0;
}

int main(void)
{
	double v[64];

	for (size_t i = 0; i < COUNT(values); i++) {
		for (size_t j = 0; j < COUNT(values); j++)
			printf("%05x/%05x ", compare_double(values[i], values[j]),
			       compare_float(values[i], values[j]));
		putchar('\n');
	}
	for (int i = 0; i < 64; i++)
		v[i] = i * 0.5;
	printf("%d ", sorted(v, 64));
	v[40] = NAN;
	printf("%d\n", sorted(v, 64));
	return 0;
}
