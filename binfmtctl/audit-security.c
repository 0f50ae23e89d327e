/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can change what runs with somebody else's rights. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/audit-internal.h"
#include "binfmtctl/root.h"

#ifndef FUSE_SUPER_MAGIC
#define FUSE_SUPER_MAGIC 0x65735546
#endif

/* Whether somebody but the trusted owner may write; group root counts as trusted. */
static bool others_write(const struct audit *audit, const struct stat *st)
{
	if (st->st_uid != audit->trusted)
		return true;
	/* With an ACL the group bits are its mask, the most that it gives to anybody. */
	return st->st_mode & S_IWOTH || (st->st_mode & S_IWGRP && st->st_gid != 0);
}

/* The first component of the path that others can replace or write; NULL for none. */
static char *weak_component(const struct audit *audit, const char *path)
{
	char *copy = strdup(path), *end = copy;

	while (copy) {
		struct stat st;
		bool sticky;
		char keep;

		end = strchrnul(end + 1, '/');
		keep = *end;
		*end = '\0';
		if (root_stat(audit->world.root_fd, copy, &st) == 0) {
			/* In sticky directories only owners replace their files. */
			sticky = S_ISDIR(st.st_mode) && st.st_mode & S_ISVTX &&
				 st.st_uid == audit->trusted;
			if (others_write(audit, &st) && !sticky)
				return copy;
		}
		*end = keep;
		if (!keep)
			break;
	}
	free(copy);
	return NULL;
}

static bool is_set_id(const struct stat *st)
{
	return S_ISREG(st->st_mode) &&
	       (st->st_mode & S_ISUID ||
		(st->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP));
}

static void check_writable(const struct audit *audit, const struct audit_file *f,
			   struct findings *findings)
{
	const struct rule *r = &f->entry->rule;
	char *weak;

	if (!f->resolved || !(r->flags & RULE_CREDENTIALS || is_set_id(&f->st)))
		return;
	weak = weak_component(audit, f->resolved);
	if (!weak)
		return;
	audit_add(
		audit, findings, "S01", SEVERITY_CRITICAL, r->name,
		"%s can be changed by others than root, and what is put there runs with "
		"the rights of set-user-ID programs\nchown root:root %s; chmod go-w %s",
		weak, weak, weak);
	free(weak);
}

static const char *foreign_file_system(const struct statfs *fs)
{
	switch ((unsigned long)fs->f_type) {
	case NFS_SUPER_MAGIC: return "NFS";
	case 0xff534d42: /* CIFS */
	case 0xfe534d42: /* SMB2 */
	case 0x517b: return "SMB";
	case FUSE_SUPER_MAGIC: return "FUSE or virtiofs";
	case 0x01021997: return "9p";
	case 0x5346414f:
	case 0x6b414653: return "AFS";
	case 0x00c36400: return "Ceph";
	default: return NULL;
	}
}

static void check_place(const struct audit *audit, const struct audit_file *f,
			struct findings *findings)
{
	static const char *const places[] = {"/tmp/", "/var/tmp/", "/home/", "/dev/shm/",
					     "/run/user/"};
	const char *file_system;

	if (!f->resolved)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (strncmp(f->resolved, places[i], strlen(places[i])) == 0) {
			audit_add(audit, findings, "S04", SEVERITY_HIGH,
				  f->entry->rule.name,
				  "the interpreter %s is below %s, which users control\n"
				  "move it to /usr/local/bin",
				  f->resolved, places[i]);
			return;
		}
	file_system = foreign_file_system(&f->fs);
	if (file_system)
		audit_add(
			audit, findings, "S04", SEVERITY_HIGH, f->entry->rule.name,
			"the interpreter %s is on %s: whoever serves it decides what runs\n"
			"copy it to a local file system",
			f->resolved, file_system);
	else if (f->st.st_uid != audit->trusted)
		audit_add(audit, findings, "S04", SEVERITY_HIGH, f->entry->rule.name,
			  "the interpreter %s belongs to user %u\nchown root %s",
			  f->resolved, (unsigned int)f->st.st_uid, f->resolved);
}

static void check_elevation(const struct audit *audit, const struct audit_file *f,
			    struct findings *findings)
{
	_cleanup_(fd_closep) int fd = -1;
	bool capable;

	if (!f->resolved || f->entry->rule.flags & RULE_CREDENTIALS)
		return;
	fd = root_open(audit->world.root_fd, f->resolved, O_RDONLY);
	capable = fd >= 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0;
	if (capable || is_set_id(&f->st))
		audit_add(audit, findings, "S06", SEVERITY_HIGH, f->entry->rule.name,
			  "the interpreter %s has %s: every matching file runs with its "
			  "rights\nremove them from it",
			  f->resolved, capable ? "capabilities" : "a set-ID bit");
}

static void check_leak(const struct audit *audit, const struct audit_file *f,
		       struct findings *findings)
{
	const struct known_interpreter *known = known_find(f->entry->rule.interpreter);

	if (f->entry->rule.flags & RULE_OPEN_BINARY && known && known->leaks)
		audit_add(
			audit, findings, "S08", SEVERITY_INFO, f->entry->rule.name,
			"%s leaves the descriptor of flag O open in the program it runs",
			f->entry->rule.interpreter);
}

static void check_package(const struct audit *audit, const struct audit_file *f,
			  struct findings *findings)
{
	char package[64];

