/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Thread blocks. Layout, upwards: runtime stack, handler stack, struct thread. Below a block
 * is an unmapped page (see rt_map()), so the runtime's stack cannot run into other memory.
 */
#include "linux-user/memory.h"
#include "linux-user/thread.h"
#include "rt/arena.h"

#define STACK_SIZE    (96ul << 10)
#define ALTSTACK_SIZE (64ul << 10)

struct thread *thread_new(struct process *process)
{
	size_t size = STACK_SIZE + ALTSTACK_SIZE + sizeof(struct thread);
	char *block = rt_map_anon(size);
	struct thread *t;

	if (!block)
		return NULL;
	t = (struct thread *)(block + STACK_SIZE + ALTSTACK_SIZE);
	t->self = t;
	t->block = block;
	t->block_size = (size + RT_PAGE_SIZE - 1) & ~(RT_PAGE_SIZE - 1);
	t->process = process;
	t->abi = process->abi;
	t->cpu.thread = t;
	trace_thread_init(t);
	return t;
}

void thread_free(struct thread *t)
{
	rt_unmap(t->block, t->block_size);
}

void thread_link(struct thread *t)
{
	struct process *p = t->process;

	t->next = p->threads;
	t->pprev = &p->threads;
	if (t->next)
		t->next->pprev = &t->next;
	p->threads = t;
}

void thread_unlink(struct thread *t)
{
	*t->pprev = t->next;
	if (t->next)
		t->next->pprev = t->pprev;
}

void *thread_stack_top(struct thread *t)
{
	return (char *)t->block + STACK_SIZE;
}

void *thread_altstack(struct thread *t, size_t *ret_size)
{
	*ret_size = ALTSTACK_SIZE;
	return (char *)t->block + STACK_SIZE;
}

uint64_t thread_above(uint64_t sp)
{
	return ((sp + RT_PAGE_SIZE - 1) & ~(RT_PAGE_SIZE - 1)) + ALTSTACK_SIZE;
}

uint64_t thread_next_above(uint64_t sp, uint64_t last)
{
	return last < sp + STACK_SIZE + ALTSTACK_SIZE ? last + RT_PAGE_SIZE : 0;
}
