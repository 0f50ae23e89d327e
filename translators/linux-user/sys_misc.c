/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uname, prctl, System V semaphores, clocks.
 */
#include <linux/errno.h>
#include <linux/ioctl.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>

#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

struct utsname {
	char sysname[65], nodename[65], release[65], version[65], machine[65], domain[65];
};

int64_t sys_uname(struct thread *t, const uint64_t *a)
{
	const struct options *o = t->process->options;
	struct utsname u;
	long r = rt_syscall(__NR_uname, &u);

	if (r < 0)
		return r;
	if (o->uname)
		rt_strcpy(u.release, sizeof(u.release), o->uname);
	/* Under PER_LINUX32 the host says i686, and arm64 says armv8l. */
	rt_strcpy(u.machine, sizeof(u.machine),
		  u.machine[0] == 'i' ? "armv8l" : t->abi->machine);
	return copy_to_guest(a[0], &u, sizeof(u));
}

/* Options that are other processors', or that would act on the translator. */
static bool prctl_refused(int option)
{
	switch (option) {
	case PR_SET_FPEMU:
	case PR_GET_FPEMU:
	case PR_SET_FPEXC:
	case PR_GET_FPEXC:
	case PR_SET_UNALIGN:
	case PR_GET_UNALIGN:
	case PR_SET_ENDIAN:
	case PR_GET_ENDIAN:
	case PR_SET_TSC:
	case PR_GET_TSC:
	case PR_MPX_ENABLE_MANAGEMENT:
	case PR_MPX_DISABLE_MANAGEMENT:
	case PR_SET_FP_MODE:
	case PR_GET_FP_MODE:
	case PR_SVE_SET_VL:
	case PR_SVE_GET_VL:
	case PR_SET_TAGGED_ADDR_CTRL:
	case PR_GET_TAGGED_ADDR_CTRL:
	case PR_PAC_RESET_KEYS:
	case PR_PAC_SET_ENABLED_KEYS:
	case PR_PAC_GET_ENABLED_KEYS:
	case 63: /* PR_SME_SET_VL */
	case 64: /* PR_SME_GET_VL */
	case 71: /* PR_PPC_..., RISC-V and shadow stack options */
	case 72:
	case 73:
	case 74:
	case 75:
	case 76: return true;
	default: return false;
	}
}

int64_t sys_prctl(struct thread *t, const uint64_t *a)
{
	switch ((int)a[0]) {
	case PR_SET_SECCOMP: return seccomp_prctl_set(t, a);
	case PR_GET_SECCOMP: return seccomp_prctl_get(t, a);
	/* The host's own would forbid the code cache. */
	case 65: /* PR_SET_MDWE */ return memory_set_mdwe(t, a);
	case 66: /* PR_GET_MDWE */ return memory_get_mdwe(t, a);
	case PR_SET_SYSCALL_USER_DISPATCH: return dispatch_prctl(t, a);
	}
	if (prctl_refused((int)a[0]))
		return t->abi->prctl(t, a);
	return guest_sys(t, __NR_prctl, a[0], a[1], a[2], a[3], a[4]);
}

/* The same on both but for what carries a number of a system call. */
int64_t sys_ioctl(struct thread *t, const uint64_t *a)
{
	switch ((uint32_t)a[1]) {
	case SECCOMP_IOCTL_NOTIF_RECV: return seccomp_receive(t, a);
	case SECCOMP_IOCTL_NOTIF_SEND: return seccomp_answer(t, a);
	default: return guest_sys(t, __NR_ioctl, a[0], a[1], a[2]);
	}
}

/* struct semid64_ds: x86-64 has a word behind each time that the generic one lacks. */
struct host_semid {
	uint64_t perm[6];
	int64_t otime, unused1, ctime, unused2;
	uint64_t nsems, unused3, unused4;
};

struct guest_semid {
	uint64_t perm[6];
	int64_t otime, ctime;
	uint64_t nsems, unused3, unused4;
};

