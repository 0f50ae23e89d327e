/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Configuration against kernel, switches, mounts and namespaces. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/audit-internal.h"
#include "binfmtctl/bfs.h"
#include "binfmtctl/drift.h"
#include "binfmtctl/relation.h"
#include "binfmtctl/root.h"

static bool in_binfmts(const struct audit *audit, const char *name)
{
	_cleanup_(text_done) struct text db = TEXT_INIT;

	text_printf(&db, "/var/lib/binfmts/%s", name);
	return !db.error && root_exists(audit->world.root_fd, db.data);
}

static void report_drift(const struct audit *audit, const struct drift *d,
			 struct findings *findings)
{
	switch (d->kind) {
	case DRIFT_EXTRA:
		if (!in_binfmts(audit, d->name))
			audit_add(audit, findings, "D02", SEVERITY_MEDIUM, d->name,
				  "is in no conf file: it is lost when the system stops\n"
				  "binfmtctl convert " KERNEL_MOUNT_POINT
				  "/\1 | binfmtctl install --as \1 -");
		break;
	case DRIFT_INVALID:
		audit_add(
			audit, findings, "D04", SEVERITY_LOW, d->file,
			"line %u is no rule that the kernel takes: %s\nbinfmtctl lint %s",
			d->line, d->detail ? d->detail : "", d->file);
		break;
	case DRIFT_DISABLED: /* D05 */
	case DRIFT_STALE: /* F01 */ break;
	default:
		audit_add(audit, findings, "D01", SEVERITY_MEDIUM, d->name,
			  "%s line %u: %s%s%s\nbinfmtctl apply", d->file, d->line,
			  d->kind == DRIFT_MISSING ? "is not registered"
			  : d->kind == DRIFT_ORDER
				  ? "stands below an entry that it should "
				    "stand above"
				  : "is registered differently",
			  d->detail ? ": " : "", d->detail ? d->detail : "");
		break;
	}
}

static void check_drift(const struct audit *audit, struct findings *findings)
{
	_cleanup_(drifts_done) struct drifts drifts = {0};

	/* Without an instance everything is missing, which D06 says once. */
	if (audit->mount_fd < 0)
		return;
	if (drift_find(audit->config, audit->world.entries, false, &drifts)) {
		findings->error = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < drifts.count; i++)
		report_drift(audit, &drifts.list[i], findings);
}

/* One name in both worlds of configuration. */
static void check_both(const struct audit *audit, struct findings *findings)
{
	for (size_t i = 0; i < audit->config->rule_count; i++) {
		const struct conf_rule *r = &audit->config->rules[i];
		_cleanup_(text_done) struct text path = TEXT_INIT;
		_cleanup_(bfs_done) struct bfs format = {0};
		_cleanup_(rule_done) struct rule rule = {0};
		size_t size;
		char *data;
		bool same;

		if (r->err || r->replaced)
			continue;
		text_printf(&path, "/var/lib/binfmts/%s", r->rule.name);
		if (path.error ||
		    root_read(audit->world.root_fd, path.data, 1 << 20, &data, &size))
			continue;
		same = bfs_parse_database(path.data, data, size, &format, NULL) == 0 &&
		       bfs_to_rule(&format, rule_limits_any(), &rule, NULL) == 0 &&
		       rule_equal(&rule, &r->rule);
		free(data);
		audit_add(
			audit, findings, "D03", same ? SEVERITY_LOW : SEVERITY_MEDIUM,
			r->rule.name,
			"is in %s and in binfmt-support's database%s: which one counts "
			"depends on the order of start\nupdate-binfmts --package P --remove "
			"%s, or uninstall the conf file",
			config_path(audit->config, r), same ? "" : ", with another rule",
			r->rule.name);
	}
}

