/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * binfmtctl watch: tells of each change as it happens. The kernel announces registrations as a
 * change of `register`, removals as deletions, switches as changes of the entry; what changed
 * is found by comparing, and once in a while without an announcement.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/command.h"

struct state {
	long count, timeout, interval;
};

enum { OPTION_COUNT = OPTION_COMMAND, OPTION_TIMEOUT, OPTION_INTERVAL };

static const struct poptOption options[] = {
	{"count", 'c', POPT_ARG_STRING, NULL, OPTION_COUNT, "end after N changes", "N"},
	{"timeout", 't', POPT_ARG_STRING, NULL, OPTION_TIMEOUT, "end after SECONDS",
	 "SECONDS"},
	{"interval", 'i', POPT_ARG_STRING, NULL, OPTION_INTERVAL,
	 "look at least every SECONDS (default: 5)", "SECONDS"},
	POPT_TABLEEND,
};

static enum exit_code take_option(struct invocation *in, void *state, int option,
				  const char *arg)
{
	struct state *s = state;
	char *end;
	long value = strtol(arg, &end, 10);

	if (!*arg || *end || value < 1 || value > 1000000000)
		return usage(in, "'%s' is no number from 1 on", arg);
	switch (option) {
	case OPTION_COUNT: s->count = value; break;
	case OPTION_TIMEOUT: s->timeout = value; break;
	default: s->interval = value; break;
	}
	return EXIT_OK;
}

struct snapshot_of_instance {
	struct entries entries;
	bool enabled;
};

struct watch {
	struct invocation *in;
	const struct state *state;
	long told;
	enum exit_code code;
};

static void tell(struct watch *w, const char *event, const struct entry *entry)
{
	_cleanup_(text_done) struct text out = TEXT_INIT;
	struct timespec now;
	struct tm tm;
	char clock[32] = "";

	w->told++;
	clock_gettime(CLOCK_REALTIME, &now);
	if (wants_json(w->in)) {
		struct doc doc = {0};
		struct json_object *o = doc_object(&doc);

		doc_time(&doc, o, "time", &now);
		doc_string(&doc, o, "event", event);
		doc_string(&doc, o, "name", entry ? entry->rule.name : NULL);
		if (entry && entry->understood) {
			struct json_object *e = doc_below(&doc, o, "entry");

			doc_rule(&doc, e, &entry->rule, entry->other_flags);
			doc_bool(&doc, e, "enabled", entry->enabled);
		}
		doc_emit(&doc, NULL, o, &out);
	} else {
		if (localtime_r(&now.tv_sec, &tm))
			strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
		text_printf(&out, "%s\t%s\t", clock, event);
		if (entry)
			text_escape(&out, entry->rule.name, strlen(entry->rule.name));
		else
			text_puts(&out, "-");
		text_putc(&out, '\t');
		if (entry && entry->rule.interpreter)
			text_escape(&out, entry->rule.interpreter,
				    strlen(entry->rule.interpreter));
		else
			text_puts(&out, "-");
		text_putc(&out, '\n');
	}
	if (print_text(w->in, &out))
		w->code = EXIT_FAILED;
}

static const struct entry *find(const struct entries *entries, const char *name)
{
	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->list[i].rule.name, name) == 0)
			return &entries->list[i];
	return NULL;
}

static bool is_same_registration(const struct entry *a, const struct entry *b)
{
	return a->registered.tv_sec == b->registered.tv_sec &&
	       a->registered.tv_nsec == b->registered.tv_nsec && a->understood &&
	       b->understood && rule_equal(&a->rule, &b->rule);
}

static void compare(struct watch *w, const struct snapshot_of_instance *before,
		    const struct snapshot_of_instance *after)
{
	if (before->enabled != after->enabled)
		tell(w, after->enabled ? "status-enabled" : "status-disabled", NULL);
	for (size_t i = 0; i < before->entries.count; i++)
		if (!find(&after->entries, before->entries.list[i].rule.name))
			tell(w, "removed", &before->entries.list[i]);
	/* The oldest registration first, as they happened. */
	for (size_t i = after->entries.count; i-- > 0;) {
		const struct entry *e = &after->entries.list[i];
		const struct entry *was = find(&before->entries, e->rule.name);

		if (!was)
			tell(w, "registered", e);
		else if (!is_same_registration(was, e))
			tell(w, "replaced", e);
		else if (was->enabled != e->enabled)
			tell(w, e->enabled ? "enabled" : "disabled", e);
	}
}

