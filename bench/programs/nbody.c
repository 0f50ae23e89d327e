/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Floating point, scalar double: the orbits of five bodies.
 * class: fp
 * flags: -fno-tree-vectorize
 */
#include "bench.h"
#include <math.h>

enum { N = 5 };

static double x[N] = {0, 4.84, 8.34, 12.89, 15.37},
	      y[N] = {0, -1.16, 4.12, -15.11, -25.9}, z[N] = {0, -.10, -.4, -.22, .179},
	      vx[N] = {0, .6, -1.01, 1.08, .98}, vy[N] = {0, 2.8, 1.82, .86, .59},
	      vz[N] = {0, -.02, .008, -.01, -.03},
	      m[N] = {39.47, .037, .011, .0017, .002};

static NOINLINE void advance(double dt)
{
	for (int i = 0; i < N; i++)
		for (int j = i + 1; j < N; j++) {
			double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
			double d = dx * dx + dy * dy + dz * dz, f = dt / (d * sqrt(d));

			vx[i] -= dx * m[j] * f;
			vy[i] -= dy * m[j] * f;
			vz[i] -= dz * m[j] * f;
			vx[j] += dx * m[i] * f;
			vy[j] += dy * m[i] * f;
			vz[j] += dz * m[i] * f;
		}
	for (int i = 0; i < N; i++) {
		x[i] += dt * vx[i];
		y[i] += dt * vy[i];
		z[i] += dt * vz[i];
	}
}

int main(void)
{
	for (int i = 0; i < 2000000; i++)
		advance(0.01);
	for (int i = 0; i < N; i++)
		printf("%a %a %a\n", x[i], y[i], z[i]);
	return 0;
}