static void check_files(const struct audit *audit, struct findings *findings)
{
	for (size_t i = 0; i < audit->config->file_count; i++) {
		const struct conf_file *f = &audit->config->files[i];

		if (f->state == CONF_MASK)
			audit_add(audit, findings, "D04", SEVERITY_INFO, f->path,
				  "masks files of this name in other directories");
		else if (f->state == CONF_OVERRIDDEN)
			audit_add(audit, findings, "D04", SEVERITY_INFO, f->path,
				  "does not count, %s does",
				  audit->config->files[f->by].path);
		else if (f->state == CONF_UNREADABLE)
			audit_add(audit, findings, "D04", SEVERITY_LOW, f->path,
				  "cannot be read: %s", strerror(-f->err));
		if (f->state != CONF_USED)
			continue;
		if (f->size >= 3 && memcmp(f->data, "\xef\xbb\xbf", 3) == 0)
			audit_add(
				audit, findings, "D04", SEVERITY_LOW, f->path,
				"begins with a byte order mark, which becomes part of its "
				"first line\nsave it without");
		if (memmem(f->data, f->size, "\r\n", 2))
			audit_add(audit, findings, "D04", SEVERITY_LOW, f->path,
				  "has DOS line ends\nsave it with Unix ones");
		if (memchr(f->data, 0, f->size))
			audit_add(
				audit, findings, "D04", SEVERITY_LOW, f->path,
				"holds a NUL byte, which ends its line\nwrite \\x00 instead");
	}
	for (size_t i = 0; i < audit->config->rule_count; i++) {
		const struct conf_rule *r = &audit->config->rules[i];

		if (r->replaced)
			audit_add(
				audit, findings, "D04", SEVERITY_LOW, r->rule.name,
				"the rule in %s line %u is replaced by a later one of its "
				"name\ngive it another name, or remove it",
				config_path(audit->config, r), r->line);
	}
}

static void check_switches(const struct audit *audit, struct findings *findings)
{
	if (audit->mount_fd >= 0 && !audit->world.enabled)
		audit_add(audit, findings, "D05", SEVERITY_HIGH, NULL,
			  "matching as a whole is switched off\nbinfmtctl enable");
	for (size_t i = 0; i < audit->world.entries->count; i++) {
		const struct entry *e = &audit->world.entries->list[i];

		if (!e->enabled)
			audit_add(audit, findings, "D05", SEVERITY_HIGH, e->rule.name,
				  "is switched off\nbinfmtctl enable \1");
	}
}

/* Whether the mounts of process 1 have an instance; false also when they cannot be seen. */
static bool init_lacks_mount(const struct host *host)
{
	bool ours = false;

	for (size_t i = 0; i < host->mounts.count; i++) {
		if (host->mounts.list[i].pid == 1 && !host->mounts.list[i].automount)
			return false;
		ours = ours ||
		       (host->mounts.list[i].own && !host->mounts.list[i].automount);
	}
	return ours && !host->mounts.incomplete;
}

static void check_mount(const struct audit *audit, struct findings *findings)
{
	const struct host *host = audit->host;

	if (!host)
		return;
	switch (host->mount) {
	case HOST_MOUNTED:
		if (host->initial_userns && init_lacks_mount(host))
			audit_add(
				audit, findings, "D06", SEVERITY_HIGH, NULL,
				"binfmt_misc is mounted in private mounts only: since Linux "
				"6.7 its entries end with them\nmount it for process 1 too");
		break;
	case HOST_AUTOMOUNT:
		audit_add(
			audit, findings, "D06", SEVERITY_HIGH, NULL,
			"the automount has never been used, so nothing is registered; a "
			"container that mounts an instance of its own would hide that\n"
			"binfmtctl apply");
		break;
	default:
		audit_add(
			audit, findings, "D06", SEVERITY_HIGH, NULL,
			"binfmt_misc: %s; no rule is in force\nbinfmtctl apply mounts it "
			"and registers what the conf files say",
			host_mount_name(host->mount));
		break;
	}
}

static void check_record(const struct audit *audit, struct findings *findings)
{
	for (size_t i = 0; audit->record && i < audit->world.entries->count; i++) {
		const struct entry *e = &audit->world.entries->list[i];
		const struct rule *was = record_find(audit->record, e->rule.name);
		char now[RULE_FLAGS_SIZE], then[RULE_FLAGS_SIZE];

		if (!was || !((was->flags ^ e->rule.flags) & ~RULE_DISABLED))
			continue;
		rule_flags_text(e->rule.flags, now);
		rule_flags_text(was->flags & ~RULE_DISABLED, then);
		audit_add(audit, findings, "D07", SEVERITY_MEDIUM, e->rule.name,
			  "has flags %s, was applied with %s\nbinfmtctl apply",
			  *now ? now : "none", *then ? then : "none");
	}
}

