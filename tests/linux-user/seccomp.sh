#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Seccomp filters across execve: by hand and through binfmt_misc, scripts, programs of the host;
# and what /proc says. (tests/programs/sec_filter.c has the rest.)
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc deny <<'EOF'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
extern char **environ;
/* deny NUMBER FILTERS PROGRAM ARGUMENTS: getppid fails with NUMBER + i, then the program */
int main(int argc, char **argv)
{
	int number = atoi(argv[1]);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (int i = 0; i < atoi(argv[2]); i++) {
		struct sock_filter f[] = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_AARCH64, 1, 0),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number + i)),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		};
		struct sock_fprog p = { sizeof(f) / sizeof(f[0]), f };
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p))
			return 1;
	}
	if (!strcmp(argv[3], "-fd")) {
		fexecve(open(argv[4], O_RDONLY | O_CLOEXEC), argv + 4, environ);
		printf("fexecve %s\n", strerror(errno));
	} else {
		execv(argv[3], argv + 3);
		printf("execv %s\n", strerror(errno));
	}
	return 0;
}
EOF
guest_cc probe <<'EOF'
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char line[256], mode[32] = "?";
	int fds = 0;
	struct stat st;
	long r = syscall(SYS_getppid);
	printf("%s: getppid %d", argv[0], r < 0 ? errno : 0);
	FILE *f = fopen("/proc/self/status", "r");
	while (fgets(line, sizeof(line), f))
		sscanf(line, "Seccomp:\t%31s", mode);
	fclose(f);
	for (int fd = 3; fd < 1000; fd++)
		fds += fstat(fd, &st) == 0;
	printf(" mode %s %d nnp %d fds %d", mode, prctl(PR_GET_SECCOMP),
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), fds);
	for (int i = 1; i < argc; i++)
		printf(" %s", argv[i]);
	printf("\n");
	return 0;
}
EOF

printf '#!%s with argument\n' "$tmp/probe" >"$tmp/script"
printf '#!/bin/sh\necho escaped\n' >"$tmp/hostscript"
cp "$tmp/probe" "$tmp/noexec"
chmod +x "$tmp/script" "$tmp/hostscript"
chmod -x "$tmp/noexec"

# cases PREFIX COMMAND: the same for each way to start. A container may have filters of its own.
cases()
{
	run=$2
	outer=$(awk '/^Seccomp:/ { print $2 }' /proc/self/status)
	# the descriptors that this script got itself
	fds=$($run "$tmp/probe" | sed 's/.* fds //')
	is "$1: no filter" "$($run "$tmp/probe")" \
		"$tmp/probe: getppid 0 mode $outer $outer nnp 0 fds $fds"
	is "$1: a program" "$($run "$tmp/deny" 40 1 "$tmp/probe" a 'b c')" \
		"$tmp/probe: getppid 40 mode 2 2 nnp 1 fds $fds a b c"
	is "$1: several filters, the newest of equals" "$($run "$tmp/deny" 40 3 "$tmp/probe")" \
		"$tmp/probe: getppid 42 mode 2 2 nnp 1 fds $fds"
	is "$1: a program that adds one" \
		"$($run "$tmp/deny" 40 2 "$tmp/deny" 50 1 "$tmp/probe")" \
		"$tmp/probe: getppid 50 mode 2 2 nnp 1 fds $fds"
	is "$1: a script" "$($run "$tmp/deny" 40 1 "$tmp/script" x)" \
		"$tmp/probe: getppid 40 mode 2 2 nnp 1 fds $fds with argument $tmp/script x"
	is "$1: a close-on-exec descriptor" "$($run "$tmp/deny" 40 1 -fd "$tmp/probe" y)" \
		"$tmp/probe: getppid 40 mode 2 2 nnp 1 fds $fds y"
	is "$1: a program of the host" "$($run "$tmp/deny" 40 1 /bin/echo escaped)" \
		"execv Permission denied"
	is "$1: a script of the host" "$($run "$tmp/deny" 40 1 "$tmp/hostscript")" \
		"execv Permission denied"
	is "$1: a missing program" "$($run "$tmp/deny" 40 1 /no/such/program)" \
		"execv No such file or directory"
	is "$1: a directory" "$($run "$tmp/deny" 40 1 /tmp)" "execv Permission denied"
	is "$1: no permission" "$($run "$tmp/deny" 40 1 "$tmp/noexec")" "execv Permission denied"
}

cases "by hand" "$x"

magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\xfe\xff\xff\xff'
registered()
{
	RULE=":guest:M:0:$magic:$mask:$x:POCF" unshare -Urm sh -c '
		mount -t binfmt_misc none /proc/sys/fs/binfmt_misc &&
		printf "%s" "$RULE" >/proc/sys/fs/binfmt_misc/register && exec "$@"' sh "$@" 2>&1
}
if unshare -Urm sh -c 'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc && [ ! -e /proc/sys/fs/binfmt_misc/probe ] &&
	[ "$(ls /proc/sys/fs/binfmt_misc | wc -l)" -eq 2 ]' 2>/dev/null; then
	cases "binfmt_misc" registered
else
	skip "through binfmt_misc" "no private instance (kernel before 6.7, or no user namespaces)"
fi
tap_done
