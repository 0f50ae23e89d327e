/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes that are whole or fail. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/fd.h"

void fd_closep(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

int fd_read_all(int fd, size_t limit, char **ret_data, size_t *ret_size)
{
	size_t size = 0, room = 4096;
	char *data = malloc(room);
	int err;

	if (!data)
		return -ENOMEM;
	for (;;) {
		ssize_t n = read(fd, data + size, room - 1 - size);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			err = -errno;
			goto fail;
		}
		if (n == 0)
			break;
		size += n;
		if (size > limit) {
			err = -EFBIG;
			goto fail;
		}
		if (size == room - 1) {
			char *bigger = realloc(data, room * 2);

			if (!bigger) {
				err = -ENOMEM;
				goto fail;
			}
			data = bigger;
			room *= 2;
		}
	}
	data[size] = '\0';
	*ret_data = data;
	*ret_size = size;
	return 0;
fail:
	free(data);
	return err;
}

ssize_t fd_read_at(int fd, void *data, size_t size, off_t offset)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = pread(fd, (char *)data + done, size - done, offset + done);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (n == 0)
			break;
		done += n;
	}
	return done;
}

int fd_write_once(int fd, const void *data, size_t size)
{
	ssize_t n;

	do
		n = write(fd, data, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EIO;
}
