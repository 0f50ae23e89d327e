/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fast Fourier transform of 2048 complex doubles, radix 2, forth and back.
 * class: fp
 * flags: -O3
 */
#include "bench.h"
#include <math.h>

enum { BITS = 11, N = 1 << BITS };

struct complex {
	double re, im;
};

static struct complex data[N], start[N], root[N / 2];

/* Unit roots from the one of the smallest angle, by rounded products only, so that no two
 * mathematical libraries can differ. */
static void make_roots(void)
{
	double re[BITS], im[BITS];

	/* The half angles of -1. */
	re[BITS - 1] = -1;
	im[BITS - 1] = 0;
	for (int k = BITS - 1; k-- > 0;) {
		re[k] = sqrt((1 + re[k + 1]) / 2);
		im[k] = sqrt((1 - re[k + 1]) / 2);
	}
	for (int i = 0; i < N / 2; i++) {
		struct complex r = {1, 0};

		for (int k = 0; k < BITS - 1; k++)
			if (i >> k & 1)
				r = (struct complex){r.re * re[k] - r.im * im[k],
						     r.re * im[k] + r.im * re[k]};
		root[i] = r;
	}
}

static NOINLINE void transform(struct complex *restrict x)
{
	for (unsigned i = 0, j = 0; i < N; i++) {
		unsigned bit = N / 2;

		if (i < j) {
			struct complex t = x[i];
			x[i] = x[j];
			x[j] = t;
		}
		while (j & bit)
			j ^= bit, bit >>= 1;
		j |= bit;
	}
	for (int half = 1, step = N / 2; half < N; half *= 2, step /= 2)
		for (int i = 0; i < N; i += 2 * half)
			for (int k = 0; k < half; k++) {
				struct complex *p = &x[i + k], *q = p + half,
					       w = root[k * step];
				double re = q->re * w.re - q->im * w.im,
				       im = q->re * w.im + q->im * w.re;

				q->re = p->re - re;
				q->im = p->im - im;
				p->re += re;
				p->im += im;
			}
}

/* The other direction is the same of what is mirrored. */
static NOINLINE void back(struct complex *x)
{
	transform(x);
	for (int i = 1; i < N / 2; i++) {
		struct complex t = x[i];
		x[i] = x[N - i];
		x[N - i] = t;
	}
	for (int i = 0; i < N; i++)
		x[i].re *= 1.0 / N, x[i].im *= 1.0 / N;
}

int main(void)
{
	double worst = 0;

	make_roots();
	for (int i = 0; i < N; i++)
		start[i] = (struct complex){(s64)random_u64() * 0x1p-63,
					    (s64)random_u64() * 0x1p-63};
	memcpy(data, start, sizeof(data));
	for (int round = 0; round < 1400; round++) {
		transform(data);
		data[round % N].re += 1;
		data[round % N].re -= 1;
		back(data);
	}
	for (int i = 0; i < N; i++)
		worst = fmax(worst, fabs(data[i].re - start[i].re));
	printf("%016" PRIx64 " %s\n", hash_bytes(data, sizeof(data)),
	       worst < 1e-6 ? "close" : "far");
	return 0;
}
