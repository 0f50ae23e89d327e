/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether interpreters are there, can run, and fit the flags of their entries. */
#include <ctype.h>
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/audit-internal.h"
#include "binfmtctl/check.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/root.h"

static void check_presence(const struct audit *audit, const struct audit_file *f,
			   struct findings *findings)
{
	const struct rule *r = &f->entry->rule;
	bool held = r->flags & RULE_FIX_BINARY;

	if (!f->err)
		return;
	if (f->kind == FILE_MISSING)
		audit_add(
			audit, findings, "I01", SEVERITY_HIGH, r->name,
			"the interpreter %s is not there (%s)%s\n"
			"install it, or binfmtctl unregister \1",
			r->interpreter, explain_errno_name(f->err),
			held ? "; flag F still holds what was there, until the next start"
			     : "");
	else
		audit_add(audit, findings, "I01", SEVERITY_HIGH, r->name,
			  "the interpreter %s cannot be executed: %s\n"
			  "chmod +x it, and keep it off noexec mounts",
			  r->interpreter,
			  S_ISREG(f->st.st_mode) ? "no x bit, or a noexec mount"
						 : "it is no regular file");
}

/* Little more than the strings of DT_NEEDED: vaddr is looked up in the PT_LOAD segments. */
struct dynamic {
	int fd;
	Elf64_Phdr segments[64];
	size_t count;
};

static bool file_offset(const struct dynamic *d, uint64_t address, uint64_t *ret)
{
	for (size_t i = 0; i < d->count; i++) {
		const Elf64_Phdr *p = &d->segments[i];

		if (p->p_type == PT_LOAD && address >= p->p_vaddr &&
		    address - p->p_vaddr < p->p_filesz) {
			*ret = address - p->p_vaddr + p->p_offset;
			return true;
		}
	}
	return false;
}

/* Whether a library is where the loader looks: its cache, or the default directories. */
static bool library_exists(const struct audit *audit, const char *name, const char *cache,
			   size_t cache_size)
{
	static const char *const dirs[] = {"/lib", "/usr/lib", "/lib64", "/usr/lib64"};

	if (strchr(name, '/'))
		return root_exists(audit->world.root_fd, name);
	if (cache && memmem(cache, cache_size, name, strlen(name) + 1))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		_cleanup_(text_done) struct text path = TEXT_INIT;

		text_printf(&path, "%s/%s", dirs[i], name);
		if (!path.error && root_exists(audit->world.root_fd, path.data))
			return true;
	}
	return false;
}

static bool read_segments(struct dynamic *d, const Elf64_Ehdr *e)
{
	if (e->e_phentsize != sizeof(Elf64_Phdr) ||
	    e->e_phnum > ARRAY_SIZE(d->segments) || e->e_phoff > INT64_MAX / 2)
		return false;
	d->count = e->e_phnum;
	return fd_read_at(d->fd, d->segments, d->count * sizeof(Elf64_Phdr),
			  e->e_phoff) == (ssize_t)(d->count * sizeof(Elf64_Phdr));
}

/*
 * The first needed library that is not there. Programs with search paths of their own are
 * trusted, and so is everything that is not of this machine's kind.
 */
static bool missing_library(const struct audit *audit, const struct audit_file *f,
			    char ret[256])
{
	struct dynamic d = {
		.fd = root_open(audit->world.root_fd, f->resolved, O_RDONLY),
	};
	uint64_t strings = 0, offset, needed[64];
	size_t needed_count = 0, cache_size = 0;
	Elf64_Dyn dyn = {.d_tag = DT_NULL};
	bool own_path = false, missing = false;
	char *cache = NULL;
	Elf64_Ehdr e;

	if (d.fd < 0)
		return false;
	if (f->elf.class != ELFCLASS64 || f->elf.data != audit->world.native.data ||
	    fd_read_at(d.fd, &e, sizeof(e), 0) != sizeof(e) || !read_segments(&d, &e))
		goto out;
	for (size_t i = 0; i < d.count; i++) {
		const Elf64_Phdr *p = &d.segments[i];

		if (p->p_type != PT_DYNAMIC || p->p_offset > INT64_MAX / 2)
			continue;
		for (uint64_t at = 0; at + sizeof(dyn) <= p->p_filesz && at < 65536;
		     at += sizeof(dyn)) {
			if (fd_read_at(d.fd, &dyn, sizeof(dyn), p->p_offset + at) !=
			    sizeof(dyn))
				break;
			if (dyn.d_tag == DT_NULL)
				break;
			if (dyn.d_tag == DT_STRTAB)
				strings = dyn.d_un.d_ptr;
			else if (dyn.d_tag == DT_RPATH || dyn.d_tag == DT_RUNPATH)
				own_path = true;
			else if (dyn.d_tag == DT_NEEDED &&
				 needed_count < ARRAY_SIZE(needed))
				needed[needed_count++] = dyn.d_un.d_val;
		}
	}
	if (own_path || !file_offset(&d, strings, &offset))
		goto out;
	if (root_read(audit->world.root_fd, "/etc/ld.so.cache", 16 << 20, &cache,
		      &cache_size))
		cache = NULL;
	for (size_t i = 0; !missing && i < needed_count; i++) {
		ssize_t n = fd_read_at(d.fd, ret, 255, offset + needed[i]);

		if (n <= 0)
			break;
		ret[n] = '\0';
		missing = !library_exists(audit, ret, cache, cache_size);
	}
out:
	free(cache);
	close(d.fd);
	return missing;
}

