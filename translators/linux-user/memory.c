/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mmap and relatives. Each call goes to the kernel with host protections; then the executable
 * ranges follow and translations of what changed are dropped. Translations are dropped only
 * where something was executable before, or becomes so: that is what can have any.
 *
 * Code may be written at one address and run at another (BEAM, .NET). Who does that says so at
 * either address, with IC IVAU, or relies on what the kernel does when the mapping for writing
 * goes away or changes its protection: then translations go wherever the same memory is.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/resource.h>

#include "linux-user/memory.h"
#include "linux-user/procfs.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/lock.h"
#include "rt/uaccess.h"

/* Bits that exist on arm64 only. */
#define ARM_PROT_BTI 0x10u
#define ARM_PROT_MTE 0x20u

/* Bits that mean something on x86 only: MAP_32BIT, MAP_ABOVE4G. */
#define X86_MAP_BITS 0xc0u

#define SEGV_MAPERR 1
#define SEGV_ACCERR 2

static uint64_t page_up(uint64_t n)
{
	return (n + RT_PAGE_SIZE - 1) & ~(RT_PAGE_SIZE - 1);
}

int memory_init(struct process *process)
{
	static struct exec_map map;
	static struct share_map shared;

	process->exec_map = &map;
	process->share_map = &shared;
	return 0;
}

void memory_lock(struct process *process)
{
	uint32_t me = (uint32_t)thread_self()->tid, word;

	if (!rt_trylock(&process->memory_lock, me, &word))
		rt_lock_wait(&process->memory_lock, me, word);
}

void memory_unlock(struct process *process)
{
	rt_unlock(&process->memory_lock);
}

unsigned memory_host_prot(unsigned prot)
{
	prot &= ~(ARM_PROT_BTI | ARM_PROT_MTE);
	if (prot & PROT_EXEC)
		prot = (prot & ~(unsigned)PROT_EXEC) | PROT_READ;
	return prot;
}

int memory_set_exec(struct process *process, uint64_t start, uint64_t length, bool exec)
{
	uint64_t end = page_up(start + length);
	bool had;
	int r;

	start &= ~(RT_PAGE_SIZE - 1);
	had = exec_map_overlaps(process->exec_map, start, end);
	if (!had && !exec)
		return 0;
	r = exec ? exec_map_add(process->exec_map, start, end)
		 : exec_map_remove(process->exec_map, start, end);
	if (had)
		engine_invalidate(start, end - start);
	return r;
}

/* ---- the same memory elsewhere ---- */

static void drop_code(void *arg, uint64_t start, uint64_t end)
{
	const struct process *process = arg;

	if (exec_map_overlaps(process->exec_map, start, end))
		engine_invalidate(start, end - start);
}

static void drop_aliases(struct process *process, uint64_t start, uint64_t length)
{
	if (process->share_map->count)
		share_map_aliases(process->share_map, start, page_up(start + length), drop_code,
				  process);
}

/* Asked without the lock first: most programs share nothing. */
void memory_code_changed(uint64_t start, uint64_t length)
{
	struct process *process = thread_self()->process;

	if (!__atomic_load_n(&process->share_map->count, __ATOMIC_RELAXED))
		return;
	memory_lock(process);
	drop_aliases(process, start, length);
	memory_unlock(process);
}

/* [start, start + length) was mapped anew; id: NULL when it is no longer shared. */
static int set_shared(struct process *process, uint64_t start, uint64_t length,
		      const struct share_id *id)
{
	if (!id && !process->share_map->count)
		return 0;
	drop_aliases(process, start, length);
	return share_map_set(process->share_map, start, page_up(start + length), id);
}

/* What an mmap() with these arguments maps, or NULL when nothing else can change it. */
static const struct share_id *identify(const uint64_t *a, struct share_id *id)
{
	static uint64_t anonymous; /* guarded by the memory lock */
	bool shared = a[3] & MAP_SHARED; /* MAP_SHARED_VALIDATE as well */
	struct host_stat st;

	if (a[3] & MAP_ANONYMOUS) {
		*id = (struct share_id){ SHARE_ANONYMOUS, anonymous++, 0 };
		return shared ? id : NULL;
	}
	if ((!shared && !(a[2] & PROT_EXEC)) || rt_syscall(__NR_fstat, (int)a[4], &st) < 0)
		return NULL;
	*id = (struct share_id){ st.st_dev, st.st_ino, a[5] };
	return id;
}

