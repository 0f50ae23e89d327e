/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stopping and going on. A thread that has something to report stores its vector registers,
 * takes the mutex, has the others park, serves, and lets go those that the debugger said.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/in.h>
#include <linux/poll.h>
#include <linux/un.h>

#include "linux-user/gdb-internal.h"
#include "linux-user/gdbstub.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

#define SI_QUEUE (-1)
#define SI_SIGIO (-5)
#define SOCK_STREAM 1
#define SOCK_CLOEXEC 02000000
#define HIGH_FD 900
/* A thread that does not come is in the kernel for long, such as the parent of a vfork: what
 * is known of it is right. */
#define PARK_PATIENCE_NS 500000000ull

bool gdb_enabled;
struct gdb gdb = { .fd = -1, .listen_fd = -1 };

/* ---- locks ---- */

static void futex_wait(uint32_t *word, uint32_t value)
{
	rt_syscall(__NR_futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, value, NULL);
}

static void futex_wake(uint32_t *word)
{
	rt_syscall(__NR_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1 << 30);
}

static void lock(uint32_t *word)
{
	uint32_t old = 0;

	if (__atomic_compare_exchange_n(word, &old, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE))
		futex_wait(word, 2);
}

static void unlock(uint32_t *word)
{
	if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2)
		futex_wake(word);
}

/* ---- the connection ---- */

/* Input while the guest runs becomes a signal. */
static void set_async(int fd, bool on)
{
	long flags = rt_syscall(__NR_fcntl, fd, F_GETFL);

	if (fd < 0)
		return;
	rt_syscall(__NR_fcntl, fd, F_SETOWN, rt_syscall(__NR_getpid));
	rt_syscall(__NR_fcntl, fd, F_SETSIG, HOST_SIGTRAP);
	rt_syscall(__NR_fcntl, fd, F_SETFL, on ? flags | FASYNC : flags & ~(long)FASYNC);
}

static int high_fd(int fd)
{
	long high = fd < 0 ? -1 : rt_syscall(__NR_fcntl, fd, F_DUPFD_CLOEXEC, HIGH_FD);

	if (high < 0)
		return fd;
	rt_syscall(__NR_close, fd);
	return (int)high;
}

static void disconnect(void)
{
	if (gdb.fd >= 0)
		rt_syscall(__NR_close, gdb.fd);
	gdb.fd = -1;
	engine_breakpoints_clear();
	gdb.catch_all = false;
	memset(gdb.catches, 0, sizeof(gdb.catches));
	gdb.passes = 0;
	gdb.watches = 0;
	memset(gdb.watch, 0, sizeof(gdb.watch));
	/* Another may come. */
	set_async(gdb.listen_fd, true);
}

static bool connect_one(void)
{
	int one = 1;

	gdb.fd = high_fd((int)rt_syscall(__NR_accept4, gdb.listen_fd, 0, 0, SOCK_CLOEXEC));
	if (gdb.fd < 0)
		return false;
	rt_syscall(__NR_setsockopt, gdb.fd, 6, 1, &one, sizeof(one)); /* TCP_NODELAY */
	gdb.no_ack = false;
	set_async(gdb.listen_fd, false);
	return true;
}

