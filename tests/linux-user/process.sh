#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# fork, vfork, clone, execve without a registration, and how the program was started.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc show <<'EOF'
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("%s%s", i ? " " : "", argv[i]);
	printf("\n");
	if (getenv("SHOW_AUXV")) {
		int open_fds = 0; /* of the program */
		struct stat program, st;
		stat((char *)getauxval(AT_EXECFN), &program);
		for (int fd = 0; fd < 1000; fd++)
			open_fds += !fstat(fd, &st) && st.st_ino == program.st_ino;
		printf("fds %d flags %lu pagesz %lu platform %s secure %lu execfn %s\n", open_fds,
		       getauxval(AT_FLAGS), getauxval(AT_PAGESZ), (char *)getauxval(AT_PLATFORM),
		       getauxval(AT_SECURE), (char *)getauxval(AT_EXECFN));
	}
	if (getenv("SHOW_ENV"))
		for (char **e = environ; *e; e++)
			printf("%s\n", *e);
	return argc;
}
EOF

is "arguments" "$("$x" "$tmp/show" a 'b c')" "$tmp/show a b c"
is "-0" "$("$x" -0 zero "$tmp/show" a)" "zero a"
is "QEMU_ARGV0" "$(QEMU_ARGV0=zero "$x" "$tmp/show" a)" "zero a"
is "--" "$(cd "$tmp" && cp show ./-show && "$x" -- -show a)" "-show a"
is "flag P by name" "$(cd "$tmp" && ln -sf "$x" xlate-binfmt-P && ./xlate-binfmt-P ./show zero a)" "zero a"
is "auxv" "$(SHOW_AUXV=1 "$x" "$tmp/show" | tail -n 1)" \
	"fds 0 flags 0 pagesz 4096 platform aarch64 secure 0 execfn $tmp/show"
is "-E and -U" "$(env -i A=1 B=2 SHOW_ENV=1 "$x" -U B -E C=3,4 -E A=5 "$tmp/show" | tail -n +2 | sort | tr '\n' ' ')" \
	"A=5 C=3,4 SHOW_ENV=1 "
is "QEMU_SET_ENV is a list" "$(env -i SHOW_ENV=1 QEMU_SET_ENV=A=1,B=2 "$x" "$tmp/show" | grep -c '^[AB]=')" 2

guest_cc uname <<'EOF'
#include <stdio.h>
#include <sys/utsname.h>
int main(void) { struct utsname u; uname(&u); printf("%s %s\n", u.machine, u.release); return 0; }
EOF
is "uname" "$("$x" "$tmp/uname")" "aarch64 $(uname -r)"
is "-r" "$("$x" -r 3.2.0 "$tmp/uname")" "aarch64 3.2.0"

guest_cc run <<'EOF'
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
static volatile int shared;
int main(int argc, char **argv)
{
	char *args[] = { "zero", "one", NULL };
	int status, r;
	pid_t pid;

	setvbuf(stdout, NULL, _IONBF, 0);
	switch (argv[1][0]) {
	case 'v':
		if (!(pid = vfork())) {
			shared = 42;
			_exit(3);
		}
		waitpid(pid, &status, 0);
		printf("shared %d status %d\n", shared, WEXITSTATUS(status));
		for (int i = 0; i < 100; i++) {
			if (!(pid = vfork()))
				_exit(i);
			waitpid(pid, &status, 0);
			shared += WEXITSTATUS(status) == i;
		}
		printf("%d\n", shared);
		return 0;
	case 'k': /* a vfork child that dies leaves a working parent */
		if (!(pid = vfork()))
			kill(getpid(), 9);
		waitpid(pid, &status, 0);
		printf("%d\n", WTERMSIG(status));
		free(malloc(1 << 20));
		return 0;
	case 's':
		r = posix_spawn(&pid, argv[2], NULL, NULL, args, environ);
		printf("spawn %s\n", strerror(r));
		if (!r)
			waitpid(pid, &status, 0), printf("status %d\n", WEXITSTATUS(status));
		return 0;
	case 'e':
		execv(argv[2], argv + 2);
		printf("%s\n", strerror(errno));
		return 0;
	case 'f': /* fexecve of a close-on-exec descriptor */
		r = open(argv[2], O_RDONLY | O_CLOEXEC);
		fexecve(r, args, environ);
		printf("%s\n", strerror(errno));
		return 0;
	case 'p':
		execv("/proc/self/exe", (char *[]){ argv[0], "q", NULL });
		return 1;
	case 'q':
		printf("again\n");
		return 0;
	}
	return 1;
}
EOF
is "vfork shares memory" "$("$x" "$tmp/run" v)" "shared 42 status 3
142"
is "a killed vfork child" "$("$x" "$tmp/run" k)" "9"
is "posix_spawn reports errors" "$("$x" "$tmp/run" s /no/such/file)" "spawn No such file or directory"
is "posix_spawn of a guest" "$("$x" "$tmp/run" s "$tmp/show" | sort)" "spawn Success
status 2
zero one"
is "execve keeps argv[0]" "$("$x" "$tmp/run" e "$tmp/show" x)" "$tmp/show x"
is "execve of a host program" "$("$x" "$tmp/run" e /bin/echo host)" "host"
is "execve of a missing file" "$("$x" "$tmp/run" e /no/such/file)" "No such file or directory"
is "execve of a directory" "$("$x" "$tmp/run" e /tmp)" "Permission denied"
cp "$tmp/show" "$tmp/noexec"
chmod -x "$tmp/noexec"
is "execve without permission" "$("$x" "$tmp/run" e "$tmp/noexec")" "Permission denied"
echo 'plain text' >"$tmp/text"
chmod +x "$tmp/text"
is "execve of a text file" "$("$x" "$tmp/run" e "$tmp/text")" "Exec format error"
printf '#!%s  with an argument \nbody\n' "$tmp/show" >"$tmp/script"
chmod +x "$tmp/script"
is "script with a guest interpreter" "$("$x" "$tmp/run" e "$tmp/script" a)" \
	"$tmp/show with an argument $tmp/script a"
