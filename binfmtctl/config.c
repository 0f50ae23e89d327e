/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds and reads binfmt.d files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/conf.h"
#include "binfmtctl/config.h"
#include "binfmtctl/kernel.h"
#include "binfmtctl/root.h"

enum { CONF_SIZE_MAX = 16 << 20 };

const char *const config_dirs[] = {
	"/etc/binfmt.d",     "/run/binfmt.d", "/usr/local/lib/binfmt.d",
	"/usr/lib/binfmt.d", "/lib/binfmt.d", NULL,
};

void config_done(struct config *config)
{
	for (size_t i = 0; i < config->file_count; i++) {
		free(config->files[i].path);
		free(config->files[i].data);
	}
	for (size_t i = 0; i < config->rule_count; i++) {
		rule_done(&config->rules[i].rule);
		free(config->rules[i].text);
	}
	free(config->files);
	free(config->rules);
	*config = (struct config){0};
}

static int grow(void **list, size_t count, size_t *room, size_t size)
{
	size_t bigger = *room ? *room * 2 : 16;
	void *p;

	if (count < *room)
		return 0;
	p = reallocarray(*list, bigger, size);
	if (!p)
		return -ENOMEM;
	*list = p;
	*room = bigger;
	return 0;
}

/* Takes over @path. */
static int add_file(struct config *config, char *path, struct conf_file **ret)
{
	int err = grow((void **)&config->files, config->file_count, &config->file_room,
		       sizeof(*config->files));
	const char *slash;

	if (err || !path) {
		free(path);
		return -ENOMEM;
	}
	slash = strrchr(path, '/');
	*ret = &config->files[config->file_count++];
	**ret = (struct conf_file){.path = path, .name = slash ? slash + 1 : path};
	return 0;
}

/* systemd's own check of names, before the kernel's. */
static void check_name(struct conf_rule *r)
{
	if (r->err || kernel_name_valid(r->rule.name))
		return;
	r->err = -EINVAL;
	diag_set(&r->diag, r->diag.column, "'%s' cannot be the name of an entry",
		 r->rule.name);
	rule_done(&r->rule);
}

/* Adds a rule that is not read yet. */
static int add_text(struct config *config, const char *text, size_t size,
		    struct conf_rule **ret)
{
	int err = grow((void **)&config->rules, config->rule_count, &config->rule_room,
		       sizeof(*config->rules));
	struct conf_rule *r;

	if (err)
		return err;
	r = &config->rules[config->rule_count];
	*r = (struct conf_rule){.size = size, .file = CONF_NO_FILE};
	r->text = malloc(size + 1);
	if (!r->text)
		return -ENOMEM;
	memcpy(r->text, text, size);
	r->text[size] = '\0';
	config->rule_count++;
	*ret = r;
	return 0;
}

static int add_rules(struct config *config, size_t file, const struct rule_limits *limits)
{
	const struct conf_file *f = &config->files[file];
	struct conf conf = {.at = f->data, .end = f->data + f->size, .file = f->path};
	struct conf_line line;

	while (conf_next(&conf, &line)) {
		struct conf_rule *r;
		int err = add_text(config, line.text, line.size, &r);

		if (err)
			return err;
		r->file = file;
		r->line = line.line;
		r->err = conf_parse(&conf, &line, limits, &r->rule, &r->diag);
		if (r->err == -ENOMEM)
			return r->err;
		check_name(r);
		r->diag.file = f->path;
		r->diag.line = line.line;
	}
	return 0;
}

int config_add_rule(struct config *config, const char *text, size_t size,
		    const struct rule_limits *limits)
{
	struct conf_rule *r;
	int err = add_text(config, text, size, &r);

	if (err)
		return err;
	r->err = rule_parse(text, size, limits, &r->rule, &r->diag);
	return r->err == -ENOMEM ? r->err : 0;
}

const char *config_path(const struct config *config, const struct conf_rule *rule)
{
	return rule->file == CONF_NO_FILE ? NULL : config->files[rule->file].path;
}

/* Links to /dev/null and empty files mask. */
static bool is_mask(int root_fd, const char *path)
{
	struct stat st;

	if (root_stat(root_fd, path, &st) < 0)
		return false;
	if (S_ISCHR(st.st_mode))
		return true;
	return S_ISREG(st.st_mode) && st.st_size == 0;
}

static int read_file(int root_fd, struct conf_file *file)
{
	int err = root_read(root_fd, file->path, CONF_SIZE_MAX, &file->data, &file->size);

	if (err == -ENOMEM)
		return err;
	if (err) {
		file->state = CONF_UNREADABLE;
		file->err = err;
	}
	return 0;
}

static bool is_conf_name(const char *name)
{
	size_t size = strlen(name);

	return name[0] != '.' && size > 5 && strcmp(name + size - 5, ".conf") == 0;
}

