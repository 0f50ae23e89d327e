/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tagged pointers in system calls. arm64 takes them where it looks after addresses (mprotect),
 * and, for threads that asked for it with PR_SET_TAGGED_ADDR_CTRL, where it accesses memory;
 * never where it hands out addresses (brk, mmap, the new address of mremap) and in shmat. The
 * host takes none, so they are taken off: of arguments, of the vectors that readv and its
 * relatives get, of message headers, of a program's arguments, of futexes that are waited for
 * together. Not of what io_submit gets, since it tells addresses back.
 */
#include <linux/errno.h>
#include <linux/prctl.h>

#include "linux-user/a64/tagged.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/uaccess.h"

#define IOV_MAX	   1024u
#define MSG_VEC_MAX 1024u
#define STRINGS_MAX 65536u
#define FUTEXES_MAX 128u

struct vector {
	uint64_t base, length;
};

struct futex {
	uint64_t value, address;
	uint32_t flags, reserved;
};

struct message {
	uint64_t name, name_length, vector, vector_length, control, control_length, flags;
};

static uint64_t untagged(uint64_t p)
{
	return (uint64_t)((int64_t)(p << 8) >> 8);
}

/* What a call's pointers lead to, besides data. */
static enum a64_nested nested(uint64_t nr)
{
	switch (nr) {
	case 65: /* readv */
	case 66: /* writev */
	case 69: /* preadv */
	case 70: /* pwritev */
	case 75: /* vmsplice */
	case 286: /* preadv2 */
	case 287: /* pwritev2 */
	case 440: return A64_NESTED_VECTOR; /* process_madvise */
	case 270: /* process_vm_readv */
	case 271: return A64_NESTED_VECTORS; /* process_vm_writev */
	case 211: /* sendmsg */
	case 212: return A64_NESTED_MESSAGE; /* recvmsg */
	case 243: /* recvmmsg */
	case 269: return A64_NESTED_MESSAGES; /* sendmmsg */
	case 221: /* execve */
	case 281: return A64_NESTED_STRINGS; /* execveat */
	case 449: return A64_NESTED_FUTEXES; /* futex_waitv */
	default: return A64_NESTED_NONE;
	}
}

/* Those that want no tags ever. */
static bool takes_none(uint64_t nr, unsigned arg)
{
	switch (nr) {
	case 196: /* shmat */
	case 197: /* shmdt */
	case 214: /* brk */
	case 222: return true;		   /* mmap */
	case 216: return arg == 4;	   /* mremap: the new address */
	case 220: return arg == 1 || arg == 3; /* clone: values of registers */
	default: return false;
	}
}

static bool is_address(char kind)
{
	switch (kind) {
	case 'p':
	case 's':
	case 'S':
	case 'A':
	case 'b':
	case 'B':
	case 'k':
	case 't':
	case 'e': return true;
	default: return false;
	}
}

/* Calls about addresses, whose first argument may always have a tag. */
static bool looks_after_addresses(uint64_t nr)
{
	switch (nr) {
	case 215: /* munmap */
	case 216: /* mremap */
	case 226: /* mprotect */
	case 227: /* msync */
	case 228: /* mlock */
	case 229: /* munlock */
	case 232: /* mincore */
	case 233: /* madvise */
	case 235: /* mbind */
	case 284: /* mlock2 */
	case 288: return true; /* pkey_mprotect */
	default: return false;
	}
}

void a64_untag_address(uint64_t nr, uint64_t *args)
{
	if (looks_after_addresses(nr))
		args[0] = untagged(args[0]);
}

/* Memory for copies, given back by a64_untag_done(). */
static void *scratch(struct a64_untag *u, size_t size)
{
	if (u->count == A64_UNTAG_COPIES)
		return NULL;
	u->copy[u->count] = rt_map_anon(size);
	u->size[u->count] = size;
	return u->copy[u->count] ? u->copy[u->count++] : NULL;
}

/* The vector at *address, which is replaced by a copy if it has tags. Errors are the host's to
 * find in the original. */
static void untag_vector(struct a64_untag *u, uint64_t *address, uint64_t count)
{
	struct vector *v;
	bool any = false;

	if (!count || count > IOV_MAX)
		return;
	v = scratch(u, count * sizeof(*v));
	if (!v || copy_from_guest(v, *address, count * sizeof(*v)) < 0)
		return;
	for (uint64_t i = 0; i < count; i++) {
		any |= a64_is_tagged(v[i].base);
		v[i].base = untagged(v[i].base);
	}
	if (any)
		*address = (uint64_t)v;
}

/* The array at *address, which ends with a 0: arguments of a program. */
static void untag_strings(struct a64_untag *u, uint64_t *address)
{
	uint64_t n = 0, p, *copy;
	bool any = false;

	do {
		if (!*address || n == STRINGS_MAX || copy_from_guest(&p, *address + 8 * n++, 8) < 0)
			return;
		any |= a64_is_tagged(p);
	} while (p);
	copy = any ? scratch(u, n * 8) : NULL;
	if (!copy || copy_from_guest(copy, *address, n * 8) < 0)
		return;
	for (uint64_t i = 0; i < n; i++)
		copy[i] = untagged(copy[i]);
	*address = (uint64_t)copy;
}

