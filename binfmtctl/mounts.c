/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads mountinfo files, one for each mount namespace. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/fd.h"
#include "common/text.h"

#include "binfmtctl/mounts.h"

enum { MOUNTINFO_MAX = 16 << 20 };

void mounts_done(struct binfmt_mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++)
		free(mounts->list[i].point);
	free(mounts->list);
	*mounts = (struct binfmt_mounts){0};
}

static uint64_t namespace_of(int proc_fd, const char *pid, const char *name)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	struct stat st;

	text_printf(&path, "%s/ns/%s", pid, name);
	if (path.error || fstatat(proc_fd, path.data, &st, 0) < 0)
		return 0;
	return st.st_ino;
}

/* Octal escapes of blanks, in place. */
static void unescape(char *s)
{
	char *out = s;

	for (; *s; s++)
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] && s[3]) {
			*out++ = (s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0');
			s += 3;
		} else {
			*out++ = *s;
		}
	*out = '\0';
}

static int add(struct binfmt_mounts *m, const struct binfmt_mount *mount)
{
	if (m->count == m->room) {
		size_t room = m->room ? m->room * 2 : 8;
		struct binfmt_mount *list = reallocarray(m->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		m->list = list;
		m->room = room;
	}
	m->list[m->count] = *mount;
	m->list[m->count].point = strdup(mount->point);
	return m->list[m->count++].point ? 0 : -ENOMEM;
}

/* "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAGS] - TYPE SOURCE SUPER-OPTIONS" */
static int parse_line(struct binfmt_mounts *m, char *line, struct binfmt_mount mount)
{
	char *words[6] = {0}, *type = strstr(line, " - "), *rest = line, *end;
	unsigned long major_number, minor_number;

	if (!type)
		return 0;
	type += 3;
	type[strcspn(type, " ")] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = strsep(&rest, " ");
	if (!words[5])
		return 0;
	mount.automount = strcmp(type, "autofs") == 0;
	if (!mount.automount && strcmp(type, "binfmt_misc") != 0)
		return 0;
	major_number = strtoul(words[2], &end, 10);
	minor_number = *end ? strtoul(end + 1, NULL, 10) : 0;
	mount.device = makedev(major_number, minor_number);
	unescape(words[4]);
	if (mount.automount && !strstr(words[4], "binfmt_misc"))
		return 0;
	mount.point = words[4];
	mount.read_only = strncmp(words[5], "ro", 2) == 0;
	return add(m, &mount);
}

/* An autofs with something on top of it has done its work. */
static void drop_used_automounts(struct binfmt_mounts *m, size_t from)
{
	for (size_t i = from; i < m->count; i++)
		for (size_t j = from; j < m->count; j++)
			if (m->list[i].automount && !m->list[j].automount &&
			    strcmp(m->list[i].point, m->list[j].point) == 0) {
				free(m->list[i].point);
				m->list[i--] = m->list[--m->count];
				break;
			}
}

static int read_process(struct binfmt_mounts *m, int proc_fd, const char *pid,
			const struct binfmt_mount *mount)
{
	_cleanup_(text_done) struct text path = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	char *data, *line, *rest;
	size_t size, from = m->count;
	int err;

	text_printf(&path, "%s/mountinfo", pid);
	if (path.error)
		return path.error;
	fd = openat(proc_fd, path.data, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd_read_all(fd, MOUNTINFO_MAX, &data, &size)) {
		m->incomplete = true;
		return 0;
	}
	rest = data;
	err = 0;
	while (!err && (line = strsep(&rest, "\n")))
		err = parse_line(m, line, *mount);
	free(data);
	drop_used_automounts(m, from);
	return err;
}

static bool is_number(const char *s)
{
	for (; *s; s++)
		if (!isdigit((unsigned char)*s))
			return false;
	return true;
}

struct seen {
	uint64_t *list;
	size_t count, room;
};

static int see(struct seen *seen, uint64_t ns, bool *ret_new)
{
	*ret_new = true;
	for (size_t i = 0; i < seen->count; i++)
		if (seen->list[i] == ns) {
			*ret_new = false;
			return 0;
		}
	if (seen->count == seen->room) {
		size_t room = seen->room ? seen->room * 2 : 16;
		uint64_t *list = reallocarray(seen->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		seen->list = list;
		seen->room = room;
	}
	seen->list[seen->count++] = ns;
	return 0;
}

static int scan(struct binfmt_mounts *m, int proc_fd, DIR *dir, struct seen *seen)
{
	struct dirent *d;
	int err = 0;

	while (!err && (d = readdir(dir))) {
		struct binfmt_mount mount = {0};
		bool fresh;

		if (!is_number(d->d_name))
			continue;
		mount.mount_ns = namespace_of(proc_fd, d->d_name, "mnt");
		mount.user_ns = namespace_of(proc_fd, d->d_name, "user");
		mount.pid = strtol(d->d_name, NULL, 10);
		mount.own = mount.mount_ns == m->mount_ns;
		if (!mount.mount_ns) {
			m->incomplete = true;
			continue;
		}
		err = see(seen, mount.mount_ns, &fresh);
		if (!err && fresh)
			err = read_process(m, proc_fd, d->d_name, &mount);
	}
	return err;
}

int mounts_scan(int proc_fd, struct binfmt_mounts *ret)
{
	_cleanup_(mounts_done) struct binfmt_mounts m = {0};
	struct seen seen = {0};
	int fd = openat(proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		err = -errno;
		fd_closep(&fd);
		return err;
	}
	m.user_ns = namespace_of(proc_fd, "self", "user");
	m.mount_ns = namespace_of(proc_fd, "self", "mnt");
	err = scan(&m, proc_fd, dir, &seen);
	closedir(dir);
	free(seen.list);
	if (err)
		return err;
	*ret = m;
	m = (struct binfmt_mounts){0};
	return 0;
}

size_t mounts_instances(const struct binfmt_mounts *mounts)
{
	size_t n = 0;

	for (size_t i = 0; i < mounts->count; i++) {
		bool first = !mounts->list[i].automount;

		for (size_t j = 0; first && j < i; j++)
			first = mounts->list[j].automount ||
				mounts->list[j].device != mounts->list[i].device;
		n += first;
	}
	return n;
}