static bool is_mapped(uint64_t page)
{
	unsigned char vec;

	return rt_syscall(__NR_mincore, page, RT_PAGE_SIZE, &vec) == 0;
}

int memory_check_exec(uint64_t page)
{
	struct process *process = thread_self()->process;
	bool exec;

	page &= ~(RT_PAGE_SIZE - 1);
	if (!exec_map_try_overlaps(process->exec_map, page, page + RT_PAGE_SIZE, &exec)) {
		memory_lock(process);
		exec = exec_map_overlaps(process->exec_map, page, page + RT_PAGE_SIZE);
		memory_unlock(process);
	}
	if (exec)
		return 0;
	return is_mapped(page) && !rt_is_own_range(page, RT_PAGE_SIZE) ? SEGV_ACCERR : SEGV_MAPERR;
}

void memory_set_brk(struct process *process, uint64_t start)
{
	process->brk_start = process->brk_now = start;
}

static bool bad_range(uint64_t start, uint64_t length)
{
	return start > GUEST_ADDRESS_END || length > GUEST_ADDRESS_END - start;
}

int64_t sys_brk(struct thread *t, const uint64_t *a)
{
	struct process *p = t->process;
	uint64_t old, new;

	memory_lock(p);
	old = page_up(p->brk_now);
	new = page_up(a[0]);
	if (a[0] < p->brk_start || bad_range(p->brk_start, a[0] - p->brk_start))
		goto out;
	if (new > old) {
		long r = rt_syscall(__NR_mmap, old, new - old, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		if (r != (long)old) {
			if (!rt_is_error(r))
				rt_syscall(__NR_munmap, r, new - old);
			goto out;
		}
	} else if (new < old) {
		if (rt_syscall(__NR_munmap, new, old - new) < 0)
			goto out; /* sealed */
		memory_set_exec(p, new, old - new, false);
		set_shared(p, new, old - new, NULL);
	}
	p->brk_now = a[0];
out:
	new = p->brk_now;
	memory_unlock(p);
	return (int64_t)new;
}

/* ---- memory that denies writing to what is executed (PR_SET_MDWE) ---- */

#define MDWE_REFUSE_EXEC_GAIN 1u
#define MDWE_NO_INHERIT	      2u

/* May a new mapping have these rights? */
static bool mdwe_allows_new(const struct process *p, unsigned prot)
{
	return !p->mdwe || !(prot & PROT_EXEC) || !(prot & PROT_WRITE);
}

/* May [start, end) get these? What was executable may stay so. */
static bool mdwe_allows(const struct process *p, uint64_t start, uint64_t end, unsigned prot)
{
	if (!p->mdwe || !(prot & PROT_EXEC))
		return true;
	return !(prot & PROT_WRITE) && exec_map_overlaps(p->exec_map, start, start + 1) &&
	       exec_map_boundary(p->exec_map, start) >= end;
}

int64_t memory_set_mdwe(struct thread *t, const uint64_t *a)
{
	struct process *p = t->process;
	uint64_t bits = a[1];
	int64_t r = 0;

	if (a[2] || a[3] || a[4] || bits & ~(uint64_t)(MDWE_REFUSE_EXEC_GAIN | MDWE_NO_INHERIT) ||
	    bits == MDWE_NO_INHERIT)
		return -EINVAL;
	memory_lock(p);
	if (p->mdwe && p->mdwe != bits)
		r = -EPERM;
	else
		p->mdwe = (uint8_t)bits;
	memory_unlock(p);
	return r;
}

int64_t memory_get_mdwe(struct thread *t, const uint64_t *a)
{
	return a[1] || a[2] || a[3] || a[4] ? -EINVAL : t->process->mdwe;
}

uint8_t memory_inherited_mdwe(const struct process *p)
{
	return p->mdwe & MDWE_NO_INHERIT ? 0 : p->mdwe;
}

/* Only what is mapped from a file, executable from the start, is a program's or a library's. */
static void expect_changes(uint64_t start, uint64_t length, unsigned prot)
{
	if (prot & PROT_EXEC)
		engine_expect_changes(start, length);
}

int64_t sys_mmap(struct thread *t, const uint64_t *a)
{
	uint64_t addr = a[0], length = a[1];
	unsigned prot = (unsigned)a[2];
	unsigned flags = (unsigned)a[3] & ~X86_MAP_BITS;
	struct share_id id;
	int64_t r;

	if (a[5] & (RT_PAGE_SIZE - 1))
		return -EINVAL;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (!(flags & MAP_ANONYMOUS) && rt_syscall(__NR_fcntl, (int)a[4], F_GETFD) < 0)
			return -EBADF;
		if (bad_range(addr, length))
			return -ENOMEM;
		if (rt_is_own_range(addr, length))
			return flags & MAP_FIXED_NOREPLACE ? -EEXIST : -ENOMEM;
	} else if (bad_range(addr, length)) {
		addr = 0;
	}
	if (length && !mdwe_allows_new(t->process, prot) &&
	    (flags & MAP_ANONYMOUS || rt_syscall(__NR_fcntl, (int)a[4], F_GETFD) >= 0))
		return -EACCES;
	memory_lock(t->process);
	r = rt_syscall(__NR_mmap, addr, length, memory_host_prot(prot), flags, a[4], a[5]);
	if (!rt_is_error(r)) {
		int e = memory_set_exec(t->process, (uint64_t)r, length, prot & PROT_EXEC);

		if (flags & MAP_ANONYMOUS)
			expect_changes((uint64_t)r, length, prot);
		if (e >= 0)
			e = set_shared(t->process, (uint64_t)r, length, identify(a, &id));
		if (e < 0) {
			rt_syscall(__NR_munmap, r, length);
			memory_set_exec(t->process, (uint64_t)r, length, false);
			r = e;
		}
	}
	memory_unlock(t->process);
	return r;
}

