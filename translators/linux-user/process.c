/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * clone, fork, vfork and the ends of threads and processes: the kernel's own calls with the
 * guest's own flags.
 *
 * A child with memory of its own (fork) goes on where its parent was, on its copy of the
 * runtime's stack. A child that shares memory (vfork, threads) needs a thread block: its
 * runtime runs on a stack of its own, and the parent of a vfork sleeps in the kernel until the
 * child has executed or ended, then frees the block. A process made by clone(CLONE_VM) alone
 * keeps its block for as long as the memory lives: nobody can tell when it has left it.
 *
 * CLONE_SETTLS at the host sets the runtime's thread pointer (%fs) in the same instant; the
 * guest's is a register of the cpu. No signal is let in until the child is set up.
 */
#include <linux/errno.h>
#include <linux/sched.h>

#include "linux-user/log.h"
#include "linux-user/strace.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/uaccess.h"

struct clone_request {
	uint64_t flags; /* without the exit signal */
	uint64_t sp;	/* guest stack pointer of the child; 0: unchanged */
	uint64_t parent_tid, child_tid, tls;
	int exit_signal;
	struct clone_args *args; /* clone3: a copy, to be passed on */
	size_t args_size;
};

static void prepare_child(struct thread *t, const struct clone_request *req)
{
	if (req->sp)
		t->abi->set_sp(&t->cpu, req->sp);
	if (req->flags & CLONE_SETTLS)
		t->abi->set_tls(&t->cpu, req->tls);
}

static struct sighand *sighand_copy(const struct sighand *from)
{
	struct sighand *copy = rt_map_anon(sizeof(*copy));

	if (copy) {
		memcpy(copy->action, from->action, sizeof(copy->action));
		copy->users = 1;
	}
	return copy;
}

static void sighand_put(struct sighand *s)
{
	if (__atomic_sub_fetch(&s->users, 1, __ATOMIC_ACQ_REL) == 0)
		rt_unmap(s, sizeof(*s));
}

/* ---- own memory ---- */

static long host_fork(const struct clone_request *req)
{
	uint64_t flags = req->flags & ~(uint64_t)CLONE_SETTLS;

	if (req->args) {
		req->args->flags = flags;
		req->args->stack = req->args->stack_size = req->args->tls = 0;
		return rt_syscall(__NR_clone3, req->args, req->args_size);
	}
	return rt_syscall(__NR_clone, flags | (uint64_t)req->exit_signal, 0, req->parent_tid,
			  req->child_tid, 0);
}

static int64_t fork_child(struct thread *t, const struct clone_request *req)
{
	t->tid = (int)rt_syscall(__NR_gettid);
	t->tgid = t->tid;
	t->shares_vm = t->is_thread = false;
	t->process->memory_lock = 0;
	t->process->threads = NULL;
	thread_link(t);
	log_after_fork(t->process);
	t->sync_recorded = 0;
	dispatch_clear(t);
	t->process->mdwe = memory_inherited_mdwe(t->process);
	engine_after_fork(&t->cpu, true);
	if (gdb_enabled)
		gdb_after_fork(t);
	trace_child(t);
	prepare_child(t, req);
	if (req->flags & CLONE_CLEAR_SIGHAND)
		signal_clear_handlers(t);
	signal_restore_mask(t);
	return 0;
}

static int64_t do_fork(struct thread *t, const struct clone_request *req)
{
	long r;

	/* Another thread must not be in the middle of a change that the child would inherit. */
	memory_lock(t->process);
	engine_before_fork(&t->cpu);
	t->trace.fresh = 0;
	t->trace.forking = 1;
	r = host_fork(req);
	if (r == 0)
		return fork_child(t, req);
	t->trace.forking = 0;
	engine_after_fork(&t->cpu, false);
	memory_unlock(t->process);
	return r;
}

/* ---- shared memory ---- */

static void thread_main(void *arg)
{
	struct thread *t = arg;

	t->tid = (int)rt_syscall(__NR_gettid);
	t->tgid = (int)rt_syscall(__NR_getpid);
	trace_child(t);
	{
		uint64_t sp = t->altstack_sp, size = t->altstack_size;
		int32_t flags = t->altstack_flags;

		signal_thread_init(t);
		t->altstack_sp = sp;
		t->altstack_size = size;
		t->altstack_flags = flags;
	}
	if (t->clone_flags & CLONE_CLEAR_SIGHAND)
		signal_clear_handlers(t);
	if (gdb_enabled)
		gdb_thread_start(t);
	engine_vec_load(&t->cpu);
	signal_restore_mask(t);
	cpu_loop(t);
}

static struct thread *new_child(struct thread *t, const struct clone_request *req)
{
	struct thread *child = thread_new(t->process);

