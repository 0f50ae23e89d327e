/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Language odds and ends: static initialisation order, templates, lambdas, moves, constexpr.
 * levels: O0
 */
#include <array>
#include <cstdio>
#include <string>
#include <tuple>
#include <utility>

struct Announce {
	const char *name;
	explicit Announce(const char *n) : name(n)
	{
		std::printf("+%s ", n);
	}
	~Announce()
	{
		std::printf("-%s ", name);
	}
};

static Announce one("one"), two("two");

static Announce &local()
{
	static Announce a("local");
	return a;
}

template <int N> struct Factorial {
	static constexpr long value = N * Factorial<N - 1>::value;
};
template <> struct Factorial<0> {
	static constexpr long value = 1;
};

template <typename... T> static auto total(T... v)
{
	return (v + ... + 0);
}

struct Moves {
	std::string s;
	int copies = 0, moves = 0;
	explicit Moves(std::string v) : s(std::move(v))
	{
	}
	Moves(const Moves &o) : s(o.s), copies(o.copies + 1), moves(o.moves)
	{
	}
	Moves(Moves &&o) noexcept
	    : s(std::move(o.s)), copies(o.copies), moves(o.moves + 1)
	{
	}
};

static Moves pass(Moves m)
{
	return m;
}

template <typename F> static auto compose(F f, int n)
{
	return [=](auto x) {
		for (int i = 0; i < n; i++)
			x = f(x);
		return x;
	};
}

int main()
{
	std::printf("main\n");
	local(), local();
	std::printf("%ld %g %d\n", Factorial<15>::value, total(1, 2.5, 3L), total());
	Moves m = pass(Moves("a string long enough to be allocated"));
	Moves n = m;
	std::printf("%s %d %d %d\n", n.s.c_str(), n.copies, n.moves, m.copies);
	std::printf("%d %g\n", compose([](int x) { return x * 2 + 1; }, 10)(1),
		    compose([](double x) { return x / 3; }, 4)(81.0));
	std::array<int, 5> a = {5, 4, 3, 2, 1};
	auto [x, y] = std::make_pair(a[0], std::string("pair"));
	std::tuple<int, char, double> t{1, 'c', 2.5};
	int sum = 0;
	for (int v : a)
		sum = sum * 10 + v;
	std::printf("%d %d %s %c %g\n", sum, x, y.c_str(), std::get<1>(t),
		    std::get<double>(t));
	thread_local int per_thread = 7;
	std::printf("%d\n", ++per_thread);
	return 0;
}
