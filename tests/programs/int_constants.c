/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants that need wide moves or have a repeating bit pattern, in logic and arithmetic.
 * levels: O0
 */
#include "guest.h"

#define LOGIC(c)                       \
	h = mix(h, v & (c));           \
	h = mix(h, v | (c));           \
	h = mix(h, v ^ (c));           \
	h = mix(h, v + (c));           \
	h = mix(h, v - (c));           \
	h = mix(h, (v & (c)) == 0);    \
	h = mix(h, (u32)v & (u32)(c)); \
	h = mix(h, (u32)v ^ (u32)(c)); \
	h = mix(h, v < (u64)(c));

static NOINLINE u64 patterns(u64 v)
{
	u64 h = 0;

	LOGIC(0x1ull)
	LOGIC(0xfffull)
	LOGIC(0x1000ull)
	LOGIC(0xfff000ull)
	LOGIC(0x5555555555555555ull)
	LOGIC(0x3333333333333333ull)
	LOGIC(0x0f0f0f0f0f0f0f0full)
	LOGIC(0x00ff00ff00ff00ffull)
	LOGIC(0x0000ffff0000ffffull)
	LOGIC(0x8000000000000001ull)
	LOGIC(0xc0000003c0000003ull)
	LOGIC(0x7ffffffffffffffcull)
	LOGIC(0xffffffff00000000ull)
	LOGIC(0xfffffffffffffff0ull)
	LOGIC(0x0001000100010001ull)
	LOGIC(0x123456789abcdef0ull)
	LOGIC(0xffff0000ffff1234ull)
	LOGIC(0x00000000ffff0000ull)
	LOGIC(0xdeadbeef00000000ull)
	LOGIC(0x80000000ull)
	return h;
}

int main(void)
{
	for (size_t i = 0; i < COUNT(corners); i++)
		printf("%016" PRIx64 " %016" PRIx64 "\n", corners[i],
		       patterns(HIDE(corners[i])));
	return 0;
}