static void untag_futexes(struct a64_untag *u, uint64_t *address, uint64_t count)
{
	struct futex *f;

	if (!count || count > FUTEXES_MAX)
		return;
	f = scratch(u, count * sizeof(*f));
	if (!f || copy_from_guest(f, *address, count * sizeof(*f)) < 0)
		return;
	for (uint64_t i = 0; i < count; i++)
		f[i].address = untagged(f[i].address);
	*address = (uint64_t)f;
}

static void untag_message(struct a64_untag *u, struct message *m)
{
	m->name = untagged(m->name);
	m->control = untagged(m->control);
	m->vector = untagged(m->vector);
	untag_vector(u, &m->vector, m->vector_length);
}

/* The messages at *address, `step` bytes apart: a copy, from which results go back. */
static void untag_messages(struct a64_untag *u, uint64_t *address, uint64_t count, uint64_t step)
{
	char *copy;

	if (!count || count > MSG_VEC_MAX)
		return;
	copy = scratch(u, count * step);
	if (!copy || copy_from_guest(copy, *address, count * step) < 0)
		return;
	for (uint64_t i = 0; i < count; i++)
		untag_message(u, (struct message *)(void *)(copy + i * step));
	u->messages = *address;
	u->host_messages = copy;
	u->step = step;
	u->message_count = count;
	*address = (uint64_t)copy;
}

void a64_untag(struct a64_untag *u, uint64_t nr, const char *signature, uint64_t *args)
{
	u->count = 0;
	u->message_count = 0;
	for (unsigned i = 0; i < 6 && signature[0] && signature[1 + i]; i++)
		if (is_address(signature[1 + i]) && !takes_none(nr, i))
			args[i] = untagged(args[i]);
	switch (nr) {
	case 25:  /* fcntl: locks */
	case 29:  /* ioctl */
		args[2] = untagged(args[2]);
		break;
	case 167: /* prctl */
		args[1] = untagged(args[1]);
		break;
	}
	switch (nested(nr)) {
	case A64_NESTED_NONE: break;
	case A64_NESTED_VECTORS:
		untag_vector(u, &args[3], args[4]);
		/* fallthrough */
	case A64_NESTED_VECTOR: untag_vector(u, &args[1], args[2]); break;
	case A64_NESTED_STRINGS:
		untag_strings(u, &args[nr == 221 ? 1 : 2]);
		untag_strings(u, &args[nr == 221 ? 2 : 3]);
		break;
	case A64_NESTED_FUTEXES: untag_futexes(u, &args[0], args[1]); break;
	case A64_NESTED_MESSAGE:
		untag_messages(u, &args[1], 1, sizeof(struct message));
		break;
	case A64_NESTED_MESSAGES:
		untag_messages(u, &args[1], (uint32_t)args[2], sizeof(struct message) + 8);
		break;
	}
}

/* What the kernel wrote into message headers: lengths, flags and, behind each, a number. */
static void give_back(const struct a64_untag *u)
{
	for (uint64_t i = 0; i < u->message_count; i++) {
		const struct message *m =
			(const void *)((const char *)u->host_messages + i * u->step);
		uint64_t to = u->messages + i * u->step;
		uint64_t rest = u->step - offsetof(struct message, control_length);

		copy_to_guest(to + offsetof(struct message, name_length), &m->name_length, 4);
		copy_to_guest(to + offsetof(struct message, control_length), &m->control_length, rest);
	}
}

void a64_untag_done(struct a64_untag *u)
{
	give_back(u);
	for (unsigned i = 0; i < u->count; i++)
		rt_unmap(u->copy[i], u->size[i]);
}

/* ---- prctl ---- */

int64_t a64_set_tagged_addr_ctrl(struct thread *t, const uint64_t *a)
{
	if (a[2] || a[3] || a[4] || (a[1] & ~(uint64_t)PR_TAGGED_ADDR_ENABLE))
		return -EINVAL;
	if (a[1] & PR_TAGGED_ADDR_ENABLE)
		__atomic_or_fetch(&t->syscall_hooks, HOOK_TAGGED, __ATOMIC_RELAXED);
	else
		__atomic_and_fetch(&t->syscall_hooks, (uint8_t)~HOOK_TAGGED, __ATOMIC_RELAXED);
	return 0;
}

int64_t a64_get_tagged_addr_ctrl(struct thread *t, const uint64_t *a)
{
	if (a[1] || a[2] || a[3] || a[4])
		return -EINVAL;
	return t->syscall_hooks & HOOK_TAGGED ? PR_TAGGED_ADDR_ENABLE : 0;
}
