/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every system call that arm64 has, by name, with arguments that are wrong in several ways: the
 * same errors as natively. Each in a child with namespaces of its own. Left out: those that end
 * or copy the caller, what would change the machine, and ptrace, which has tests of its own.
 */
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *name;
	int nr;
} calls[] = {
	{ "io_setup", SYS_io_setup },
	{ "io_destroy", SYS_io_destroy },
	{ "io_submit", SYS_io_submit },
	{ "io_cancel", SYS_io_cancel },
	{ "io_getevents", SYS_io_getevents },
	{ "setxattr", SYS_setxattr },
	{ "lsetxattr", SYS_lsetxattr },
	{ "fsetxattr", SYS_fsetxattr },
	{ "getxattr", SYS_getxattr },
	{ "lgetxattr", SYS_lgetxattr },
	{ "fgetxattr", SYS_fgetxattr },
	{ "listxattr", SYS_listxattr },
	{ "llistxattr", SYS_llistxattr },
	{ "flistxattr", SYS_flistxattr },
	{ "removexattr", SYS_removexattr },
	{ "lremovexattr", SYS_lremovexattr },
	{ "fremovexattr", SYS_fremovexattr },
	{ "getcwd", SYS_getcwd },
	{ "lookup_dcookie", SYS_lookup_dcookie },
	{ "eventfd2", SYS_eventfd2 },
	{ "epoll_create1", SYS_epoll_create1 },
	{ "epoll_ctl", SYS_epoll_ctl },
	{ "epoll_pwait", SYS_epoll_pwait },
	{ "dup", SYS_dup },
	{ "dup3", SYS_dup3 },
	{ "fcntl", SYS_fcntl },
	{ "inotify_init1", SYS_inotify_init1 },
	{ "inotify_add_watch", SYS_inotify_add_watch },
	{ "inotify_rm_watch", SYS_inotify_rm_watch },
	{ "ioctl", SYS_ioctl },
	{ "ioprio_set", SYS_ioprio_set },
	{ "ioprio_get", SYS_ioprio_get },
	{ "flock", SYS_flock },
	{ "mknodat", SYS_mknodat },
	{ "mkdirat", SYS_mkdirat },
	{ "unlinkat", SYS_unlinkat },
	{ "symlinkat", SYS_symlinkat },
	{ "linkat", SYS_linkat },
	{ "renameat", SYS_renameat },
	{ "umount2", SYS_umount2 },
	{ "mount", SYS_mount },
	{ "pivot_root", SYS_pivot_root },
	{ "nfsservctl", SYS_nfsservctl },
	{ "statfs", SYS_statfs },
	{ "fstatfs", SYS_fstatfs },
	{ "truncate", SYS_truncate },
	{ "ftruncate", SYS_ftruncate },
	{ "fallocate", SYS_fallocate },
	{ "faccessat", SYS_faccessat },
	{ "chdir", SYS_chdir },
	{ "fchdir", SYS_fchdir },
	{ "chroot", SYS_chroot },
	{ "fchmod", SYS_fchmod },
	{ "fchmodat", SYS_fchmodat },
	{ "fchownat", SYS_fchownat },
	{ "fchown", SYS_fchown },
	{ "openat", SYS_openat },
	{ "close", SYS_close },
	{ "pipe2", SYS_pipe2 },
	{ "quotactl", SYS_quotactl },
	{ "getdents64", SYS_getdents64 },
	{ "lseek", SYS_lseek },
	{ "read", SYS_read },
	{ "write", SYS_write },
	{ "readv", SYS_readv },
	{ "writev", SYS_writev },
	{ "pread64", SYS_pread64 },
	{ "pwrite64", SYS_pwrite64 },
	{ "preadv", SYS_preadv },
	{ "pwritev", SYS_pwritev },
	{ "sendfile", SYS_sendfile },
	{ "pselect6", SYS_pselect6 },
	{ "ppoll", SYS_ppoll },
	{ "signalfd4", SYS_signalfd4 },
	{ "vmsplice", SYS_vmsplice },
	{ "splice", SYS_splice },
	{ "tee", SYS_tee },
	{ "readlinkat", SYS_readlinkat },
	{ "newfstatat", SYS_newfstatat },
	{ "fstat", SYS_fstat },
	{ "sync", SYS_sync },
	{ "fsync", SYS_fsync },
	{ "fdatasync", SYS_fdatasync },
	{ "sync_file_range", SYS_sync_file_range },
	{ "timerfd_create", SYS_timerfd_create },
	{ "timerfd_settime", SYS_timerfd_settime },
	{ "timerfd_gettime", SYS_timerfd_gettime },
	{ "utimensat", SYS_utimensat },
	{ "capget", SYS_capget },
	{ "capset", SYS_capset },
	{ "personality", SYS_personality },
	{ "waitid", SYS_waitid },
	{ "set_tid_address", SYS_set_tid_address },
	{ "unshare", SYS_unshare },
	{ "futex", SYS_futex },
	{ "set_robust_list", SYS_set_robust_list },
	{ "get_robust_list", SYS_get_robust_list },
	{ "nanosleep", SYS_nanosleep },
	{ "getitimer", SYS_getitimer },
	{ "setitimer", SYS_setitimer },
	{ "init_module", SYS_init_module },
	{ "delete_module", SYS_delete_module },
	{ "timer_create", SYS_timer_create },
	{ "timer_gettime", SYS_timer_gettime },
	{ "timer_getoverrun", SYS_timer_getoverrun },
	{ "timer_settime", SYS_timer_settime },
	{ "timer_delete", SYS_timer_delete },
	{ "clock_settime", SYS_clock_settime },
	{ "clock_gettime", SYS_clock_gettime },
	{ "clock_getres", SYS_clock_getres },
	{ "clock_nanosleep", SYS_clock_nanosleep },
	{ "syslog", SYS_syslog },
	{ "sched_setparam", SYS_sched_setparam },
	{ "sched_setscheduler", SYS_sched_setscheduler },
	{ "sched_getscheduler", SYS_sched_getscheduler },
	{ "sched_getparam", SYS_sched_getparam },
	{ "sched_setaffinity", SYS_sched_setaffinity },
	{ "sched_getaffinity", SYS_sched_getaffinity },
	{ "sched_yield", SYS_sched_yield },
	{ "sched_get_priority_max", SYS_sched_get_priority_max },
	{ "sched_get_priority_min", SYS_sched_get_priority_min },
	{ "sched_rr_get_interval", SYS_sched_rr_get_interval },
	{ "restart_syscall", SYS_restart_syscall },
	{ "kill", SYS_kill },
	{ "tkill", SYS_tkill },
	{ "tgkill", SYS_tgkill },
	{ "sigaltstack", SYS_sigaltstack },
	{ "rt_sigsuspend", SYS_rt_sigsuspend },
	{ "rt_sigaction", SYS_rt_sigaction },
	{ "rt_sigprocmask", SYS_rt_sigprocmask },
	{ "rt_sigpending", SYS_rt_sigpending },
	{ "rt_sigtimedwait", SYS_rt_sigtimedwait },
	{ "rt_sigqueueinfo", SYS_rt_sigqueueinfo },
	{ "setpriority", SYS_setpriority },
	{ "getpriority", SYS_getpriority },
	{ "setregid", SYS_setregid },
	{ "setgid", SYS_setgid },
	{ "setreuid", SYS_setreuid },
	{ "setuid", SYS_setuid },
	{ "setresuid", SYS_setresuid },
	{ "getresuid", SYS_getresuid },
	{ "setresgid", SYS_setresgid },
	{ "getresgid", SYS_getresgid },
	{ "setfsuid", SYS_setfsuid },
	{ "setfsgid", SYS_setfsgid },
	{ "times", SYS_times },
	{ "setpgid", SYS_setpgid },
	{ "getpgid", SYS_getpgid },
	{ "getsid", SYS_getsid },
	{ "setsid", SYS_setsid },
	{ "getgroups", SYS_getgroups },
	{ "setgroups", SYS_setgroups },
	{ "uname", SYS_uname },
	{ "sethostname", SYS_sethostname },
	{ "setdomainname", SYS_setdomainname },
	{ "getrlimit", SYS_getrlimit },
	{ "setrlimit", SYS_setrlimit },
	{ "getrusage", SYS_getrusage },
	{ "umask", SYS_umask },
	{ "prctl", SYS_prctl },
	{ "getcpu", SYS_getcpu },
	{ "gettimeofday", SYS_gettimeofday },
	{ "settimeofday", SYS_settimeofday },
	{ "adjtimex", SYS_adjtimex },
	{ "getpid", SYS_getpid },
	{ "getppid", SYS_getppid },
	{ "getuid", SYS_getuid },
	{ "geteuid", SYS_geteuid },
	{ "getgid", SYS_getgid },
	{ "getegid", SYS_getegid },
	{ "gettid", SYS_gettid },
	{ "sysinfo", SYS_sysinfo },
	{ "mq_open", SYS_mq_open },
	{ "mq_unlink", SYS_mq_unlink },
	{ "mq_timedsend", SYS_mq_timedsend },
	{ "mq_timedreceive", SYS_mq_timedreceive },
	{ "mq_notify", SYS_mq_notify },
	{ "mq_getsetattr", SYS_mq_getsetattr },
	{ "msgget", SYS_msgget },
	{ "msgctl", SYS_msgctl },
	{ "msgrcv", SYS_msgrcv },
	{ "msgsnd", SYS_msgsnd },
	{ "semget", SYS_semget },
	{ "semctl", SYS_semctl },
	{ "semtimedop", SYS_semtimedop },
	{ "semop", SYS_semop },
	{ "shmget", SYS_shmget },
	{ "shmctl", SYS_shmctl },
	{ "shmat", SYS_shmat },
	{ "shmdt", SYS_shmdt },
	{ "socket", SYS_socket },
	{ "socketpair", SYS_socketpair },
	{ "bind", SYS_bind },
	{ "listen", SYS_listen },
	{ "accept", SYS_accept },
	{ "connect", SYS_connect },
	{ "getsockname", SYS_getsockname },
	{ "getpeername", SYS_getpeername },
	{ "sendto", SYS_sendto },
	{ "recvfrom", SYS_recvfrom },
	{ "setsockopt", SYS_setsockopt },
	{ "getsockopt", SYS_getsockopt },
	{ "shutdown", SYS_shutdown },
	{ "sendmsg", SYS_sendmsg },
	{ "recvmsg", SYS_recvmsg },
	{ "readahead", SYS_readahead },
	{ "brk", SYS_brk },
	{ "munmap", SYS_munmap },
	{ "mremap", SYS_mremap },
	{ "add_key", SYS_add_key },
	{ "request_key", SYS_request_key },
	{ "keyctl", SYS_keyctl },
	{ "execve", SYS_execve },
	{ "mmap", SYS_mmap },
	{ "fadvise64", SYS_fadvise64 },
	{ "mprotect", SYS_mprotect },
	{ "msync", SYS_msync },
	{ "mlock", SYS_mlock },
	{ "munlock", SYS_munlock },
	{ "mlockall", SYS_mlockall },
	{ "munlockall", SYS_munlockall },
	{ "mincore", SYS_mincore },
	{ "madvise", SYS_madvise },
	{ "remap_file_pages", SYS_remap_file_pages },
	{ "mbind", SYS_mbind },
	{ "get_mempolicy", SYS_get_mempolicy },
	{ "set_mempolicy", SYS_set_mempolicy },
	{ "migrate_pages", SYS_migrate_pages },
	{ "move_pages", SYS_move_pages },
	{ "rt_tgsigqueueinfo", SYS_rt_tgsigqueueinfo },
	{ "perf_event_open", SYS_perf_event_open },
	{ "accept4", SYS_accept4 },
	{ "recvmmsg", SYS_recvmmsg },
	{ "wait4", SYS_wait4 },
	{ "prlimit64", SYS_prlimit64 },
	{ "fanotify_init", SYS_fanotify_init },
	{ "fanotify_mark", SYS_fanotify_mark },
	{ "name_to_handle_at", SYS_name_to_handle_at },
	{ "open_by_handle_at", SYS_open_by_handle_at },
	{ "clock_adjtime", SYS_clock_adjtime },
	{ "syncfs", SYS_syncfs },
	{ "setns", SYS_setns },
	{ "sendmmsg", SYS_sendmmsg },
	{ "process_vm_readv", SYS_process_vm_readv },
	{ "process_vm_writev", SYS_process_vm_writev },
	{ "kcmp", SYS_kcmp },
	{ "finit_module", SYS_finit_module },
	{ "sched_setattr", SYS_sched_setattr },
	{ "sched_getattr", SYS_sched_getattr },
	{ "renameat2", SYS_renameat2 },
	{ "seccomp", SYS_seccomp },
	{ "getrandom", SYS_getrandom },
	{ "memfd_create", SYS_memfd_create },
	{ "bpf", SYS_bpf },
	{ "execveat", SYS_execveat },
	{ "userfaultfd", SYS_userfaultfd },
	{ "membarrier", SYS_membarrier },
	{ "mlock2", SYS_mlock2 },
	{ "copy_file_range", SYS_copy_file_range },
	{ "preadv2", SYS_preadv2 },
	{ "pwritev2", SYS_pwritev2 },
	{ "pkey_mprotect", SYS_pkey_mprotect },
	{ "pkey_alloc", SYS_pkey_alloc },
	{ "pkey_free", SYS_pkey_free },
	{ "statx", SYS_statx },
	{ "io_pgetevents", SYS_io_pgetevents },
	{ "rseq", SYS_rseq },
	{ "pidfd_send_signal", SYS_pidfd_send_signal },
	{ "io_uring_setup", SYS_io_uring_setup },
	{ "io_uring_enter", SYS_io_uring_enter },
	{ "io_uring_register", SYS_io_uring_register },
	{ "open_tree", SYS_open_tree },
	{ "move_mount", SYS_move_mount },
	{ "fsopen", SYS_fsopen },
	{ "fsconfig", SYS_fsconfig },
	{ "fsmount", SYS_fsmount },
	{ "fspick", SYS_fspick },
	{ "pidfd_open", SYS_pidfd_open },
	{ "close_range", SYS_close_range },
	{ "openat2", SYS_openat2 },
	{ "pidfd_getfd", SYS_pidfd_getfd },
	{ "faccessat2", SYS_faccessat2 },
	{ "process_madvise", SYS_process_madvise },
	{ "epoll_pwait2", SYS_epoll_pwait2 },
	{ "mount_setattr", SYS_mount_setattr },
	{ "quotactl_fd", SYS_quotactl_fd },
	{ "landlock_create_ruleset", SYS_landlock_create_ruleset },
	{ "landlock_add_rule", SYS_landlock_add_rule },
	{ "landlock_restrict_self", SYS_landlock_restrict_self },
	{ "memfd_secret", SYS_memfd_secret },
	{ "process_mrelease", SYS_process_mrelease },
	{ "futex_waitv", SYS_futex_waitv },
	{ "set_mempolicy_home_node", 450 },
	{ "cachestat", 451 },
	{ "fchmodat2", 452 },
	{ "map_shadow_stack", 453 },
	{ "futex_wake", 454 },
	{ "futex_wait", 455 },
	{ "futex_requeue", 456 },
	{ "statmount", 457 },
	{ "listmount", 458 },
	{ "lsm_get_self_attr", 459 },
	{ "lsm_set_self_attr", 460 },
	{ "lsm_list_modules", 461 },
	{ "mseal", 462 },
	{ "setxattrat", 463 },
	{ "getxattrat", 464 },
	{ "listxattrat", 465 },
	{ "removexattrat", 466 },
	{ "open_tree_attr", 467 },
	{ "file_getattr", 468 },
	{ "file_setattr", 469 },
	{ "listns", 470 },
};