	if (!child)
		return NULL;
	if (engine_thread_init(&child->cpu) < 0) {
		thread_free(child);
		return NULL;
	}
	engine_vec_store(&t->cpu);
	engine_copy_state(&child->cpu, &t->cpu);
	child->cpu.thread = child;
	child->sigmask = t->sigmask;
	/* For a tracer that attaches it as well. */
	child->trace.orders.traced = t->trace.orders.traced;
	child->trace.options = t->trace.options;
	child->trace.seized = t->trace.seized;
	child->clone_flags = req->flags;
	child->is_thread = req->flags & CLONE_THREAD;
	child->shares_vm = !child->is_thread;
	if (req->flags & CLONE_VFORK) {
		child->altstack_sp = t->altstack_sp;
		child->altstack_size = t->altstack_size;
		child->altstack_flags = t->altstack_flags;
	} else {
		child->altstack_flags = 2; /* SS_DISABLE */
	}
	if (req->flags & CLONE_SIGHAND) {
		__atomic_add_fetch(&t->sighand->users, 1, __ATOMIC_RELAXED);
		child->sighand = t->sighand;
	} else {
		child->sighand = sighand_copy(t->sighand);
		if (!child->sighand) {
			engine_thread_exit(&child->cpu);
			thread_free(child);
			return NULL;
		}
	}
	prepare_child(child, req);
	child->abi->set_result(&child->cpu, 0);
	/* In one step: another thread may be changing the filters of all. */
	memory_lock(t->process);
	child->syscall_hooks = t->syscall_hooks & (uint8_t)~HOOK_DISPATCH;
	seccomp_inherit(child, t);
	child->tgid = child->is_thread ? t->tgid : 0;
	thread_link(child);
	memory_unlock(t->process);
	return child;
}

/* It is about to end, or has. */
static void leave_process(struct thread *t)
{
	memory_lock(t->process);
	thread_unlink(t);
	seccomp_release(t);
	memory_unlock(t->process);
}

static void free_child(struct thread *child)
{
	if (child->exec_memory)
		rt_unmap(child->exec_memory, child->exec_memory_size);
	leave_process(child);
	engine_thread_exit(&child->cpu);
	sighand_put(child->sighand);
	thread_free(child);
}

static long host_clone(struct thread *child, const struct clone_request *req)
{
	uint64_t flags = req->flags | CLONE_SETTLS;

	if (req->args) {
		req->args->flags = flags;
		req->args->stack = (uint64_t)child->block;
		req->args->stack_size = (uint64_t)((char *)thread_stack_top(child) -
						   (char *)child->block);
		req->args->tls = (uint64_t)&child->self;
		return rt_clone3(req->args, req->args_size, thread_main, child);
	}
	return rt_clone(flags | (uint64_t)req->exit_signal, thread_stack_top(child),
			(void *)req->parent_tid, (void *)req->child_tid, &child->self,
			thread_main, child);
}

static int64_t do_clone_vm(struct thread *t, const struct clone_request *req)
{
	struct thread *child = new_child(t, req);
	long r;

	if (!child)
		return -ENOMEM;
	r = host_clone(child, req);
	if (r < 0 || (req->flags & CLONE_VFORK && !(req->flags & CLONE_THREAD)))
		free_child(child);
	return r;
}

static int64_t do_clone(struct thread *t, const struct clone_request *req)
{
	int64_t r;

	signal_block_all();
	/* Recorded before the mask closed: deliver it first, the child must not have it. */
	if (__atomic_load_n(&t->cpu.pending, __ATOMIC_ACQUIRE)) {
		if (!t->recorded)
			signal_restore_mask(t);
		return SYS_RESTART_ALWAYS;
	}
	if (!(req->flags & CLONE_VM))
		r = do_fork(t, req);
	else
		r = do_clone_vm(t, req);
	if (r != 0)
		signal_restore_mask(t);
	return r;
}

/* arm64: flags, stack, parent tid, tls, child tid. */
int64_t sys_clone(struct thread *t, const uint64_t *a)
{
	struct clone_request req = {
		.flags = a[0] & 0xffffff00u,
		.exit_signal = (int)(a[0] & 0xff),
		.sp = a[1],
		.parent_tid = a[2],
		.tls = a[3],
		.child_tid = a[4],
	};

	return do_clone(t, &req);
}

int64_t sys_clone3(struct thread *t, const uint64_t *a)
{
	struct clone_args args;
	struct clone_request req = { .args = &args };
	uint64_t size = a[1] < sizeof(args) ? a[1] : sizeof(args);

	if (a[1] < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	if (a[1] > RT_PAGE_SIZE)
		return -E2BIG;
	memset(&args, 0, sizeof(args));
	if (copy_from_guest(&args, a[0], size) < 0)
		return -EFAULT;
	/* Of a later kernel's fields, only zeroes are understood. */
	for (uint64_t at = size; at < a[1]; at++) {
		char byte;

		if (copy_from_guest(&byte, a[0] + at, 1) < 0)
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	req.args_size = size;
	if ((args.stack == 0) != (args.stack_size == 0))
		return -EINVAL;
	req.flags = args.flags;
	req.tls = args.tls;
	req.sp = args.stack ? args.stack + args.stack_size : 0;
	return do_clone(t, &req);
}

/* ---- ends ---- */

int64_t sys_exit(struct thread *t, const uint64_t *a)
{
	struct host_stack off = { .flags = 2 };

	strace_exited(t, (int)a[0]);
	if (gdb_enabled)
		gdb_thread_end(t);
	if (!t->is_thread) {
		/* The memory may be another's, or other threads may go on. */
		for (;;)
			rt_syscall(__NR_exit, a[0]);
	}
	trace_exit(t, (int)a[0]);
	signal_block_all();
	rt_syscall(__NR_sigaltstack, &off, NULL);
	leave_process(t);
	engine_thread_exit(&t->cpu);
	sighand_put(t->sighand);
	rt_unmap_and_exit(t->block, t->block_size, (int)a[0]);
}

int64_t sys_exit_group(struct thread *t, const uint64_t *a)
{
	strace_exited(t, (int)a[0]);
	if (t->shares_vm)
		for (;;)
			rt_syscall(__NR_exit_group, a[0]);
	process_exit(t, (int)a[0]);
}
