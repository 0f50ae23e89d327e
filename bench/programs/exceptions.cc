/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C++: exceptions thrown through several frames with cleanups.
 * class: c++
 */
#include <cstdio>
#include <stdexcept>
#include <string>

static long cleaned;

struct Guard {
	long n;
	~Guard()
	{
		cleaned += n;
	}
};

__attribute__((noinline)) static long deep(int n, int i)
{
	Guard g{n};

	if (n == 0) {
		if (i % 2)
			throw std::runtime_error("odd");
		throw i;
	}
	return deep(n - 1, i) + g.n;
}

int main()
{
	long ints = 0, errors = 0;

	for (int i = 0; i < 40000; i++) {
		try {
			deep(1 + i % 8, i);
		} catch (int v) {
			ints += v;
		} catch (const std::exception &e) {
			errors += e.what()[0];
		}
	}
	std::printf("%ld %ld %ld\n", ints, errors, cleaned);
	return 0;
}
