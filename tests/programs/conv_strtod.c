/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* strtod and strtof: halfway cases, subnormals, overflow, hexadecimal; round trip by %.17g.
 * quick: yes
 */
#include "guest.h"
#include <errno.h>
#include <math.h>

int main(void)
{
	static const char *texts[] = {
		"0",
		"-0",
		"1",
		"1.5",
		"-2.25e3",
		".5",
		"5.",
		"1e",
		"1e+",
		"e5",
		"  3.14xyz",
		"0x1.8p1",
		"0x.1",
		"0xp",
		"inf",
		"-INFINITY",
		"1e308",
		"1e309",
		"-1e309",
		"1e-323",
		"1e-324",
		"2.4703282292062327e-324",
		"2.4703282292062328e-324",
		"9007199254740993",
		"9007199254740992.5",
		"9007199254740993.0000000001",
		"0.1",
		"123456789012345678901234567890",
		"1.7976931348623158e308",
		"1.7976931348623159e308",
		"2.2250738585072011e-308",
		"16777217",
		"3.4028235677973366e38",
		"1e22",
		"1e23",
		"8.5e-46",
		"0.500000000000000166533453693773481063544750213623046875",
		"6.631236846766476e-316",
	};

	for (size_t t = 0; t < COUNT(texts); t++) {
		char *e, *f;
		errno = 0;
		double d = strtod(texts[t], &e);
		int first = errno;
		errno = 0;
		float g = strtof(texts[t], &f);
		printf("%016" PRIx64 "/%ld/%d %08x/%ld/%d\n", double_bits(d),
		       (long)(e - texts[t]), first, float_bits(g), (long)(f - texts[t]),
		       errno);
	}
	int wrong = 0;
	u64 h = 0;
	for (int i = 0; i < 3000; i++) {
		u64 r = random_u64();
		double d;
		char b[64];
		memcpy(&d, &r, 8);
		if (!isfinite(d))
			continue;
		snprintf(b, sizeof(b), "%.17g", d);
		double back = strtod(b, NULL);
		wrong += double_bits(back) != r;
		snprintf(b, sizeof(b), "%.7g", d);
		h = mix(h, double_bits(strtod(b, NULL)));
	}
	printf("%d %016" PRIx64 "\n", wrong, h);
	return 0;
}
