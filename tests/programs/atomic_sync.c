/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The older __sync builtins and 128-bit compare and swap through libatomic-free code.
 * quick: yes
 */
#include "guest.h"

struct lockfree {
	u64 head, count;
};

static NOINLINE u64 sync_ops(u64 *p, u64 v)
{
	u64 h = __sync_fetch_and_add(p, v);

	h = mix(h, __sync_add_and_fetch(p, v));
	h = mix(h, __sync_fetch_and_or(p, v));
	h = mix(h, __sync_sub_and_fetch(p, 3));
	h = mix(h, __sync_val_compare_and_swap(p, v, 9));
	h = mix(h, __sync_bool_compare_and_swap(p, *p, v ^ 77));
	__sync_synchronize();
	h = mix(h, __sync_lock_test_and_set(p, v));
	__sync_lock_release((u32 *)p);
	return mix(h, *p);
}

int main(void)
{
	u64 x = 0, h = 0;
	u32 words[4] = {1, 2, 3, 4};

	for (size_t i = 0; i < COUNT(corners); i++)
		h = mix(h, sync_ops(&x, corners[i]));
	printf("%016" PRIx64 "\n", h);
	/* Neighbours of a narrow atomic must not change. */
	for (int i = 0; i < 4; i++)
		__sync_fetch_and_add((u8 *)words + 5 * i % 16, 0xff);
	__sync_fetch_and_xor((u16 *)words + 3, 0xabcd);
	printf("%08x %08x %08x %08x\n", words[0], words[1], words[2], words[3]);
	return 0;
}
