/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C++: virtual calls, maps, strings, shared pointers, sorting with a lambda.
 * class: c++
 */
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

static uint64_t state = 88172645463325252;

static uint64_t next()
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

struct Shape {
	virtual ~Shape() = default;
	virtual uint64_t measure(uint64_t) const = 0;
};
struct Box : Shape {
	uint64_t w, h;
	Box(uint64_t a, uint64_t b) : w(a), h(b)
	{
	}
	uint64_t measure(uint64_t k) const override
	{
		return w * h + k;
	}
};
struct Disc : Shape {
	uint64_t r;
	explicit Disc(uint64_t a) : r(a)
	{
	}
	uint64_t measure(uint64_t k) const override
	{
		return r * r * 3 ^ k;
	}
};
struct Line : Shape {
	uint64_t n;
	explicit Line(uint64_t a) : n(a)
	{
	}
	uint64_t measure(uint64_t k) const override
	{
		return n + (k >> 3);
	}
};

int main()
{
	std::vector<std::unique_ptr<Shape>> shapes;
	std::map<std::string, uint64_t> tree;
	std::unordered_map<uint64_t, std::string> table;
	uint64_t sum = 0;

	for (int i = 0; i < 3000; i++) {
		uint64_t r = next();
		if (r % 3 == 0)
			shapes.emplace_back(new Box(r & 255, i));
		else if (r % 3 == 1)
			shapes.emplace_back(new Disc(r & 1023));
		else
			shapes.emplace_back(new Line(i));
	}
	for (int round = 0; round < 4000; round++)
		for (auto &s : shapes)
			sum = s->measure(sum);
	std::printf("%016lx\n", (unsigned long)sum);
	for (int i = 0; i < 300000; i++) {
		uint64_t r = next() % 20000;
		std::string key = "key" + std::to_string(r);
		tree[key] += i;
		table[r] = key + "!";
	}
	for (auto &[key, value] : tree)
		sum = sum * 31 + value + key.size() +
		      table[std::stoul(key.substr(3))].size();
	std::printf("%016lx\n", (unsigned long)sum);
	std::vector<std::pair<uint64_t, std::shared_ptr<std::string>>> v;
	for (int i = 0; i < 100000; i++)
		v.emplace_back(next() % 50000,
			       std::make_shared<std::string>(i % 30, 'x'));
	std::sort(v.begin(), v.end(), [](auto &a, auto &b) {
		return a.first != b.first ? a.first < b.first
					  : a.second->size() < b.second->size();
	});
	for (auto &[n, s] : v)
		sum = sum * 7 + n + s->size();
	std::printf("%016lx\n", (unsigned long)sum);
	return 0;
}
