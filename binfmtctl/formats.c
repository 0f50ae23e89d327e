/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the shipped formats. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/formats.h"
#include "binfmtctl/root.h"

const char *formats_directory(void)
{
	const char *own = secure_getenv("BINFMTCTL_FORMATS");

	return own && *own ? own : FORMATSDIR;
}

static int is_conf(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && n > 5 && strcmp(d->d_name + n - 5, ".conf") == 0;
}

int formats_load(const struct rule_limits *limits, struct config *ret)
{
	_cleanup_(config_done) struct config config = {0};
	struct dirent **names;
	int count = scandir(formats_directory(), &names, is_conf, alphasort), err = 0;

	if (count < 0) {
		*ret = (struct config){0};
		return errno == ENOMEM ? -ENOMEM : 0;
	}
	for (int i = 0; i < count; i++) {
		_cleanup_(text_done) struct text path = TEXT_INIT;

		text_printf(&path, "%s/%s", formats_directory(), names[i]->d_name);
		if (!err)
			err = path.error
				      ? path.error
				      : config_add(&config, AT_FDCWD, path.data, limits);
		/* One that cannot be read is not there. */
		if (err != -ENOMEM)
			err = 0;
		free(names[i]);
	}
	free(names);
	if (err)
		return err;
	*ret = config;
	config = (struct config){0};
	return 0;
}

/* Copies @data with @from replaced by @to wherever it is a whole field of a rule. */
static int replace_interpreter(const char *data, const char *from, const char *to,
			       struct text *ret)
{
	_cleanup_(text_done) struct text field = TEXT_INIT;
	const char *line = data, *end, *at;

	text_printf(&field, ":%s:", from);
	if (field.error)
		return field.error;
	for (; *line; line = end) {
		end = strchrnul(line, '\n');
		end += *end == '\n';
		at = *line == ':' ? memmem(line, end - line, field.data, field.size)
				  : NULL;
		if (!at) {
			text_add(ret, line, end - line);
			continue;
		}
		text_add(ret, line, at - line);
		text_printf(ret, ":%s:", to);
		at += field.size;
		text_add(ret, at, end - at);
	}
	return ret->error;
}

int formats_adapt(int root_fd, char **data, size_t *size, char **ret_used)
{
	static const char word[] = "\n# Interpreters: ";
	_cleanup_(text_done) struct text adapted = TEXT_INIT;
	char *line = strstr(*data, word), *first = NULL, *path, *rest, *used;
	int err = 0;

	*ret_used = NULL;
	if (!line)
		return 0;
	line += sizeof(word) - 1;
	line = strndup(line, strcspn(line, "\n"));
	if (!line)
		return -ENOMEM;
	for (path = strtok_r(line, " ", &rest); path; path = strtok_r(NULL, " ", &rest)) {
		if (root_exists(root_fd, path))
			break;
		first = first ? first : path;
	}
	if (path && first) {
		err = replace_interpreter(*data, first, path, &adapted);
		used = err ? NULL : strdup(path);
		if (used) {
			free(*data);
			*size = adapted.size;
			*data = text_take(&adapted);
			*ret_used = used;
		} else {
			err = -ENOMEM;
		}
	}
	free(line);
	return err;
}

int formats_interpreter(int root_fd, const struct conf_file *file,
			const struct rule *rule, char **ret)
{
	char *data = strndup(file->data, file->size), *used = NULL;
	size_t size = file->size;
	int err;

	*ret = NULL;
	if (!data)
		return -ENOMEM;
	err = formats_adapt(root_fd, &data, &size, &used);
	free(data);
	if (err)
		return err;
	if (!used && root_exists(root_fd, rule->interpreter)) {
		used = strdup(rule->interpreter);
		if (!used)
			return -ENOMEM;
	}
	*ret = used;
	return 0;
}