/* Everything that takes files which begin with MZ. */
static void check_windows(const struct audit *audit, struct findings *findings)
{
	const struct entry *first = NULL;
	bool wsl = audit->host && (strcasestr(audit->host->release, "microsoft") ||
				   strcasestr(audit->host->release, "WSL"));
	bool interop = false;

	for (size_t i = 0; i < audit->world.entries->count; i++) {
		const struct entry *e = &audit->world.entries->list[i];

		if (!e->enabled || !e->understood ||
		    !rule_matches(&e->rule, "MZ\x90\0", 4, ""))
			continue;
		interop = interop || strncmp(e->rule.name, "WSLInterop", 10) == 0;
		if (first)
			audit_add(audit, findings, "D08", SEVERITY_INFO, e->rule.name,
				  "%s is in front of it and takes the Windows programs\n"
				  "binfmtctl disable one of them",
				  first->rule.name);
		else
			first = e;
	}
	if (wsl && !interop && audit->mount_fd >= 0)
		audit_add(
			audit, findings, "D08", SEVERITY_INFO, NULL,
			"this is WSL and WSLInterop is not registered: Windows programs do "
			"not start\nbinfmtctl install --now WSLInterop");
}

static void check_systemd(const struct audit *audit, struct findings *findings)
{
	size_t foreign = 0;

	if (!audit->host || !audit->host->systemd)
		return;
	if (audit->host->binfmt_failed)
		audit_add(audit, findings, "D09", SEVERITY_MEDIUM, NULL,
			  "systemd-binfmt.service failed\n"
			  "systemctl status systemd-binfmt.service; binfmtctl lint");
	/* Replaced by ours, it removes nothing that it did not register. */
	if (root_exists(
		    audit->world.root_fd,
		    "/etc/systemd/system/systemd-binfmt.service.d/10-binfmtctl.conf") ||
	    root_exists(
		    audit->world.root_fd,
		    "/usr/lib/systemd/system/systemd-binfmt.service.d/10-binfmtctl.conf") ||
	    !root_exists(audit->world.root_fd,
			 "/usr/lib/systemd/system/systemd-binfmt.service"))
		return;
	for (size_t i = 0; i < audit->world.entries->count; i++)
		foreign += !config_find(audit->config,
					audit->world.entries->list[i].rule.name);
	if (foreign)
		audit_add(
			audit, findings, "D09", SEVERITY_MEDIUM, NULL,
			"%zu entries are in no conf file: systemd-binfmt removes them when "
			"it is restarted or stopped\ninstall them, or let binfmtctl take its "
			"place",
			foreign);
}

void audit_state(const struct audit *audit, struct findings *findings)
{
	check_drift(audit, findings);
	check_both(audit, findings);
	check_files(audit, findings);
	check_switches(audit, findings);
	check_mount(audit, findings);
	check_record(audit, findings);
	check_windows(audit, findings);
	check_systemd(audit, findings);
}

static bool is_container(const struct audit *audit, pid_t pid)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	struct stat theirs, ours;

	text_printf(&path, "%d/root", (int)pid);
	return !path.error && fstatat(audit->proc_fd, path.data, &theirs, 0) == 0 &&
	       fstatat(audit->proc_fd, "self/root", &ours, 0) == 0 &&
	       (theirs.st_dev != ours.st_dev || theirs.st_ino != ours.st_ino);
}

/* Whether user 0 of the process is user 0 here, by the first line of its map. */
static bool maps_root(const struct audit *audit, pid_t pid)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	unsigned long inside, outside;
	char buffer[128] = "";

	text_printf(&path, "%d/uid_map", (int)pid);
	fd = path.error ? -1 : openat(audit->proc_fd, path.data, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, buffer, sizeof(buffer) - 1) <= 0)
		return false;
	return sscanf(buffer, "%lu %lu", &inside, &outside) == 2 && inside == 0 &&
	       outside == 0;
}

static bool own_device(const struct host *host, dev_t *ret)
{
	for (size_t i = 0; i < host->mounts.count; i++)
		if (host->mounts.list[i].own && !host->mounts.list[i].automount) {
			*ret = host->mounts.list[i].device;
			return true;
		}
	return false;
}

