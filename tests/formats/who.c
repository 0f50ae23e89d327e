/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An interpreter that prints the file name it was registered as. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	char path[4096];
	ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (size < 0)
		return 1;
	path[size] = '\0';
	return puts(strrchr(path, '/') + 1) < 0;
}
