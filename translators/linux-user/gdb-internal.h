/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files of the gdb server only. tags: linux-user - gdb server, internals */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;

#define GDB_PACKET 16384

enum gdb_reason { GDB_SIGNAL, GDB_BREAK, GDB_STEP, GDB_WATCH, GDB_CALL_ENTRY, GDB_CALL_RETURN };

struct gdb_event {
	enum gdb_reason reason;
	int signo; /* Linux's number */
	unsigned nr; /* of a system call */
	uint64_t address; /* that is watched */
};

/* Memory that is watched for changes: compared after every instruction. */
#define GDB_WATCHES 8
struct gdb_watch {
	uint64_t address;
	unsigned length; /* 0: free */
	uint8_t value[8];
};

struct gdb {
	int fd, listen_fd;
	uint32_t mutex;	    /* of who serves */
	uint32_t list_lock; /* of the list of threads */
	uint32_t attention; /* there may be input */
	uint32_t stopping;
	struct thread *threads;
	struct thread *current; /* of g, m and so on */
	struct gdb_event event; /* the last that was reported */
	struct thread *stopped; /* the thread of it */
	bool no_ack;
	bool catch_all;	       /* system calls */
	uint64_t catches[8];   /* numbers that are caught, when not all are */
	struct gdb_watch watch[GDB_WATCHES];
	unsigned watches;      /* in use */
	uint64_t passes;       /* bits of signals that need no report */
	char *in;	       /* a packet without its frame */
	size_t in_length;
	char *out;
	size_t out_length;
};
extern struct gdb gdb;

/* gdb_packets.c: serves until the guest is to run; its threads' gdb.hold, stepping and deliver
 * are set then. False: the debugger is gone. */
bool gdb_serve(struct thread *t);
void gdb_send_stop(void);
void gdb_send(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct thread *gdb_find(int tid); /* NULL: none */

/* gdb_file.c: vFile packets. */
void gdb_vfile(struct thread *t, const char *packet);

/* Of packets. */
void gdb_out_reset(void);
void gdb_out(const char *format, ...) __attribute__((format(printf, 1, 2)));
void gdb_out_hex(const void *data, size_t length);
void gdb_out_binary(const void *data, size_t length);
void gdb_out_send(void);
uint64_t gdb_take_hex(const char **p);
/* Bytes in hexadecimal up to another character; their number. */
size_t gdb_take_bytes(const char **p, void *to, size_t size);
int gdb_signal_number(int linux_signo);
int gdb_signal_from(int number);