static void check_instance(const struct audit *audit, const struct binfmt_mount *m,
			   bool have_own, dev_t own, struct findings *findings)
{
	bool foreign_user = m->user_ns && m->user_ns != audit->host->mounts.user_ns;

	if (m->automount || m->own)
		return;
	if (!have_own || m->device != own) {
		audit_add(
			audit, findings, "N01", SEVERITY_HIGH, NULL,
			"another instance (device %u:%u) is mounted at %s for process %d%s: "
			"what is registered here does not count there\n"
			"binfmtctl --userns %d list",
			major(m->device), minor(m->device), m->point, (int)m->pid,
			foreign_user ? " in another user namespace" : "", (int)m->pid);
		return;
	}
	if (m->read_only)
		return;
	if (foreign_user && maps_root(audit, m->pid))
		audit_add(
			audit, findings, "N03", SEVERITY_MEDIUM, NULL,
			"process %d in another user namespace is root here as well and sees "
			"this instance writable at %s: it can register entries for "
			"everybody\nmount an instance of its own there, or map its users "
			"elsewhere",
			(int)m->pid, m->point);
	else if (!foreign_user && is_container(audit, m->pid))
		audit_add(audit, findings, "S11", SEVERITY_LOW, NULL,
			  "process %d in a container sees this instance writable at %s\n"
			  "mount it read-only there, or give it a user namespace",
			  (int)m->pid, m->point);
}

static void check_own_namespace(const struct audit *audit, bool have_own, dev_t own,
				struct findings *findings)
{
	const struct binfmt_mounts *mounts = &audit->host->mounts;
	bool inherited = false;

	for (size_t i = 0; have_own && i < mounts->count; i++)
		inherited = inherited ||
			    (mounts->list[i].device == own && mounts->list[i].user_ns &&
			     mounts->list[i].user_ns != mounts->user_ns);
	if (inherited)
		audit_add(
			audit, findings, "N02", SEVERITY_MEDIUM, NULL,
			"this is a child user namespace, and the instance is its parent's\n"
			"mount one of its own before registering");
	else if (have_own && audit->world.entries->count == 0)
		audit_add(
			audit, findings, "N02", SEVERITY_MEDIUM, NULL,
			"this is a child user namespace with an empty instance of its own, "
			"which hides the entries of its parent\n"
			"binfmtctl apply");
	else if (!have_own)
		audit_add(
			audit, findings, "N02", SEVERITY_MEDIUM, NULL,
			"this is a child user namespace without an instance in sight: "
			"either the nearest parent's entries count, or those of an own one "
			"that was unmounted, which are none\nbinfmtctl probe FILE tells");
}

static void check_limit(const struct audit *audit, struct findings *findings)
{
	_cleanup_(fd_closep) int fd =
		openat(audit->proc_fd, "sys/user/max_binfmt_misc_interpreters",
		       O_RDONLY | O_CLOEXEC);
	char buffer[32] = "";
	unsigned long limit;
	size_t held = 0;

	if (fd < 0 || read(fd, buffer, sizeof(buffer) - 1) <= 0)
		return;
	limit = strtoul(buffer, NULL, 10);
	for (size_t i = 0; i < audit->world.entries->count; i++)
		held += (audit->world.entries->list[i].rule.flags & RULE_FIX_BINARY) != 0;
	if (limit && held * 10 >= limit * 9)
		audit_add(audit, findings, "N04", SEVERITY_LOW, NULL,
			  "%zu interpreters are held open of at most %lu\n"
			  "sysctl user.max_binfmt_misc_interpreters=%lu",
			  held, limit, limit * 2);
}

void audit_namespaces(const struct audit *audit, struct findings *findings)
{
	bool have_own;
	dev_t own = 0;

	check_limit(audit, findings);
	if (!audit->host)
		return;
	have_own = own_device(audit->host, &own);
	for (size_t i = 0; i < audit->host->mounts.count; i++)
		check_instance(audit, &audit->host->mounts.list[i], have_own, own,
			       findings);
	if (!audit->host->initial_userns)
		check_own_namespace(audit, have_own, own, findings);
}
