/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Classes: virtual calls, multiple and virtual inheritance, dynamic_cast, typeid.
 * levels: O0
 * quick: yes
 */
#include <cstdio>
#include <cstring>
#include <memory>
#include <typeinfo>
#include <vector>

struct Shape {
	virtual ~Shape()
	{
		std::printf("~%s ", name());
	}
	virtual double area() const = 0;
	virtual const char *name() const
	{
		return "shape";
	}
};

struct Box : Shape {
	double w, h;
	Box(double a, double b) : w(a), h(b)
	{
	}
	double area() const override
	{
		return w * h;
	}
	const char *name() const override
	{
		return "box";
	}
};

struct Square final : Box {
	explicit Square(double a) : Box(a, a)
	{
	}
	const char *name() const override
	{
		return "square";
	}
};

struct Disc : Shape {
	double r;
	explicit Disc(double a) : r(a)
	{
	}
	double area() const override
	{
		return r * r * 3;
	}
};

struct Base {
	int b = 1;
	virtual int f()
	{
		return b;
	}
	virtual ~Base() = default;
};
struct Left : virtual Base {
	int l = 2;
	int f() override
	{
		return l + b;
	}
	virtual int g()
	{
		return 20;
	}
};
struct Right : virtual Base {
	int r = 3;
	virtual int h()
	{
		return r * 10;
	}
};
struct Both : Left, Right {
	int f() override
	{
		return Left::f() * 100 + r;
	}
	int h() override
	{
		return 31;
	}
};

int main()
{
	std::vector<std::unique_ptr<Shape>> v;
	for (int i = 0; i < 12; i++) {
		if (i % 3 == 0)
			v.emplace_back(new Box(i, 2));
		else if (i % 3 == 1)
			v.emplace_back(new Square(i));
		else
			v.emplace_back(new Disc(i));
	}
	double total = 0;
	int boxes = 0, squares = 0;
	for (auto &s : v) {
		total += s->area();
		boxes += dynamic_cast<Box *>(s.get()) != nullptr;
		squares += typeid(*s) == typeid(Square);
	}
	std::printf("%g %d %d\n", total, boxes, squares);
	v.clear();
	Both both;
	Base *base = &both;
	Right *right = &both;
	std::printf("\n%d %d %d\n", base->f(), right->h(), right->f());
	std::printf("%d %d\n", dynamic_cast<Left *>(right) == &both,
		    dynamic_cast<Both *>(base) == &both);
	int (Base::*method)() = &Base::f;
	int (Left::*other)() = &Left::g;
	std::printf("%d %d %s\n", (base->*method)(), (both.*other)(),
		    typeid(both).name());
	return 0;
}
