/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* execve and execveat of programs and scripts by path, by descriptor (also one that closes on
 * exec, or that is for execution only), below a directory, from memory and after deletion:
 * what the new program sees, or the error.
 * needs: exec
 */
#define _GNU_SOURCE
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char me[PATH_MAX], directory[PATH_MAX];

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* What the new program sees. comm only where all kernels agree. */
static int child(char **argv)
{
	char exe[PATH_MAX] = "", comm[17] = "";
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	struct stat s;

	(void)n;
	prctl(PR_GET_NAME, comm);
	printf("%s: exe %s", base(argv[0]), base(exe));
	printf(" opens %d", open("/proc/self/exe", O_RDONLY) >= 0);
	printf(" stat %d", stat("/proc/self/exe", &s));
	printf(" execfn %s", base((char *)getauxval(AT_EXECFN)));
	if (!strcmp(argv[2], "comm"))
		printf(" comm %s", comm);
	printf("\n");
	return 0;
}

static int copy_to(int out)
{
	int in = open(me, O_RDONLY);
	static char b[1 << 16];
	ssize_t n;

	while ((n = read(in, b, sizeof(b))) > 0)
		if (write(out, b, (size_t)n) != n)
			return -1;
	close(in);
	return out;
}

static int script(int flags)
{
	int fd = open("script", O_WRONLY | O_CREAT | O_TRUNC, 0755);

	dprintf(fd, "#!%s child\n", me);
	close(fd);
	return open("script", flags);
}

static int deleted(void)
{
	int fd = open("deleted", O_WRONLY | O_CREAT | O_TRUNC, 0755);

	close(copy_to(fd));
	fd = open("deleted", O_RDONLY);
	unlink("deleted");
	return fd;
}

static int path_of(char *buf, const char *format, int fd)
{
	return snprintf(buf, PATH_MAX, format, fd) > 0;
}

#define TRY(name, extra, ...)                                              \
	do {                                                               \
		char *args[] = { name, "child", extra, NULL };             \
		char path[PATH_MAX];                                       \
		(void)path;                                                \
		pid_t pid = fork();                                        \
		if (!pid) {                                                \
			__VA_ARGS__;                                       \
			printf("%s: %s\n", name, strerror(errno));         \
			_exit(0);                                          \
		}                                                          \
		waitpid(pid, NULL, 0);                                     \
	} while (0)

static int at(int dir, const char *path, char **args, int flags)
{
	return (int)syscall(SYS_execveat, dir, path, args, environ, flags);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 2)
		return child(argv);
	if (!realpath(argv[0], me))
		return 1;
	strcpy(directory, me);
	*strrchr(directory, '/') = 0;

	TRY("path", "comm", execve(me, args, environ));
	TRY("relative", "comm", if (chdir(directory) == 0) execve(base(me), args, environ));
	TRY("dot", "comm",
	    if (chdir(directory) == 0) {
		    snprintf(path, sizeof(path), "./%.200s", base(me));
		    execve(path, args, environ);
	    });
	TRY("fd", "", at(open(me, O_RDONLY), "", args, AT_EMPTY_PATH));
	TRY("fd cloexec", "", at(open(me, O_RDONLY | O_CLOEXEC), "", args, AT_EMPTY_PATH));
	TRY("fd path", "", at(open(me, O_PATH), "", args, AT_EMPTY_PATH));
	TRY("fd path cloexec", "", at(open(me, O_PATH | O_CLOEXEC), "", args, AT_EMPTY_PATH));
	TRY("/dev/fd", "", if (path_of(path, "/dev/fd/%d", open(me, O_RDONLY)))
		    execve(path, args, environ));
	TRY("/proc fd cloexec", "",
	    if (path_of(path, "/proc/self/fd/%d", open(me, O_RDONLY | O_CLOEXEC)))
		    execve(path, args, environ));
	TRY("directory", "comm",
	    at(open(directory, O_RDONLY | O_DIRECTORY), base(me), args, 0));
	TRY("directory cloexec", "comm",
	    at(open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), base(me), args, 0));
	TRY("absolute at", "comm", at(open("/", O_RDONLY), me, args, 0));
	TRY("memfd", "", at(copy_to(memfd_create("name", 0)), "", args, AT_EMPTY_PATH));
	TRY("memfd cloexec", "",
	    at(copy_to(memfd_create("name", MFD_CLOEXEC)), "", args, AT_EMPTY_PATH));
	TRY("deleted", "", at(deleted(), "", args, AT_EMPTY_PATH));
	TRY("no follow", "", symlink(me, "link");
	    at(AT_FDCWD, "link", args, AT_SYMLINK_NOFOLLOW));
	TRY("script", "comm", script(O_RDONLY); execve("./script", args, environ));
	TRY("script fd", "", at(script(O_RDONLY), "", args, AT_EMPTY_PATH));
	TRY("script fd cloexec", "", at(script(O_RDONLY | O_CLOEXEC), "", args, AT_EMPTY_PATH));
	TRY("a directory", "", execve("/tmp", args, environ));
	TRY("nothing", "", execve("/nothing", args, environ));
	TRY("empty", "", execve("", args, environ));
	TRY("not executable", "", close(open("plain", O_CREAT | O_WRONLY, 0644));
	    execve("plain", args, environ));
	TRY("not a program", "", close(open("bad", O_CREAT | O_WRONLY, 0755));
	    execve("bad", args, environ));
	TRY("bad fd", "", at(99, "", args, AT_EMPTY_PATH));
	TRY("bad flags", "", at(AT_FDCWD, me, args, 0x40000000));
	return 0;
}
