/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Function pointers: tables, callbacks, method structs, pointers compared and stored.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

typedef u64 operation(u64, u64);

static u64 op_add(u64 a, u64 b)
{
	return a + b;
}
static u64 op_sub(u64 a, u64 b)
{
	return a - b;
}
static u64 op_xor(u64 a, u64 b)
{
	return a ^ b;
}
static u64 op_mul(u64 a, u64 b)
{
	return a * b;
}
static u64 op_rot(u64 a, u64 b)
{
	return a << (b & 63) | a >> (-b & 63);
}

static operation *const operations[] = {op_add, op_sub, op_xor, op_mul, op_rot};

struct shape {
	const struct shape_ops *ops;
	int w, h;
};

struct shape_ops {
	const char *name;
	int (*area)(const struct shape *);
	int (*outline)(const struct shape *);
};

static int box_area(const struct shape *s)
{
	return s->w * s->h;
}
static int box_outline(const struct shape *s)
{
	return 2 * (s->w + s->h);
}
static int triangle_area(const struct shape *s)
{
	return s->w * s->h / 2;
}
static int triangle_outline(const struct shape *s)
{
	return 3 * s->w;
}

static const struct shape_ops box = {"box", box_area, box_outline};
static const struct shape_ops triangle = {"triangle", triangle_area, triangle_outline};

static NOINLINE u64 fold(const u64 *v, size_t n, operation *op, u64 start)
{
	while (n--)
		start = op(start, *v++);
	return start;
}

static NOINLINE operation *choose(unsigned n)
{
	return n < COUNT(operations) ? operations[n] : NULL;
}

int main(void)
{
	u64 v[64], x = 1;

	for (size_t i = 0; i < COUNT(v); i++)
		v[i] = random_u64();
	for (size_t i = 0; i < COUNT(operations); i++)
		printf("fold %zu %016" PRIx64 "\n", i,
		       fold(v, COUNT(v), operations[i], i));
	for (int i = 0; i < 20000; i++)
		x = operations[x % 5](x, v[i % 64]) + i;
	printf("mixed %016" PRIx64 "\n", x);
	struct shape shapes[] = {{&box, 3, 4}, {&triangle, 5, 6}, {&box, 7, 8}};
	for (size_t i = 0; i < COUNT(shapes); i++)
		printf("%s %d %d\n", shapes[i].ops->name, shapes[i].ops->area(&shapes[i]),
		       shapes[i].ops->outline(&shapes[i]));
	printf("%d %d %d\n", choose(2) == op_xor, choose(2) == op_add, choose(9) == NULL);
	return 0;
}