printf '#!%s\n' "$tmp/script" >"$tmp/outer"
chmod +x "$tmp/outer"
is "script of a script" "$("$x" "$tmp/run" e "$tmp/outer" a)" \
	"$tmp/show with an argument $tmp/script $tmp/outer a"
printf '#!/bin/sh\necho "host $1"\n' >"$tmp/hostscript"
chmod +x "$tmp/hostscript"
is "script with a host interpreter" "$("$x" "$tmp/run" e "$tmp/hostscript" a)" "host a"
printf '#!/no/such/interpreter\n' >"$tmp/badscript"
chmod +x "$tmp/badscript"
is "script without its interpreter" "$("$x" "$tmp/run" e "$tmp/badscript" a)" "No such file or directory"
is "fexecve, close-on-exec" "$("$x" "$tmp/run" f "$tmp/show")" "zero one"
is "/proc/self/exe" "$("$x" "$tmp/run" p)" "again"

guest_cc threads -pthread <<'EOF'
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long count;
static __thread int mine;
static void *work(void *arg)
{
	for (int i = 0; i < 20000; i++) {
		pthread_mutex_lock(&lock);
		count++;
		pthread_mutex_unlock(&lock);
		mine++;
	}
	return (void *)(long)mine;
}
int main(void)
{
	pthread_t t[4];
	long sum = 0;
	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 4; i++)
			if (pthread_create(&t[i], NULL, work, NULL))
				return 1;
		if (!fork())
			_exit(0);
		for (int i = 0; i < 4; i++) {
			void *r;
			pthread_join(t[i], &r);
			sum += (long)r;
		}
	}
	while (wait(NULL) > 0)
		;
	printf("%ld %ld\n", count, sum);
	return 0;
}
EOF
is "threads" "$(timeout 60 "$x" "$tmp/threads")" "800000 800000"

guest_cc proc <<'EOF'
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	static char buf[65536];
	struct stat a, b;
	int fd, x = 0, own = 0;
	ssize_t n = readlink("/proc/self/exe", buf, sizeof(buf) - 1);
	buf[n > 0 ? n : 0] = 0;
	printf("exe %s\n", buf);
	stat("/proc/self/exe", &a);
	stat(buf, &b);
	printf("same file %d\n", a.st_ino == b.st_ino);
	fd = open("/proc/self/cmdline", O_RDONLY);
	n = read(fd, buf, sizeof(buf));
	for (ssize_t i = 0; i < n - 1; i++)
		buf[i] = buf[i] ? buf[i] : ' ';
	printf("cmdline %s\n", buf);
	FILE *f = fopen("/proc/self/maps", "r");
	while (fgets(buf, sizeof(buf), f)) {
		unsigned long lo, hi;
		char p[5];
		sscanf(buf, "%lx-%lx %4s", &lo, &hi, p);
		if ((unsigned long)main >= lo && (unsigned long)main < hi)
			printf("main %s %s", p, strrchr(buf, '/'));
		if ((unsigned long)&fd >= lo && (unsigned long)&fd < hi)
			printf("stack %s\n", p);
		own += strstr(buf, "xlate") != NULL;
	}
	printf("own %d\n", own);
	fd = open("/proc/cpuinfo", O_RDONLY);
	n = read(fd, buf, sizeof(buf) - 1);
	buf[n] = 0;
	printf("features %d\n", strstr(buf, "\nFeatures\t: fp asimd") != NULL);
	return 0;
}
EOF
is "/proc shows the guest" "$(cd "$tmp" && "$x" ./proc arg)" "exe $tmp/proc
same file 1
cmdline ./proc arg
main r-xp /proc
stack rw-p
own 0
features 1"

guest_cc killed <<'EOF'
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int *child;
static void change_code(void)
{
	char *m = mmap(0, 65536, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(m, 65536);
}
int main(void)
{
	int status, died = 0;
	pid_t killer;

	child = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!(killer = fork())) {
		unsigned s = 1;
		for (;;) {
			int p = *child;
			if (!p) {
				sched_yield();
				continue;
			}
			s = s * 1103515245 + 12345;
			for (volatile int i = 0; i < (int)(s >> 16) % 20000; i++)
				;
			kill(p, SIGKILL);
			while (*child == p)
				sched_yield();
		}
	}
	for (int i = 0; i < 300; i++) {
		pid_t p = vfork();
		if (!p) {
			*child = getpid();
			for (;;)
				change_code();
		}
		*child = 0;
		change_code();
		waitpid(p, &status, 0);
		died += WIFSIGNALED(status);
	}
	kill(killer, SIGKILL);
	printf("%d\n", died);
	return 0;
}
EOF
is "a vfork child that is killed keeps no lock" "$(timeout -k 1 60 "$x" "$tmp/killed" </dev/null)" 300

"$x" -strace "$tmp/show" a >"$tmp/out" 2>"$tmp/err"
check "-strace shows the write" grep -Eq "^write\(1, \".*\\\\n\", [0-9]+\) += [0-9]+$" "$tmp/err"
check "-strace shows the end" grep -Eq '^exit_group\(2\) += \?$' "$tmp/err"
"$x" -strace -D "$tmp/log" "$tmp/show" >/dev/null 2>"$tmp/err"
is "-D moves the log" "$(cat "$tmp/err")" ""
check "-D has it" grep -q exit_group "$tmp/log"
tap_done
