/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the kernel's execve to the first guest instruction. The initial stack becomes the
 * guest's, so the runtime moves to its own at once. No file is needed but the program.
 *
 * Three ways in:
 *   by hand			argv = [us, options..., program, arguments...]
 *   binfmt_misc, flag P	argv = [us, path, argv0, arguments...]; AT_FLAGS bit 0 is set,
 *				or our name ends in -binfmt-P (kernels before 5.12)
 *   binfmt_misc without P	argv = [us, path, arguments...]
 * and with flag O or C, AT_EXECFD is the program, open; it is closed before the guest runs.
 */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/resource.h>

#include "linux-user/loader.h"
#include "linux-user/log.h"
#include "linux-user/main.h"
#include "linux-user/memory.h"
#include "linux-user/path.h"
#include "linux-user/procfs.h"
#include "linux-user/signal.h"
#include "linux-user/strace.h"
#include "linux-user/symbols.h"
#include "linux-user/sys.h"
#include "linux-user/thread.h"
#include "rt/arena.h"
#include "rt/memory.h"
#include "rt/text.h"

#define ARCH_SET_FS 0x1002
#define AT_FLAGS_PRESERVE_ARGV0 1
#define STACK_RESERVE (128 << 10) /* of the initial stack, for strings and tables */

static struct process process;
static struct options options;
static struct sighand first_sighand;

/* The command line, taken apart. */
struct command {
	const char *path;
	char **argv; /* the guest's; argv[0] may be replaced */
	int argc;
	int fd;	     /* the program, or -1 */
};

_Noreturn static void quit(int code)
{
	for (;;)
		rt_syscall(__NR_exit_group, code);
}

/* One line that names the file and the reason; 127 when something is missing, as shells do. */
_Noreturn static void fail(const char *file, const char *reason, int error)
{
	const char *program = process.abi->program;

	if (!reason) {
		switch (-error) {
		case ENOENT: reason = "not found"; break;
		case EACCES: reason = "permission denied"; break;
		case EISDIR: reason = "is a directory"; break;
		case ENOTDIR: reason = "a component of the path is not a directory"; break;
		case ENOMEM: reason = "out of memory"; break;
		case ELOOP: reason = "too many symbolic links"; break;
		default: reason = strace_errno_name(-error); break;
		}
	}
	rt_log("%s: %s: %s\n", program, file, reason ? reason : "cannot be run");
	quit(error == -ENOENT ? 127 : 126);
}

static bool ends_with(const char *s, const char *suffix)
{
	size_t n = rt_strlen(s), m = rt_strlen(suffix);

	return n >= m && rt_str_eq(s + n - m, suffix);
}

static void parse_command(const struct rt_start_info *info, struct command *c)
{
	bool secure = info->aux[AT_SECURE];
	bool has_fd = info->aux_present >> AT_EXECFD & 1;
	bool keep_argv0 = info->argc >= 2 && ((info->aux[AT_FLAGS] & AT_FLAGS_PRESERVE_ARGV0) ||
					      ends_with(info->argv[0], "-binfmt-P"));
	int next = 1, status = 0;

	process.from_kernel = keep_argv0 || has_fd;
	options.exec_fd = options.seccomp_fd = -1;
	if (!process.from_kernel) {
		if (options_parse(&options, process.abi->program, (int)info->argc, info->argv,
				  info->envp, secure, &next, &status) == OPTIONS_EXIT)
			quit(status);
	} else if (!secure) {
		options_environment(&options, process.abi->program, info->envp);
	}
	/* Once is enough: not in every program that the guest executes. */
	if (options.ignored[0] && !process.from_kernel && !options.program)
		rt_log("%s: ignored, since they do not apply here: %s\n", process.abi->program,
		       options.ignored);
	c->fd = has_fd ? (int)info->aux[AT_EXECFD] : options.exec_fd;
	if (options.translate_all) {
		c->path = options.translate_all;
		return;
	}
	if (next >= info->argc) {
		rt_log("%s: no program given (-h shows how)\n", process.abi->program);
		quit(1);
	}
	c->path = options.program ? options.program : info->argv[next];
	c->argv = info->argv + next;
	c->argc = (int)info->argc - next;
	if (keep_argv0 && c->argc > 1) {
		c->argv++;
		c->argc--;
	}
	/* Both places are the kernel's strings, which /proc shows. */
	if (options.argv0)
		c->argv[0] = (char *)options.argv0;
}

