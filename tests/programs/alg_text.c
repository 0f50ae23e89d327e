/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text codecs: base64, hex, UTF-8 with errors, run lengths, Roman numerals, Caesar.
 */
#include "guest.h"

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int encode(const u8 *in, int n, char *out)
{
	char *o = out;

	for (int i = 0; i < n; i += 3) {
		u32 w = in[i] << 16 | (i + 1 < n ? in[i + 1] << 8 : 0) |
			(i + 2 < n ? in[i + 2] : 0);
		*o++ = alphabet[w >> 18];
		*o++ = alphabet[w >> 12 & 63];
		*o++ = i + 1 < n ? alphabet[w >> 6 & 63] : '=';
		*o++ = i + 2 < n ? alphabet[w & 63] : '=';
	}
	*o = 0;
	return o - out;
}

static int decode(const char *in, u8 *out)
{
	u8 *o = out;
	u32 w = 0;
	int bits = 0;

	for (; *in && *in != '='; in++) {
		w = w << 6 | (strchr(alphabet, *in) - alphabet);
		if ((bits += 6) >= 8)
			*o++ = w >> (bits -= 8);
	}
	return o - out;
}

static s32 utf8(const u8 **p)
{
	u8 c = *(*p)++;
	int more = c < 0x80       ? 0
		   : c >> 5 == 6  ? 1
		   : c >> 4 == 14 ? 2
		   : c >> 3 == 30 ? 3
				  : -1;
	s32 v = more < 1 ? c : c & (0x3f >> more);

	if (more < 0)
		return -1;
	while (more--) {
		if (**p >> 6 != 2)
			return -2;
		v = v << 6 | (*(*p)++ & 0x3f);
	}
	return v;
}

static void roman(int n)
{
	static const struct {
		int v;
		const char *s;
	} t[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
		 {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
		 {5, "V"},    {4, "IV"},   {1, "I"}};

	for (size_t i = 0; i < COUNT(t); i++)
		for (; n >= t[i].v; n -= t[i].v)
			fputs(t[i].s, stdout);
	putchar(' ');
}

int main(void)
{
	u8 data[100], back[100];
	char text[200];

	for (int i = 0; i < 100; i++)
		data[i] = random_u64();
	for (int n = 0; n < 100; n += 7) {
		encode(data, n, text);
		int m = decode(text, back);
		printf("%s %d %d\n", text, m, memcmp(data, back, n));
	}
	for (const u8 *p =
		     (const u8 *)"A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x80z\xe2\x41\xff";
	     *p;)
		printf("%d ", utf8(&p));
	putchar('\n');
	for (int n = 1; n < 4000; n = n * 2 + 1)
		roman(n);
	putchar('\n');
	for (char c = ' '; c < 127; c++)
		putchar(c >= 'a' && c <= 'z'   ? 'a' + (c - 'a' + 13) % 26
			: c >= 'A' && c <= 'Z' ? 'A' + (c - 'A' + 13) % 26
					       : c);
	putchar('\n');
	return 0;
}
