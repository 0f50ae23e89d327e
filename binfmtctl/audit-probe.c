/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks that let the kernel run something: entries, native programs, programs of others. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/audit-internal.h"
#include "binfmtctl/check.h"
#include "binfmtctl/explain.h"
#include "binfmtctl/guest.h"
#include "binfmtctl/probe.h"
#include "binfmtctl/root.h"
#include "binfmtctl/smoke.h"

static void report_stale(const struct audit *audit, const struct audit_file *f,
			 const struct probe *probe, struct findings *findings)
{
	const char *name = f->entry->rule.name;

	/* What is in a conf file is registered from there. */
	if (probe && config_find(audit->config, name))
		audit_add(
			audit, findings, "F01", SEVERITY_HIGH, name,
			"flag F holds inode %llu with %lu links, which is not the file at %s "
			"now\nbinfmtctl apply",
			(unsigned long long)probe->file.st_ino,
			(unsigned long)probe->file.st_nlink, f->entry->rule.interpreter);
	else if (probe)
		audit_add(
			audit, findings, "F01", SEVERITY_HIGH, name,
			"flag F holds inode %llu with %lu links, which is not the file at %s "
			"now\nbinfmtctl convert '%s/%s' | binfmtctl register --replace "
			"--file -",
			(unsigned long long)probe->file.st_ino,
			(unsigned long)probe->file.st_nlink, f->entry->rule.interpreter,
			KERNEL_MOUNT_POINT, name);
	else
		audit_add(
			audit, findings, "F01", SEVERITY_HIGH, name,
			"%s changed after the entry was registered, and flag F holds the "
			"file of then\nbinfmtctl convert '%s/%s' | binfmtctl register "
			"--replace --file -",
			f->entry->rule.interpreter, KERNEL_MOUNT_POINT, name);
}

/* Without a probe: the time of the file against that of the registration. */
static void guess_stale(const struct audit *audit, const struct audit_file *f,
			struct findings *findings)
{
	const struct timespec *then = &f->entry->registered;

	if (f->resolved && then->tv_sec && f->st.st_ctim.tv_sec > then->tv_sec)
		report_stale(audit, f, NULL, findings);
}

/* The program that the model expects at the end of the chain. */
static int expect(const struct audit *audit, const struct rule *rule,
		  struct exec_result *ret)
{
	int err = exec_simulate(&audit->world, rule->interpreter, ret);

	if (!err && !ret->err && rule->flags & RULE_OPEN_BINARY && ret->count > 1)
		ret->err = -ENOEXEC;
	return err;
}

static void compare_probe(const struct audit *audit, const struct audit_file *f,
			  const struct probe *probe, struct findings *findings)
{
	_cleanup_(exec_result_done) struct exec_result result = {0};
	const struct rule *rule = &f->entry->rule;
	struct stat want;

	/* What F holds need not be at its path, so only the error can be compared. */
	if (expect(audit, rule, &result)) {
		findings->error = -ENOMEM;
		return;
	}
	if (rule->flags & RULE_FIX_BINARY) {
		if (probe->err && !result.err)
			audit_add(audit, findings, "T01", SEVERITY_HIGH, rule->name,
				  "a file of this entry does not start: %s (%s)\n"
				  "binfmtctl probe --entry \1",
				  strerror(-probe->err), explain_errno_name(probe->err));
		return;
	}
	if (probe->err != result.err) {
		audit_add(audit, findings, "T01", SEVERITY_HIGH, rule->name,
			  "a file of this entry ends with %s, %s was to be expected\n"
			  "binfmtctl probe --entry \1",
			  probe->err ? explain_errno_name(probe->err) : "success",
			  result.err ? explain_errno_name(result.err) : "success");
	} else if (!probe->err &&
		   root_stat(audit->world.root_fd, result.steps[result.count - 1].path,
			     &want) == 0 &&
		   (want.st_ino != probe->file.st_ino ||
		    want.st_dev != probe->file.st_dev)) {
		audit_add(audit, findings, "T01", SEVERITY_HIGH, rule->name,
			  "a file of this entry starts %s, not %s\n"
			  "binfmtctl probe --entry \1",
			  probe->exe, result.steps[result.count - 1].path);
	}
}

