/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Floating point, scalar double: the Mandelbrot set.
 * class: fp
 * flags: -fno-tree-vectorize
 */
#include "bench.h"

int main(void)
{
	u64 sum = 0;

	for (int py = 0; py < 600; py++)
		for (int px = 0; px < 600; px++) {
			double cx = px / 300.0 - 1.5, cy = py / 300.0 - 1, a = 0, b = 0;
			int n = 0;

			while (n < 300 && a * a + b * b < 4) {
				double t = a * a - b * b + cx;
				b = 2 * a * b + cy;
				a = t;
				n++;
			}
			sum = sum * 31 + n;
		}
	printf("%016" PRIx64 "\n", sum);
	return 0;
}
