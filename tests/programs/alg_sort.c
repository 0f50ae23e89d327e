/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Eight sorting algorithms on the same data must agree.
 * levels: O0 O3
 * quick: yes
 */
#include "guest.h"

typedef void sort(s32 *, int);

static void insertion(s32 *v, int n)
{
	for (int i = 1; i < n; i++) {
		s32 x = v[i];
		int j = i;
		for (; j && v[j - 1] > x; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

static void selection(s32 *v, int n)
{
	for (int i = 0; i < n; i++)
		for (int j = i + 1; j < n; j++)
			if (v[j] < v[i]) {
				s32 t = v[i];
				v[i] = v[j], v[j] = t;
			}
}

static void shell(s32 *v, int n)
{
	for (int gap = n / 2; gap; gap /= 2)
		for (int i = gap; i < n; i++) {
			s32 x = v[i];
			int j = i;
			for (; j >= gap && v[j - gap] > x; j -= gap)
				v[j] = v[j - gap];
			v[j] = x;
		}
}

static void sift(s32 *v, int at, int n)
{
	for (int kid; (kid = 2 * at + 1) < n; at = kid) {
		kid += kid + 1 < n && v[kid + 1] > v[kid];
		if (v[at] >= v[kid])
			return;
		s32 t = v[at];
		v[at] = v[kid], v[kid] = t;
	}
}

static void heap(s32 *v, int n)
{
	for (int i = n / 2; i--;)
		sift(v, i, n);
	for (int i = n; --i > 0;) {
		s32 t = v[0];
		v[0] = v[i], v[i] = t;
		sift(v, 0, i);
	}
}

static void quick(s32 *v, int n)
{
	while (n > 1) {
		s32 pivot = v[n / 2];
		int i = 0, j = n - 1;
		while (i <= j) {
			while (v[i] < pivot)
				i++;
			while (v[j] > pivot)
				j--;
			if (i <= j) {
				s32 t = v[i];
				v[i++] = v[j], v[j--] = t;
			}
		}
		quick(v, j + 1);
		v += i, n -= i;
	}
}

static void merge(s32 *v, int n)
{
	static s32 t[4096];

	if (n < 2)
		return;
	merge(v, n / 2);
	merge(v + n / 2, n - n / 2);
	memcpy(t, v, n * sizeof(*v));
	for (int i = 0, j = n / 2, k = 0; k < n;)
		v[k++] = j == n || (i < n / 2 && t[i] <= t[j]) ? t[i++] : t[j++];
}

static void radix(s32 *v, int n)
{
	static s32 t[4096];

	for (int shift = 0; shift < 32; shift += 8) {
		int count[257] = {0};
		for (int i = 0; i < n; i++)
			count[((u32)v[i] ^ 0x80000000) >> shift & 255] += 1;
		for (int i = 0, at = 0; i < 256; i++) {
			int c = count[i];
			count[i] = at;
			at += c;
		}
		for (int i = 0; i < n; i++)
			t[count[((u32)v[i] ^ 0x80000000) >> shift & 255]++] = v[i];
		memcpy(v, t, n * sizeof(*v));
	}
}

static void comb(s32 *v, int n)
{
	for (int gap = n, again = 1; gap > 1 || again;) {
		gap = gap * 10 / 13 ?: 1;
		again = 0;
		for (int i = 0; i + gap < n; i++)
			if (v[i] > v[i + gap]) {
				s32 t = v[i];
				v[i] = v[i + gap], v[i + gap] = t;
				again = 1;
			}
	}
}

int main(void)
{
	static sort *const sorts[] = {insertion, selection, shell, heap,
				      quick,     merge,     radix, comb};
	static s32 data[3000], v[3000];

	for (int n = 0; n <= 1500; n = n * 3 + 1) {
		for (int i = 0; i < n; i++)
			data[i] = n % 2 ? random_u64() : random_u64() % 20 - 10;
		printf("%d", n);
		for (size_t s = 0; s < COUNT(sorts); s++) {
			memcpy(v, data, sizeof(v));
			sorts[s](v, n);
			printf(" %08x", (u32)hash_bytes(v, n * sizeof(*v)));
		}
		putchar('\n');
	}
	return 0;
}
