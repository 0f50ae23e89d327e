/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Integer work: quick sort, heap sort and radix sort of the same data.
 * class: integer
 */
#include "bench.h"

enum { N = 1 << 19 };

static void quick(u32 *v, int n)
{
	while (n > 12) {
		u32 pivot = v[n / 2];
		int i = 0, j = n - 1;

		while (i <= j) {
			while (v[i] < pivot)
				i++;
			while (v[j] > pivot)
				j--;
			if (i <= j) {
				u32 t = v[i];
				v[i++] = v[j];
				v[j--] = t;
			}
		}
		quick(v, j + 1);
		v += i;
		n -= i;
	}
	for (int i = 1; i < n; i++) {
		u32 x = v[i];
		int j = i;
		for (; j && v[j - 1] > x; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

static void heap(u32 *v, int n)
{
	for (int start = n / 2, end = n; end > 1;) {
		u32 x;
		int at;

		if (start) {
			at = --start;
			x = v[at];
		} else {
			x = v[--end];
			v[end] = v[0];
			at = 0;
		}
		for (int kid; (kid = 2 * at + 1) < end; at = kid) {
			kid += kid + 1 < end && v[kid + 1] > v[kid];
			if (x >= v[kid])
				break;
			v[at] = v[kid];
		}
		v[at] = x;
	}
}

static void radix(u32 *v, u32 *t, int n)
{
	for (int shift = 0; shift < 32; shift += 8) {
		int count[257] = {0};

		for (int i = 0; i < n; i++)
			count[(v[i] >> shift & 255) + 1]++;
		for (int i = 0; i < 256; i++)
			count[i + 1] += count[i];
		for (int i = 0; i < n; i++)
			t[count[v[i] >> shift & 255]++] = v[i];
		u32 *s = v;
		v = t;
		t = s;
	}
}

int main(void)
{
	static u32 a[N], b[N], c[N], t[N];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < N; i++)
			a[i] = b[i] = c[i] = random_u64();
		quick(a, N);
		heap(b, N);
		for (int i = 0; i < 4; i++)
			radix(c, t, N);
		printf("%d %d %08x\n", memcmp(a, b, sizeof(a)), memcmp(a, c, sizeof(a)),
		       a[N / 3]);
	}
	return 0;
}