static void check_machine(const struct audit *audit, const struct audit_file *f,
			  struct findings *findings)
{
	const char *name = f->entry->rule.name, *path = f->entry->rule.interpreter;
	const struct exec_world *world = &audit->world;
	char library[256];
	bool compat;

	if (f->kind == FILE_OTHER && !f->err) {
		audit_add(audit, findings, "I02", SEVERITY_HIGH, name,
			  "the interpreter %s is neither a program nor a script\n"
			  "install the right file",
			  path);
		return;
	}
	if (f->loader[0] && !root_exists(world->root_fd, f->loader)) {
		audit_add(audit, findings, "I02", SEVERITY_HIGH, name,
			  "the interpreter %s needs %s, which is not there\n"
			  "install what provides it, or a static interpreter",
			  path, f->loader);
		return;
	}
	if (f->kind != FILE_ELF)
		return;
	if (!native_runs(&world->native, f->elf.machine, &compat)) {
		const struct elf_target *t = elf_target_of_header(&f->elf);

		audit_add(audit, findings, "I02", SEVERITY_HIGH, name,
			  "the interpreter %s is for %s, this machine is %s\n"
			  "install one for this machine",
			  path, t ? t->name : "another machine", world->native.name);
	} else if (f->loader[0] && !compat && missing_library(audit, f, library)) {
		audit_add(audit, findings, "I02", SEVERITY_HIGH, name,
			  "the interpreter %s needs the library %s, which is not there\n"
			  "install what provides it, or a static interpreter",
			  path, library);
	}
}

static void check_chain(const struct audit *audit, const struct audit_file *f,
			struct findings *findings)
{
	_cleanup_(exec_result_done) struct exec_result result = {0};
	const struct rule *r = &f->entry->rule;
	const struct exec_step *first;

	if (f->err || !f->entry->enabled)
		return;
	if (exec_simulate(&audit->world, r->interpreter, &result)) {
		findings->error = -ENOMEM;
		return;
	}
	first = &result.steps[0];
	/* One rewrite is the entry's own: five more would be one too many. */
	if (result.err == -ELOOP || result.count > EXEC_REWRITES_MAX) {
		audit_add(
			audit, findings, "I03", SEVERITY_HIGH, r->name,
			"the interpreter %s needs interpreters in its turn, more than five: "
			"each execution fails with ELOOP\nmake the rule of %s more exact",
			r->interpreter,
			first->entry ? first->entry->rule.name : "the interpreter");
	} else if (first->format == EXEC_ENTRY) {
		bool open = r->flags & RULE_OPEN_BINARY;

		audit_add(audit, findings, "I03", open ? SEVERITY_HIGH : SEVERITY_MEDIUM,
			  r->name,
			  "the interpreter %s is itself run through the entry %s%s\n"
			  "use an interpreter for this machine",
			  r->interpreter, first->entry->rule.name,
			  open ? ", which never works behind flag O or C (ENOEXEC)" : "");
	}
	if (f->kind == FILE_SCRIPT && r->flags & RULE_OPEN_BINARY)
		audit_add(
			audit, findings, "I04", SEVERITY_HIGH, r->name,
			"the interpreter %s is a script, which never works with flag O or "
			"C (ENOEXEC)\nregister it without, or with a program",
			r->interpreter);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static void check_argv0(const struct audit *audit, const struct audit_file *f,
			struct findings *findings)
{
	const struct rule *r = &f->entry->rule;
	const struct known_interpreter *known = known_find(r->interpreter);
	bool p = r->flags & RULE_PRESERVE_ARGV0;

