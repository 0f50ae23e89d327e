/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * match CONF... -- FILE...: prints for each file "FILE<TAB>FORMAT FORMAT..." with the formats
 * (files without .conf) that have a rule which takes it, in the order of the arguments.
 * Fails when a conf holds anything but good rules, with the place.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"
#include "common/macro.h"

#include "binfmtctl/conf.h"

enum { RULES_MAX = 512, CONF_MAX = 1 << 20 };

static struct {
	const char *format;
	struct rule rule;
} rules[RULES_MAX];
static size_t count;

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool load(const char *path)
{
	_cleanup_(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct conf conf = {.file = path};
	struct conf_line line;
	bool good = true;
	size_t size;
	char *data;

	if (fd < 0 || fd_read_all(fd, CONF_MAX, &data, &size)) {
		perror(path);
		return false;
	}
	conf.at = data;
	conf.end = data + size;
	while (conf_next(&conf, &line)) {
		struct diag diag = {0};

		if (count == RULES_MAX)
			abort();
		if (conf_parse(&conf, &line, rule_limits_newest(), &rules[count].rule,
			       &diag)) {
			fprintf(stderr, "%s:%u:%u: %s\n", path, diag.line, diag.column,
				diag.message);
			good = false;
		} else {
			rules[count++].format = base_name(path);
		}
	}
	free(data);
	return good;
}

static bool match(const char *path)
{
	_cleanup_(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *last = NULL;
	uint8_t head[RULE_WINDOW_MAX];
	ssize_t size = fd < 0 ? -1 : fd_read_at(fd, head, sizeof(head), 0);

	if (size < 0) {
		perror(path);
		return false;
	}
	printf("%s\t", base_name(path));
	for (size_t i = 0; i < count; i++) {
		const char *format = rules[i].format;

		if (format == last || !rule_matches(&rules[i].rule, head, size, path))
			continue;
		printf("%s%.*s", last ? " " : "", (int)(strlen(format) - strlen(".conf")),
		       format);
		last = format;
	}
	putchar('\n');
	return true;
}

int main(int argc, char **argv)
{
	bool good = true;
	int i = 1;

	for (; i < argc && strcmp(argv[i], "--") != 0; i++)
		good &= load(argv[i]);
	for (i++; i < argc; i++)
		good &= match(argv[i]);
	for (size_t j = 0; j < count; j++)
		rule_done(&rules[j].rule);
	return good && fflush(stdout) == 0 ? 0 : 1;
}
