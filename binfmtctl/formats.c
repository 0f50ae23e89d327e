/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the shipped formats. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "binfmtctl/formats.h"

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