static void select_cpu(void)
{
	int r = options.cpu ? process.abi->set_cpu(options.cpu) : 0;

	if (r == -ENOENT)
		rt_log("%s: CPU model '%s' ignored: there are 'any', the default, and 'max'\n",
		       process.abi->program, options.cpu);
	else if (r < 0)
		rt_log("%s: CPU model '%s': it has not all of these properties\n",
		       process.abi->program, options.cpu);
}

static void write_log(const char *text, size_t length)
{
	log_write(&process, text, length);
}

/* A program that is a memfd or was deleted can be opened through a descriptor only. It is out
 * of the way of the guest's numbers; one that closes them all loses /proc/self/exe. */
static void keep_deleted(int fd)
{
	static char link[32];
	long high = rt_syscall(__NR_fcntl, fd, F_DUPFD_CLOEXEC, 900);

	if (high < 0)
		return;
	rt_format(link, sizeof(link), "/proc/self/fd/%d", (int)high);
	process.exe_link = link;
}

/* Absolute path of the program for /proc/self/exe. */
static void find_exe(int fd, const char *path)
{
	static struct rt_arena arena = { .chunk = 8192 };
	char link[64], buf[4096];
	long n;
	char *copy;

	rt_format(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = rt_syscall(__NR_readlinkat, AT_FDCWD, link, buf, sizeof(buf) - 1);
	if (n <= 0) {
		if (path[0] == '/') {
			process.exe = path;
			return;
		}
		n = rt_syscall(__NR_getcwd, buf, sizeof(buf) - 1);
		if (n <= 0 || (size_t)n + rt_strlen(path) + 2 > sizeof(buf))
			return;
		buf[n - 1] = '/';
		n += (long)rt_strcpy(buf + n, sizeof(buf) - (size_t)n, path);
	}
	buf[n] = 0;
	copy = rt_arena_alloc(&arena, (size_t)n + 1, 1);
	if (copy)
		memcpy(copy, buf, (size_t)n + 1);
	process.exe = copy;
	if (ends_with(buf, " (deleted)"))
		keep_deleted(fd);
}

static int open_program(struct command *c)
{
	char buf[4096];
	const char *path;

	if (c->fd >= 0)
		return c->fd;
	path = path_redirect(&options, c->path, buf, sizeof(buf));
	return (int)rt_syscall(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
}

static void load_program(struct command *c, struct guest_image *image)
{
	const char *file = c->path, *reason = NULL;
	int fd = open_program(c), r;

	if (fd < 0)
		fail(c->path, NULL, fd);
	r = loader_load(&process, fd, c->path, image, &file, &reason);
	/* Only to be looked at: the file itself is mapped, its loader need not exist. */
	if (r < 0 && options.translate_all && file != c->path)
		r = 0;
	if (r < 0 && file != c->path && (r == -ENOENT || r == -ENOTDIR)) {
		rt_log("%s: %s: its dynamic loader %s is missing: install %s, or point -L (or "
		       "QEMU_LD_PREFIX) at a root file system that has it, such as %s\n",
		       process.abi->program, c->path, file, process.abi->loader_package,
		       process.abi->sysroot_hint);
		quit(127);
	}
	if (r < 0)
		fail(file, reason, r);
	find_exe(fd, c->path);
	rt_syscall(__NR_close, fd);
}

/* Under a tight RLIMIT_AS a smaller code cache: tables and all, the engine reserves about six
 * times its size. 0: the default. */
static size_t cache_size_for_limit(void)
{
	uint64_t limit[2];

	if (rt_syscall(__NR_getrlimit, RLIMIT_AS, limit) < 0 || limit[0] >= 1ull << 30)
		return 0;
	limit[0] = limit[0] / 16 & ~0xfffffull;
	return limit[0] > 1 << 20 ? limit[0] : 1 << 20;
}

/* For perf: the same name for all regions of a function. */
static size_t describe(uint64_t pc, char *buf, size_t size)
{
	struct symbol s;

	if (!symbols_find(pc, false, &s))
		return 0;
	if (s.name[0])
		return rt_format(buf, size, "%s [%s]", s.name, rt_basename(s.file));
	return rt_format(buf, size, "%s+0x%lx", rt_basename(s.file), (unsigned long)s.offset);
}

static void start_engine(struct thread *t)
{
	struct engine_options eo = {
		.arch = process.abi->arch,
		.cache_size = options.cache_size,
		.no_fold = options.no_fold,
		.one_insn = options.one_insn,
		.no_link = options.no_link,
		.no_shadow = options.no_shadow,
		.verify = options.verify,
		.stats = options.stats,
		.host_features = options.host,
		.trace = options.trace,
		.perf_map = options.perf_map,
		.jitdump = options.jitdump,
		.describe = describe,
		.log = write_log,
		.check_exec = memory_check_exec,
		.code_changed = memory_code_changed,
	};
	int r;

	if (!eo.cache_size)
		eo.cache_size = cache_size_for_limit();
	r = engine_init(&eo);
	if (r >= 0)
		r = engine_thread_init(&t->cpu);
	if (r < 0)
		fail("translator", r == -ENOMEM ? "no memory for translated code"
						: "the host processor lacks what is needed (SSE4.2)",
		     r);
}

/* ---- the initial stack ---- */

static struct rt_auxv *put(struct rt_auxv *a, uint64_t type, uint64_t value)
{
	a->type = type;
	a->value = value;
	return a + 1;
}

#define AT_MINSIGSTKSZ_ 51

static unsigned make_auxv(const struct rt_start_info *info, const struct guest_image *image,
			  struct rt_auxv *auxv)
{
	struct rt_auxv *a = auxv;
	uint64_t hwcap, hwcap2;

	process.abi->hwcap(&hwcap, &hwcap2);
	a = put(a, AT_SYSINFO_EHDR, (uint64_t)process.abi->vdso);
	a = put(a, AT_MINSIGSTKSZ_, process.abi->auxv_min_sigstack);
	a = put(a, AT_HWCAP, hwcap);
	a = put(a, AT_PAGESZ, RT_PAGE_SIZE);
	a = put(a, AT_CLKTCK, info->aux[AT_CLKTCK]);
	a = put(a, AT_PHDR, image->phdr);
	a = put(a, AT_PHENT, sizeof(Elf64_Phdr));
	a = put(a, AT_PHNUM, image->phnum);
	a = put(a, AT_BASE, image->interp_base);
	a = put(a, AT_FLAGS, 0);
	a = put(a, AT_ENTRY, image->entry);
	a = put(a, AT_UID, info->aux[AT_UID]);
	a = put(a, AT_EUID, info->aux[AT_EUID]);
	a = put(a, AT_GID, info->aux[AT_GID]);
	a = put(a, AT_EGID, info->aux[AT_EGID]);
	a = put(a, AT_SECURE, info->aux[AT_SECURE]);
	a = put(a, AT_RANDOM, info->aux[AT_RANDOM]);
	a = put(a, AT_HWCAP2, hwcap2);
	return (unsigned)(a - auxv);
}

/* Where the stack begins: the host's own, or with -s one of that size. */
static uint64_t stack_top(const struct rt_start_info *info, uint64_t *ret_limit)
{
	uint64_t top = (uint64_t)(info->argv - 1);

	*ret_limit = top - STACK_RESERVE;
	if (options.stack_size) {
		uint64_t size = (options.stack_size + 0xffff) & ~0xffffull;
		long p = rt_syscall(__NR_mmap, 0, size, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

		if (!rt_is_error(p)) {
			*ret_limit = (uint64_t)p;
			return (uint64_t)p + size;
		}
	}
	return top;
}

/* Tells the kernel what is whose, so that /proc/PID/{cmdline,environ,auxv,stat} show the guest
 * to everybody. Kernels without CHECKPOINT_RESTORE refuse; procfs.c then helps the guest. */
static void tell_kernel(const struct guest_image *image)
{
	struct prctl_mm_map map = {
		.start_code = image->start_code,
		.end_code = image->end_code,
		.start_data = image->end_code,
		.end_data = image->image_end,
		.start_brk = process.brk_start,
		/* [heap] is what lies between the two. */
		.brk = process.brk_start + RT_PAGE_SIZE,
		.start_stack = process.start_stack,
		.arg_start = process.arg_start,
		.arg_end = process.arg_end,
		.env_start = process.env_start,
		.env_end = process.env_end,
		.auxv = (void *)process.auxv_start,
		.auxv_size = (uint32_t)process.auxv_size,
		.exe_fd = (uint32_t)-1,
	};

	rt_syscall(__NR_prctl, PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0);
}

static uint64_t string_end(uint64_t s)
{
	return s + rt_strlen((const char *)s) + 1;
}

/* What execve was told. */
static const char *exec_name(const struct rt_start_info *info, const struct command *c)
{
	if (process.from_kernel && info->aux[AT_EXECFN])
		return (const char *)info->aux[AT_EXECFN];
	return options.exec_name ? options.exec_name : c->path;
}

/* Is the process named after our own file? So the kernel does when execve was told a
 * descriptor. */
static bool has_own_comm(const struct rt_start_info *info)
{
	char comm[16] = "", own[16];

	rt_syscall(__NR_prctl, PR_GET_NAME, comm);
	rt_strcpy(own, sizeof(own), rt_basename(info->argv[0]));
	return rt_str_eq(comm, own);
}

/* The kernel names a process after what execve was told, or after the file that a descriptor
 * led to. */
static void set_comm(const struct rt_start_info *info, const struct command *c)
{
	const char *name = exec_name(info, c), *number = rt_str_after(name, "/dev/fd/");
	char comm[16];
	size_t n;

	if (process.from_kernel && !has_own_comm(info))
		return;
	if (number && !rt_strchr(number, '/') && process.exe)
		name = process.exe;
	name = rt_basename(name);
	n = rt_strcpy(comm, sizeof(comm), name);
	if (process.exe_link && ends_with(name, " (deleted)") && n < sizeof(comm) + 10)
		comm[n - 10] = 0;
	rt_syscall(__NR_prctl, PR_SET_NAME, comm);
}

static void build_stack(struct thread *t, const struct command *c, const struct guest_image *image)
{
	const struct rt_start_info *info = process.info;
	struct rt_auxv auxv[24];
	struct stack_input in = {
		.argc = c->argc,
		.argv = c->argv,
		.envp = info->envp,
		.options = &options,
		.execfn = exec_name(info, c),
		.platform = process.abi->platform,
		.auxv = auxv,
		.auxv_count = make_auxv(info, image, auxv),
	};
	struct stack_output out;
	uint64_t limit;
	char **e = info->envp;

	in.top = stack_top(info, &limit);
	if (stack_build(&in, limit, &out) < 0)
		fail(c->path, "its arguments do not fit on the stack", -E2BIG);
	process.start_stack = out.sp;
	process.auxv_start = out.auxv;
	process.auxv_size = out.auxv_size;
	/* The kernel's strings lie one behind the other. */
	process.arg_start = (uint64_t)c->argv[options.argv0 && c->argc > 1 ? 1 : 0];
	process.arg_end = string_end((uint64_t)c->argv[c->argc - 1]);
	if (options.argv0)
		process.arg_start = process.arg_end > (uint64_t)options.argv0
					    ? (uint64_t)c->path : process.arg_start;
	process.env_start = process.env_end = process.arg_end;
	if (*e) {
		process.env_start = (uint64_t)*e;
		while (e[1])
			e++;
		process.env_end = string_end((uint64_t)*e);
	}
	process.abi->start(&t->cpu, image->start, out.sp);
}

/* ---- bench: translate, do not run ---- */

/* Code is what the section headers call so; without them, all executable segments. Returns
 * the number of guest instructions or negative errno. */
static int64_t translate_sections(struct thread *t, int fd, const struct guest_image *image)
{
	Elf64_Shdr *sections;
	Elf64_Ehdr eh;
	uint64_t size;
	int64_t total = 0;

	if (rt_syscall(__NR_pread64, fd, &eh, sizeof(eh), 0) != (long)sizeof(eh) ||
	    eh.e_shentsize != sizeof(*sections) || !eh.e_shnum)
		return 0;
	size = (uint64_t)eh.e_shnum * sizeof(*sections);
	sections = rt_map_anon(size);
	if (!sections ||
	    rt_syscall(__NR_pread64, fd, sections, size, eh.e_shoff) != (long)size)
		return 0;
	for (unsigned i = 0; i < eh.e_shnum; i++) {
		const Elf64_Shdr *sh = &sections[i];
		uint64_t start = sh->sh_addr + image->bias;
		int64_t n;

		if (!(sh->sh_flags & SHF_EXECINSTR) || !(sh->sh_flags & SHF_ALLOC))
			continue;
		n = engine_translate_all(&t->cpu, start, start + sh->sh_size);
		if (n < 0)
			return n;
		total += n;
	}
	rt_unmap(sections, size);
	return total;
}

static int64_t translate_segments(struct thread *t)
{
	int64_t total = 0;

	for (unsigned i = 0; i < process.exec_map->count; i++) {
		const struct exec_range *range = &process.exec_map->range[i];
		int64_t n = engine_translate_all(&t->cpu, range->start, range->end);

		if (n < 0)
			return n;
		total += n;
	}
	return total;
}

_Noreturn static void translate_all(struct thread *t, struct command *c)
{
	struct host_timespec from, to;
	struct engine_stats stats;
	struct guest_image image;
	uint64_t ns, count, bytes;
	int64_t total;
	int fd;

	load_program(c, &image);
	fd = (int)rt_syscall(__NR_openat, AT_FDCWD, c->path, O_RDONLY | O_CLOEXEC);
	start_engine(t);
	signal_init(t);
	host_clock_gettime(3, &from);
	total = translate_sections(t, fd, &image);
	if (!total)
		total = translate_segments(t);
	host_clock_gettime(3, &to);
	if (total <= 0)
		fail(c->path, "has no code that can be translated", (int)total);
	count = (uint64_t)total;
	engine_get_stats(&stats);
	bytes = stats.host_bytes + stats.cold_bytes;
	ns = (uint64_t)((to.sec - from.sec) * 1000000000 + to.nsec - from.nsec);
	rt_print(1, "guest_insns %lu\nns_per_insn %lu.%lu\nbytes_per_insn %lu.%lu\n",
		 (unsigned long)count, (unsigned long)(ns / count),
		 (unsigned long)(ns * 10 / count % 10), (unsigned long)(bytes / count),
		 (unsigned long)(bytes * 10 / count % 10));
	quit(0);
}

/* ---- start ---- */

static void run(void *arg)
{
	static char name[256];
	struct thread *t = arg;
	struct guest_image image;
	struct command c = { .fd = -1 };

	t->tid = (int)rt_syscall(__NR_gettid);
	parse_command(process.info, &c);
	log_open(&process);
	strace_init(&process);
	select_cpu();
	/* The guest may unmap its arguments. */
	rt_strcpy(name, sizeof(name), c.path);
	process.name = name;
	t->syscall_hooks = process.trace_calls ? HOOK_STRACE : 0;
	memory_init(&process);
	t->tgid = t->tid;
	thread_link(t);
	process.mdwe = options.mdwe;
	if (options.seccomp_fd >= 0 && seccomp_load(t, options.seccomp_fd) < 0)
		fail("translator", "the seccomp filters of the program before cannot be read", -EINVAL);
	if (options.translate_all)
		translate_all(t, &c);
	load_program(&c, &image);
	build_stack(t, &c, &image);
	memory_set_exec(&process, (uint64_t)process.abi->vdso, process.abi->vdso_size, true);
	start_engine(t);
	signal_init(t);
	tell_kernel(&image);
	set_comm(process.info, &c);
	if (process.trace_calls && !process.from_kernel && !options.program)
		strace_started(t, c.path, c.argv, process.info->envp);
	if (options.log_page)
		procfs_write_maps(t, process.log_fd);
	engine_vec_load(&t->cpu);
	if (options.gdb)
		gdb_init(t, options.gdb);
	trace_start(t);
	cpu_loop(t);
}

void linux_user_main(const struct guest_abi *abi, struct rt_start_info *info)
{
	uint64_t random[2] = { 0 };
	struct thread *t;

	process.abi = abi;
	process.info = info;
	process.options = &options;
	process.log_fd = 2;
	/* Sixteen bytes without any alignment. */
	if (info->aux[AT_RANDOM])
		__builtin_memcpy(random, (const void *)info->aux[AT_RANDOM], sizeof(random));
	rt_arena_seed(random[0] * 0x9e3779b97f4a7c15ull >> 20 ^ random[1] >> 33);
	host_clock_init(info->aux[AT_SYSINFO_EHDR]);
	t = thread_new(&process);
	if (!t)
		fail("translator", "out of memory", -ENOMEM);
	first_sighand.users = 2; /* never freed: it is not from the arena */
	t->sighand = &first_sighand;
	rt_syscall(__NR_arch_prctl, ARCH_SET_FS, &t->self);
	rt_run_on_stack(run, t, thread_stack_top(t));
}
