#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# /proc and /sys as an arm64 kernel shows them: of the process itself, by whatever path, of its
# threads, and of other processes that run translated.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

# COMMAND ARGUMENT...: what it prints is the answer.
guest_cc look -pthread <<'EOT'
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
static char buf[1 << 20];
/* %d in a path is the process, %t the thread, %c a child */
static int child;
static char *path_of(const char *p)
{
	static char out[256];
	char *o = out;
	for (; *p; p++) {
		if (*p != '%') {
			*o++ = *p;
			continue;
		}
		p++;
		o += sprintf(o, "%d", *p == 'd' ? getpid() : *p == 't' ? (int)syscall(SYS_gettid) : child);
	}
	*o = 0;
	return out;
}
static void *act(void *arg)
{
	char **a = arg, *p = path_of(a[1]);
	struct stat st, self;
	ssize_t n = -1;
	int fd;

	switch (a[0][0]) {
	case 'l': n = readlink(p, buf, sizeof(buf)); break;
	case 'c': fd = open(p, O_RDONLY), n = read(fd, buf, sizeof(buf)); break;
	case 's':
		if (stat(p, &st) || stat(a[2], &self))
			puts("error");
		else
			puts(st.st_ino == self.st_ino && st.st_dev == self.st_dev ? "same" : "different");
		return NULL;
	case 'd': fd = open(p, O_PATH | O_DIRECTORY), n = readlinkat(fd, a[2], buf, sizeof(buf)); break;
	case 'p': fd = open(p, O_PATH | O_NOFOLLOW), n = readlinkat(fd, "", buf, sizeof(buf)); break;
	case 'x': execl(p, "again", "w", NULL); break;
	}
	if (n < 0)
		puts("error");
	for (ssize_t i = 0; i < n; i++)
		putchar(buf[i] ? buf[i] : '\n');
	return NULL;
}
int main(int argc, char **argv)
{
	pthread_t t;
	struct utsname u;

	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	switch (argv[1][0]) {
	case 'w': puts("here"); return 0;
	case 'P': pause(); return 0;
	case 'L': personality(PER_LINUX32); uname(&u); puts(u.machine); return 0;
	case 't': pthread_create(&t, NULL, act, argv + 2); pthread_join(t, NULL); return 0;
	case 'o':
		if (!(child = fork())) {
			setenv("IN_CHILD", "yes", 1);
			execl(argv[0], "named", "P", "two words", NULL);
		}
		/* until it is the new program */
		for (int i = 0; i < 1000; i++) {
			FILE *f = fopen(path_of("/proc/%c/cmdline"), "r");
			size_t n = f ? fread(buf, 1, 6, f) : 0;
			if (f)
				fclose(f);
			if (n && !memcmp(buf, "named", 5))
				break;
			usleep(10000);
		}
		usleep(100000);
		act(argv + 2);
		kill(child, SIGKILL);
		wait(NULL);
		return 0;
	default: act(argv + 1); return 0;
	}
}
EOT
g=$tmp/look
look()
{
	timeout 20 "$x" "$g" "$@"
}

for p in self thread-self %d self/task/%t %d/task/%t self/../self; do
	is "exe of $p" "$(look l "/proc/$p/exe")" "$g"
done
is "exe of a thread" "$(look t l "/proc/%t/exe")" "$g"
is "thread-self in a thread" "$(look t l /proc/thread-self/exe)" "$g"
is "exe below a directory's descriptor" "$(look d /proc/self exe)" "$g"
is "exe by O_PATH" "$(look p /proc/self/exe)" "$g"
is "stat of it" "$(look s /proc/self/exe "$g")" same
is "execve of it" "$(look x /proc/%d/exe)" here
is "cmdline" "$(look c /proc/self/cmdline | tr '\n' '|')" "$g|c|/proc/self/cmdline|"
is "comm" "$(look c /proc/self/comm)" look
is "environ" "$(env -i A=1 B=2 "$x" "$g" c /proc/self/environ | tr '\n' '|')" "A=1|B=2|"
is "stat has 52 fields" "$(look c /proc/self/stat | wc -w)" 52
is "its code is the program's" "$(look c /proc/self/stat | awk '{ print $26 }')" 4194304
check "one thread" sh -c "'$x' '$g' c /proc/self/status | grep -q '^Threads:.1$'"
is "maps has no translator" "$(look c /proc/self/maps | grep -c xlate)" 0
is "nor has smaps" "$(look c /proc/thread-self/smaps | grep -c xlate)" 0
is "nor has numa_maps" "$(look c /proc/self/numa_maps | grep -c xlate)" 0
check "maps: code can be executed" sh -c "'$x' '$g' c /proc/self/maps | grep -q ' r-xp .*/look$'"

is "another's exe" "$(look o l /proc/%c/exe)" "$g"
is "stat of it" "$(look o s /proc/%c/exe "$g")" same
is "another's cmdline" "$(look o c /proc/%c/cmdline | tr '\n' '|')" "named|P|two words|"
is "another's comm" "$(look o c /proc/%c/comm)" look
check "another's environ" sh -c "'$x' '$g' o c /proc/%c/environ | grep -q '^IN_CHILD=yes$'"
is "another's maps has no translator" "$(look o c /proc/%c/maps | grep -c xlate)" 0
check "another's code can be executed" sh -c "'$x' '$g' o c /proc/%c/maps | grep -q ' r-xp .*/look$'"
is "another's auxv is a guest's" "$(look o c /proc/%c/auxv | wc -c)" "$(look c /proc/self/auxv | wc -c)"

is "cpuinfo: all processors" "$(look c /proc/cpuinfo | grep -c '^processor')" \
	"$(grep -c '^processor' /proc/cpuinfo)"
is "whatever may be used of them" "$(taskset 1 "$x" "$g" c /proc/cpuinfo 2>/dev/null | grep -c '^processor')" \
	"$(grep -c '^processor' /proc/cpuinfo)"
midr=$(look c /sys/devices/system/cpu/cpu0/regs/identification/midr_el1)
check "midr_el1 has 64 bits" sh -c "echo $midr | grep -Eq '^0x[0-9a-f]{16}$'"
part=$(look c /proc/cpuinfo | sed -n 's/^CPU part.*0x//p' | head -n 1)
check "and the part that cpuinfo names" sh -c "echo $midr | grep -q '${part}.$'"
is "revidr_el1" "$(look c /sys/devices/system/cpu/cpu0/regs/identification/revidr_el1)" 0x0000000000000000
is "not of a processor that is not there" "$(look c /sys/devices/system/cpu/cpu99999/regs/identification/midr_el1)" error
is "the architecture" "$(look c /proc/sys/kernel/arch)" aarch64
is "PER_LINUX32" "$(look L)" armv8l
tap_done
