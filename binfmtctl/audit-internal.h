/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the audit share. */
#pragma once

#include <sys/stat.h>
#include <sys/statfs.h>

#include "binfmtctl/audit.h"
#include "binfmtctl/elfident.h"

enum file_kind { FILE_MISSING, FILE_ELF, FILE_SCRIPT, FILE_OTHER };

/* An entry's interpreter, as far as it can be looked at. */
struct audit_file {
	const struct entry *entry;
	int err; /* of opening it for execution; the rest is still set if it could be read */
	enum file_kind kind;
	struct stat st;
	struct statfs fs;
	struct elf_header elf; /* FILE_ELF */
	char loader[256];      /* FILE_ELF: PT_INTERP or empty; FILE_SCRIPT: behind #! */
	char *resolved;        /* without links, from the root; NULL when missing */
};

/* Walks all entries that have an interpreter; `f` is the struct audit_file. */
#define audit_foreach(f, audit)                                                     \
	for (const struct audit_file *f = (audit)->files,                           \
				     *f##_end_ = f + (audit)->world.entries->count; \
	     f < f##_end_; f++)                                                     \
		if (f->entry->understood && f->entry->rule.type != RULE_BPF)

/* Adds a finding unless the identifier is not wanted. */
#define audit_add(audit, findings, id, ...)                     \
	do {                                                    \
		if (audit_wants(audit, id))                     \
			finding_add(findings, id, __VA_ARGS__); \
	} while (0)

/* What is known of interpreters by their names; NULL for others. */
struct known_interpreter {
	const char *pattern; /* of the file name */
	bool emulator;       /* runs programs of other machines: C can make sense */
	bool leaks;          /* leaves the descriptor of O and C open in the program */
	bool takes_p, p_by_name, without_p;
};

const struct known_interpreter *known_find(const char *path);

/* dpkg's view of a file. */
enum package_state { PACKAGE_UNKNOWN, PACKAGE_NONE, PACKAGE_SAME, PACKAGE_DIFFERS };
enum package_state package_check(int root_fd, const char *path, char ret_package[64]);

void audit_security(const struct audit *audit, struct findings *findings);
void audit_interpreters(const struct audit *audit, struct findings *findings);
void audit_fixed(const struct audit *audit, struct findings *findings);
void audit_rules(const struct audit *audit, struct findings *findings);
void audit_state(const struct audit *audit, struct findings *findings);
void audit_namespaces(const struct audit *audit, struct findings *findings);
void audit_probes(const struct audit *audit, struct findings *findings);
