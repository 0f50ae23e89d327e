/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table-driven state machine: a lexer and an expression evaluator with precedence.
 */
#include "guest.h"
#include <ctype.h>

enum state { START, NUMBER, NAME, TEXT, SPACE, OPERATOR, DONE, STATES };
enum class { DIGIT, LETTER, BLANK, QUOTE, OTHER, END, CLASSES };

static const u8 next_state[STATES][CLASSES] = {
	[START] = {NUMBER, NAME, SPACE, TEXT, OPERATOR, DONE},
	[NUMBER] = {NUMBER, START, START, START, START, START},
	[NAME] = {NAME, NAME, START, START, START, START},
	[TEXT] = {TEXT, TEXT, TEXT, START, TEXT, DONE},
	[SPACE] = {START, START, SPACE, START, START, START},
	[OPERATOR] = {START, START, START, START, START, START},
};

static enum class classify(int c) {
	return !c                       ? END
	       : isdigit(c)             ? DIGIT
	       : isalpha(c) || c == '_' ? LETTER
	       : isspace(c)             ? BLANK
	       : c == '"'               ? QUOTE
					: OTHER;
}

static void lex(const char *p)
{
	enum state s = START;
	const char *start = p;
	int counts[STATES] = {0};

	for (;;) {
		enum state n = next_state[s][classify(*p)];
		if (n == DONE)
			break;
		if (s == TEXT && n == START)
			p++;
		if (n == START) {
			counts[s]++;
			printf("%d<%.*s>", s, (int)(p - start), start);
			s = START;
			continue;
		}
		if (s == START)
			start = p;
		s = n;
		p++;
	}
	for (int i = 0; i < STATES; i++)
		printf(" %d", counts[i]);
	putchar('\n');
}

static const char *at;

static s64 expression(int level)
{
	s64 v;

	while (*at == ' ')
		at++;
	if (*at == '(') {
		at++;
		v = expression(0);
		at++;
	} else if (*at == '-') {
		at++;
		v = -expression(9);
	} else {
		v = strtoll(at, (char **)&at, 10);
	}
	for (;;) {
		static const char ops[] = "|^&<+-*/%";
		static const int levels[] = {1, 2, 3, 4, 5, 5, 6, 6, 6};
		while (*at == ' ')
			at++;
		const char *op = *at ? strchr(ops, *at) : NULL;
		if (!op || levels[op - ops] <= level)
			return v;
		at++;
		s64 r = expression(levels[op - ops]);
		switch (*op) {
		case '|': v |= r; break;
		case '^': v ^= r; break;
		case '&': v &= r; break;
		case '<': v <<= r & 63; break;
		case '+': v += r; break;
		case '-': v -= r; break;
		case '*': v *= r; break;
		case '/': v = r ? v / r : 0; break;
		case '%': v = r ? v % r : 0; break;
		}
	}
}

int main(void)
{
	static const char *texts[] = {"1 + 2 * 3",  "(1+2)*3 - -4",    "100/7%5",
				      "1<10|3&2^8", "2*(3+(4*(5-6)))", "10-3-2"};

	lex("int main(void) { return x1 + 42; } \"a string\"+7");
	lex("a_b9 9ab \t\n \"open");
	for (size_t i = 0; i < COUNT(texts); i++) {
		at = texts[i];
		printf("%s = %" PRId64 "\n", texts[i], expression(0));
	}
	return 0;
}
