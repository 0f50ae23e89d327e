/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dpkg's database of files: which package has a path, and whether the file is still what that
 * package brought. Other packagers are PACKAGE_UNKNOWN. The digest is MD5 (RFC 1321), which is
 * what dpkg keeps; it finds changes, it is no proof against an attacker.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/audit-internal.h"
#include "binfmtctl/root.h"

enum { LIST_SIZE_MAX = 64 << 20 };

struct md5 {
	uint32_t state[4];
	uint64_t size;
	uint8_t block[64];
};

/* The integer part of 2^32 times the absolute sine of 1, 2, 3 ... */
static const uint32_t sines[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a,
	0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
	0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
	0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
	0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
	0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
	0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
	0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
	0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
	0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
	0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static void md5_begin(struct md5 *m)
{
	*m = (struct md5){.state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
}

static uint32_t rotate(uint32_t x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

static void md5_block(struct md5 *m)
{
	static const uint8_t shifts[4][4] = {
		{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
	uint32_t a = m->state[0], b = m->state[1], c = m->state[2], d = m->state[3];
	uint32_t words[16];

	for (int i = 0; i < 16; i++)
		words[i] = m->block[4 * i] | m->block[4 * i + 1] << 8 |
			   m->block[4 * i + 2] << 16 |
			   (uint32_t)m->block[4 * i + 3] << 24;
	for (int i = 0; i < 64; i++) {
		int round = i / 16, word;
		uint32_t f;

		switch (round) {
		case 0: f = (b & c) | (~b & d), word = i; break;
		case 1: f = (d & b) | (~d & c), word = (5 * i + 1) % 16; break;
		case 2: f = b ^ c ^ d, word = (3 * i + 5) % 16; break;
		default: f = c ^ (b | ~d), word = 7 * i % 16; break;
		}
		f += a + sines[i] + words[word];
		a = d;
		d = c;
		c = b;
		b += rotate(f, shifts[round][i % 4]);
	}
	m->state[0] += a, m->state[1] += b, m->state[2] += c, m->state[3] += d;
}

static void md5_add(struct md5 *m, const uint8_t *data, size_t size)
{
	while (size) {
		size_t at = m->size % 64, n = 64 - at < size ? 64 - at : size;

		memcpy(m->block + at, data, n);
		m->size += n;
		data += n;
		size -= n;
		if (m->size % 64 == 0)
			md5_block(m);
	}
}

static void md5_end(struct md5 *m, struct text *ret)
{
	uint64_t bits = m->size * 8;
	uint8_t length[8], digest[16];

	md5_add(m, (const uint8_t[]){0x80}, 1);
	while (m->size % 64 != 56)
		md5_add(m, (const uint8_t[]){0}, 1);
	for (int i = 0; i < 8; i++)
		length[i] = bits >> 8 * i;
	md5_add(m, length, sizeof(length));
	for (int i = 0; i < 16; i++)
		digest[i] = m->state[i / 4] >> 8 * (i % 4);
	text_hex(ret, digest, sizeof(digest));
}

static int digest_of(int root_fd, const char *path, struct text *ret)
{
	_cleanup_(fd_closep) int fd = root_open(root_fd, path, O_RDONLY | O_NONBLOCK);
	uint8_t *buffer = malloc(1 << 16);
	struct md5 m;
	ssize_t n;

	if (fd < 0 || !buffer) {
		free(buffer);
		return fd < 0 ? fd : -ENOMEM;
	}
	md5_begin(&m);
	while ((n = read(fd, buffer, 1 << 16)) > 0)
		md5_add(&m, buffer, n);
	free(buffer);
	if (n < 0)
		return -errno;
	md5_end(&m, ret);
	return ret->error;
}

/* Whether the file in dpkg's directory has the line. */
static bool has_line(int dir, const char *name, const struct text *line)
{
	_cleanup_(fd_closep) int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	const char *at;
	size_t size;
	bool found = false;
	char *data;

	if (fd < 0 || fd_read_all(fd, LIST_SIZE_MAX, &data, &size))
		return false;
	for (at = data;
	     !found && (at = memmem(at, data + size - at, line->data, line->size)); at++)
		found = at == data || at[-1] == '\n';
	free(data);
	return found;
}

/* 0 with the package whose list has the path; -ENOENT. */
static int find_package(int info, const char *path, char ret[64])
{
	_cleanup_(text_done) struct text line = TEXT_INIT;
	int fd = openat(info, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = -ENOENT;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;

	text_printf(&line, "%s\n", path);
	if (!dir || line.error) {
		fd_closep(&fd);
		return -ENOENT;
	}
	while (err && (d = readdir(dir))) {
		size_t n = strlen(d->d_name);

		if (n < 6 || n - 5 >= 64 || strcmp(d->d_name + n - 5, ".list") != 0 ||
		    !has_line(info, d->d_name, &line))
			continue;
		memcpy(ret, d->d_name, n - 5);
		ret[n - 5] = '\0';
		err = 0;
	}
	closedir(dir);
	return err;
}

/* The package's digest of the path; false when it keeps none. */
static bool recorded_digest(int info, const char *package, const char *path, char ret[33])
{
	_cleanup_(text_done) struct text name = TEXT_INIT, line = TEXT_INIT;
	_cleanup_(fd_closep) int fd = -1;
	bool found = false;
	size_t size;
	char *data, *at;

	text_printf(&name, "%s.md5sums", package);
	text_printf(&line, "  %s\n", path + 1);
	if (name.error || line.error)
		return false;
	fd = openat(info, name.data, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd_read_all(fd, LIST_SIZE_MAX, &data, &size))
		return false;
	at = memmem(data, size, line.data, line.size);
	if (at && at - data >= 32) {
		memcpy(ret, at - 32, 32);
		ret[32] = '\0';
		found = true;
	}
	free(data);
	return found;
}

enum package_state package_check(int root_fd, const char *path, char ret_package[64])
{
	_cleanup_(fd_closep) int info =
		root_open(root_fd, "/var/lib/dpkg/info", O_RDONLY | O_DIRECTORY);
	_cleanup_(text_done) struct text digest = TEXT_INIT;
	char want[33];

	if (info < 0)
		return PACKAGE_UNKNOWN;
	/* Packages from before /usr was merged say /bin for what is /usr/bin now. */
	if (find_package(info, path, ret_package)) {
		if (strncmp(path, "/usr/", 5) != 0 ||
		    find_package(info, path + 4, ret_package))
			return PACKAGE_NONE;
		path += 4;
	}
	if (!recorded_digest(info, ret_package, path, want) ||
	    digest_of(root_fd, path, &digest))
		return PACKAGE_SAME;
	return strcmp(want, digest.data) == 0 ? PACKAGE_SAME : PACKAGE_DIFFERS;
}
