/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* printf with floating point: %f %e %g %a, all flags, rounding ties, extremes.
 * levels: O0
 * quick: yes
 */
#include "guest.h"
#include <math.h>

int main(void)
{
	static const char *formats[] = {
		"%f",     "%.0f",  "%.1f",    "%.2f",  "%10.3f", "%-12.4f|",
		"%+.3f",  "% .3f", "%012.3f", "%e",    "%.0e",   "%.3E",
		"%15.5e", "%g",    "%.3g",    "%#g",   "%.10g",  "%G",
		"%a",     "%.3a",  "%A",      "%.17g", "%.20f",  "%#.0f"};
	static const double values[] = {0,
					-0.0,
					1,
					-1.5,
					0.5,
					2.5,
					3.14159265358979,
					1e10,
					123456789.123,
					1e-5,
					1.005,
					0.1,
					9.9995,
					99999.5,
					1e100,
					1e-100,
					5e-324,
					1.7976931348623157e308,
					INFINITY,
					-INFINITY};

	for (size_t f = 0; f < COUNT(formats); f++) {
		for (size_t v = 0; v < COUNT(values); v++) {
			char b[500];
			int n = snprintf(b, sizeof(b), formats[f], values[v]);
			if (n < 60)
				printf("%s ", b);
			else
				printf("%d:%016" PRIx64 " ", n, hash_bytes(b, n));
		}
		putchar('\n');
	}
	u64 h = 0;
	for (int i = 0; i < 2000; i++) {
		u64 r = random_u64();
		double d;
		char b[500];
		memcpy(&d, &r, 8);
		if (d != d)
			continue;
		h = mix(h, hash_bytes(b, snprintf(b, sizeof(b), "%.17g %a %e %.3f", d, d,
						  d, fmod(d, 1e6))));
	}
	printf("%016" PRIx64 "\n", h);
	return 0;
}