/* Waits for an announcement or @milliseconds; takes in what came. */
static void wait_for_change(int notify, int milliseconds)
{
	struct pollfd p = {.fd = notify, .events = POLLIN};
	char buffer[4096];

	/* Until it is quiet: a replacement is several changes that make one. */
	while (poll(&p, 1, milliseconds) > 0 && p.revents & POLLIN) {
		while (read(notify, buffer, sizeof(buffer)) > 0)
			;
		milliseconds = 20;
	}
}

/* In the middle of a replacement there is an entry of a temporary name, see plan.c. */
static bool is_settled(const struct snapshot_of_instance *before,
		       const struct snapshot_of_instance *after)
{
	for (size_t i = 0; i < after->entries.count; i++) {
		const char *name = after->entries.list[i].rule.name;

		if (name[0] == '~' && name[1] &&
		    strspn(name + 1, "0123456789") == strlen(name + 1) &&
		    !find(&before->entries, name))
			return false;
	}
	return true;
}

/* What there is now, once replacements under way are over; not waiting for ever. */
static enum exit_code take_snapshot(struct invocation *in, int fd, int notify,
				    const struct snapshot_of_instance *before,
				    struct snapshot_of_instance *ret)
{
	enum exit_code code;

	for (int tries = 0;; tries++) {
		*ret = (struct snapshot_of_instance){0};
		code = read_entries(in, fd, &ret->entries, &ret->enabled);
		if (code || tries == 50 || is_settled(before, ret))
			return code;
		entries_done(&ret->entries);
		wait_for_change(notify, 20);
	}
}

static long milliseconds_left(const struct state *s, const struct timespec *start)
{
	struct timespec now;
	long passed;

	clock_gettime(CLOCK_MONOTONIC, &now);
	passed = (now.tv_sec - start->tv_sec) * 1000 +
		 (now.tv_nsec - start->tv_nsec) / 1000000;
	return s->timeout ? s->timeout * 1000 - passed : 1000000000;
}

static enum exit_code run(struct invocation *in, void *state)
{
	const struct state *s = state;
	_cleanup_(fd_closep) int fd = -1, notify = -1;
	struct watch w = {.in = in, .state = s};
	struct snapshot_of_instance before = {0};
	struct timespec start;
	enum exit_code code;
	long interval = (s->interval ? s->interval : 5) * 1000;

	if (in->arg_count)
		return usage(in, "no arguments are taken");
	clock_gettime(CLOCK_MONOTONIC, &start);
	code = open_mount(in, false, &fd);
	if (code)
		return code;
	notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	/* Before the first look, so that nothing happens between them. */
	if (notify < 0 || inotify_add_watch(notify, in->globals.mount,
					    IN_MODIFY | IN_DELETE | IN_CREATE) < 0)
		say(in, "no announcements (%s): looking every %ld s", strerror(errno),
		    interval / 1000);
	code = read_entries(in, fd, &before.entries, &before.enabled);
	while (!code && !w.code && (!s->count || w.told < s->count)) {
		struct snapshot_of_instance after = {0};
		long left = milliseconds_left(s, &start);

		if (left <= 0)
			break;
		wait_for_change(notify, left < interval ? left : interval);
		code = take_snapshot(in, fd, notify, &before, &after);
		if (!code)
			compare(&w, &before, &after);
		entries_done(&before.entries);
		before = after;
	}
	entries_done(&before.entries);
	return code ? code : w.code;
}

const struct command command_watch = {
	.name = "watch",
	.args = "[OPTION...]",
	.summary = "tell of each change as it happens",
	.examples = "  binfmtctl watch\n"
		    "  binfmtctl watch --format jsonl --count 1\n",
	.options = options,
	.state_size = sizeof(struct state),
	.option = take_option,
	.run = run,
};
