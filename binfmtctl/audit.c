/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of checks, and what is found out of each interpreter before they run. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/audit-internal.h"
#include "binfmtctl/root.h"

#define CRITICAL SEVERITY_CRITICAL
#define HIGH     SEVERITY_HIGH
#define MEDIUM   SEVERITY_MEDIUM
#define LOW      SEVERITY_LOW
#define INFO     SEVERITY_INFO

const struct audit_check audit_checks[] = {
	{"S01", CRITICAL, "others can change an interpreter that runs with C",
	 audit_security},
	{"S02", CRITICAL, "relative interpreter", audit_rules},
	{"S03", CRITICAL, "flag C takes native set-user-ID programs", audit_security},
	{"S04", HIGH, "interpreter in a place that others control", audit_security},
	{"S05", HIGH, "files of binfmt_misc or conf files that others may write",
	 audit_security},
	{"S06", HIGH, "interpreter with set-user-ID, set-group-ID or capabilities",
	 audit_security},
	{"S07", MEDIUM, "flag C for what is no program of another machine", audit_rules},
	{"S08", MEDIUM, "interpreter leaves its descriptor open in the program",
	 audit_security},
	{"S09", MEDIUM, "interpreter is not a package's, or was changed", audit_security},
	{"S10", HIGH, "entry with C or F of unknown origin", audit_security},
	{"S11", LOW, "binfmt_misc writable in a container", audit_namespaces},
	{"F01", HIGH, "flag F holds another file than the path", audit_probes},
	{"F02", MEDIUM, "processes run a replaced interpreter", audit_fixed},
	{"F03", MEDIUM, "flag F with an interpreter that needs other files", audit_fixed},
	{"F04", MEDIUM, "no flag F where containers are used", audit_fixed},
	{"F05", LOW, "flag F keeps a file system busy", audit_fixed},
	{"F06", HIGH, "flag F on a file system that is mounted late", audit_fixed},
	{"I01", HIGH, "interpreter missing or not executable", audit_interpreters},
	{"I02", HIGH, "interpreter cannot run here", audit_interpreters},
	{"I03", HIGH, "interpreter is taken by an entry itself", audit_interpreters},
	{"I04", HIGH, "script as interpreter with O or C", audit_interpreters},
	{"I05", MEDIUM, "flag P and the interpreter disagree", audit_interpreters},
	{"I06", MEDIUM, "interpreter is open for writing", audit_interpreters},
	{"I07", LOW, "interpreter aligned to smaller pages", audit_interpreters},
	{"R01", CRITICAL, "rule takes native programs, scripts or everything",
	 audit_rules},
	{"R02", HIGH, "rules overlap", audit_rules},
	{"R03", MEDIUM, "rule looks at few bits", audit_rules},
	{"R04", MEDIUM, "rule misses programs", audit_rules},
	{"R05", MEDIUM, "impossible or unknown ELF header", audit_rules},
	{"R06", MEDIUM, "rule takes what the kernel runs itself", audit_rules},
	{"R07", MEDIUM, "hard-float and soft-float Arm are not told apart", audit_rules},
	{"R08", LOW, "rule of zeros matches short files", audit_rules},
	{"R09", LOW, "extension that cannot match or takes too much", audit_rules},
	{"R10", LOW, "rule is not portable to older kernels", audit_rules},
	{"R11", INFO, "odd name", audit_rules},
	{"R12", LOW, "magic has bits outside its mask", audit_rules},
	{"D01", MEDIUM, "kernel and conf file differ", audit_state},
	{"D02", MEDIUM, "entry without a conf file", audit_state},
	{"D03", MEDIUM, "binfmt.d and binfmt-support have the same name", audit_state},
	{"D04", LOW, "conf file masked, overridden or refused", audit_state},
	{"D05", HIGH, "switched off", audit_state},
	{"D06", HIGH, "binfmt_misc is not mounted", audit_state},
	{"D07", MEDIUM, "flags changed since apply", audit_state},
	{"D08", INFO, "Windows programs: WSL, wine and mono", audit_state},
	{"D09", MEDIUM, "systemd-binfmt failed or will remove entries", audit_state},
	{"N01", HIGH, "other instances of binfmt_misc", audit_namespaces},
	{"N02", MEDIUM, "in a child user namespace", audit_namespaces},
	{"N03", MEDIUM, "root of a child namespace may write here", audit_namespaces},
	{"N04", LOW, "near the limit of held interpreters", audit_namespaces},
	{"T01", HIGH, "the kernel does something else than expected", audit_probes},
	{"T02", CRITICAL, "native programs do not start", audit_probes},
	{"T03", MEDIUM, "a program of another machine does not run", audit_probes},
	{"", INFO, NULL, NULL},
};

