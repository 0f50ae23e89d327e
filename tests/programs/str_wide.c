/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wide characters and UTF-8: wcs and wmem functions, conversions, towupper, wide printf.
 */
#include "guest.h"
#include <locale.h>
#include <wchar.h>
#include <wctype.h>

int main(void)
{
	wchar_t w[100], v[100];
	char b[200];

	wcscpy(w, L"wide text");
	wcscat(w, L" more");
	printf("%zu %d %d %ld %ld\n", wcslen(w), wcscmp(w, L"wide") > 0,
	       wcsncmp(w, L"wide", 4), (long)(wcschr(w, L't') - w),
	       (long)(wcsstr(w, L"more") - w));
	wmemset(v, L'x', 20);
	wmemcpy(v + 3, w, 5);
	v[20] = 0;
	printf("%ls|%.5ls|%10ls|%-10ls|\n", v, w, L"right", L"left");
	printf("%zu %zu\n", wcsspn(w, L"wide"), wcscspn(w, L"x"));
	swprintf(v, 100, L"%d %s %ls %5.1f %lc", 42, "narrow", L"wide", 2.5, L'!');
	printf("%ls\n", v);
	printf("%ld %lu %.3f\n", wcstol(L"-123xyz", NULL, 10), wcstoul(L"ff", NULL, 16),
	       wcstod(L"1.5e3", NULL));
	printf("%s\n", setlocale(LC_ALL, "C.UTF-8") ? "utf-8" : "none");
	if (MB_CUR_MAX > 1) {
		size_t n = mbstowcs(w, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
				    100);
		printf("%zu:", n);
		for (size_t i = 0; i < n; i++)
			printf(" %x", (unsigned)w[i]);
		for (size_t i = 0; i < n; i++)
			w[i] = towupper(w[i]);
		n = wcstombs(b, w, sizeof(b));
		printf(" %zu %016" PRIx64 " %d\n", n, hash_bytes(b, n),
		       iswalpha(0xfc) != 0);
		mbstate_t s = {0};
		wchar_t c;
		printf("%zd %zd\n", (ssize_t)mbrtowc(&c, "\xff", 1, &s),
		       (ssize_t)mblen("\xe2\x82\xac", 3));
	}
	return 0;
}
