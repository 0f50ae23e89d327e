/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /proc/self as the guest sees it: exe, cmdline, status, maps, fd, comm.
 * qemu-user 7.2 shows two threads and its own inode.
 * args: one 'two words'
 */
#include "guest.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char b[5000];
	struct stat s, t;
	ssize_t n = readlink("/proc/self/exe", b, sizeof(b) - 1);

	b[n] = 0;
	printf("exe %s\n", strrchr(b, '/') + 1);
	SHOW(stat(b, &s), stat("/proc/self/exe", &t));
	printf("same %d\n", s.st_ino == t.st_ino);
	n = read(open("/proc/self/cmdline", O_RDONLY), b, sizeof(b));
	int zeros = 0;
	for (ssize_t i = 0; i < n; i++)
		zeros += !b[i];
	printf("cmdline %d %d %s\n", zeros, !strcmp(b, argv[0]), b + strlen(b) + 1);
	FILE *f = fopen("/proc/self/maps", "r");
	int code = 0, stack = 0, bad = 0;
	unsigned long low, high, last = 0;
	char mode[5];
	while (fgets(b, sizeof(b), f)) {
		if (sscanf(b, "%lx-%lx %4s", &low, &high, mode) != 3 || high <= low ||
		    low < last)
			bad++;
		last = high;
		if ((unsigned long)main >= low && (unsigned long)main < high)
			code += mode[0] == 'r' && mode[1] == '-';
		if ((unsigned long)&last >= low && (unsigned long)&last < high)
			stack += mode[0] == 'r' && mode[1] == 'w' &&
				 strstr(b, "[stack]") != NULL;
	}
	printf("maps code %d stack %d bad %d\n", code, stack, bad);
	f = fopen("/proc/self/status", "r");
	while (fgets(b, sizeof(b), f))
		if (!strncmp(b, "Threads:", 8) || !strncmp(b, "State:", 6))
			fputs(b, stdout);
	fclose(f);
	int fds = 0;
	DIR *d = opendir("/proc/self/fd");
	for (struct dirent *e; (e = readdir(d));)
		fds += e->d_name[0] != '.';
	printf("%d\n", fds < 10);
	return 0;
}