static bool in_list(const char *list, const char *id)
{
	for (const char *p = list; *p;) {
		size_t n = strcspn(p, ",");

		if (n == strlen(id) && memcmp(p, id, n) == 0)
			return true;
		p += n + (p[n] == ',');
	}
	return false;
}

bool audit_wants(const struct audit *audit, const char *id)
{
	return (!audit->only || in_list(audit->only, id)) &&
	       !(audit->ignore && in_list(audit->ignore, id));
}

/* The path behind all links, as seen from the root. */
static char *resolve(int root_fd, int fd)
{
	_cleanup_(text_done) struct text link = TEXT_INIT, root_link = TEXT_INIT;
	char path[PATH_MAX + 1], root[PATH_MAX + 1] = "";
	size_t skip;
	ssize_t n;

	text_printf(&link, "/proc/self/fd/%d", fd);
	if (link.error)
		return NULL;
	n = readlink(link.data, path, sizeof(path) - 1);
	if (n < 0)
		return NULL;
	path[n] = '\0';
	if (root_fd != AT_FDCWD) {
		text_printf(&root_link, "/proc/self/fd/%d", root_fd);
		n = root_link.error ? -1
				    : readlink(root_link.data, root, sizeof(root) - 1);
		root[n > 0 ? n : 0] = '\0';
	}
	skip = strlen(root);
	if (skip == 1 || strncmp(path, root, skip) != 0)
		skip = 0;
	return strdup(path + skip);
}

static int look_at(const struct audit *audit, const struct entry *entry,
		   struct audit_file *ret)
{
	uint8_t head[RULE_WINDOW_MAX] = {0};
	char script[RULE_WINDOW_MAX + 1];
	_cleanup_(fd_closep) int fd = -1;
	ssize_t n;

	*ret = (struct audit_file){.entry = entry};
	if (!entry->understood || entry->rule.type == RULE_BPF)
		return 0;
	fd = exec_open(audit->world.root_fd, entry->rule.interpreter);
	if (fd < 0) {
		ret->err = fd;
		fd = root_open(audit->world.root_fd, entry->rule.interpreter,
			       O_RDONLY | O_NONBLOCK);
	}
	if (fd < 0 || fstat(fd, &ret->st) < 0 || fstatfs(fd, &ret->fs) < 0)
		return 0;
	ret->resolved = resolve(audit->world.root_fd, fd);
	if (!ret->resolved)
		return -ENOMEM;
	ret->kind = FILE_OTHER;
	if (!S_ISREG(ret->st.st_mode))
		return 0;
	n = fd_read_at(fd, head, sizeof(head), 0);
	if (n > 0 && elf_header_parse(head, n, &ret->elf, NULL) == 0) {
		ret->kind = FILE_ELF;
		if (elf_loader(fd, ret->loader, sizeof(ret->loader)))
			ret->loader[0] = '\0';
	} else if (n > 0 && exec_script(head, script)) {
		ret->kind = FILE_SCRIPT;
		memcpy(ret->loader, script,
		       strlen(script) < sizeof(ret->loader) ? strlen(script) + 1 : 0);
	}
	return 0;
}

static void files_free(struct audit *audit)
{
	for (size_t i = 0; audit->files && i < audit->world.entries->count; i++)
		free(audit->files[i].resolved);
	free(audit->files);
	audit->files = NULL;
}

static bool is_done(const struct audit_check *check)
{
	for (const struct audit_check *c = audit_checks; c < check; c++)
		if (c->run == check->run)
			return true;
	return false;
}

int audit_run(struct audit *audit, struct findings *ret)
{
	size_t count = audit->world.entries->count;
	int err = 0;

	audit->files = calloc(count + 1, sizeof(*audit->files));
	if (!audit->files)
		return -ENOMEM;
	for (size_t i = 0; !err && i < count; i++)
		err = look_at(audit, &audit->world.entries->list[i], &audit->files[i]);
	/* A function serves several identifiers; what is not wanted it leaves out. */
	for (const struct audit_check *c = audit_checks; !err && c->run; c++)
		if (!is_done(c))
			c->run(audit, ret);
	files_free(audit);
	findings_sort(ret);
	return err ? err : ret->error;
}