static void dir_closep(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int scan_dir(struct config *config, int root_fd, const char *path)
{
	int fd = root_open(root_fd, path, O_RDONLY | O_DIRECTORY), err;
	_cleanup_(dir_closep) DIR *dir = NULL;
	size_t before = config->file_count;
	struct dirent *d;

	if (fd < 0)
		return fd == -ENOENT || fd == -ENOTDIR || fd == -EACCES ? 0 : fd;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while ((d = readdir(dir))) {
		struct text full = TEXT_INIT;
		struct conf_file *file;

		/* A directory of such a name counts too, and cannot be read. */
		if (!is_conf_name(d->d_name))
			continue;
		text_printf(&full, "%s/%s", path, d->d_name);
		err = add_file(config, text_take(&full), &file);
		if (err)
			return err;
		for (size_t i = 0; i < before; i++)
			if (strcmp(config->files[i].name, file->name) == 0 &&
			    config->files[i].state != CONF_OVERRIDDEN) {
				file->state = CONF_OVERRIDDEN;
				file->by = i;
			}
		if (file->state == CONF_USED && is_mask(root_fd, file->path))
			file->state = CONF_MASK;
	}
	return 0;
}

/* /lib is looked at only where it is not /usr/lib. */
static bool is_other_directory(int root_fd, const char *path)
{
	struct stat lib, usr;

	if (strcmp(path, "/lib/binfmt.d") != 0)
		return true;
	return root_stat(root_fd, "/lib", &lib) == 0 &&
	       (root_stat(root_fd, "/usr/lib", &usr) != 0 || lib.st_ino != usr.st_ino ||
		lib.st_dev != usr.st_dev);
}

/* Order of reading: by name; `by` refers to positions before sorting, so sort indices. */
static int compare_names(const void *a, const void *b, void *files)
{
	const struct conf_file *list = files;

	return strcmp(list[*(const size_t *)a].name, list[*(const size_t *)b].name);
}

int config_load(int root_fd, const struct rule_limits *limits, struct config *ret)
{
	_cleanup_(config_done) struct config config = {0};
	size_t *order;
	int err = 0;

	for (size_t i = 0; config_dirs[i]; i++) {
		if (!is_other_directory(root_fd, config_dirs[i]))
			continue;
		err = scan_dir(&config, root_fd, config_dirs[i]);
		if (err)
			return err;
	}
	order = calloc(config.file_count + 1, sizeof(*order));
	if (!order)
		return -ENOMEM;
	for (size_t i = 0; i < config.file_count; i++)
		order[i] = i;
	qsort_r(order, config.file_count, sizeof(*order), compare_names, config.files);
	for (size_t i = 0; !err && i < config.file_count; i++) {
		struct conf_file *file = &config.files[order[i]];

		if (file->state != CONF_USED)
			continue;
		err = read_file(root_fd, file);
		if (!err && file->state == CONF_USED)
			err = add_rules(&config, order[i], limits);
	}
	free(order);
	if (err)
		return err;
	config_mark_replaced(&config);
	*ret = config;
	config = (struct config){0};
	return 0;
}

int config_add(struct config *config, int root_fd, const char *path,
	       const struct rule_limits *limits)
{
	struct conf_file *file;
	int err = -ENOENT;

	for (size_t i = 0; config_dirs[i]; i++) {
		struct text full = TEXT_INIT;

		if (strchr(path, '/'))
			text_puts(&full, path);
		else
			text_printf(&full, "%s/%s", config_dirs[i], path);
		if (full.error || root_exists(root_fd, full.data)) {
			err = add_file(config, text_take(&full), &file);
			break;
		}
		text_done(&full);
	}
	if (err)
		return err;
	err = read_file(root_fd, file);
	if (!err && file->state == CONF_UNREADABLE)
		err = file->err;
	return err ? err : add_rules(config, config->file_count - 1, limits);
}

int config_add_text(struct config *config, const char *path, const char *data,
		    size_t size, const struct rule_limits *limits)
{
	struct conf_file *file;
	int err = add_file(config, strdup(path), &file);

	if (err)
		return err;
	file->data = malloc(size + 1);
	if (!file->data)
		return -ENOMEM;
	memcpy(file->data, data, size);
	file->data[size] = '\0';
	file->size = size;
	return add_rules(config, config->file_count - 1, limits);
}

void config_mark_replaced(struct config *config)
{
	for (size_t i = 0; i < config->rule_count; i++)
		for (size_t j = i + 1; !config->rules[i].err && j < config->rule_count;
		     j++)
			if (!config->rules[j].err &&
			    strcmp(config->rules[i].rule.name,
				   config->rules[j].rule.name) == 0) {
				config->rules[i].replaced = true;
				break;
			}
}

const struct conf_rule *config_find(const struct config *config, const char *name)
{
	for (size_t i = config->rule_count; i-- > 0;)
		if (!config->rules[i].err && !config->rules[i].replaced &&
		    strcmp(config->rules[i].rule.name, name) == 0)
			return &config->rules[i];
	return NULL;
}