/* All but what is ours, of which the guest does not know. The host's vDSO may go, too. */
static int64_t unmap_around(uint64_t start, uint64_t end)
{
	int64_t r = 0;

	host_clock_init(0);
	for (uint64_t stop; r == 0 && rt_next_other_range(&start, end, &stop); start = stop)
		r = rt_syscall(__NR_munmap, start, stop - start);
	return r;
}

int64_t sys_munmap(struct thread *t, const uint64_t *a)
{
	int64_t r;

	if (bad_range(a[0], a[1]))
		return -EINVAL;
	memory_lock(t->process);
	if ((a[0] & (RT_PAGE_SIZE - 1)) || !rt_is_own_range(a[0], a[1]))
		r = rt_syscall(__NR_munmap, a[0], a[1]);
	else
		r = unmap_around(a[0], page_up(a[0] + a[1]));
	if (r == 0) {
		memory_set_exec(t->process, a[0], a[1], false);
		set_shared(t->process, a[0], a[1], NULL);
	}
	memory_unlock(t->process);
	return r;
}

#define PROT_KNOWN                                                                           \
	(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_GROWSDOWN | PROT_GROWSUP |      \
	 ARM_PROT_BTI | ARM_PROT_MTE)

static int64_t change_protection(struct thread *t, const uint64_t *a)
{
	unsigned prot = (unsigned)a[2];
	int64_t r;

	if (a[1] && (bad_range(a[0], a[1]) || rt_is_own_range(a[0], a[1]))) {
		uint64_t end = a[0] + page_up(a[1]);

		if (a[0] & (RT_PAGE_SIZE - 1))
			return -EINVAL;
		return end > a[0] && prot & ~PROT_KNOWN ? -EINVAL : -ENOMEM;
	}
	memory_lock(t->process);
	if (a[1] && !(a[0] & (RT_PAGE_SIZE - 1)) &&
	    !mdwe_allows(t->process, a[0], a[0] + page_up(a[1]), prot))
		r = is_mapped(a[0]) ? -EACCES : -ENOMEM;
	else
		r = rt_syscall(__NR_mprotect, a[0], a[1], memory_host_prot(prot));
	if (r == 0 && a[1]) {
		int e = memory_set_exec(t->process, a[0], a[1], prot & PROT_EXEC);

		expect_changes(a[0], a[1], prot);
		drop_aliases(t->process, a[0], a[1]);
		r = e < 0 ? e : 0;
	}
	memory_unlock(t->process);
	return r;
}

int64_t sys_mprotect(struct thread *t, const uint64_t *a)
{
	return change_protection(t, a);
}

