/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The remote protocol: packets, and what each asks for. All guest threads stand still.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>

#include "linux-user/gdb-internal.h"
#include "linux-user/gdbstub.h"
#include "linux-user/memory.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"
#include "rt/uaccess.h"

/* ---- text of packets ---- */

void gdb_out_reset(void)
{
	gdb.out_length = 0;
}

void gdb_out(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	gdb.out_length += rt_vformat(gdb.out + gdb.out_length, 2 * GDB_PACKET - gdb.out_length - 8,
				     format, ap);
	va_end(ap);
}

void gdb_out_hex(const void *data, size_t length)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < length && gdb.out_length + 16 < 2 * GDB_PACKET; i++) {
		gdb.out[gdb.out_length++] = "0123456789abcdef"[p[i] >> 4];
		gdb.out[gdb.out_length++] = "0123456789abcdef"[p[i] & 15];
	}
}

void gdb_out_binary(const void *data, size_t length)
{
	const char *p = data;

	for (size_t i = 0; i < length && gdb.out_length + 16 < 2 * GDB_PACKET; i++) {
		if (p[i] == '#' || p[i] == '$' || p[i] == '}' || p[i] == '*') {
			gdb.out[gdb.out_length++] = '}';
			gdb.out[gdb.out_length++] = p[i] ^ 0x20;
		} else {
			gdb.out[gdb.out_length++] = p[i];
		}
	}
}

