/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What most guest programs share: a random source with a fixed seed, a running hash, corner
 * values. Everything is static inline so that a program stays one file. */
#ifndef TESTS_PROGRAMS_GUEST_H
#define TESTS_PROGRAMS_GUEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef unsigned __int128 u128;
typedef __int128 s128;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOINLINE __attribute__((noinline, noclone))

/* Keep the compiler from computing at build time what the guest shall compute. */
#define HIDE(x)                                     \
	({                                          \
		__typeof__(x) hide_ = (x);          \
		__asm__ volatile("" : "+r"(hide_)); \
		hide_;                              \
	})

static u64 random_state = 0x9e3779b97f4a7c15;

static inline u64 random_u64(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1d;
}

static inline u64 mix(u64 hash, u64 value)
{
	hash ^= value + 0x9e3779b97f4a7c15 + (hash << 6) + (hash >> 2);
	return hash * 0xff51afd7ed558ccd;
}

static inline u64 hash_bytes(const void *data, size_t size)
{
	const u8 *p = data;
	u64 hash = 0xcbf29ce484222325;

	while (size--)
		hash = (hash ^ *p++) * 0x100000001b3;
	return hash;
}

static inline u64 double_bits(double d)
{
	u64 bits;

	memcpy(&bits, &d, sizeof(bits));
	return bits;
}

static inline u32 float_bits(float f)
{
	u32 bits;

	memcpy(&bits, &f, sizeof(bits));
	return bits;
}

static u64 corners[] = {
	0,
	1,
	2,
	3,
	7,
	8,
	31,
	32,
	63,
	64,
	0x7e,
	0x7f,
	0x80,
	0x81,
	0xff,
	0x100,
	0x7fff,
	0x8000,
	0xffff,
	0x10000,
	0x7ffffffe,
	0x7fffffff,
	0x80000000,
	0x80000001,
	0xfffffffe,
	0xffffffff,
	0x100000000,
	0x123456789abcdef0,
	0x5555555555555555,
	0x7ffffffffffffffe,
	0x7fffffffffffffff,
	0x8000000000000000,
	0x8000000000000001,
	0xaaaaaaaaaaaaaaaa,
	0xfffffffffffffffe,
	0xffffffffffffffff,
};

/* Print integers, evaluated from left to right: the order of function arguments differs
 * between the two compilers, that of an initialiser list does not. */
#define SHOW(...) \
	show_values((const s64[]){__VA_ARGS__}, COUNT(((const s64[]){__VA_ARGS__})))

static inline void show_values(const s64 *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%" PRId64 "%c", values[i], i + 1 < count ? ' ' : '\n');
}

/* Run the statement that follows for every pair (a, b) of corners. */
#define FOR_CORNER_PAIRS(a, b)                                                       \
	for (size_t i_ = 0; i_ < COUNT(corners); i_++)                               \
		for (size_t j_ = 0, once_ = 1; j_ < COUNT(corners); j_++, once_ = 1) \
			for (u64 a = corners[i_], b = corners[j_]; once_; once_ = 0)

#endif
