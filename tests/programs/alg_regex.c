/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our own regular expressions: parsed to a tree-less NFA and simulated with state sets.
 */
#include "guest.h"

enum { CHAR, ANY, SPLIT, JUMP, MATCH, MAX = 200 };

struct state {
	int op, c, x, y;
};

static struct state program[MAX];
static int size;
static const char *pattern;

static int emit(int op, int c, int x, int y)
{
	program[size] = (struct state){op, c, x, y};
	return size++;
}

static void insert(int at)
{
	memmove(&program[at + 1], &program[at], (size - at) * sizeof(*program));
	size++;
	for (int i = at + 1; i < size; i++) {
		if (program[i].x >= at)
			program[i].x++;
		if (program[i].y >= at)
			program[i].y++;
	}
}

static void alternatives(void);

static void atom(void)
{
	int start = size;

	if (*pattern == '(') {
		pattern++;
		alternatives();
		pattern++;
	} else {
		emit(*pattern == '.' ? ANY : CHAR, *pattern, -1, -1);
		pattern++;
	}
	for (;; pattern++) {
		if (*pattern == '*') {
			insert(start);
			emit(JUMP, 0, start, -1);
			program[start] = (struct state){SPLIT, 0, start + 1, size};
		} else if (*pattern == '+') {
			emit(SPLIT, 0, start, size + 1);
		} else if (*pattern == '?') {
			insert(start);
			program[start] = (struct state){SPLIT, 0, start + 1, size};
		} else {
			break;
		}
	}
}

static void alternatives(void)
{
	int start = size;

	while (*pattern && *pattern != ')' && *pattern != '|')
		atom();
	if (*pattern == '|') {
		pattern++;
		insert(start);
		int jump = emit(JUMP, 0, -1, -1);
		program[start] = (struct state){SPLIT, 0, start + 1, size};
		alternatives();
		program[jump].x = size;
	}
}

static void add(bool *set, int s)
{
	if (set[s])
		return;
	set[s] = true;
	if (program[s].op == SPLIT || program[s].op == JUMP)
		add(set, program[s].x);
	if (program[s].op == SPLIT)
		add(set, program[s].y);
}

static int match(const char *text)
{
	bool sets[2][MAX] = {0}, *now = sets[0], *next = sets[1];
	int longest = -1;

	add(now, 0);
	for (int at = 0;; at++) {
		memset(next, 0, MAX);
		for (int s = 0; s < size; s++) {
			if (!now[s])
				continue;
			if (program[s].op == MATCH)
				longest = at;
			if (text[at] &&
			    (program[s].op == ANY ||
			     (program[s].op == CHAR && program[s].c == text[at])))
				add(next, s + 1);
		}
		if (!text[at])
			return longest;
		bool *t = now;
		now = next;
		next = t;
	}
}

int main(void)
{
	static const char *patterns[] = {
		"abc",    "a*",  "a+b", "(ab)*c",        "a|bc|d", "(a|b)*abb",
		"x?y?z?", "a.c", ".*b", "((a|b)(c|d))+", "(a*)*b", "(a|aa)+$"};
	static const char *texts[] = {
		"",        "abc", "aaaaab", "ababc",  "bc",
		"abababb", "yz",  "axc",    "acbdac", "aaaaaaaaaaaaaaaaaaaa"};

	for (size_t p = 0; p < COUNT(patterns); p++) {
		size = 0;
		pattern = patterns[p];
		alternatives();
		emit(MATCH, 0, -1, -1);
		printf("%-14s %3d:", patterns[p], size);
		for (size_t t = 0; t < COUNT(texts); t++)
			printf(" %d", match(texts[t]));
		putchar('\n');
	}
	return 0;
}
