/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C11 atomics of every size and order, from one thread: results and memory.
 * levels: O0
 * quick: yes
 */
#include "guest.h"
#include <stdatomic.h>

#define ATOMICS(type)                                                                    \
	static NOINLINE u64 atomics_##type(void)                                         \
	{                                                                                \
		static _Atomic type a;                                                   \
		u64 h = 0;                                                               \
		for (size_t i = 0; i < COUNT(corners); i++) {                            \
			type v = (type)corners[i], e;                                    \
			h = mix(h, (u64)atomic_exchange(&a, v));                         \
			h = mix(h, (u64)atomic_fetch_add(&a, v));                        \
			h = mix(h, (u64)atomic_fetch_sub_explicit(                       \
					   &a, 7, memory_order_relaxed));                \
			h = mix(h, (u64)atomic_fetch_or_explicit(&a, v << 3,             \
								 memory_order_acquire)); \
			h = mix(h, (u64)atomic_fetch_and_explicit(                       \
					   &a, ~(v >> 2), memory_order_release));        \
			h = mix(h, (u64)atomic_fetch_xor_explicit(                       \
					   &a, 0x35, memory_order_acq_rel));             \
			h = mix(h, (u64)atomic_load_explicit(&a, memory_order_acquire)); \
			e = v;                                                           \
			h = mix(h, atomic_compare_exchange_strong(&a, &e, v + 1));       \
			h = mix(h, (u64)e);                                              \
			h = mix(h, atomic_compare_exchange_strong(&a, &e, v ^ 5));       \
			while (!atomic_compare_exchange_weak(&a, &e, e * 3))             \
				;                                                        \
			h = mix(h, (u64)a);                                              \
			atomic_store_explicit(&a, v - 1, memory_order_release);          \
			a += 5, a ^= v, a--, ++a;                                        \
			atomic_store(&a, a | 1);                                         \
			h = mix(h, (u64)a);                                              \
		}                                                                        \
		return h;                                                                \
	}
ATOMICS(u8)
ATOMICS(s8)
ATOMICS(u16)
ATOMICS(s16)
ATOMICS(u32)
ATOMICS(s32)
ATOMICS(u64)
ATOMICS(s64)

int main(void)
{
	atomic_flag flag = ATOMIC_FLAG_INIT;
	static _Atomic(char *) pointer;
	char text[] = "pointer";

	printf("%016" PRIx64 "\n", atomics_u8());
	printf("%016" PRIx64 "\n", atomics_s8());
	printf("%016" PRIx64 "\n", atomics_u16());
	printf("%016" PRIx64 "\n", atomics_s16());
	printf("%016" PRIx64 "\n", atomics_u32());
	printf("%016" PRIx64 "\n", atomics_s32());
	printf("%016" PRIx64 "\n", atomics_u64());
	printf("%016" PRIx64 "\n", atomics_s64());
	printf("%d", atomic_flag_test_and_set(&flag));
	printf("%d", atomic_flag_test_and_set(&flag));
	atomic_flag_clear(&flag);
	printf("%d\n", atomic_flag_test_and_set(&flag));
	atomic_store(&pointer, text);
	atomic_thread_fence(memory_order_seq_cst);
	atomic_signal_fence(memory_order_seq_cst);
	printf("%s\n", atomic_load(&pointer));
	return 0;
}