/* There are no protection keys here but the one that everything has, as on a kernel that knows
 * them on a processor that does not. */
int64_t sys_pkey_mprotect(struct thread *t, const uint64_t *a)
{
	if ((a[0] & (RT_PAGE_SIZE - 1)) == 0 && !a[1])
		return 0;
	if ((int32_t)a[3] != -1 && (int32_t)a[3] != 0)
		return a[0] + page_up(a[1]) <= a[0] && !(a[0] & (RT_PAGE_SIZE - 1)) ? -ENOMEM
										     : -EINVAL;
	return change_protection(t, a);
}

#define PKEY_ACCESS_BITS 0xfu

int64_t sys_pkey_alloc(struct thread *t, const uint64_t *a)
{
	(void)t;
	return a[0] || (a[1] & ~(uint64_t)PKEY_ACCESS_BITS) ? -EINVAL : -ENOSPC;
}

/* Moves what is known of [old, old + n) along with the pages. */
static int move_pages(struct process *p, uint64_t old, uint64_t old_length, uint64_t new,
		      uint64_t new_length, bool keep)
{
	uint64_t end = page_up(old + (old_length ? old_length : 1));
	bool exec = exec_map_overlaps(p->exec_map, old, end);
	const struct share_range *range = share_map_find(p->share_map, old, end);
	struct share_id id;
	int r;

	if (range) {
		id = range->id;
		id.offset += old - range->start;
	}
	if (!keep) {
		memory_set_exec(p, old, old_length, false);
		set_shared(p, old, old_length, NULL);
	}
	r = memory_set_exec(p, new, new_length, exec);
	return r < 0 ? r : set_shared(p, new, new_length, range ? &id : NULL);
}

