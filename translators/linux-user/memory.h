/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Guest memory. Guest addresses are host addresses and the kernel keeps the mappings; what
 * it cannot keep for us is which pages the guest may execute, because the host must never
 * execute them: PROT_EXEC becomes PROT_READ there, and the ranges are recorded here.
 * tags: linux-user - guest memory, executable ranges
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;
struct process;

/* PR_SET_MDWE, PR_GET_MDWE: no memory becomes executable that was or is writable. */
int64_t memory_set_mdwe(struct thread *t, const uint64_t *a);
int64_t memory_get_mdwe(struct thread *t, const uint64_t *a);
/* What a child or the next program has of it. */
uint8_t memory_inherited_mdwe(const struct process *p);

#define GUEST_ADDRESS_END (1ull << 47)

/* Executable ranges: sorted, disjoint, page-aligned. */
struct exec_range {
	uint64_t start, end;
};

struct exec_map {
	unsigned count, capacity;
	struct exec_range *range;
	uint32_t version; /* odd while it changes */
};

/* 0 or -ENOMEM. */
int exec_map_add(struct exec_map *map, uint64_t start, uint64_t end);
int exec_map_remove(struct exec_map *map, uint64_t start, uint64_t end);
bool exec_map_overlaps(const struct exec_map *map, uint64_t start, uint64_t end);
/* The same without the lock. False: it changes just now. */
bool exec_map_try_overlaps(const struct exec_map *map, uint64_t start, uint64_t end, bool *ret);
/* The next address above `address` where executable begins or ends. */
uint64_t exec_map_boundary(const struct exec_map *map, uint64_t address);

/*
 * Memory that is, or may come to be, mapped at several addresses: shared mappings, and private
 * ones of a file that are executable. A change of code through one address must be seen at all
 * of them.
 */
struct share_id {
	uint64_t dev, inode; /* of the file; or a SHARE_ number and what it counts */
	uint64_t offset;     /* of the range's first byte */
};

#define SHARE_ANONYMOUS (~0ull)
#define SHARE_SYSV	(~1ull)

struct share_range {
	uint64_t start, end;
	struct share_id id;
};

struct share_map {
	unsigned count, capacity;
	struct share_range *range; /* sorted, disjoint */
};

/* From now on [start, end) is what id says (NULL: nothing that is shared). 0 or -ENOMEM. */
int share_map_set(struct share_map *map, uint64_t start, uint64_t end, const struct share_id *id);
/* The first range that touches [start, end), or NULL. */
const struct share_range *share_map_find(const struct share_map *map, uint64_t start, uint64_t end);
/* Calls fn for every other range that has the same memory as a part of [start, end). */
typedef void share_fn(void *arg, uint64_t start, uint64_t end);
void share_map_aliases(const struct share_map *map, uint64_t start, uint64_t end, share_fn *fn,
		       void *arg);

int memory_init(struct process *process);

/* Serialises changes of the address space between threads and vfork children. A holder that
 * was killed is noticed. */
void memory_lock(struct process *process);
void memory_unlock(struct process *process);

/* After [start, start + length) was mapped anew, unmapped or changed its protection. Drops
 * stale translations. Call with the lock held. */
int memory_set_exec(struct process *process, uint64_t start, uint64_t length, bool exec);

/* PROT_ bits for the host. */
unsigned memory_host_prot(unsigned prot);

/* For engine_options.check_exec. */
int memory_check_exec(uint64_t page);
/* For engine_options.code_changed. */
void memory_code_changed(uint64_t start, uint64_t length);

/* Marks the start of the heap, behind the image. */
void memory_set_brk(struct process *process, uint64_t start);

/* System calls. */
int64_t sys_brk(struct thread *t, const uint64_t *a);
int64_t sys_mmap(struct thread *t, const uint64_t *a);
int64_t sys_munmap(struct thread *t, const uint64_t *a);
int64_t sys_mprotect(struct thread *t, const uint64_t *a);
int64_t sys_pkey_mprotect(struct thread *t, const uint64_t *a);
int64_t sys_pkey_alloc(struct thread *t, const uint64_t *a);
int64_t sys_mremap(struct thread *t, const uint64_t *a);
int64_t sys_madvise(struct thread *t, const uint64_t *a);
int64_t sys_remap_file_pages(struct thread *t, const uint64_t *a);
int64_t sys_mlockall(struct thread *t, const uint64_t *a);
int64_t sys_shmat(struct thread *t, const uint64_t *a);
int64_t sys_shmdt(struct thread *t, const uint64_t *a);
