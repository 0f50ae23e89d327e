#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Started by the kernel, in a private binfmt_misc instance, with each set of flags.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc
unshare -Urm sh -c 'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc && [ ! -e /proc/sys/fs/binfmt_misc/probe ] &&
	[ "$(ls /proc/sys/fs/binfmt_misc | wc -l)" -eq 2 ]' 2>/dev/null ||
	skip_all "no private binfmt_misc instance (kernel before 6.7, or no user namespaces)"

guest_cc show <<'EOF'
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char comm[32] = "", exe[4096] = "";
	struct stat program, st;
	int fds = 0;
	for (int i = 0; i < argc; i++)
		printf("%s ", argv[i]);
	/* is the program still open? */
	stat((char *)getauxval(AT_EXECFN), &program);
	for (int fd = 0; fd < 1000; fd++)
		fds += fstat(fd, &st) == 0 && st.st_ino == program.st_ino && st.st_dev == program.st_dev;
	prctl(PR_GET_NAME, comm);
	printf("| fds %d flags %lu comm %s execfn %s", fds, getauxval(AT_FLAGS), comm,
	       (char *)getauxval(AT_EXECFN));
	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0)
		printf(" exe %s", exe);
	printf("\n");
	if (argc > 1 && !strcmp(argv[1], "again"))
		execv(argv[0], (char *[]){ "second", "time", NULL });
	return 0;
}
EOF

magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\xfe\xff\xff\xff'

# registered FLAGS COMMAND [INTERPRETER]: runs COMMAND with the translator registered so.
registered()
{
	RULE=":guest:M:0:$magic:$mask:${3:-$x}:$1" COMMAND=$2 TMP=$tmp unshare -Urm sh -c '
		mount -t binfmt_misc none /proc/sys/fs/binfmt_misc &&
		printf "%s" "$RULE" >/proc/sys/fs/binfmt_misc/register &&
		cd "$TMP" && eval "$COMMAND"' 2>&1
}
rest="fds 0 flags 0 comm show execfn"

is "flags PF" "$(registered PF './show a')" "./show a | $rest ./show exe $tmp/show"
is "flags POF" "$(registered POF './show a')" "./show a | $rest ./show exe $tmp/show"
is "flags POCF" "$(registered POCF './show a')" "./show a | $rest ./show exe $tmp/show"
is "flags F, by absolute path" "$(registered F "$tmp/show a")" "$tmp/show a | $rest $tmp/show exe $tmp/show"
is "flags OF" "$(registered OF './show a')" "./show a | $rest ./show exe $tmp/show"
is "no flags" "$(registered '' './show a')" "./show a | $rest ./show exe $tmp/show"
is "P keeps argv[0]" "$(registered PF "bash -c 'exec -a zero ./show a'")" "zero a | $rest $tmp/show exe $tmp/show"
is "without P it is lost" "$(registered F "bash -c 'exec -a zero ./show a'")" \
	"$tmp/show a | $rest $tmp/show exe $tmp/show"
is "options of the environment work" "$(registered POF 'XLATE_DEBUG=oneinsn ./show a')" \
	"./show a | $rest ./show exe $tmp/show"
printf '#!%s/show x\n' "$tmp" >"$tmp/script"
chmod +x "$tmp/script"
is "a script" "$(registered POF './script b' | cut -d'|' -f1)" "$tmp/show x ./script b "
is "execve goes through the kernel" "$(registered POF "$tmp/show again" | tail -n 1)" \
	"second time | $rest $tmp/show exe $tmp/show"
is "argument with a dash" "$(registered POF './show -strace -- x' | cut -d'|' -f1)" "./show -strace -- x "

# a root directory with nothing in it but the program: no /proc, no /tmp, no translator
mkdir "$tmp/root"
cp "$tmp/show" "$tmp/root/show"
for flags in PF POF; do
	is "an empty root directory, flags $flags" "$(registered $flags 'chroot root /show a')" \
		"/show a | $rest /show exe /show"
done
is "execve without /proc" "$(registered POF 'chroot root /show again' | tail -n 1)" \
	"second time | $rest /show exe /show"
is "a closed standard descriptor stays free" "$(registered POF './show a <&-' | cut -d'|' -f1)" "./show a "
tap_done
