/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Everything that binfmtctl-audit(7) describes. The facts are the caller's, so that a test can
 * make them up: entries, configuration, a directory as root, another as /proc. Checks only
 * read; probes start files and stop them at once.
 */
#pragma once

#include "binfmtctl/config.h"
#include "binfmtctl/finding.h"
#include "binfmtctl/host.h"
#include "binfmtctl/record.h"
#include "binfmtctl/simulate.h"

struct audit {
	struct exec_world
		world; /* root, entries in the order of matching, status, machine */
	const struct config *config;
	const struct record *record; /* may be NULL */
	const struct host *host;
	int mount_fd;    /* of the instance, or -1 when there is none */
	int proc_fd;     /* /proc */
	uid_t trusted;   /* whose files only root can change: 0 */
	bool probe;      /* start files to see what the kernel does with them */
	bool run_guests; /* run a tiny program of each machine that has an entry */
	const char *
		smoke; /* what `binfmtctl --version` prints; NULL: no test of native programs */
	void (*progress)(void *context, const char *doing); /* may be NULL */
	void *context;
	const char *only; /* identifiers, separated by commas; NULL: all checks */
	const char *ignore;
	struct audit_file *files; /* audit_run()'s own: one per entry */
};

struct audit_check {
	const char *id;
	enum severity severity; /* the worst it reports */
	const char *title;
	/* Finds what it finds; several identifiers may share a function. */
	void (*run)(const struct audit *audit, struct findings *findings);
};

/* All checks in the order of their identifiers; an empty id behind the last. */
extern const struct audit_check audit_checks[];

/* Runs what is asked for. 0 or -ENOMEM. */
int audit_run(struct audit *audit, struct findings *ret) _must_check_;

/* Whether a check is asked for. */
bool audit_wants(const struct audit *audit, const char *id);