/* The arguments of one round; what is not a number is an address. */
static const struct round {
	const char *name;
	long args[6];
} rounds[] = {
	{ "all ones", { -1, -1, -1, -1, -1, -1 } },
	{ "zeroes", { 0 } },
	{ "a bad pointer", { 16, 16, 16, 16, 16, 16 } },
	{ "a bad descriptor", { 999, 1, 1, 1, 1, 1 } },
	{ "a pointer second", { 3, 16, 8, 8, 0, 0 } },
	{ "unknown flags", { 3, 0x40000000, 0x40000000, 0x40000000, 0x40000000, 0 } },
	{ "far addresses", { 0x7ffffffff000, 0x7ffffffff000, 4096, 0, 0, 0 } },
	{ "kernel addresses", { -4096, -4096, 4096, -4096, 4096, -4096 } },
};

static const char *error_name(int e)
{
	const char *s = strerrorname_np(e);

	return s ? s : "unknown error";
}

static void confine(void)
{
	/* Above all, no signal must get out of here. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWNET |
		    CLONE_NEWPID) < 0) {
		printf("no namespaces\n");
		exit(1);
	}
	/* What they may do something to: two files that nobody else has. */
	close(0);
	close_range(3, ~0u, 0);
	if (memfd_create("zero", 0) != 0 || memfd_create("three", 0) != 3)
		exit(1);
}

static void try(unsigned i, const struct round *r)
{
	const long *a = r->args;
	int status;
	pid_t pid = fork();

	if (!pid) {
		long v;

		signal(SIGPIPE, SIG_DFL);
		alarm(3);
		v = syscall(calls[i].nr, a[0], a[1], a[2], a[3], a[4], a[5]);
		alarm(0);
		_exit(v == -1 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		printf(" %s", WTERMSIG(status) == SIGALRM ? "waits" : "signal");
	else
		printf(" %s", WEXITSTATUS(status) ? error_name(WEXITSTATUS(status)) : "ok");
}

int main(void)
{
	int status;

	confine();
	if (!fork()) {
		for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
			printf("%s:", calls[i].name);
			for (unsigned r = 0; r < sizeof(rounds) / sizeof(rounds[0]); r++) {
				fflush(stdout);
				try(i, &rounds[r]);
			}
			printf("\n");
		}
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
	return status;
}
