/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The auxiliary vector and uname: what both machines must agree on.
 */
#include "guest.h"
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char __ehdr_start[] __attribute__((weak));
extern void _start(void);

int main(int argc, char **argv)
{
	const ElfW(Ehdr) *e = (void *)__ehdr_start;
	const unsigned char *r = (void *)getauxval(AT_RANDOM);
	struct utsname u;
	int different = 0;

	printf("page %lu clock %lu\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK));
	printf("phdr %d entry %d phent %lu phnum %d\n",
	       getauxval(AT_PHDR) == (unsigned long)e + e->e_phoff,
	       getauxval(AT_ENTRY) == (unsigned long)_start, getauxval(AT_PHENT),
	       getauxval(AT_PHNUM) == e->e_phnum);
	printf("base %lu flags %lu secure %lu\n", getauxval(AT_BASE),
	       getauxval(AT_FLAGS) & ~1ul, getauxval(AT_SECURE));
	printf("uid %d gid %d\n", getauxval(AT_UID) == getuid(),
	       getauxval(AT_EGID) == getegid());
	for (int i = 1; r && i < 16; i++)
		different |= r[i] != r[0];
	printf("random %d\n", different);
	const char *name = (const char *)getauxval(AT_EXECFN);
	printf("execfn %s\n", name ? strrchr(name, '/') + 1 : "none");
	printf("platform %d hwcap %d\n", getauxval(AT_PLATFORM) != 0,
	       getauxval(AT_HWCAP) != 0);
	uname(&u);
	printf("%s %d %d\n", u.sysname, u.release[0] >= '4', u.nodename[0] != 0);
	printf("stack aligned %d, argv %d\n",
	       (int)((unsigned long)__builtin_frame_address(0) % 16), argv[argc] == NULL);
	return 0;
}