	if (!known || r->flags & RULE_TRANSPARENT)
		return;
	if (p && !known->takes_p)
		audit_add(
			audit, findings, "I05", SEVERITY_MEDIUM, r->name,
			"flag P gives %s an argument that it does not expect: the program's "
			"arguments are shifted\nregister it without P",
			r->interpreter);
	else if (!p && !known->without_p)
		audit_add(audit, findings, "I05", SEVERITY_MEDIUM, r->name,
			  "%s insists on flag P by its name\nregister it with P",
			  r->interpreter);
	else if (!p && known->emulator && known->takes_p)
		audit_add(
			audit, findings, "I05", SEVERITY_LOW, r->name,
			"without flag P programs do not see the name they were called by, "
			"which %s could give them\nregister it with P",
			r->interpreter);
	else if (p && !known->p_by_name && !ends_with(r->interpreter, "-binfmt-P") &&
		 audit->host && !audit->host->limits->argv0_announced)
		audit_add(audit, findings, "I05", SEVERITY_MEDIUM, r->name,
			  "before Linux 5.12 %s cannot see that flag P is set\n"
			  "give it a name that ends in -binfmt-P, if it knows that",
			  r->interpreter);
}

/* A read lease is refused while the file is open for writing. */
static void check_writer(const struct audit *audit, const struct audit_file *f,
			 struct findings *findings)
{
	_cleanup_(fd_closep) int fd = -1;

	if (!f->resolved || !S_ISREG(f->st.st_mode) || !audit_wants(audit, "I06"))
		return;
	fd = root_open(audit->world.root_fd, f->resolved, O_RDONLY);
	/* Should the lease be broken at once, the signal is one that does nothing. */
	if (fd < 0 || fcntl(fd, F_SETSIG, SIGURG) < 0)
		return;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0)
		(void)fcntl(fd, F_SETLEASE, F_UNLCK);
	else if (errno == EAGAIN)
		finding_add(
			findings, "I06", SEVERITY_MEDIUM, f->entry->rule.name,
			"the interpreter %s is open for writing: execution fails with "
			"ETXTBSY\nfind the process with fuser %s",
			f->resolved, f->resolved);
}

static void check_alignment(const struct audit *audit, const struct audit_file *f,
			    struct findings *findings)
{
	long page = sysconf(_SC_PAGESIZE);
	struct dynamic d = {0};
	Elf64_Ehdr e;

	if (f->kind != FILE_ELF || f->elf.class != ELFCLASS64 ||
	    f->elf.data != audit->world.native.data)
		return;
	d.fd = root_open(audit->world.root_fd, f->resolved, O_RDONLY);
	if (d.fd < 0)
		return;
	if (fd_read_at(d.fd, &e, sizeof(e), 0) == sizeof(e) && read_segments(&d, &e))
		for (size_t i = 0; i < d.count; i++)
			if (d.segments[i].p_type == PT_LOAD &&
			    d.segments[i].p_align < (uint64_t)page) {
				audit_add(
					audit, findings, "I07", SEVERITY_LOW,
					f->entry->rule.name,
					"the interpreter %s is linked for pages of %llu "
					"bytes, this kernel has %ld\n"
					"use one linked with max-page-size=65536",
					f->resolved,
					(unsigned long long)d.segments[i].p_align, page);
				break;
			}
	close(d.fd);
}

void audit_interpreters(const struct audit *audit, struct findings *findings)
{
	audit_foreach(f, audit)
	{
		check_presence(audit, f, findings);
		check_machine(audit, f, findings);
		check_chain(audit, f, findings);
		check_argv0(audit, f, findings);
		check_writer(audit, f, findings);
		check_alignment(audit, f, findings);
	}
}

/* Processes whose program is the replaced file of a path. */
static void check_old_processes(const struct audit *audit, struct findings *findings)
{
	int fd = openat(audit->proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;

	if (!dir) {
		fd_closep(&fd);
		return;
	}
	while ((d = readdir(dir))) {
		static const char suffix[] = " (deleted)";
		_cleanup_(text_done) struct text path = TEXT_INIT;
		char exe[PATH_MAX + 1];
		ssize_t n;

		if (!isdigit((unsigned char)d->d_name[0]))
			continue;
		text_printf(&path, "%s/exe", d->d_name);
		n = path.error
			    ? -1
			    : readlinkat(audit->proc_fd, path.data, exe, sizeof(exe) - 1);
		if (n < (ssize_t)sizeof(suffix))
			continue;
		exe[n] = '\0';
		if (!ends_with(exe, suffix))
			continue;
		exe[n - sizeof(suffix) + 1] = '\0';
		audit_foreach(f, audit)
		{
			if (!f->resolved || strcmp(f->resolved, exe) != 0)
				continue;
			audit_add(audit, findings, "F02", SEVERITY_MEDIUM,
				  f->entry->rule.name,
				  "process %s still runs a replaced %s\nrestart it",
				  d->d_name, exe);
			break;
		}
	}
	closedir(dir);
}

static bool containers_expected(const struct audit *audit)
{
	static const char *const programs[] = {
		"docker",  "dockerd",  "podman",     "buildah",   "systemd-nspawn",
		"schroot", "pbuilder", "mmdebstrap", "lxc-start", "debootstrap"};

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		_cleanup_(text_done) struct text path = TEXT_INIT;

		text_printf(&path, "/usr/bin/%s", programs[i]);
		if (!path.error && root_exists(audit->world.root_fd, path.data))
			return true;
		text_done(&path);
		text_printf(&path, "/usr/sbin/%s", programs[i]);
		if (!path.error && root_exists(audit->world.root_fd, path.data))
			return true;
	}
	return false;
}

