/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Longer computations whose every step is exactly rounded: orbits, sums, a solver, a series.
 * levels: O0 O3
 */
#include "guest.h"
#include <math.h>

struct body {
	double x, y, vx, vy, m;
};

static NOINLINE void orbit(struct body *b, int n, int steps)
{
	for (int s = 0; s < steps; s++) {
		for (int i = 0; i < n; i++)
			for (int j = 0; j < n; j++) {
				if (i == j)
					continue;
				double dx = b[j].x - b[i].x, dy = b[j].y - b[i].y;
				double d = dx * dx + dy * dy + 0.01,
				       f = b[j].m / (d * sqrt(d));
				b[i].vx += dx * f * 0.01;
				b[i].vy += dy * f * 0.01;
			}
		for (int i = 0; i < n; i++)
			b[i].x += b[i].vx * 0.01, b[i].y += b[i].vy * 0.01;
	}
}

static NOINLINE double kahan(const float *v, size_t n)
{
	float sum = 0, c = 0;

	for (size_t i = 0; i < n; i++) {
		float y = v[i] - c, t = sum + y;
		c = (t - sum) - y;
		sum = t;
	}
	return sum;
}

static NOINLINE void solve(double a[8][9])
{
	for (int c = 0; c < 8; c++) {
		int best = c;
		for (int r = c + 1; r < 8; r++)
			if (fabs(a[r][c]) > fabs(a[best][c]))
				best = r;
		for (int k = 0; k < 9; k++) {
			double t = a[c][k];
			a[c][k] = a[best][k];
			a[best][k] = t;
		}
		for (int r = 0; r < 8; r++)
			for (int k = 8; r != c && k >= c; k--)
				a[r][k] -= a[c][k] * (a[r][c] / a[c][c]);
	}
}

static NOINLINE int mandelbrot(double x, double y)
{
	double a = 0, b = 0;
	int n = 0;

	while (n < 200 && a * a + b * b < 4) {
		double t = a * a - b * b + x;
		b = 2 * a * b + y;
		a = t;
		n++;
	}
	return n;
}

int main(void)
{
	struct body b[4] = {{0, 0, 0, 0, 1},
			    {1, 0, 0, 1, .01},
			    {0, 2, -.7, 0, .02},
			    {-3, 0, 0, -.5, .03}};
	float v[1000];
	double a[8][9], x = 1;
	u64 h = 0;

	orbit(b, 4, 2000);
	for (int i = 0; i < 4; i++)
		printf("%a %a\n", b[i].x, b[i].y);
	for (int i = 0; i < 1000; i++)
		v[i] = 1.0f / (i + 1);
	printf("%a\n", kahan(v, 1000));
	for (int i = 0; i < 8; i++)
		for (int j = 0; j < 9; j++)
			a[i][j] = (s64)random_u64() * 0x1p-60;
	solve(a);
	for (int i = 0; i < 8; i++)
		printf("%a ", a[i][8] / a[i][i]);
	for (int i = 0; i < 40; i++)
		x = 0.5 * (x + 2 / x);
	printf("\n%a\n", x);
	for (double py = -1; py < 1; py += 0.09)
		for (double px = -2; px < 0.5; px += 0.07)
			h = mix(h, mandelbrot(px, py));
	printf("%016" PRIx64 "\n", h);
	return 0;
}