static bool write_all(const char *p, size_t length)
{
	while (length) {
		long n = rt_syscall(__NR_sendto, gdb.fd, p, length, 0x4000 /* MSG_NOSIGNAL */, NULL, 0);

		if (n == -EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		length -= (size_t)n;
	}
	return true;
}

void gdb_out_send(void)
{
	uint8_t sum = 0;
	char end[8];

	for (size_t i = 0; i < gdb.out_length; i++)
		sum = (uint8_t)(sum + (uint8_t)gdb.out[i]);
	rt_format(end, sizeof(end), "#%02x", sum);
	if (write_all("$", 1) && write_all(gdb.out, gdb.out_length))
		write_all(end, 3);
}

void gdb_send(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	gdb.out_length = rt_vformat(gdb.out, GDB_PACKET, format, ap);
	va_end(ap);
	gdb_out_send();
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

uint64_t gdb_take_hex(const char **p)
{
	uint64_t v = 0;

	for (; hex_digit(**p) >= 0; ++*p)
		v = v << 4 | (uint64_t)hex_digit(**p);
	return v;
}

size_t gdb_take_bytes(const char **p, void *to, size_t size)
{
	uint8_t *out = to;
	size_t n = 0;

	for (; n < size && hex_digit(p[0][0]) >= 0 && hex_digit(p[0][1]) >= 0; *p += 2)
		out[n++] = (uint8_t)(hex_digit(p[0][0]) << 4 | hex_digit(p[0][1]));
	return n;
}

/* ---- input ---- */

static int next_byte(void)
{
	static uint8_t buf[512];
	static size_t length, at;

	if (at == length) {
		long n;

		do {
			n = rt_syscall(__NR_recvfrom, gdb.fd, buf, sizeof(buf), 0, NULL, NULL);
		} while (n == -EINTR);
		if (n <= 0)
			return -1;
		length = (size_t)n;
		at = 0;
	}
	return buf[at++];
}

/* One packet, as text in gdb.in; binary data in it is unescaped. False: the connection ended. */
static bool read_packet(void)
{
	for (;;) {
		uint8_t sum = 0;
		size_t n = 0;
		int c, high, low;

		do {
			c = next_byte();
		} while (c >= 0 && c != '$');
		while (c >= 0 && (c = next_byte()) != '#' && c >= 0) {
			sum = (uint8_t)(sum + c);
			if (c == '}') {
				c = next_byte();
				sum = (uint8_t)(sum + c);
				c ^= 0x20;
			}
			if (n + 1 < GDB_PACKET)
				gdb.in[n++] = (char)c;
		}
		high = c < 0 ? -1 : next_byte();
		low = high < 0 ? -1 : next_byte();
		if (low < 0)
			return false;
		gdb.in[n] = 0;
		gdb.in_length = n;
		if (gdb.no_ack)
			return true;
		if ((hex_digit((char)high) << 4 | hex_digit((char)low)) == sum)
			return write_all("+", 1);
		if (!write_all("-", 1))
			return false;
	}
}

/* ---- signals: gdb has numbers of its own ---- */

static const uint8_t signal_numbers[32] = {
	0, 1, 2, 3, 4, 5, 6, 10, 8, 9, 30, 11, 31, 13, 14, 15, 143, 20, 19, 17, 18, 21, 22, 16, 24,
	25, 26, 27, 28, 23, 32, 12,
};

int gdb_signal_number(int s)
{
	if (s < 32)
		return signal_numbers[s];
	return s == 32 ? 77 : s == 64 ? 78 : s + 12;
}

int gdb_signal_from(int number)
{
	for (int s = 1; s <= HOST_NSIG; s++)
		if (gdb_signal_number(s) == number)
			return s;
	return 0;
}

/* ---- answers ---- */

void gdb_send_stop(void)
{
	const struct gdb_event *e = &gdb.event;

	gdb_out_reset();
	gdb_out("T%02xthread:%x;", (unsigned)gdb_signal_number(e->signo), (unsigned)gdb.stopped->tid);
	if (e->reason == GDB_BREAK)
		gdb_out("swbreak:;");
	else if (e->reason == GDB_WATCH)
		gdb_out("watch:%lx;", (unsigned long)e->address);
	else if (e->reason == GDB_CALL_ENTRY)
		gdb_out("syscall_entry:%x;", e->nr);
	else if (e->reason == GDB_CALL_RETURN)
		gdb_out("syscall_return:%x;", e->nr);
	gdb_out_send();
}

/* The part of a document that "offset,length" asks for. */
static void send_part(const char *where, const void *data, size_t size)
{
	uint64_t offset = gdb_take_hex(&where), length;

	where += *where == ',';
	length = gdb_take_hex(&where);
	length = length < GDB_PACKET / 2 ? length : GDB_PACKET / 2;
	offset = offset < size ? offset : size;
	length = length < size - offset ? length : size - offset;
	gdb_out_reset();
	gdb_out(offset + length < size ? "m" : "l");
	gdb_out_binary((const char *)data + offset, length);
	gdb_out_send();
}

static void transfer(struct thread *t, const char *p)
{
	const struct process *process = t->process;
	const char *exe = process->exe ? process->exe : "", *rest;

	if ((rest = rt_str_after(p, "features:read:target.xml:"))) {
		const char *xml = t->abi->gdb_description();

		send_part(rest, xml, rt_strlen(xml));
	} else if ((rest = rt_str_after(p, "auxv:read::"))) {
		send_part(rest, (const void *)process->auxv_start, process->auxv_size);
	} else if ((rest = rt_str_after(p, "exec-file:read:"))) {
		rest = rt_strchr(rest, ':');
		send_part(rest ? rest + 1 : "", exe, rt_strlen(exe));
	} else if ((rest = rt_str_after(p, "siginfo:read::"))) {
		send_part(rest, &gdb.current->gdb.info, sizeof(gdb.current->gdb.info));
	} else {
		gdb_send("E00");
	}
}

static void send_registers(void)
{
	uint8_t value[16];

	gdb_out_reset();
	for (unsigned n = 0;; n++) {
		unsigned size = gdb.current->abi->gdb_get(&gdb.current->cpu, n, value);

		if (!size)
			break;
		gdb_out_hex(value, size);
	}
	gdb_out_send();
}

static void set_registers(const char *p)
{
	uint8_t value[16];

	for (unsigned n = 0;; n++) {
		unsigned size = gdb.current->abi->gdb_get(&gdb.current->cpu, n, value);

		if (!size || gdb_take_bytes(&p, value, size) != size)
			break;
		gdb.current->abi->gdb_set(&gdb.current->cpu, n, value);
	}
	gdb_send("OK");
}

static void one_register(const char *p, bool set)
{
	unsigned n = (unsigned)gdb_take_hex(&p);
	uint8_t value[16];
	unsigned size = gdb.current->abi->gdb_get(&gdb.current->cpu, n, value);

	if (!size) {
		gdb_send("E01");
	} else if (!set) {
		gdb_out_reset();
		gdb_out_hex(value, size);
		gdb_out_send();
	} else {
		p += *p == '=';
		if (gdb_take_bytes(&p, value, size) == size)
			gdb.current->abi->gdb_set(&gdb.current->cpu, n, value);
		gdb_send("OK");
	}
}

/* What the guest itself may not touch, the debugger may. */
static long memory_file(bool set, uint64_t address, void *data, size_t length)
{
	long n, fd = rt_syscall(__NR_openat, AT_FDCWD, "/proc/self/mem", (set ? O_RDWR : O_RDONLY) | O_CLOEXEC);

	if (fd < 0)
		return fd;
	n = rt_syscall(set ? __NR_pwrite64 : __NR_pread64, fd, data, length, address);
	rt_syscall(__NR_close, fd);
	return n;
}

static void read_memory(const char *p)
{
	uint64_t address = gdb_take_hex(&p), length;
	static uint8_t data[GDB_PACKET / 2];
	long n;

	p += *p == ',';
	length = gdb_take_hex(&p);
	length = length < sizeof(data) ? length : sizeof(data);
	if (copy_from_guest(data, address, length) == 0)
		n = (long)length;
	else
		n = memory_file(false, address, data, length);
	if (n <= 0) {
		gdb_send(length ? "E14" : "OK");
		return;
	}
	gdb_out_reset();
	gdb_out_hex(data, (size_t)n);
	gdb_out_send();
}

static void write_memory(const char *p, bool binary)
{
	uint64_t address = gdb_take_hex(&p), length;
	static uint8_t data[GDB_PACKET];

	p += *p == ',';
	length = gdb_take_hex(&p);
	p += *p == ':';
	if (binary) {
		size_t have = gdb.in_length - (size_t)(p - gdb.in);

		length = length < have ? length : have;
		memcpy(data, p, length);
	} else {
		length = gdb_take_bytes(&p, data, length < sizeof(data) ? length : sizeof(data));
	}
	if (length && copy_to_guest(address, data, length) < 0 &&
	    memory_file(true, address, data, length) != (long)length) {
		gdb_send("E14");
		return;
	}
	engine_invalidate(address, length ? length : 1);
	gdb_send("OK");
}

static bool watch(uint64_t address, uint64_t length, bool set)
{
	for (unsigned i = 0; i < GDB_WATCHES && length && length <= 8; i++) {
		struct gdb_watch *w = &gdb.watch[i];

		if (set ? w->length : w->address != address || w->length != length)
			continue;
		if (set && copy_from_guest(w->value, address, length) < 0)
			return false;
		w->address = address;
		w->length = set ? (unsigned)length : 0;
		gdb.watches += set ? 1u : ~0u;
		return true;
	}
	return false;
}

/* "TYPE,ADDRESS,KIND": breakpoints, and memory that is watched for writes. */
static void breakpoint(const char *p, bool set)
{
	char type = *p;
	uint64_t address;

	p += type && p[1] == ',' ? 2 : 0;
	address = gdb_take_hex(&p);
	p += *p == ',';
	if (type == '2')
		gdb_send(watch(address, gdb_take_hex(&p), set) ? "OK" : "E0c");
	else if (type != '0' && type != '1')
		gdb_send("%s", "");
	else
		gdb_send(engine_breakpoint(address, set) < 0 ? "E0c" : "OK");
}

static void send_threads(void)
{
	gdb_out_reset();
	for (struct thread *t = gdb.threads; t; t = t->gdb.next)
		gdb_out("%c%x", t == gdb.threads ? 'm' : ',', (unsigned)t->tid);
	gdb_out_send();
}

static void send_thread_info(const char *p)
{
	int tid = (int)gdb_take_hex(&p);
	char path[48], name[32];
	long fd, n = 0;

	rt_format(path, sizeof(path), "/proc/self/task/%d/comm", tid);
	fd = rt_syscall(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = rt_syscall(__NR_read, fd, name, sizeof(name));
		rt_syscall(__NR_close, fd);
	}
	gdb_out_reset();
	gdb_out_hex(name, n > 1 ? (size_t)n - 1 : 0);
	gdb_out_send();
}

/* "1;NR;NR..." or "0". */
static void catch_syscalls(const char *p)
{
	bool on = *p++ == '1';

	gdb.catch_all = on && *p != ';';
	memset(gdb.catches, 0, sizeof(gdb.catches));
	while (on && *p == ';') {
		uint64_t nr;

		p++;
		nr = gdb_take_hex(&p);
		if (nr < 512)
			gdb.catches[nr / 64] |= 1ull << nr % 64;
	}
	gdb_send("OK");
}

static void pass_signals(const char *p)
{
	gdb.passes = 0;
	while (*p) {
		int signo = gdb_signal_from((int)gdb_take_hex(&p));

		if (signo)
			gdb.passes |= 1ull << (signo - 1);
		if (*p)
			p++;
	}
	gdb_send("OK");
}

static void query(struct thread *t, const char *p)
{
	const char *rest;

	if (rt_str_after(p, "qSupported"))
		gdb_send("PacketSize=%x;qXfer:features:read+;qXfer:auxv:read+;"
			 "qXfer:exec-file:read+;qXfer:siginfo:read+;QStartNoAckMode+;"
			 "QCatchSyscalls+;QPassSignals+;swbreak+;vContSupported+",
			 GDB_PACKET - 1);
	else if ((rest = rt_str_after(p, "qXfer:")))
		transfer(t, rest);
	else if (rt_str_after(p, "qfThreadInfo"))
		send_threads();
	else if (rt_str_after(p, "qsThreadInfo"))
		gdb_send("l");
	else if ((rest = rt_str_after(p, "qThreadExtraInfo,")))
		send_thread_info(rest);
	else if (rt_str_eq(p, "qC"))
		gdb_send("QC%x", (unsigned)gdb.current->tid);
	else if (rt_str_after(p, "qAttached"))
		gdb_send("1");
	else if (rt_str_after(p, "qSymbol:"))
		gdb_send("OK");
	else if ((rest = rt_str_after(p, "QCatchSyscalls:")))
		catch_syscalls(rest);
	else if ((rest = rt_str_after(p, "QPassSignals:")))
		pass_signals(rest);
	else if (rt_str_after(p, "QStartNoAckMode")) {
		gdb_send("OK");
		gdb.no_ack = true;
	} else {
		gdb_send("%s", "");
	}
}

/* ---- going on ---- */

static void resume_thread(struct thread *t, char action, int signo)
{
	t->gdb.hold = 0;
	t->gdb.stepping = action == 's' || action == 'S';
	t->gdb.deliver = signo;
}

/* ";ACTION[:THREAD]..." The first that names a thread is its. */
static void resume(const char *p)
{
	for (struct thread *t = gdb.threads; t; t = t->gdb.next)
		t->gdb.hold = 1;
	while (*p == ';') {
		char action = *++p;
		bool all = true;
		int signo = 0, tid = 0;

		p += action != 0;
		if (action == 'C' || action == 'S')
			signo = gdb_signal_from((int)gdb_take_hex(&p));
		if (*p == ':') {
			p++;
			all = *p == '-';
			p += all;
			tid = (int)gdb_take_hex(&p);
		}
		for (struct thread *t = gdb.threads; t; t = t->gdb.next)
			if (t->gdb.hold && (all || t->tid == tid))
				resume_thread(t, action, signo);
	}
}

static void attach_query(const char *p)
{
	gdb_send(gdb_find((int)gdb_take_hex(&p)) ? "OK" : "E01");
}

static void select_thread(const char *p)
{
	struct thread *t;

	if (p[0] == 'g' && p[1] != '-' && (p[1] != '0' || p[2])) {
		p++;
		t = gdb_find((int)gdb_take_hex(&p));
		if (!t) {
			gdb_send("E01");
			return;
		}
		gdb.current = t;
	}
	gdb_send("OK");
}

_Noreturn static void kill_guest(void)
{
	for (;;)
		rt_syscall(__NR_kill, rt_syscall(__NR_getpid), HOST_SIGKILL);
}

bool gdb_serve(struct thread *me)
{
	while (read_packet()) {
		const char *p = gdb.in, *rest;

		switch (*p) {
		case '?': gdb_send_stop(); break;
		case 'g': send_registers(); break;
		case 'G': set_registers(p + 1); break;
		case 'p': one_register(p + 1, false); break;
		case 'P': one_register(p + 1, true); break;
		case 'm': read_memory(p + 1); break;
		case 'M': write_memory(p + 1, false); break;
		case 'X': write_memory(p + 1, true); break;
		case 'Z': breakpoint(p + 1, true); break;
		case 'z': breakpoint(p + 1, false); break;
		case 'H': select_thread(p + 1); break;
		case 'T': attach_query(p + 1); break;
		case 'q':
		case 'Q': query(me, p); break;
		case 'c': resume(";c"); return true;
		case 's':
			resume(";c");
			gdb.current->gdb.stepping = true;
			return true;
		case 'D':
			gdb_send("OK");
			return false;
		case 'k': kill_guest();
		case 'v':
			if (rt_str_eq(p, "vCont?")) {
				gdb_send("vCont;c;C;s;S");
			} else if ((rest = rt_str_after(p, "vCont")) && *rest == ';') {
				resume(rest);
				return true;
			} else if (rt_str_after(p, "vKill")) {
				gdb_send("OK");
				kill_guest();
			} else if ((rest = rt_str_after(p, "vFile:"))) {
				gdb_vfile(me, rest);
			} else {
				gdb_send("%s", "");
			}
			break;
		default: gdb_send("%s", ""); break;
		}
	}
	return false;
}
