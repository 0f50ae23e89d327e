/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads and stores of every width at every misalignment, across page boundaries too.
 * levels: O0
 * quick: yes
 */
#include "guest.h"
#include <sys/mman.h>

#define ACCESS(type)                                          \
	for (size_t at = base; at < base + 72; at++) {        \
		type v;                                       \
		__builtin_memcpy(&v, memory + at, sizeof(v)); \
		h = mix(h, (u64)v);                           \
		v = v * 3 + (type)at;                         \
		__builtin_memcpy(memory + at, &v, sizeof(v)); \
	}

struct pair {
	u64 a, b;
};

int main(void)
{
	u8 *memory = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	u64 h = 0;

	for (size_t i = 0; i < 3 * 4096; i++)
		memory[i] = random_u64();
	for (size_t base = 0; base < 8200; base += 4060) {
		ACCESS(u16)
		ACCESS(s16)
		ACCESS(u32)
		ACCESS(s32)
		ACCESS(u64)
		ACCESS(u128)
		for (size_t at = base; at < base + 72; at++) {
			struct pair p;
			__builtin_memcpy(&p, memory + at, sizeof(p));
			h = mix(h, p.a ^ p.b * 3);
			p.a += p.b;
			__builtin_memcpy(memory + at, &p, sizeof(p));
		}
	}
	printf("%016" PRIx64 " %016" PRIx64 "\n", h, hash_bytes(memory, 3 * 4096));
	return 0;
}
