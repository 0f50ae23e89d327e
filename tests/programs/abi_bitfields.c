/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bit fields: signed, unsigned, packed, crossing units, of 64-bit type.
 * levels: O0
 */
#include "guest.h"

struct plain {
	unsigned a : 3, b : 5, c : 11, d : 13;
	signed e : 4, f : 9, g : 19;
	u64 h : 37, i : 27;
	s64 j         : 40;
	bool k        : 1;
	signed char l : 3;
};

struct __attribute__((packed)) tight {
	u64 a : 7, b : 33, c : 50, d : 1;
	s32 e : 21;
	u16 f : 9;
};

static NOINLINE void store(struct plain *p, u64 v)
{
	p->a = v, p->b = v >> 1, p->c = v >> 2, p->d = v >> 3, p->e = v >> 4,
	p->f = v >> 5;
	p->g = v >> 6, p->h = v >> 7, p->i = v >> 8, p->j = v >> 9, p->k = v >> 10,
	p->l = v >> 11;
}

static NOINLINE u64 load(const struct plain *p)
{
	u64 h = mix(p->a, p->b);

	h = mix(h, mix(p->c, p->d));
	h = mix(h, mix(p->e, p->f));
	h = mix(h, mix(p->g, p->h));
	h = mix(h, mix(p->i, p->j));
	return mix(h, mix(p->k, p->l));
}

static NOINLINE u64 tighten(struct tight *t, u64 v)
{
	t->a += v, t->b ^= v, t->c -= v, t->d ^= 1, t->e += (s32)v, t->f *= 3;
	return mix(mix(t->a, t->b), mix(t->c, t->d)) ^ mix(t->e, t->f);
}

int main(void)
{
	struct plain p;
	struct tight t = {0};
	u64 h = 0;

	printf("%zu %zu\n", sizeof(struct plain), sizeof(struct tight));
	for (size_t i = 0; i < COUNT(corners); i++) {
		memset(&p, 0, sizeof(p));
		store(&p, corners[i]);
		printf("%016" PRIx64 " %016" PRIx64 "\n", load(&p),
		       hash_bytes(&p, sizeof(p)));
		p.e++, p.h--, p.j <<= 1;
		h = mix(h, load(&p));
		h = mix(h, tighten(&t, corners[i]));
	}
	printf("%016" PRIx64 " %016" PRIx64 "\n", h, hash_bytes(&t, sizeof(t)));
	return 0;
}
