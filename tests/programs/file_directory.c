/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Directories: mkdir, readdir with all types, seekdir, rewinddir, scandir, nftw, chdir.
 */
#include "guest.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static int visit(const char *path, const struct stat *s, int type, struct FTW *f)
{
	static int directories, files;

	directories += type == FTW_D || type == FTW_DP;
	files += type == FTW_F;
	if (f->level == 0)
		printf("walked %d %d\n", directories, files);
	return 0;
}

int main(void)
{
	char name[300];
	int files = 0, directories = 0, links = 0, other = 0;
	u64 h = 0;

	mkdir("top", 0700);
	chdir("top");
	for (int i = 0; i < 500; i++) {
		snprintf(
			name, sizeof(name), "%d-%.*s", i, i % 200,
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
		if (i % 50 == 0)
			mkdir(name, 0700);
		else if (i % 51 == 0)
			symlink("nowhere", name);
		else
			close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	DIR *d = opendir(".");
	for (struct dirent *e; (e = readdir(d));) {
		files += e->d_type == DT_REG;
		directories += e->d_type == DT_DIR;
		links += e->d_type == DT_LNK;
		other += e->d_ino == 0;
		h += hash_bytes(e->d_name, strlen(e->d_name));
	}
	printf("%d %d %d %d %016" PRIx64 "\n", files, directories, links, other, h);
	rewinddir(d);
	long at = telldir(d);
	char *first = strdup(readdir(d)->d_name);
	readdir(d);
	seekdir(d, at);
	printf("%d\n", strcmp(first, readdir(d)->d_name));
	closedir(d);
	struct dirent **list;
	int n = scandir(".", &list, NULL, alphasort);
	printf("%d %s %s\n", n, list[2]->d_name, list[n - 1]->d_name);
	chdir("..");
	nftw("top", visit, 10, FTW_DEPTH | FTW_PHYS);
	char *cwd = getcwd(NULL, 0), *slash = strrchr(cwd, '/');
	printf("%s\n", slash + 1);
	SHOW(rmdir("top") < 0 ? errno : 0, mkdir("top", 0700) < 0 ? errno : 0);
	printf("%d\n", opendir("top/none") == NULL ? errno : 0);
	return 0;
}
