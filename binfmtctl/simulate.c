/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's search for a way to run a file, step by step. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/root.h"
#include "binfmtctl/simulate.h"

void exec_result_done(struct exec_result *result)
{
	for (size_t i = 0; i < result->count; i++)
		free(result->steps[i].path);
	*result = (struct exec_result){0};
}

const struct entry *exec_match(const struct exec_world *world, const void *head,
			       size_t size, const char *path)
{
	if (!world->enabled || !world->entries)
		return NULL;
	for (size_t i = 0; i < world->entries->count; i++) {
		const struct entry *e = &world->entries->list[i];

		if (e->enabled && e->understood &&
		    rule_matches(&e->rule, head, size, path))
			return e;
	}
	return NULL;
}

static bool may_execute(int fd, const struct stat *st)
{
#ifdef SYS_faccessat2
	if (syscall(SYS_faccessat2, fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS) == 0)
		return true;
	if (errno != ENOSYS && errno != EINVAL)
		return false;
#endif
	return st->st_mode & 0111;
}

int exec_open(int root_fd, const char *path)
{
	/* Inside the kernel an empty path is the current directory, no error. */
	_cleanup_(fd_closep) int found = root_open(root_fd, *path ? path : ".", O_PATH);
	struct statvfs fs;
	struct stat st;

	if (found < 0)
		return found;
	if (fstat(found, &st) < 0 || fstatvfs(found, &fs) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || fs.f_flag & ST_NOEXEC || !may_execute(found, &st))
		return -EACCES;
	return root_open(root_fd, path, O_RDONLY | O_NOCTTY);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool exec_script(const uint8_t head[RULE_WINDOW_MAX], char ret[RULE_WINDOW_MAX + 1])
{
	const char *buffer = (const char *)head, *last = buffer + RULE_WINDOW_MAX - 1;
	const char *end, *start, *p;

	if (buffer[0] != '#' || buffer[1] != '!')
		return false;
	/* A line end counts only in front of a NUL, as the zeros behind a short file are. */
	for (end = buffer; end <= last && *end && *end != '\n'; end++)
		;
	if (end > last || !*end) {
		/* No line end: the path must be seen to end, or it may be cut off. */
		for (p = buffer + 2; p <= last && is_blank(*p); p++)
			;
		if (p > last)
			return false;
		for (; p <= last && *p && !is_blank(*p); p++)
			;
		if (p > last)
			return false;
		end = last;
	}
	while (is_blank(end[-1]))
		end--;
	for (start = buffer + 2; start < end && is_blank(*start); start++)
		;
	if (start >= end)
		return false;
	for (p = start; p < end && *p && !is_blank(*p); p++)
		;
	memcpy(ret, start, p - start);
	ret[p - start] = '\0';
	return true;
}

static uint16_t get16(const uint8_t *p, uint8_t data)
{
	return data == ELFDATA2MSB ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
}

struct headers {
	uint64_t offset;
	unsigned int count, size;
	bool wide;
};

/* Reads one program header's type, offset and file size, in the machine's byte order. */
static int program_header(int fd, const struct headers *h, unsigned int index,
			  uint64_t ret[3])
{
	if (h->wide) {
		Elf64_Phdr p;

		if (fd_read_at(fd, &p, sizeof(p), h->offset + index * h->size) !=
		    sizeof(p))
			return -EIO;
		ret[0] = p.p_type, ret[1] = p.p_offset, ret[2] = p.p_filesz;
	} else {
		Elf32_Phdr p;

		if (fd_read_at(fd, &p, sizeof(p), h->offset + index * h->size) !=
		    sizeof(p))
			return -EIO;
		ret[0] = p.p_type, ret[1] = p.p_offset, ret[2] = p.p_filesz;
	}
	return 0;
}

/* One run; what it needs and where it stands. */
struct run {
	const struct exec_world *world;
	struct exec_result *result;
	uint8_t head[RULE_WINDOW_MAX];
	bool have_execfd, executable; /* as the kernel's bprm has them */
};

/* PT_INTERP must be there, be ELF, and be for the same machine. */
static int check_loader(struct run *run, const char *path, const char *loader,
			uint16_t machine)
{
	_cleanup_(fd_closep) int fd = exec_open(run->world->root_fd, loader);
	struct diag *diag = &run->result->diag;
	uint8_t head[64];

	if (fd < 0) {
		diag_set(diag, 0, "%s asks for the dynamic loader %s: %s", path, loader,
			 strerror(-fd));
		if (fd == -ENOENT)
			diag_hint(
				diag,
				"the program is there, its loader is not: install the C "
				"library it was built for");
		return fd;
	}
	if (fd_read_at(fd, head, sizeof(head), 0) != sizeof(head)) {
		diag_set(diag, 0, "the dynamic loader %s of %s is no ELF file", loader,
			 path);
		return -EIO;
	}
	if (memcmp(head, ELFMAG, SELFMAG) ||
	    get16(head + 18, run->world->native.data) != machine) {
		diag_set(diag, 0, "the dynamic loader %s of %s is for another machine",
			 loader, path);
		return -ELIBBAD;
	}
	return 0;
}

static int check_segments(struct run *run, const char *path, int fd, bool wide,
			  uint16_t machine)
{
	struct headers h = {.wide = wide};
	size_t want = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	if (wide) {
		Elf64_Ehdr e;

		memcpy(&e, run->head, sizeof(e));
		h.offset = e.e_phoff, h.count = e.e_phnum, h.size = e.e_phentsize;
	} else {
		Elf32_Ehdr e;

		memcpy(&e, run->head, sizeof(e));
		h.offset = e.e_phoff, h.count = e.e_phnum, h.size = e.e_phentsize;
	}
	if (h.size != want || h.count < 1 || h.count * h.size > 65536)
		return -ENOEXEC;
	for (unsigned int i = 0; i < h.count; i++) {
		char loader[PATH_MAX];
		uint64_t values[3];
		int err = program_header(fd, &h, i, values);

		if (err)
			return err;
		if (values[0] != PT_INTERP)
			continue;
		if (values[2] < 2 || values[2] > PATH_MAX)
			return -ENOEXEC;
		if (fd_read_at(fd, loader, values[2], values[1]) != (ssize_t)values[2])
			return -EIO;
		if (loader[values[2] - 1])
			return -ENOEXEC;
		return check_loader(run, path, loader, machine);
	}
	return 0;
}

/* The native ELF loaders: 0 when they start it, -ENOEXEC when they pass it on. */
static int try_elf(struct run *run, const char *path, int fd, enum exec_format *ret)
{
	uint16_t type, machine;
	bool compat, wide;

	if (memcmp(run->head, ELFMAG, SELFMAG))
		return -ENOEXEC;
	/* The kernel reads the header as its own; class and byte order it does not look at. */
	type = get16(run->head + 16, run->world->native.data);
	machine = get16(run->head + 18, run->world->native.data);
	if ((type != ET_EXEC && type != ET_DYN) ||
	    !native_runs(&run->world->native, machine, &compat))
		return -ENOEXEC;
	wide = !compat && run->world->native.class == ELFCLASS64;
	*ret = compat ? EXEC_COMPAT : EXEC_ELF;
	return check_segments(run, path, fd, wide, machine);
}

static int add_step(struct run *run, const char *path)
{
	struct exec_result *r = run->result;
	char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	r->steps[r->count++] = (struct exec_step){.path = copy};
	return 0;
}

static void explain_open_error(struct run *run, int err, const char *path,
			       const struct entry *entry)
{
	struct diag *diag = &run->result->diag;
	struct stat st;

	if (!entry)
		diag_set(diag, 0, "%s: %s", path, strerror(-err));
	else
		diag_set(diag, 0, "the interpreter %s of the entry %s: %s", path,
			 entry->rule.name, strerror(-err));
	if (err == -ENOENT && entry)
		diag_hint(
			diag,
			"the error looks as if the program itself were missing; install "
			"the interpreter, or register with flag F where it exists");
	else if (err == -EACCES && root_stat(run->world->root_fd, path, &st) == 0)
		diag_hint(diag, S_ISDIR(st.st_mode) ? "it is a directory"
				: !(st.st_mode & 0111)
					? "it has no x bit: chmod +x"
					: "it is on a noexec mount, or its "
					  "permissions are not for you");
}

/* After a rewrite: what the kernel does with the file that was to be run. */
static int hand_over(struct run *run, const struct exec_step *rewritten)
{
	if (!run->have_execfd)
		return 0;
	if (run->executable) {
		diag_set(
			&run->result->diag, 0,
			"%s needs an interpreter itself, behind an entry with flag O or C",
			rewritten->path);
		diag_hint(&run->result->diag,
			  "such an entry needs an interpreter that is a native program, "
			  "not a script or another foreign one");
		return -ENOEXEC;
	}
	run->executable = true;
	return 0;
}

/* Takes the file at @fd one step further; the next file's path goes to @ret_next. */
static int step(struct run *run, int fd, const char **ret_next, char script[])
{
	struct exec_step *s = &run->result->steps[run->result->count - 1];
	ssize_t size;
	int err;

	*ret_next = NULL;
	memset(run->head, 0, sizeof(run->head));
	size = fd_read_at(fd, run->head, sizeof(run->head), 0);
	if (size < 0)
		return size;
	s->entry = exec_match(run->world, run->head, sizeof(run->head), s->path);
	if (s->entry) {
		s->format = EXEC_ENTRY;
		if (s->entry->rule.flags & RULE_LOADER)
			return 0; /* runs as a native program with another loader */
		if (s->entry->rule.flags & RULE_OPEN_BINARY)
			run->have_execfd = true;
		*ret_next = s->entry->rule.interpreter;
		return 0;
	}
	if (exec_script(run->head, script)) {
		s->format = EXEC_SCRIPT;
		*ret_next = script;
		return 0;
	}
	err = try_elf(run, s->path, fd, &s->format);
	if (err == -ENOEXEC)
		s->format = EXEC_UNKNOWN;
	if (err == -ENOEXEC && !run->result->diag.message[0]) {
		diag_set(&run->result->diag, 0, "no entry and no loader takes %s",
			 s->path);
		if (run->world->absent)
			diag_hint(
				&run->result->diag,
				"binfmt_misc is not mounted, so there are no entries: "
				"`binfmtctl apply` mounts it and registers what the conf "
				"files say");
		else if (!run->world->enabled)
			diag_hint(&run->result->diag,
				  "matching is switched off: binfmtctl enable");
	}
	return err;
}

static int open_next(struct run *run, const char *path, const struct entry *entry)
{
	int fd = exec_open(run->world->root_fd, path);

	if (fd < 0 && entry && entry->rule.flags & RULE_FIX_BINARY) {
		/* Found at registration; what became of the path since then is no matter. */
		run->result->steps[run->result->count - 1].format = EXEC_PINNED;
		return -EAGAIN;
	}
	if (fd < 0) {
		run->result->steps[run->result->count - 1].format = EXEC_UNOPENED;
		explain_open_error(run, fd, path, entry);
	}
	return fd;
}

/* Where it began to go round, if the last entry takes its own interpreter. */
static void explain_loop(struct run *run)
{
	const struct exec_step *last = &run->result->steps[run->result->count - 2];
	struct diag *diag = &run->result->diag;

	diag_set(diag, 0, "more than %d interpreters would have to run each other",
		 EXEC_REWRITES_MAX);
	if (last->entry && strcmp(last->path, last->entry->rule.interpreter) == 0)
		diag_hint(diag,
			  "the entry %s takes its own interpreter %s: that must be a "
			  "program for this machine",
			  last->entry->rule.name, last->path);
	else
		diag_hint(diag,
			  "entries take each other's interpreters: one of them must "
			  "be a program for this machine");
}

static int follow(struct run *run, const char *path)
{
	char script[RULE_WINDOW_MAX + 1] = "";
	const struct entry *entry = NULL;
	const char *next = path;

	for (int depth = 0;; depth++) {
		_cleanup_(fd_closep) int fd = -1;
		struct exec_step *s;
		int err = add_step(run, next);

		if (err)
			return err;
		fd = open_next(run, next, entry);
		if (fd < 0)
			return fd;
		s = &run->result->steps[run->result->count - 1];
		if (depth > 0) {
			err = hand_over(run, s - 1);
			if (err)
				return err;
		}
		if (depth > EXEC_REWRITES_MAX) {
			explain_loop(run);
			return -ELOOP;
		}
		err = step(run, fd, &next, script);
		if (err || !next)
			return err;
		entry = s->entry;
	}
}

int exec_simulate(const struct exec_world *world, const char *path,
		  struct exec_result *ret)
{
	struct exec_result result = {0};
	struct run run = {.world = world, .result = &result};

	result.err = follow(&run, path);
	if (result.err == -ENOMEM) {
		exec_result_done(&result);
		return -ENOMEM;
	}
	if (result.err == -EAGAIN)
		result.err = 0;
	*ret = result;
	return 0;
}
