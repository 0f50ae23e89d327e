/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The standard library: map, unordered_map, set, deque, string, sort, streams, bitset.
 */
#include <algorithm>
#include <bitset>
#include <cstdint>
#include <deque>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

int main()
{
	std::mt19937 random(42);
	std::map<std::string, int> words;
	std::unordered_map<uint64_t, int> counts;
	std::set<int> set;
	std::deque<int> deque;
	std::priority_queue<int> queue;
	std::vector<int> v;

	for (int i = 0; i < 20000; i++) {
		unsigned r = random();
		words["word" + std::to_string(r % 300)] += i;
		counts[r % 1000]++;
		set.insert(r % 5000);
		if (r & 1)
			deque.push_back(r % 100);
		else
			deque.push_front(r % 100);
		queue.push(r % 1000);
		if (queue.size() > 50)
			queue.pop();
		v.push_back(int(r % 100000));
	}
	long sum = 0;
	for (auto &[word, n] : words)
		sum = sum * 31 + n + long(word.size());
	std::cout << words.size() << ' ' << words.begin()->first << ' ' << sum << '\n';
	std::cout << counts.size() << ' ' << counts[7] << ' ' << set.size() << ' '
		  << *set.lower_bound(2500) << '\n';
	std::cout << deque.size() << ' '
		  << std::accumulate(deque.begin(), deque.end(), 0L) << ' ' << queue.top()
		  << '\n';
	std::sort(v.begin(), v.end());
	v.erase(std::unique(v.begin(), v.end()), v.end());
	std::cout << v.size() << ' ' << v[v.size() / 2] << ' '
		  << std::is_sorted(v.begin(), v.end()) << '\n';
	std::nth_element(v.begin(), v.begin() + 100, v.end(), std::greater<>());
	std::cout << v[100] << ' '
		  << std::count_if(v.begin(), v.end(), [](int x) { return x % 7 == 0; })
		  << '\n';
	std::string s = "the quick brown fox";
	std::reverse(s.begin(), s.end());
	std::cout << s << ' ' << s.find("nworb") << ' ' << s.substr(4, 5) << '\n';
	std::stringstream stream("10 20 abc 30");
	for (int n; stream >> n;)
		std::cout << n << ',';
	std::cout << std::hex << std::showbase << 255 << std::dec << ' ' << std::setw(8)
		  << std::setfill('*') << 42 << ' ' << std::fixed << std::setprecision(3)
		  << 3.14159 << ' ' << std::scientific << 12345.678 << '\n';
	std::bitset<100> bits(0x123456789abcdefull);
	std::cout << bits.count() << ' ' << (bits << 5).test(10) << ' '
		  << bits.to_string().substr(40) << '\n';
	std::variant<int, std::string> variant = std::string("held");
	std::optional<int> none;
	std::function<int(int)> twice = [&](int x) { return x * 2 + int(v.size()); };
	std::cout << std::get<std::string>(variant) << ' ' << none.value_or(5) << ' '
		  << twice(4) << std::endl;
	return 0;
}