/* The options of the fstab line whose mount point covers the path; false for none. */
static bool fstab_options(const struct audit *audit, const char *path, char *ret_point,
			  char *ret_options, size_t size)
{
	char *data, *line, *rest;
	size_t length, best = 0;

	if (root_read(audit->world.root_fd, "/etc/fstab", 1 << 20, &data, &length))
		return false;
	rest = data;
	while ((line = strsep(&rest, "\n"))) {
		char *save = NULL, *device = strtok_r(line, " \t", &save),
		     *point = strtok_r(NULL, " \t", &save),
		     *type = strtok_r(NULL, " \t", &save),
		     *options = strtok_r(NULL, " \t", &save);
		size_t n = point ? strlen(point) : 0;

		if (!options || device[0] == '#' || n < 2 || n <= best ||
		    strncmp(path, point, n) != 0 || path[n] != '/' || n >= size ||
		    strlen(options) + strlen(type) + 2 > size)
			continue;
		best = n;
		memcpy(ret_point, point, n + 1);
		ret_options[0] = '\0';
		memcpy(ret_options, options, strlen(options) + 1);
		if (strncmp(type, "nfs", 3) == 0 || strcmp(type, "cifs") == 0)
			memcpy(ret_options + strlen(options), ",_netdev", 9);
	}
	free(data);
	return best > 0;
}

static void check_late_mount(const struct audit *audit, const struct audit_file *f,
			     struct findings *findings)
{
	static const char *const late[] = {"noauto", "nofail", "_netdev",
					   "x-systemd.automount",
					   "comment=systemd.automount"};
	const char *path = f->resolved ? f->resolved : f->entry->rule.interpreter;
	char point[512], options[512 + 16];

	if (!fstab_options(audit, path, point, options, 512))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(late); i++) {
		const char *p = strstr(options, late[i]);
		size_t n = strlen(late[i]);

		if (!p || (p > options && p[-1] != ',') || (p[n] && p[n] != ','))
			continue;
		audit_add(
			audit, findings, "F06", SEVERITY_HIGH, f->entry->rule.name,
			"the interpreter %s is below %s, which fstab mounts with %s: when "
			"the system starts, flag F does not find it\n"
			"move it, or binfmtctl apply --wait-interpreter",
			path, point, late[i]);
		return;
	}
}

void audit_fixed(const struct audit *audit, struct findings *findings)
{
	bool containers = containers_expected(audit);
	struct stat root;

	if (root_stat(audit->world.root_fd, "/", &root) < 0)
		root.st_dev = 0;
	check_old_processes(audit, findings);
	audit_foreach(f, audit)
	{
		const struct rule *r = &f->entry->rule;

		if (!(r->flags & RULE_FIX_BINARY)) {
			if (containers && check_is_foreign_elf(r, NULL))
				audit_add(
					audit, findings, "F04", SEVERITY_MEDIUM, r->name,
					"without flag F the interpreter %s is looked up "
					"inside each container and chroot\n"
					"register it with F",
					r->interpreter);
			continue;
		}
		if (f->kind == FILE_SCRIPT)
			audit_add(
				audit, findings, "F03", SEVERITY_MEDIUM, r->name,
				"flag F holds the script %s, but not %s, which it needs in "
				"each chroot\nuse a static program",
				r->interpreter, f->loader);
		else if (f->kind == FILE_ELF && f->loader[0])
			audit_add(
				audit, findings, "F03", SEVERITY_MEDIUM, r->name,
				"flag F holds %s, but not its loader %s and its libraries, "
				"which it needs in each chroot\nuse a static interpreter",
				r->interpreter, f->loader);
		if (f->resolved && root.st_dev && f->st.st_dev != root.st_dev &&
		    strncmp(f->resolved, "/usr/", 5) != 0)
			audit_add(
				audit, findings, "F05", SEVERITY_LOW, r->name,
				"flag F keeps the file system of %s busy, even while the "
				"entry is switched off\nunregister it before unmounting",
				f->resolved);
		check_late_mount(audit, f, findings);
	}
}
