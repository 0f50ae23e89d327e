/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Structs by value of every size and class, as arguments and as results.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

#define SIZED(n)                                                                   \
	struct bytes##n {                                                          \
		u8 v[n];                                                           \
	};                                                                         \
	static NOINLINE struct bytes##n change##n(struct bytes##n s, int k)        \
	{                                                                          \
		for (int i = 0; i < n; i++)                                        \
			s.v[i] += i * k;                                           \
		return s;                                                          \
	}                                                                          \
	static void test##n(void)                                                  \
	{                                                                          \
		struct bytes##n s, t;                                              \
		for (int i = 0; i < n; i++)                                        \
			s.v[i] = i * 7 + n;                                        \
		t = change##n(change##n(s, 3), 5);                                 \
		printf("%d %016" PRIx64 " %016" PRIx64 "\n", n, hash_bytes(&s, n), \
		       hash_bytes(&t, n));                                         \
	}
SIZED(1)
SIZED(2) SIZED(3) SIZED(4) SIZED(5) SIZED(7) SIZED(8) SIZED(9) SIZED(12) SIZED(15)
	SIZED(16) SIZED(17) SIZED(24) SIZED(31) SIZED(32) SIZED(33) SIZED(64) SIZED(100)
		SIZED(257)

			struct floats2 {
	float a, b;
};
struct floats4 {
	float a, b, c, d;
};
struct doubles3 {
	double a, b, c;
};
struct doubles5 {
	double a, b, c, d, e;
};
struct mixed {
	int i;
	double d;
};
struct nested {
	struct floats2 f;
	struct {
		char c;
		short s;
	} in;
	s64 l;
};
union either {
	u64 u;
	double d;
};

static NOINLINE struct floats2 f2(struct floats2 s)
{
	return (struct floats2){s.b + 1, s.a * 2};
}
static NOINLINE struct floats4 f4(struct floats4 s, float k)
{
	return (struct floats4){s.d * k, s.c - k, s.b + k, s.a};
}
static NOINLINE struct doubles3 d3(struct doubles3 s)
{
	return (struct doubles3){s.b, s.c, s.a * 0.5};
}
static NOINLINE struct doubles5 d5(struct doubles5 s)
{
	return (struct doubles5){s.e, s.d, s.c, s.b, s.a};
}
static NOINLINE struct mixed mixed(struct mixed s)
{
	return (struct mixed){s.i + 1, s.d / 4};
}
static NOINLINE struct nested nested(struct nested s, char c)
{
	s.in.c += c;
	s.in.s *= 3;
	s.l -= s.in.s;
	s.f.b += s.f.a;
	return s;
}
static NOINLINE union either either(union either e)
{
	e.u++;
	return e;
}

static NOINLINE double many(struct floats4 a, struct doubles3 b, struct floats4 c,
			    struct mixed d, struct doubles3 e, int f, struct mixed g)
{
	return a.a + b.b * 2 + c.c * 3 + d.d * 5 + d.i * 7 + e.c * 11 + f * 13 +
	       g.i * 17 + g.d * 19;
}

int main(void)
{
	test1(), test2(), test3(), test4(), test5(), test7(), test8(), test9(), test12(),
		test15();
	test16(), test17(), test24(), test31(), test32(), test33(), test64(), test100(),
		test257();
	struct floats2 a = f2((struct floats2){1.5f, 2.5f});
	struct floats4 b = f4((struct floats4){1, 2, 3, 4}, 0.5f);
	struct doubles3 c = d3((struct doubles3){1, 2, 3});
	struct doubles5 d = d5((struct doubles5){1, 2, 3, 4, 5});
	struct mixed e = mixed((struct mixed){41, 10});
	struct nested f = nested((struct nested){{1, 2}, {'a', 100}, 1000}, 3);
	printf("%g %g | %g %g %g %g | %g %g %g | %g %g %g %g %g | %d %g\n", a.a, a.b, b.a,
	       b.b, b.c, b.d, c.a, c.b, c.c, d.a, d.b, d.c, d.d, d.e, e.i, e.d);
	printf("%g %g %c %d %" PRId64 " %g\n", f.f.a, f.f.b, f.in.c, f.in.s, f.l,
	       either((union either){.d = 2.0}).d);
	printf("%g\n", many(b, c, b, e, c, 9, e));
	return 0;
}
