/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Syscall user dispatch: system calls from outside (or inside) a range become SIGSYS. A thread
 * that asked for it has HOOK_DISPATCH; neither its children nor what it executes inherit it.
 * tags: linux-user - syscall user dispatch
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct thread;

struct dispatch {
	uint64_t offset, length; /* calls from here take place, whatever the selector says */
	uint64_t selector;	 /* address of the byte that decides about all others, or 0 */
};

/* False: the call does not take place, a signal is due. With pc behind the instruction. */
bool dispatch_allows(struct thread *t);

/* A child begins without. */
void dispatch_clear(struct thread *t);

/* What a thread asks for, or its tracer: HOOK_DISPATCH, 0 for off, or negative errno. */
int dispatch_parse(struct dispatch *d, uint64_t mode, uint64_t offset, uint64_t length,
		   uint64_t selector);

int64_t dispatch_prctl(struct thread *t, const uint64_t *a);