static int listen_tcp(uint64_t port)
{
	struct sockaddr_in a = { .sin_family = 2, .sin_port = __builtin_bswap16((uint16_t)port),
				 .sin_addr = { __builtin_bswap32(0x7f000001) } };
	int fd = (int)rt_syscall(__NR_socket, 2, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	long r;

	if (fd < 0)
		return fd;
	rt_syscall(__NR_setsockopt, fd, 1, 2, &one, sizeof(one)); /* SO_REUSEADDR */
	r = rt_syscall(__NR_bind, fd, &a, sizeof(a));
	return r < 0 ? (int)r : fd;
}

static int listen_unix(const char *path)
{
	struct sockaddr_un a = { .sun_family = 1 };
	int fd;
	long r;

	if (rt_strcpy(a.sun_path, sizeof(a.sun_path), path) >= sizeof(a.sun_path))
		return -ENAMETOOLONG;
	fd = (int)rt_syscall(__NR_socket, 1, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	/* One that a former run has left, and nothing else. */
	if (rt_syscall(__NR_connect, fd, &a, sizeof(a)) == -ECONNREFUSED)
		rt_syscall(__NR_unlink, a.sun_path);
	r = rt_syscall(__NR_bind, fd, &a, sizeof(a));
	return r < 0 ? (int)r : fd;
}

/* "PORT" or "PATH", "%d" in it is the process; ",suspend=n" behind. */
static int open_listener(const char *where, bool *ret_suspend)
{
	char place[128];
	uint64_t port;
	size_t n = 0;
	int fd;

	*ret_suspend = true;
	for (const char *p = where; *p && n + 12 < sizeof(place); p++) {
		const char *value = rt_str_after(p, ",suspend=");

		if (value) {
			*ret_suspend = value[0] != 'n';
			break;
		}
		if (p[0] == '%' && p[1] == 'd') {
			n += rt_format(place + n, sizeof(place) - n, "%d", (int)rt_syscall(__NR_getpid));
			p++;
		} else {
			place[n++] = *p;
		}
	}
	place[n] = 0;
	if (rt_parse_u64(place, &port) == 0)
		fd = port < 65536 ? listen_tcp(port) : -EINVAL;
	else
		fd = listen_unix(place);
	if (fd >= 0 && rt_syscall(__NR_listen, fd, 1) < 0)
		return -EADDRINUSE;
	return high_fd(fd);
}

/* ---- threads ---- */

void gdb_thread_start(struct thread *t)
{
	if (t->shares_vm)
		return;
	lock(&gdb.list_lock);
	t->gdb.next = gdb.threads;
	gdb.threads = t;
	t->gdb.listed = true;
	t->gdb.hold = gdb.stopping;
	unlock(&gdb.list_lock);
}

void gdb_thread_end(struct thread *t)
{
	if (!t->gdb.listed)
		return;
	/* Not while the debugger looks at it. */
	t->gdb.parked = 1;
	for (;;) {
		while (__atomic_load_n(&t->gdb.hold, __ATOMIC_ACQUIRE))
			futex_wait(&t->gdb.hold, 1);
		lock(&gdb.list_lock);
		if (!t->gdb.hold)
			break;
		unlock(&gdb.list_lock);
	}
	for (struct thread **p = &gdb.threads; *p; p = &(*p)->gdb.next) {
		if (*p == t) {
			*p = t->gdb.next;
			break;
		}
	}
	if (gdb.current == t)
		gdb.current = gdb.threads;
	if (gdb.stopped == t)
		gdb.stopped = gdb.threads;
	t->gdb.listed = false;
	unlock(&gdb.list_lock);
}

struct thread *gdb_find(int tid)
{
	struct thread *t = gdb.threads;

	while (t && t->tid != tid)
		t = t->gdb.next;
	return t;
}

static void kick(struct thread *t)
{
	struct host_siginfo info = { .signo = HOST_SIGTRAP, .code = SI_QUEUE };

	info.pid = (int)rt_syscall(__NR_getpid);
	info.raw[1] = (uint64_t)&gdb;
	rt_syscall(__NR_rt_tgsigqueueinfo, info.pid, t->tid, HOST_SIGTRAP, &info);
}

bool gdb_host_signal(struct thread *t, int signo, const struct host_siginfo *info)
{
	if (signo != HOST_SIGTRAP)
		return false;
	if (info->code == SI_SIGIO) {
		int fd = (int)info->raw[1];

		if (fd < 0 || (fd != gdb.fd && fd != gdb.listen_fd))
			return false;
		__atomic_store_n(&gdb.attention, 1, __ATOMIC_RELEASE);
	} else if (info->code != SI_QUEUE || info->raw[1] != (uint64_t)&gdb) {
		return false;
	}
	t->gdb.interrupted = true;
	return true;
}

static void stop_others(struct thread *me)
{
	const struct host_timespec pause = { 0, 50000 };
	uint64_t waited = 0;
	bool all;

	lock(&gdb.list_lock);
	__atomic_store_n(&gdb.stopping, 1, __ATOMIC_RELEASE);
	for (struct thread *t = gdb.threads; t; t = t->gdb.next) {
		if (t == me)
			continue;
		__atomic_store_n(&t->gdb.hold, 1, __ATOMIC_RELEASE);
		if (!__atomic_load_n(&t->gdb.parked, __ATOMIC_ACQUIRE))
			kick(t);
	}
	do {
		all = true;
		for (struct thread *t = gdb.threads; t; t = t->gdb.next)
			all &= t == me || __atomic_load_n(&t->gdb.parked, __ATOMIC_ACQUIRE);
		if (!all)
			rt_syscall(__NR_nanosleep, &pause, NULL);
		waited += 50000;
	} while (!all && waited < PARK_PATIENCE_NS);
	unlock(&gdb.list_lock);
}

static void let_go(struct thread *me, bool all)
{
	lock(&gdb.list_lock);
	__atomic_store_n(&gdb.stopping, 0, __ATOMIC_RELEASE);
	for (struct thread *t = gdb.threads; t; t = t->gdb.next) {
		if (all) {
			t->gdb.hold = 0;
			t->gdb.stepping = false;
			t->gdb.deliver = t == me ? gdb.event.reason == GDB_SIGNAL ? gdb.event.signo : 0 : 0;
		}
		if (!t->gdb.hold)
			futex_wake(&t->gdb.hold);
	}
	unlock(&gdb.list_lock);
}

/* With gdb.mutex held. */
static void report(struct thread *t, const struct gdb_event *event, bool say)
{
	set_async(gdb.fd, false);
	stop_others(t);
	t->gdb.hold = 0;
	gdb.event = *event;
	gdb.current = gdb.stopped = t;
	if (say)
		gdb_send_stop();
	if (gdb_serve(t)) {
		set_async(gdb.fd, true);
		/* What came before that made no signal. */
		__atomic_store_n(&gdb.attention, 1, __ATOMIC_RELEASE);
		let_go(t, false);
	} else {
		disconnect();
		let_go(t, true);
	}
}

static void stop(struct thread *t, const struct gdb_event *event, bool say)
{
	engine_vec_store(&t->cpu);
	t->gdb.stepping = t->gdb.stepped = false;
	t->gdb.deliver = event->reason == GDB_SIGNAL ? event->signo : 0;
	__atomic_store_n(&t->gdb.parked, 1, __ATOMIC_RELEASE);
	for (;;) {
		while (__atomic_load_n(&t->gdb.hold, __ATOMIC_ACQUIRE))
			futex_wait(&t->gdb.hold, 1);
		lock(&gdb.mutex);
		if (!__atomic_load_n(&t->gdb.hold, __ATOMIC_ACQUIRE))
			break;
		unlock(&gdb.mutex);
	}
	/* The debugger may have gone, or taken the breakpoint away, since. */
	if (gdb.fd >= 0 && (event->reason != GDB_BREAK || engine_has_breakpoint(t->cpu.pc)))
		report(t, event, say);
	unlock(&gdb.mutex);
	while (__atomic_load_n(&t->gdb.hold, __ATOMIC_ACQUIRE))
		futex_wait(&t->gdb.hold, 1);
	__atomic_store_n(&t->gdb.parked, 0, __ATOMIC_RELEASE);
	engine_vec_load(&t->cpu);
	/* "signal SIGUSR1" in a thread that stopped for another reason. */
	if (event->reason != GDB_SIGNAL && t->gdb.deliver) {
		rt_syscall(__NR_tgkill, rt_syscall(__NR_getpid), t->tid, t->gdb.deliver);
		t->gdb.deliver = 0;
	}
}

/* ---- what the guest does ---- */

static void park(struct thread *t)
{
	engine_vec_store(&t->cpu);
	__atomic_store_n(&t->gdb.parked, 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(&t->gdb.hold, __ATOMIC_ACQUIRE))
		futex_wait(&t->gdb.hold, 1);
	__atomic_store_n(&t->gdb.parked, 0, __ATOMIC_RELEASE);
	engine_vec_load(&t->cpu);
}

static void look_at_input(struct thread *t)
{
	struct pollfd p = { .fd = gdb.listen_fd, .events = POLLIN };
	char c;
	long n;

	if (gdb.fd < 0) {
		if (gdb.listen_fd < 0 || rt_syscall(__NR_poll, &p, 1, 0) <= 0 || !connect_one())
			return;
		stop(t, &(struct gdb_event){ .reason = GDB_STEP, .signo = HOST_SIGTRAP }, false);
		return;
	}
	do {
		n = rt_syscall(__NR_recvfrom, gdb.fd, &c, 1, 0x40 /* MSG_DONTWAIT */, NULL, NULL);
	} while (n == 1 && c != 3);
	if (n == 1)
		stop(t, &(struct gdb_event){ .reason = GDB_STEP, .signo = HOST_SIGINT }, true);
	else if (n == 0)
		disconnect();
}

/* Has something that is watched changed? Its new value is what is compared next. */
static bool watch_changed(uint64_t *ret_address)
{
	bool any = false;

	for (unsigned i = 0; i < GDB_WATCHES; i++) {
		struct gdb_watch *w = &gdb.watch[i];
		uint8_t now[8];

		if (!w->length || copy_from_guest(now, w->address, w->length) < 0 ||
		    memcmp(now, w->value, w->length) == 0)
			continue;
		memcpy(w->value, now, w->length);
		*ret_address = w->address;
		any = true;
	}
	return any;
}

bool gdb_steps(struct thread *t)
{
	return t->gdb.stepping || (gdb.watches && t->gdb.listed);
}

void gdb_safepoint(struct thread *t)
{
	struct gdb_event event = { .reason = GDB_WATCH, .signo = HOST_SIGTRAP };

	if (!t->gdb.listed)
		return;
	if (__atomic_load_n(&t->gdb.hold, __ATOMIC_ACQUIRE))
		park(t);
	if (__builtin_expect(gdb.watches, 0) && watch_changed(&event.address))
		stop(t, &event, true);
	if (t->gdb.stepping && t->gdb.stepped)
		stop(t, &(struct gdb_event){ .reason = GDB_STEP, .signo = HOST_SIGTRAP }, true);
	while (__atomic_load_n(&gdb.attention, __ATOMIC_ACQUIRE) &&
	       __atomic_exchange_n(&gdb.attention, 0, __ATOMIC_ACQ_REL)) {
		lock(&gdb.mutex);
		unlock(&gdb.mutex);
		look_at_input(t);
	}
}

bool gdb_breakpoint(struct thread *t)
{
	if (!engine_has_breakpoint(t->cpu.pc))
		return false;
	/* A vfork child is a process of its own, in our memory. */
	if (!t->gdb.listed || gdb.fd < 0)
		engine_step(&t->cpu);
	else
		stop(t, &(struct gdb_event){ .reason = GDB_BREAK, .signo = HOST_SIGTRAP }, true);
	return true;
}

int gdb_signal(struct thread *t, const struct host_siginfo *info)
{
	int signo = info->signo;

	if (!t->gdb.listed || gdb.fd < 0 || gdb.passes >> (signo - 1) & 1)
		return signo;
	t->gdb.info = *info;
	stop(t, &(struct gdb_event){ .reason = GDB_SIGNAL, .signo = signo }, true);
	signo = t->gdb.deliver;
	t->gdb.deliver = 0;
	return signo;
}

void gdb_syscall(struct thread *t, unsigned nr, bool entry)
{
	if (!t->gdb.listed || gdb.fd < 0 ||
	    (!gdb.catch_all && !(nr < 512 && gdb.catches[nr / 64] >> nr % 64 & 1)))
		return;
	stop(t, &(struct gdb_event){ .reason = entry ? GDB_CALL_ENTRY : GDB_CALL_RETURN,
					  .signo = HOST_SIGTRAP, .nr = nr }, true);
}

void gdb_after_fork(struct thread *t)
{
	t->gdb = (struct gdb_thread){ 0 };
	if (gdb.fd >= 0)
		rt_syscall(__NR_close, gdb.fd);
	if (gdb.listen_fd >= 0)
		rt_syscall(__NR_close, gdb.listen_fd);
	gdb = (struct gdb){ .fd = -1, .listen_fd = -1 };
	gdb_enabled = false;
	engine_breakpoints_clear();
}

void gdb_exited(struct thread *t, int code)
{
	if (!t->gdb.listed)
		return;
	t->gdb.parked = 1;
	lock(&gdb.mutex);
	if (gdb.fd >= 0)
		gdb_send("W%02x", code & 0xff);
}

void gdb_killed(struct thread *t, int signo)
{
	if (!t->gdb.listed)
		return;
	t->gdb.parked = 1;
	lock(&gdb.mutex);
	if (gdb.fd >= 0)
		gdb_send("X%02x", gdb_signal_number(signo));
}

void gdb_init(struct thread *t, const char *where)
{
	bool suspend;

	gdb.listen_fd = open_listener(where, &suspend);
	gdb.in = rt_map_anon(3 * GDB_PACKET);
	if (gdb.listen_fd < 0 || !gdb.in) {
		rt_log("%s: -g %s: cannot listen there\n", t->abi->program, where);
		gdb.listen_fd = -1;
		return;
	}
	gdb.out = gdb.in + GDB_PACKET;
	gdb_enabled = true;
	gdb_thread_start(t);
	if (suspend && connect_one())
		stop(t, &(struct gdb_event){ .reason = GDB_STEP, .signo = HOST_SIGTRAP }, false);
	else
		set_async(gdb.listen_fd, true);
}
