/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tagged pointers in system calls. tags: linux-user/a64 - tagged addresses */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;

enum a64_nested {
	A64_NESTED_NONE, A64_NESTED_VECTOR, A64_NESTED_VECTORS, A64_NESTED_MESSAGE,
	A64_NESTED_MESSAGES, A64_NESTED_STRINGS, A64_NESTED_FUTEXES,
};

#define A64_UNTAG_COPIES 64

/* Copies that a call works on. */
struct a64_untag {
	unsigned count;
	void *copy[A64_UNTAG_COPIES];
	size_t size[A64_UNTAG_COPIES];
	uint64_t messages, message_count, step; /* the guest's message headers */
	void *host_messages;
};

/* Is there something in bits 63:56 that an access would ignore? */
static inline bool a64_is_tagged(uint64_t p)
{
	return p != (uint64_t)((int64_t)(p << 8) >> 8);
}

/* Always: calls that look after addresses take any tag. */
void a64_untag_address(uint64_t nr, uint64_t *args);

/* For a thread with the tagged address ABI: takes the tags off args and what they lead to;
 * `signature` as in syscalls.def. Ended by a64_untag_done(). */
void a64_untag(struct a64_untag *u, uint64_t nr, const char *signature, uint64_t *args);
void a64_untag_done(struct a64_untag *u);

int64_t a64_set_tagged_addr_ctrl(struct thread *t, const uint64_t *a);
int64_t a64_get_tagged_addr_ctrl(struct thread *t, const uint64_t *a);
