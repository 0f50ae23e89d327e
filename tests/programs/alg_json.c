/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A JSON parser and printer: nested values, escapes, numbers, errors with position.
 * levels: O0
 * quick: yes
 */
#include "guest.h"

struct parser {
	const char *start, *p;
	const char *error;
	int depth;
	u64 values;
};

static void fail(struct parser *j, const char *what)
{
	if (!j->error) {
		j->error = what;
		printf(" <%s at %ld>", what, (long)(j->p - j->start));
	}
}

static void space(struct parser *j)
{
	j->p += strspn(j->p, " \t\r\n");
}

static void string(struct parser *j)
{
	putchar('"');
	for (j->p++; *j->p != '"'; j->p++) {
		if (!*j->p) {
			fail(j, "unterminated string");
			return;
		}
		if (*j->p != '\\') {
			putchar(*j->p);
			continue;
		}
		switch (*++j->p) {
		case 'n': printf("\\n"); break;
		case 't': printf("\\t"); break;
		case '"':
		case '\\':
		case '/': putchar(*j->p); break;
		case 'u': {
			char hex[5] = "";
			strncpy(hex, j->p + 1, 4);
			printf("U+%04lX", strtol(hex, NULL, 16));
			j->p += 4;
			break;
		}
		default: fail(j, "bad escape"); return;
		}
	}
	j->p++;
	putchar('"');
}

static void value(struct parser *j);

static void sequence(struct parser *j, char end)
{
	putchar(*j->p++);
	for (bool first = true; !j->error; first = false) {
		space(j);
		if (*j->p == end && first)
			break;
		if (!first) {
			if (*j->p == end)
				break;
			if (*j->p != ',') {
				fail(j, "comma expected");
				return;
			}
			j->p++;
			putchar(',');
			space(j);
		}
		if (end == '}') {
			if (*j->p != '"') {
				fail(j, "key expected");
				return;
			}
			string(j);
			space(j);
			if (*j->p++ != ':') {
				fail(j, "colon expected");
				return;
			}
			putchar(':');
		}
		value(j);
	}
	if (!j->error)
		putchar(*j->p++);
}

static void value(struct parser *j)
{
	char *end;

	space(j);
	j->values++;
	if (++j->depth > 20)
		fail(j, "too deep");
	else if (*j->p == '{')
		sequence(j, '}');
	else if (*j->p == '[')
		sequence(j, ']');
	else if (*j->p == '"')
		string(j);
	else if (!strncmp(j->p, "true", 4) || !strncmp(j->p, "null", 4))
		printf("%.4s", j->p), j->p += 4;
	else if (!strncmp(j->p, "false", 5))
		printf("false"), j->p += 5;
	else {
		double d = strtod(j->p, &end);
		if (end == j->p)
			fail(j, "value expected");
		else
			printf("%.12g", d), j->p = end;
	}
	j->depth--;
}

int main(void)
{
	static const char *texts[] = {
		"{\"a\": [1, 2.5, -3e10, {\"b\": null}], \"c\": \"x\\ny \\u20ac\", \"d\": true, \"e\": {}}",
		"[[[[[[[[[[1]]]]]]]]], [], {\"\": \"\"}]",
		"[1, 2",
		"{\"a\" 1}",
		"[1 2]",
		"\"open",
		"{a:1}",
		"[1, ]",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[1",
		"\"bad \\x\"",
		" 42 ",
		"nul",
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct parser j = {texts[i], texts[i]};
		value(&j);
		space(&j);
		printf(" | %" PRIu64 " values, rest %zu\n", j.values, strlen(j.p));
	}
	return 0;
}