static void probe_one(const struct audit *audit, const struct audit_file *f,
		      struct findings *findings)
{
	_cleanup_(probe_done) struct probe probe = {.execfd = -1};
	const struct entry *list = audit->world.entries->list;
	const struct rule *rule = &f->entry->rule;
	int err = probe_entry(audit->world.entries, f->entry - list, &probe);

	/* Hidden entries are R02's; where nothing can be traced, times must do. */
	if (err) {
		if (err != -ENOENT && rule->flags & RULE_FIX_BINARY)
			guess_stale(audit, f, findings);
		return;
	}
	if (rule->flags & RULE_FIX_BINARY && f->kind != FILE_SCRIPT &&
	    probe_is_stale(&probe, rule))
		report_stale(audit, f, &probe, findings);
	else
		compare_probe(audit, f, &probe, findings);
}

/* Milliseconds, or negative errno; -ENOEXEC for another exit status than GUEST_STATUS. */
static long run_guest(const void *data, size_t size)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	_cleanup_(fd_closep) int fd = memfd_create("guest", 0), reading = -1;
	struct timespec start, end;
	char *const argv[] = {(char[]){"guest"}, NULL};
	int status;
	pid_t pid;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || fchmod(fd, 0700) < 0)
		return -errno;
	text_printf(&path, "/proc/self/fd/%d", fd);
	reading = path.error ? -1 : open(path.data, O_RDONLY);
	text_done(&path);
	text_printf(&path, "/proc/self/fd/%d", reading);
	if (reading < 0 || path.error)
		return -errno;
	fd_closep(&fd);
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		alarm(10);
		execv(path.data, argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != GUEST_STATUS)
		return -ENOEXEC;
	return (end.tv_sec - start.tv_sec) * 1000 +
	       (end.tv_nsec - start.tv_nsec) / 1000000;
}

static void check_guest(const struct audit *audit, const struct audit_file *f,
			struct findings *findings)
{
	uint8_t program[GUEST_SIZE_MAX];
	const char *machine;
	size_t size;
	long took;

	if (!f->entry->enabled || !check_is_foreign_elf(&f->entry->rule, &machine) ||
	    !machine || !(size = guest_program(machine, program)) ||
	    exec_match(&audit->world, program, size, "") != f->entry)
		return;
	took = run_guest(program, size);
	if (took < 0)
		audit_add(audit, findings, "T03", SEVERITY_MEDIUM, f->entry->rule.name,
			  "a program for %s of three instructions does not run\n"
			  "binfmtctl probe --entry \1",
			  machine);
	else
		audit_add(audit, findings, "T03", SEVERITY_INFO, f->entry->rule.name,
			  "a program for %s of three instructions takes %ld ms", machine,
			  took);
}

void audit_probes(const struct audit *audit, struct findings *findings)
{
	bool probing = audit->probe && audit->mount_fd >= 0 && audit->world.enabled &&
		       (audit_wants(audit, "T01") || audit_wants(audit, "F01"));

	audit_foreach(f, audit)
	{
		if (audit->progress)
			audit->progress(audit->context, "starting files of all entries");
		if (probing && f->entry->enabled)
			probe_one(audit, f, findings);
		else if (f->entry->rule.flags & RULE_FIX_BINARY)
			guess_stale(audit, f, findings);
		if (audit->run_guests && audit->mount_fd >= 0 &&
		    audit_wants(audit, "T03"))
			check_guest(audit, f, findings);
	}
	if (audit->smoke && audit_wants(audit, "T02")) {
		int err = smoke_test(audit->smoke);

		if (err)
			finding_add(findings, "T02", SEVERITY_CRITICAL, NULL,
				    "native programs do not start (%s)\n"
				    "binfmtctl disable, then binfmtctl lint and why",
				    explain_errno_name(err));
	}
}
