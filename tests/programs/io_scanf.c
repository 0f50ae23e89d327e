/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sscanf: all conversions, widths, sets, suppressed fields, counts and failures.
 */
#include "guest.h"

int main(void)
{
	int i, j, k, n;
	unsigned u;
	long l;
	float f;
	double d;
	char s[50], t[50], c, c3[4] = "";
	short h;
	signed char hh;

	n = sscanf("42 -17 0x1f 077 ff", "%d%i %i %o %x", &i, &j, &k, &u, (unsigned *)&n);
	printf("%d %d %d %u\n", i, j, k, u);
	n = sscanf("3.25 -1e10 0x1.8p3", "%f %lf %lf", &f, &d, &d);
	printf("%d %g %g\n", n, f, d);
	n = sscanf("hello world: x abc", "%s %[a-z]: %c %3c", s, t, &c, c3);
	printf("%d %s %s %c %s\n", n, s, t, c, c3);
	n = sscanf("12345678", "%2d%3d%hd", &i, &j, &h);
	printf("%d %d %d %d\n", n, i, j, h);
	n = sscanf("key=value;", "%[^=]=%[^;]%n", s, t, &i);
	printf("%d %s %s %d\n", n, s, t, i);
	n = sscanf("300 99999999999", "%hhd %ld", &hh, &l);
	printf("%d %d %ld\n", n, hh, l);
	printf("%d %d %d\n", sscanf("abc", "%d", &i), sscanf("", "%d", &i),
	       sscanf("5 x", "%*d %c", &c));
	printf("%d %d\n", sscanf("1,2,3", "%d,%d;%d", &i, &j, &k),
	       sscanf("50%", "%d%%%n", &i, &j));
	char *p;
	n = sscanf("allocated text", "%ms", &p);
	printf("%d %s\n", n, p);
	free(p);
	return 0;
}
