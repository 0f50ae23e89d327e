/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /proc/PID/exe, however it is reached, and by whom: links, files and what is behind them are
 * the program's, of this process and of others; maps and smaps have no strangers.
 * flags: -pthread
 * needs: exec
 */
#define _GNU_SOURCE
#include "guest.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char me[PATH_MAX];
static struct stat me_stat;

static int is_me(const struct stat *s)
{
	return s->st_ino == me_stat.st_ino && s->st_dev == me_stat.st_dev;
}

static void look(const char *what, int dir, const char *path)
{
	char b[PATH_MAX] = "";
	struct stat s;
	ssize_t n = readlinkat(dir, path, b, sizeof(b) - 1);
	int fd;

	printf("%s: link %d", what, n > 0 && !strcmp(b, me));
	printf(" stat %d", fstatat(dir, path, &s, 0) == 0 && is_me(&s));
	printf(" lstat %d",
	       fstatat(dir, path, &s, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(s.st_mode));
	fd = openat(dir, path, O_RDONLY);
	printf(" open %d", fd >= 0 && fstat(fd, &s) == 0 && is_me(&s));
	close(fd);
	fd = openat(dir, path, O_PATH);
	printf(" path %d", fd >= 0 && fstat(fd, &s) == 0 && is_me(&s));
	close(fd);
	fd = openat(dir, path, O_PATH | O_NOFOLLOW);
	memset(b, 0, sizeof(b));
	printf(" itself %d", fd >= 0 && fstat(fd, &s) == 0 && S_ISLNK(s.st_mode) &&
				     readlinkat(fd, "", b, sizeof(b) - 1) > 0 &&
				     !strcmp(b, me));
	close(fd);
	printf(" access %d\n", faccessat(dir, path, X_OK, 0));
}

static void *in_thread(void *arg)
{
	char path[64];

	(void)arg;
	look("thread-self", AT_FDCWD, "/proc/thread-self/exe");
	snprintf(path, sizeof(path), "/proc/%ld/exe", syscall(SYS_gettid));
	look("tid", AT_FDCWD, path);
	snprintf(path, sizeof(path), "/proc/self/task/%ld/exe", syscall(SYS_gettid));
	look("task", AT_FDCWD, path);
	return NULL;
}

/* Mappings of files that are not the program: none in a static one. */
static void maps(const char *what, const char *path)
{
	FILE *f = fopen(path, "r");
	int mine = 0, strange = 0, stack = 0, heap = 0;
	char line[PATH_MAX + 100];

	while (f && fgets(line, sizeof(line), f)) {
		char *file = strchr(line, '/');

		line[strcspn(line, "\n")] = 0;
		stack += strstr(line, "[stack]") != NULL;
		heap += strstr(line, "[heap]") != NULL;
		if (file && strcmp(file, me))
			strange++;
		else if (file)
			mine++;
	}
	if (f)
		fclose(f);
	printf("%s: mine %d strange %d stack %d heap %d\n", what, mine > 0, strange, stack,
	       heap > 0);
}

static void child(int (*start)(void), const char *what)
{
	char path[64];
	int pid = start();

	usleep(200000);
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	look(what, AT_FDCWD, path);
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps(what, path);
	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	maps(what, path);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int start_fork(void)
{
	int pid = fork();

	if (!pid)
		for (;;)
			pause();
	return pid;
}

static int start_exec(void)
{
	int pid = fork();

	if (!pid) {
		execl(me, "child", "sleep", NULL);
		_exit(1);
	}
	return pid;
}

int main(int argc, char **argv)
{
	char path[64];
	pthread_t thread;
	int dir;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 1) {
		free(malloc(1));
		for (;;)
			pause();
	}
	free(malloc(1));
	if (!realpath(argv[0], me) || stat(me, &me_stat) < 0)
		return 1;
	look("self", AT_FDCWD, "/proc/self/exe");
	snprintf(path, sizeof(path), "/proc/%d/exe", getpid());
	look("pid", AT_FDCWD, path);
	look("dots", AT_FDCWD, "/proc/self/../self/./exe");
	look("slashes", AT_FDCWD, "//proc//self//exe");
	dir = open("/proc/self", O_RDONLY | O_DIRECTORY);
	look("directory", dir, "exe");
	look("directory, dots", dir, "./exe");
	close(dir);
	dir = open("/proc", O_RDONLY | O_DIRECTORY);
	look("from /proc", dir, "self/exe");
	close(dir);
	if (chdir("/proc/self") == 0)
		look("cwd", AT_FDCWD, "exe");
	if (chdir("/") == 0)
		look("relative", AT_FDCWD, "proc/self/exe");
	pthread_create(&thread, NULL, in_thread, NULL);
	pthread_join(thread, NULL);
	maps("maps", "/proc/self/maps");
	maps("smaps", "/proc/self/smaps");
	child(start_fork, "forked child");
	child(start_exec, "child");
	/* A file that only has the name. */
	printf("%d\n", open("/tmp/no such directory/exe", O_RDONLY));
	return 0;
}