int64_t sys_mremap(struct thread *t, const uint64_t *a)
{
	int64_t r;

	if ((a[3] & ~(uint64_t)(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) ||
	    (a[0] & (RT_PAGE_SIZE - 1)))
		return -EINVAL;
	if (bad_range(a[0], a[1]) || bad_range(0, a[2]) || rt_is_own_range(a[0], a[1]))
		return -EFAULT;
	if ((a[3] & MREMAP_FIXED) && (bad_range(a[4], a[2]) || rt_is_own_range(a[4], a[2])))
		return -EINVAL;
	memory_lock(t->process);
	r = rt_syscall(__NR_mremap, a[0], a[1], a[2], a[3], a[4]);
	if (!rt_is_error(r)) {
		/* DONTUNMAP and an old size of 0 leave the old pages mapped (the former empty). */
		bool keep = (a[3] & MREMAP_DONTUNMAP) || a[1] == 0;
		int e = move_pages(t->process, a[0], a[1], (uint64_t)r, a[2], keep);

		if (keep && a[1])
			engine_invalidate(a[0], a[1]);
		r = e < 0 ? e : r;
	}
	memory_unlock(t->process);
	return r;
}

int64_t sys_madvise(struct thread *t, const uint64_t *a)
{
	int64_t r;

	if (a[1] && (bad_range(a[0], a[1]) || rt_is_own_range(a[0], a[1]))) {
		/* Advice that is none, and addresses that cannot be. */
		if (rt_syscall(__NR_madvise, 0, 0, a[2]) < 0 || (a[0] & (RT_PAGE_SIZE - 1)) ||
		    a[0] + page_up(a[1]) < a[0])
			return -EINVAL;
		return -ENOMEM;
	}
	r = guest_sys(t, __NR_madvise, a[0], a[1], a[2]);
	/* The contents changed. */
	if (r == 0 && (a[2] == MADV_DONTNEED || a[2] == MADV_REMOVE || a[2] == MADV_FREE ||
		       a[2] == MADV_DONTNEED_LOCKED)) {
		memory_lock(t->process);
		if (exec_map_overlaps(t->process->exec_map, a[0], a[0] + a[1]))
			engine_invalidate(a[0], a[1]);
		memory_unlock(t->process);
	}
	return r;
}

int64_t sys_remap_file_pages(struct thread *t, const uint64_t *a)
{
	int64_t r;

	if (bad_range(a[0], a[1]) || rt_is_own_range(a[0], a[1]))
		return -EINVAL;
	r = guest_sys(t, __NR_remap_file_pages, a[0], a[1], a[2], a[3], a[4]);
	if (r == 0) {
		const struct share_range *range;
		struct share_id id;

		memory_lock(t->process);
		engine_invalidate(a[0], a[1]);
		range = share_map_find(t->process->share_map, a[0], a[0] + 1);
		if (range) {
			id = range->id;
			id.offset = a[3] * RT_PAGE_SIZE;
			r = set_shared(t->process, a[0], a[1], &id);
		}
		memory_unlock(t->process);
	}
	return r;
}

#define SHM_REMAP 040000u
#define SHM_EXEC   0100000u
#define SHM_RDONLY 010000u
#define IPC_STAT  2

/* Size of a segment: third word of struct shmid64_ds behind its 48-byte permissions. */
static uint64_t shm_size(int id)
{
	uint64_t ds[32] = { 0 };

	return rt_syscall(__NR_shmctl, id, IPC_STAT, ds) == 0 ? ds[6] : 0;
}

int64_t sys_shmat(struct thread *t, const uint64_t *a)
{
	uint64_t size = shm_size((int)a[0]);
	int64_t r;

	if (a[1] && (bad_range(a[1], size) || rt_is_own_range(a[1], size)))
		return -EINVAL;
	if (size && a[2] & SHM_EXEC && !(a[2] & SHM_RDONLY) &&
	    !mdwe_allows_new(t->process, PROT_WRITE | PROT_EXEC))
		return -EACCES;
	memory_lock(t->process);
	r = rt_syscall(__NR_shmat, a[0], a[1], a[2] & ~(uint64_t)SHM_EXEC);
	if (!rt_is_error(r) && size) {
		struct share_id id = { SHARE_SYSV, (uint32_t)a[0], 0 };

		memory_set_exec(t->process, (uint64_t)r, size, a[2] & SHM_EXEC);
		set_shared(t->process, (uint64_t)r, size, &id);
	}
	memory_unlock(t->process);
	return r;
}

/* The kernel drops what is left of the segment that was attached at this address. */
int64_t sys_shmdt(struct thread *t, const uint64_t *a)
{
	struct process *p = t->process;
	const struct share_range *range;
	uint64_t at = a[0], segment = 0;
	bool found = false;
	int64_t r;

	memory_lock(p);
	r = rt_syscall(__NR_shmdt, a[0]);
	while (r == 0 && (range = share_map_find(p->share_map, at, GUEST_ADDRESS_END))) {
		uint64_t start = range->start;

		at = range->end;
		if (range->id.dev != SHARE_SYSV || range->id.offset != start - a[0] ||
		    (found && range->id.inode != segment))
			continue;
		found = true;
		segment = range->id.inode;
		memory_set_exec(p, start, at - start, false);
		set_shared(p, start, at - start, NULL);
	}
	memory_unlock(p);
	return r;
}

static void count_bytes(void *arg, uint64_t start, uint64_t end)
{
	*(uint64_t *)arg += end - start;
}

static void lock_range(void *arg, uint64_t start, uint64_t end)
{
	(void)arg;
	rt_syscall(__NR_mlock2, start, end - start, MLOCK_ONFAULT);
}

/* What the guest has fits into the limit, though all of the process does not. */
static int64_t lock_guest(struct thread *t, uint64_t flags)
{
	uint64_t limit[2], bytes = 0;
	int64_t r = -ENOMEM;

	if (rt_syscall(__NR_getrlimit, RLIMIT_MEMLOCK, limit) < 0)
		return r;
	memory_lock(t->process);
	if (procfs_each_range(t, count_bytes, &bytes) == 0 && bytes <= limit[0])
		r = flags & MCL_FUTURE ? rt_syscall(__NR_mlockall, MCL_FUTURE | MCL_ONFAULT) : 0;
	if (r == 0)
		r = procfs_each_range(t, lock_range, NULL);
	memory_unlock(t->process);
	return r;
}

/* "All memory" includes the code cache, which is reserved far beyond its use: lock pages when
 * they are touched. */
int64_t sys_mlockall(struct thread *t, const uint64_t *a)
{
	bool all = a[0] & (MCL_CURRENT | MCL_FUTURE);
	int64_t r = guest_sys(t, __NR_mlockall, all ? a[0] | MCL_ONFAULT : a[0]);

	return r == -ENOMEM && a[0] & MCL_CURRENT ? lock_guest(t, a[0]) : r;
}
