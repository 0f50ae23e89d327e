/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text routines; none allocates, every writer is bounded.
 */
#include <linux/errno.h>

#include "rt/memory.h"
#include "rt/rt.h"
#include "rt/syscall.h"
#include "rt/text.h"

size_t rt_strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

int rt_strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

bool rt_str_eq(const char *a, const char *b)
{
	return rt_strcmp(a, b) == 0;
}

const char *rt_str_after(const char *s, const char *prefix)
{
	while (*prefix)
		if (*s++ != *prefix++)
			return NULL;
	return s;
}

const char *rt_strchr(const char *s, char c)
{
	for (; *s; s++)
		if (*s == c)
			return s;
	return NULL;
}

const char *rt_basename(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (*path == '/')
			base = path + 1;
	return base;
}

size_t rt_strcpy(char *dst, size_t size, const char *src)
{
	size_t n = rt_strlen(src);

	if (size) {
		size_t copy = n < size ? n : size - 1;

		memcpy(dst, src, copy);
		dst[copy] = 0;
	}
	return n;
}

struct out {
	char *buf;
	size_t size, length;
};

static void put(struct out *o, char c)
{
	if (o->length + 1 < o->size)
		o->buf[o->length] = c;
	o->length++;
}

static void put_padded(struct out *o, const char *s, size_t n, size_t width, bool left, char pad)
{
	size_t fill = width > n ? width - n : 0;

	for (; !left && fill; fill--)
		put(o, pad);
	for (size_t i = 0; i < n; i++)
		put(o, s[i]);
	for (; fill; fill--)
		put(o, ' ');
}

static void put_number(struct out *o, uint64_t v, unsigned base, bool negative, size_t width,
		       bool left, bool zero)
{
	char digits[24];
	size_t n = sizeof(digits);

	do {
		digits[--n] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	if (negative && zero) {
		put(o, '-');
		width = width ? width - 1 : 0;
	} else if (negative) {
		digits[--n] = '-';
	}
	put_padded(o, digits + n, sizeof(digits) - n, width, left, zero && !left ? '0' : ' ');
}

size_t rt_vformat(char *buf, size_t size, const char *format, va_list ap)
{
	struct out o = { buf, size, 0 };

	for (; *format; format++) {
		bool left = false, zero = false, wide = false;
		size_t width = 0, precision = ~(size_t)0;

		if (*format != '%') {
			put(&o, *format);
			continue;
		}
		for (format++; *format == '-' || *format == '0'; format++)
			*format == '-' ? (left = true) : (zero = true);
		if (*format == '*') {
			width = (size_t)va_arg(ap, int);
			format++;
		}
		for (; *format >= '0' && *format <= '9'; format++)
			width = width * 10 + (size_t)(*format - '0');
		if (*format == '.' && format[1] == '*') {
			precision = (size_t)va_arg(ap, int);
			format += 2;
		} else if (*format == '.') {
			precision = 0;
			for (format++; *format >= '0' && *format <= '9'; format++)
				precision = precision * 10 + (size_t)(*format - '0');
		}
		for (; *format == 'l' || *format == 'z'; format++)
			wide = true;
		switch (*format) {
		case 's': {
			const char *s = va_arg(ap, const char *);
			size_t n = 0;

			s = s ? s : "(null)";
			while (n < precision && s[n])
				n++;
			put_padded(&o, s, n, width, left, ' ');
			break;
		}
		case 'c': {
			char c = (char)va_arg(ap, int);

			put_padded(&o, &c, 1, width, left, ' ');
			break;
		}
		case 'd':
		case 'i': {
			int64_t v = wide ? va_arg(ap, long) : va_arg(ap, int);

			put_number(&o, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, v < 0, width,
				   left, zero);
			break;
		}
		case 'u':
		case 'x':
		case 'o': {
			uint64_t v = wide ? va_arg(ap, unsigned long)
					  : va_arg(ap, unsigned int);

			put_number(&o, v, *format == 'x' ? 16 : *format == 'o' ? 8 : 10, false,
				   width, left, zero);
			break;
		}
		case 'p':
			put(&o, '0');
			put(&o, 'x');
			put_number(&o, (uint64_t)va_arg(ap, void *), 16, false, width, left,
				   zero);
			break;
		case 0: format--; break;
		default: put(&o, *format); break;
		}
	}
	if (size)
		buf[o.length < size ? o.length : size - 1] = 0;
	return o.length;
}

size_t rt_format(char *buf, size_t size, const char *format, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, format);
	n = rt_vformat(buf, size, format, ap);
	va_end(ap);
	return n;
}

static void print(int fd, const char *format, va_list ap)
{
	char buf[1024];
	size_t n = rt_vformat(buf, sizeof(buf), format, ap);

	rt_syscall(__NR_write, fd, buf, n < sizeof(buf) ? n : sizeof(buf) - 1);
}

void rt_print(int fd, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	print(fd, format, ap);
	va_end(ap);
}

void rt_log(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	print(2, format, ap);
	va_end(ap);
}

static int parse_prefix(const char **s, uint64_t *ret)
{
	unsigned base = 10;
	uint64_t v = 0;
	const char *p = *s;

	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
		base = 16;
		p += 2;
	} else if (p[0] == '0' && p[1]) {
		base = 8;
	}
	const char *first = p;

	for (;; p++) {
		unsigned d = *p >= '0' && *p <= '9'   ? (unsigned)(*p - '0')
			     : *p >= 'a' && *p <= 'f' ? (unsigned)(*p - 'a' + 10)
			     : *p >= 'A' && *p <= 'F' ? (unsigned)(*p - 'A' + 10)
						      : 99;

		if (d >= base)
			break;
		if (__builtin_mul_overflow(v, base, &v) || __builtin_add_overflow(v, d, &v))
			return -ERANGE;
	}
	if (p == first)
		return -EINVAL;
	*s = p;
	*ret = v;
	return 0;
}

int rt_parse_u64(const char *s, uint64_t *ret)
{
	uint64_t v;
	int r = parse_prefix(&s, &v);

	if (r < 0)
		return r;
	if (*s)
		return -EINVAL;
	*ret = v;
	return 0;
}

int rt_parse_size(const char *s, uint64_t *ret)
{
	uint64_t v;
	int r = parse_prefix(&s, &v);
	unsigned shift = 0;

	if (r < 0)
		return r;
	switch (*s) {
	case 'k':
	case 'K': shift = 10; break;
	case 'm':
	case 'M': shift = 20; break;
	case 'g':
	case 'G': shift = 30; break;
	}
	if (shift)
		s++;
	if (*s)
		return -EINVAL;
	if (v << shift >> shift != v)
		return -ERANGE;
	*ret = v << shift;
	return 0;
}

uint64_t rt_take_hex(const char **s)
{
	uint64_t v = 0;

	for (;; (*s)++) {
		char c = **s;

		if (c >= '0' && c <= '9')
			v = v << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (uint64_t)(c - 'a' + 10);
		else
			return v;
	}
}