#define IPC_SET	     1
#define IPC_STAT     2
#define SEM_STAT     18
#define SEM_STAT_ANY 20

int64_t sys_semctl(struct thread *t, const uint64_t *a)
{
	struct host_semid host = { 0 };
	struct guest_semid guest = { 0 };
	int command = (int)a[2] & ~0x100; /* IPC_64 is implied */
	int64_t r;

	switch (command) {
	case IPC_SET:
		if (copy_from_guest(&guest, a[3], sizeof(guest)) < 0)
			return -EFAULT;
		memcpy(host.perm, guest.perm, sizeof(host.perm));
		return guest_sys(t, __NR_semctl, a[0], a[1], command, &host);
	case IPC_STAT:
	case SEM_STAT:
	case SEM_STAT_ANY:
		r = guest_sys(t, __NR_semctl, a[0], a[1], command, &host);
		if (r < 0)
			return r;
		memcpy(guest.perm, host.perm, sizeof(guest.perm));
		guest.otime = host.otime;
		guest.ctime = host.ctime;
		guest.nsems = host.nsems;
		return copy_to_guest(a[3], &guest, sizeof(guest)) < 0 ? -EFAULT : r;
	default: return guest_sys(t, __NR_semctl, a[0], a[1], command, a[3]);
	}
}

/* ---- clocks ---- */

typedef long vdso_clock_fn(int clock, struct host_timespec *ts);

/* Host features, found once: the vDSO and the functions that were looked up in it. */
static uint64_t vdso_base;
static vdso_clock_fn *vdso_clock_gettime;

static long clock_by_syscall(int clock, struct host_timespec *ts)
{
	return rt_syscall(__NR_clock_gettime, clock, ts);
}

void host_clock_init(uint64_t vdso)
{
	vdso_base = vdso;
	vdso_clock_gettime = NULL;
}

/* Looked up at the first use: most programs never ask. */
static vdso_clock_fn *find_clock(void)
{
	uint64_t f = vdso_base ? rt_vdso_lookup(vdso_base, "__vdso_clock_gettime") : 0;
	vdso_clock_fn *fn = f ? (vdso_clock_fn *)f : clock_by_syscall;

	__atomic_store_n(&vdso_clock_gettime, fn, __ATOMIC_RELAXED);
	return fn;
}

int64_t host_clock_gettime(int clock, struct host_timespec *ret)
{
	vdso_clock_fn *fn = __atomic_load_n(&vdso_clock_gettime, __ATOMIC_RELAXED);

	return (fn ? fn : find_clock())(clock, ret);
}

uint64_t host_monotonic_ns(void)
{
	struct host_timespec ts = { 0, 0 };

	host_clock_gettime(1, &ts);
	return (uint64_t)ts.sec * 1000000000u + (uint64_t)ts.nsec;
}

uint64_t host_clock_packed(int clock)
{
	struct host_timespec ts = { 0, 0 };

	host_clock_gettime(clock, &ts);
	return (uint64_t)ts.sec << 30 | (uint64_t)ts.nsec;
}

int64_t sys_clock_gettime(struct thread *t, const uint64_t *a)
{
	struct host_timespec ts;
	int64_t r = host_clock_gettime((int)a[0], &ts);

	(void)t;
	return r < 0 ? r : copy_to_guest(a[1], &ts, sizeof(ts));
}

int64_t sys_gettimeofday(struct thread *t, const uint64_t *a)
{
	struct host_timespec ts;
	int64_t r, tv[2];

	if (a[1])
		return guest_sys(t, __NR_gettimeofday, a[0], a[1]);
	if (!a[0])
		return 0;
	r = host_clock_gettime(0, &ts);
	tv[0] = ts.sec;
	tv[1] = ts.nsec / 1000;
	return r < 0 ? r : copy_to_guest(a[0], tv, sizeof(tv));
}
