/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the tracer's files share: the table of its tracees and access to their memory.
 * tags: linux-user - ptrace, tracer
 */
#pragma once

#include "linux-user/ptrace.h"
#include "linux-user/thread.h"

/* Requests and options, as both kernels number them. */
enum {
	REQ_TRACEME = 0, REQ_PEEKTEXT = 1, REQ_PEEKDATA = 2, REQ_POKETEXT = 4, REQ_POKEDATA = 5,
	REQ_CONT = 7, REQ_KILL = 8, REQ_SINGLESTEP = 9, REQ_ATTACH = 16, REQ_DETACH = 17,
	REQ_SYSCALL = 24, REQ_SYSEMU = 31, REQ_SYSEMU_SINGLESTEP = 32,
	REQ_SETOPTIONS = 0x4200, REQ_GETEVENTMSG, REQ_GETSIGINFO, REQ_SETSIGINFO,
	REQ_GETREGSET, REQ_SETREGSET, REQ_SEIZE, REQ_INTERRUPT, REQ_LISTEN, REQ_PEEKSIGINFO,
	REQ_GETSIGMASK, REQ_SETSIGMASK, REQ_GET_SYSCALL_INFO = 0x420e,
	REQ_SET_DISPATCH = 0x4210, REQ_GET_DISPATCH,
	/* of x86-64 only */
	HOST_GETREGS = 12, HOST_SETREGS = 13,
};

#define OPT_SYSGOOD   1u
#define OPT_EXEC      (1u << 4)
#define OPT_EXIT      (1u << 6)
#define OPT_SECCOMP   (1u << 7)

enum {
	EVENT_FORK = 1, EVENT_VFORK, EVENT_CLONE, EVENT_EXEC, EVENT_VFORK_DONE, EVENT_EXIT,
	EVENT_SECCOMP, EVENT_STOP = 128,
};

/* The host's struct user_regs_struct. */
struct host_regs {
	uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t orig_rax, rip, cs, eflags, rsp, ss, fs_base, gs_base, ds, es, fs, gs;
};

struct tracee {
	int tid;	   /* 0: free */
	uint64_t thread;   /* its struct thread, there; 0: not known */
	uint32_t options;
	uint8_t seized;
	uint8_t set_options; /* the host must be told at the first stop */
	uint8_t marked;	   /* its struct trace says that it is traced */
	uint8_t guest_stop; /* stopped, by itself */
	uint8_t syscalls;  /* enum trace_syscalls of the last resumption */
	uint8_t starting;  /* between execve and its struct thread */
	uint64_t deferred; /* signals that came in meanwhile; bit 63 also for PTRACE_INTERRUPT */
};

/* The table is the tracing process's; entries stay where they are. */
struct tracee *tracee_find(int tid);
struct tracee *tracee_add(int tid); /* found or made; NULL when out of memory */
void tracee_remove(int tid);
bool tracee_any(void);

static inline long host_ptrace(long request, int tid, uint64_t addr, uint64_t data)
{
	return rt_syscall(__NR_ptrace, request, tid, addr, data);
}

/* The host's options that go with the guest's. */
uint32_t tracee_host_options(const struct tracee *e);

/* Memory of a stopped tracee: 0 or negative errno. */
int tracee_read(int tid, uint64_t address, void *buf, size_t size);
int tracee_write(int tid, uint64_t address, const void *buf, size_t size);

#define THREAD_AT(e, field) ((e)->thread + offsetof(struct thread, field))
#define TRACE_PUT(e, field, value)                                                           \
	({                                                                                   \
		const __typeof__(((struct thread *)0)->field) put_ = (value);                \
		tracee_write((e)->tid, THREAD_AT(e, field), &put_, sizeof(put_));            \
	})

/* Reads the struct trace of a tracee; -ESRCH when it is none that runs under us. */
int tracee_trace(struct tracee *e, struct trace *ret);

/*
 * A host stop that was waited for, with its exit code (si_status). True: the guest is to see
 * it, with *code as it is now. False: it was ours, and the tracee runs on.
 */
bool trace_filter(struct thread *t, int tid, uint32_t *code);

/* Code of the tracee at [start, start + length) was written. */
void trace_written(struct tracee *e, uint64_t start, uint64_t length);
/* Before a tracee goes on: has the tracer written through a descriptor? */
void trace_check_files(struct tracee *e);
