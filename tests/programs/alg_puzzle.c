/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Search with backtracking: queens by bit masks, sudoku, knapsack, edit distance.
 */
#include "guest.h"

static NOINLINE int queens(int n, u32 columns, u32 left, u32 right)
{
	u32 all = (1u << n) - 1;
	int count = 0;

	if (columns == all)
		return 1;
	for (u32 open = all & ~(columns | left | right); open; open &= open - 1) {
		u32 bit = open & -open;
		count += queens(n, columns | bit, (left | bit) << 1, (right | bit) >> 1);
	}
	return count;
}

static char grid[] =
	"53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79";
static int tries;

static bool solve(void)
{
	char *p = strchr(grid, '.');

	if (!p)
		return true;
	int at = p - grid, row = at / 9, column = at % 9;
	for (char c = '1'; c <= '9'; c++) {
		bool ok = true;
		for (int i = 0; i < 9; i++)
			ok &= grid[row * 9 + i] != c && grid[i * 9 + column] != c &&
			      grid[(row / 3 * 3 + i / 3) * 9 + column / 3 * 3 + i % 3] !=
				      c;
		if (!ok)
			continue;
		tries++;
		*p = c;
		if (solve())
			return true;
		*p = '.';
	}
	return false;
}

static NOINLINE int edit_distance(const char *a, const char *b)
{
	int row[100], n = strlen(b);

	for (int j = 0; j <= n; j++)
		row[j] = j;
	for (int i = 1; a[i - 1]; i++) {
		int diagonal = row[0];
		row[0] = i;
		for (int j = 1; j <= n; j++) {
			int up = row[j], best = diagonal + (a[i - 1] != b[j - 1]);
			best = up + 1 < best ? up + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = up;
			row[j] = best;
		}
	}
	return row[n];
}

static NOINLINE int knapsack(void)
{
	static int best[2001];

	for (int i = 0; i < 60; i++) {
		int weight = 20 + i * 37 % 91, value = 10 + i * 53 % 97;
		for (int w = 2000; w >= weight; w--)
			if (best[w - weight] + value > best[w])
				best[w] = best[w - weight] + value;
	}
	return best[2000];
}

int main(void)
{
	for (int n = 4; n <= 9; n++)
		printf("%d ", queens(n, 0, 0, 0));
	bool solved = solve();
	printf("\n%d %s %d\n", solved, grid, tries);
	printf("%d %d %d\n", edit_distance("kitten", "sitting"), edit_distance("", "abc"),
	       edit_distance("the quick brown fox jumps",
			     "a quack crown box dumps over"));
	printf("%d\n", knapsack());
	return 0;
}