	if (!f->resolved || strncmp(f->resolved, "/usr/local/", 11) == 0 ||
	    strncmp(f->resolved, "/opt/", 5) == 0 || !audit_wants(audit, "S09"))
		return;
	if (audit->progress)
		audit->progress(audit->context,
				"looking for the packages of interpreters");
	switch (package_check(audit->world.root_fd, f->resolved, package)) {
	case PACKAGE_NONE:
		finding_add(findings, "S09", SEVERITY_MEDIUM, f->entry->rule.name,
			    "no package owns the interpreter %s\n"
			    "keep what is not packaged in /usr/local or /opt",
			    f->resolved);
		break;
	case PACKAGE_DIFFERS:
		finding_add(findings, "S09", SEVERITY_MEDIUM, f->entry->rule.name,
			    "the interpreter %s is not what the package %s installed\n"
			    "apt-get install --reinstall %s",
			    f->resolved, package, package);
		break;
	default: break;
	}
}

/* A set-user-ID file that a C entry takes runs its interpreter with those rights. */
static void check_shadowed_file(const struct audit *audit, int dir_fd, const char *dir,
				const char *name, struct findings *findings)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	uint8_t head[RULE_WINDOW_MAX] = {0};
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !is_set_id(&st))
		return;
	fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fd_read_at(fd, head, sizeof(head), 0) < 0)
		return;
	text_printf(&path, "%s/%s", dir, name);
	if (path.error) {
		findings->error = path.error;
		return;
	}
	audit_foreach(f, audit)
	{
		const struct rule *r = &f->entry->rule;

		if (f->entry->enabled && r->flags & RULE_CREDENTIALS &&
		    rule_matches(r, head, sizeof(head), path.data))
			audit_add(
				audit, findings, "S03", SEVERITY_CRITICAL, r->name,
				"takes the set-ID program %s and runs %s with its rights\n"
				"binfmtctl unregister \1",
				path.data, r->interpreter);
	}
}

static void check_shadows(const struct audit *audit, struct findings *findings)
{
	static const char *const dirs[] = {
		"/usr/bin",         "/usr/sbin",        "/bin", "/sbin", "/usr/local/bin",
		"/usr/lib/openssh", "/usr/lib/dbus-1.0"};
	bool any = false;

	audit_foreach(f, audit) any = any || f->entry->rule.flags & RULE_CREDENTIALS;
	for (size_t i = 0; any && i < ARRAY_SIZE(dirs); i++) {
		int fd = root_open(audit->world.root_fd, dirs[i],
				   O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		DIR *dir = fd < 0 ? NULL : fdopendir(fd);
		struct dirent *d;

		if (!dir) {
			fd_closep(&fd);
			continue;
		}
		while ((d = readdir(dir)))
			check_shadowed_file(audit, dirfd(dir), dirs[i], d->d_name,
					    findings);
		closedir(dir);
	}
}

static void check_mode(const struct audit *audit, const char *name, mode_t most,
		       struct findings *findings)
{
	struct stat st;

	if (fstatat(audit->mount_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if ((st.st_mode & 07777 & ~most) || st.st_uid != audit->trusted)
		audit_add(
			audit, findings, "S05", SEVERITY_HIGH, name,
			"has mode %04o and owner %u: permissions are the only guard of this "
			"file\nchown root, chmod %04o",
			(unsigned int)st.st_mode & 07777, (unsigned int)st.st_uid,
			(unsigned int)most);
}

static void check_conf_mode(const struct audit *audit, const char *path,
			    struct findings *findings)
{
	struct stat st;

	if (root_stat(audit->world.root_fd, path, &st) == 0 && others_write(audit, &st) &&
	    !S_ISCHR(st.st_mode))
		audit_add(
			audit, findings, "S05", SEVERITY_HIGH, path,
			"others than root may write it, and so choose what runs after the "
			"next start\nchown root:root %s; chmod go-w %s",
			path, path);
}

static void check_modes(const struct audit *audit, struct findings *findings)
{
	if (audit->mount_fd >= 0) {
		check_mode(audit, "register", 0200, findings);
		check_mode(audit, "status", 0644, findings);
		for (size_t i = 0; i < audit->world.entries->count; i++)
			check_mode(audit, audit->world.entries->list[i].rule.name, 0644,
				   findings);
	}
	for (size_t i = 0; config_dirs[i]; i++)
		check_conf_mode(audit, config_dirs[i], findings);
	for (size_t i = 0; i < audit->config->file_count; i++)
		check_conf_mode(audit, audit->config->files[i].path, findings);
}

/* Conf files, what apply recorded, and binfmt-support's formats are origins. */
static void check_origin(const struct audit *audit, const struct audit_file *f,
			 struct findings *findings)
{
	const struct rule *r = &f->entry->rule;
	_cleanup_(text_done) struct text db = TEXT_INIT, shipped = TEXT_INIT;

	if (!(r->flags & (RULE_CREDENTIALS | RULE_FIX_BINARY)) ||
	    config_find(audit->config, r->name) ||
	    (audit->record && record_find(audit->record, r->name)))
		return;
	text_printf(&db, "/var/lib/binfmts/%s", r->name);
	text_printf(&shipped, "/usr/share/binfmts/%s", r->name);
	if (db.error || shipped.error) {
		findings->error = -ENOMEM;
		return;
	}
	if (root_exists(audit->world.root_fd, db.data) ||
	    root_exists(audit->world.root_fd, shipped.data))
		return;
	audit_add(audit, findings, "S10", SEVERITY_HIGH, r->name,
		  "has flag %s and comes from no conf file or package that is here\n"
		  "binfmtctl show \1, and install or unregister it",
		  r->flags & RULE_CREDENTIALS ? "C" : "F");
}

void audit_security(const struct audit *audit, struct findings *findings)
{
	audit_foreach(f, audit)
	{
		check_writable(audit, f, findings);
		check_place(audit, f, findings);
		check_elevation(audit, f, findings);
		check_leak(audit, f, findings);
		check_package(audit, f, findings);
		check_origin(audit, f, findings);
	}
	check_shadows(audit, findings);
	check_modes(audit, findings);
}
