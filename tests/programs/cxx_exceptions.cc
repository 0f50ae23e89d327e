/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exceptions: thrown through frames, by type, rethrown, from constructors, with cleanups.
 * levels: O0
 */
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

static int live, cleaned;

struct Guard {
	int n;
	explicit Guard(int v) : n(v)
	{
		live++;
	}
	Guard(const Guard &o) : n(o.n)
	{
		live++;
	}
	~Guard()
	{
		live--, cleaned += n;
	}
};

struct Failing {
	Guard a{1}, b{2};
	explicit Failing(bool fail)
	{
		if (fail)
			throw std::runtime_error("constructor");
	}
	Guard c{4};
};

__attribute__((noinline)) static int deep(int n, int kind)
{
	Guard g(n);
	if (n == 0) {
		switch (kind % 5) {
		case 0: throw 42;
		case 1: throw std::out_of_range("range");
		case 2: throw Guard(7);
		case 3: throw "text";
		default: return 1;
		}
	}
	try {
		return deep(n - 1, kind) + g.n;
	} catch (const std::logic_error &e) {
		if (n % 2)
			throw;
		throw std::runtime_error(std::string(e.what()) + "+");
	}
}

static void nothing() noexcept
{
	try {
		throw 1;
	} catch (...) {
	}
}

int main()
{
	for (int kind = 0; kind < 10; kind++) {
		try {
			std::printf("returned %d", deep(kind + 1, kind));
		} catch (int i) {
			std::printf("int %d", i);
		} catch (const std::exception &e) {
			std::printf("exception %s", e.what());
		} catch (const Guard &g) {
			std::printf("guard %d", g.n);
		} catch (...) {
			std::printf("something");
		}
		std::printf(" live %d cleaned %d\n", live, cleaned);
	}
	try {
		Failing ok(false);
		auto p = std::make_unique<Failing>(true);
	} catch (const std::runtime_error &e) {
		std::printf("%s live %d\n", e.what(), live);
	}
	try {
		std::vector<int> v(3);
		v.at(10) = 1;
	} catch (const std::out_of_range &) {
		std::puts("at");
	}
	try {
		std::vector<char> v;
		v.reserve(~0ul >> 1);
	} catch (const std::length_error &) {
		std::puts("length");
	} catch (const std::bad_alloc &) {
		std::puts("alloc");
	}
	std::exception_ptr kept;
	try {
		std::stoi("not a number");
	} catch (...) {
		kept = std::current_exception();
	}
	try {
		std::rethrow_exception(kept);
	} catch (const std::invalid_argument &e) {
		std::printf("%s %d\n", e.what(), std::uncaught_exceptions());
	}
	for (int i = 0; i < 1000; i++)
		nothing();
	return 0;
}
