/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Variable arguments: all types mixed, more than the registers hold, va_copy, vsnprintf.
 * levels: O0
 */
#include "guest.h"
#include <stdarg.h>

struct point {
	double x, y;
};

struct large {
	u64 v[5];
};

static NOINLINE u64 gather(const char *types, ...)
{
	va_list ap;
	u64 h = 0;

	va_start(ap, types);
	for (; *types; types++) {
		switch (*types) {
		case 'i': h = mix(h, va_arg(ap, int)); break;
		case 'u': h = mix(h, va_arg(ap, unsigned)); break;
		case 'l': h = mix(h, va_arg(ap, long)); break;
		case 'd': h = mix(h, double_bits(va_arg(ap, double))); break;
		case 's': h = mix(h, strlen(va_arg(ap, char *))); break;
		case 'p': {
			struct point p = va_arg(ap, struct point);
			h = mix(h, double_bits(p.x) ^ double_bits(p.y) * 3);
			break;
		}
		case 'L': {
			struct large b = va_arg(ap, struct large);
			h = mix(h, hash_bytes(&b, sizeof(b)));
			break;
		}
		case 'w': {
			u128 w = va_arg(ap, u128);
			h = mix(h, (u64)(w >> 64) ^ (u64)w * 7);
			break;
		}
		}
	}
	va_end(ap);
	return h;
}

static NOINLINE int twice(char *out, size_t size, const char *format, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, format);
	va_copy(again, ap);
	n = vsnprintf(out, size, format, ap);
	n += vsnprintf(out + n, size - n, format, again);
	va_end(again);
	va_end(ap);
	return n;
}

int main(void)
{
	struct point p = {1.5, -2.25};
	struct large b = {{1, 2, 3, 4, 5}};
	char text[300];

	printf("%016" PRIx64 "\n",
	       gather("iiiiiiiiii", 1, -2, 3, -4, 5, -6, 7, -8, 9, -10));
	printf("%016" PRIx64 "\n",
	       gather("dddddddddd", 1., 2., 3., 4., 5., 6., 7., 8., 9., 10.));
	printf("%016" PRIx64 "\n",
	       gather("idldsdupd", 1, 2.5, 3l, 4.5, "five", 6.5, 7u, p, 8.5));
	printf("%016" PRIx64 "\n", gather("pppppwwwwLLi", p, p, p, p, p, (u128)1,
					  (u128)2 << 64, (u128)3, (u128)4, b, b, 5));
	printf("%016" PRIx64 "\n",
	       gather("LwLiwip", b, (u128)9 << 70, b, 1, (u128)77, 3, p));
	int n = twice(text, sizeof(text), "%d %s %5.2f %c|%lld;", 42, "text", 3.14159,
		      'x', -1ll << 60);
	printf("%d %s\n", n, text);
	return 0;
}
