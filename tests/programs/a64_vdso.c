/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The vDSO, found as vdso(7) says: its symbols and their version, the clocks against the
 * system calls, and that its registers are undefined elsewhere. "dump" writes the image.
 * only: arm64
 */
#include "guest.h"

#include <elf.h>
#include <errno.h>
#include <execinfo.h>
#include <signal.h>
#include <setjmp.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *image;
static const Elf64_Sym *symbols;
static const char *strings;
static const uint32_t *hash;
static const uint16_t *versions;
static const Elf64_Verdef *definitions;

static bool has_version(unsigned symbol, const char *name)
{
	const Elf64_Verdef *d = definitions;

	while (d->vd_ndx != versions[symbol] && d->vd_next)
		d = (const void *)((const char *)d + d->vd_next);
	const Elf64_Verdaux *aux = (const void *)((const char *)d + d->vd_aux);
	return d->vd_ndx == versions[symbol] && !strcmp(strings + aux->vda_name, name);
}

static void *find(const char *name)
{
	const uint32_t *bucket = hash + 2, *chain = bucket + hash[0];

	for (unsigned b = 0; b < hash[0]; b++)
		for (unsigned i = bucket[b]; i; i = chain[i])
			if (!strcmp(strings + symbols[i].st_name, name) &&
			    symbols[i].st_shndx && has_version(i, "LINUX_2.6.39"))
				return (void *)(image + symbols[i].st_value);
	return NULL;
}

static void parse(void)
{
	const Elf64_Ehdr *eh = (const void *)image;
	const Elf64_Phdr *ph = (const void *)(image + eh->e_phoff);
	const Elf64_Dyn *dyn = NULL;

	for (int i = 0; i < eh->e_phnum; i++)
		if (ph[i].p_type == PT_DYNAMIC)
			dyn = (const void *)(image + ph[i].p_vaddr);
	for (; dyn->d_tag; dyn++) {
		const void *p = image + dyn->d_un.d_val;

		switch (dyn->d_tag) {
		case DT_HASH: hash = p; break;
		case DT_STRTAB: strings = p; break;
		case DT_SYMTAB: symbols = p; break;
		case DT_VERSYM: versions = p; break;
		case DT_VERDEF: definitions = p; break;
		case DT_SONAME: break;
		}
	}
}

static int64_t ns(const struct timespec *ts)
{
	return ts->tv_sec * INT64_C(1000000000) + ts->tv_nsec;
}

typedef int clock_fn(clockid_t clock, struct timespec *ts);

/* Between two system calls, each function must agree. */
static bool agrees(clock_fn *f, int clock)
{
	struct timespec before, ts = { -1, -1 }, after;

	if (syscall(SYS_clock_gettime, clock, &before) || f(clock, &ts) ||
	    syscall(SYS_clock_gettime, clock, &after))
		return false;
	return ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000 && ns(&before) <= ns(&ts) &&
	       ns(&ts) <= ns(&after);
}

static sigjmp_buf back;

static int depth;

static void handler(int signo)
{
	void *frames[32];

	/* The trampoline is in the vDSO, too; what is interrupted may be. */
	depth = backtrace(frames, 32);
	siglongjmp(back, signo);
}

static void check_maps(void)
{
	char line[512];
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned long start;

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, "[vdso]") && sscanf(line, "%lx", &start) == 1)
			printf("maps %d %d\n", start == (unsigned long)image,
			       strstr(line, " r-xp ") != NULL);
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	static const int clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW,
				      CLOCK_REALTIME_COARSE, CLOCK_BOOTTIME, CLOCK_TAI };
	struct timespec res = { 0 };
	struct timeval tv = { 0 };
	struct timezone tz = { -1, -1 };

	image = (const char *)getauxval(AT_SYSINFO_EHDR);
	if (!image || memcmp(image, ELFMAG, SELFMAG)) {
		puts("no vDSO");
		return 1;
	}
	if (argc > 1 && !strcmp(argv[1], "dump"))
		return write(1, image, 4096) != 4096;
	parse();
	clock_fn *gettime = (clock_fn *)find("__kernel_clock_gettime");
	clock_fn *getres = (clock_fn *)find("__kernel_clock_getres");
	int (*gettimeofday_)(struct timeval *, struct timezone *) =
		(int (*)(struct timeval *, struct timezone *))find("__kernel_gettimeofday");
	uint32_t *sigreturn = find("__kernel_rt_sigreturn");

	printf("symbols %d %d %d %d\n", gettime != NULL, getres != NULL, gettimeofday_ != NULL,
	       sigreturn && sigreturn[0] == 0xd2801168 && sigreturn[1] == 0xd4000001);
	for (unsigned i = 0; i < sizeof(clocks) / sizeof(*clocks); i++)
		printf("clock %d %d\n", clocks[i], agrees(gettime, clocks[i]));
	printf("bad clock %d\n", gettime(1000, &res) == -EINVAL);
	printf("getres %d %ld\n", getres(CLOCK_MONOTONIC, &res), (long)res.tv_nsec);
	time_t now = time(NULL);
	printf("gettimeofday %d %d %d\n", gettimeofday_(&tv, NULL),
	       tv.tv_sec >= now && tv.tv_sec <= now + 2, tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	printf("timezone %d %d\n", gettimeofday_(NULL, &tz), tz.tz_dsttime != -1);
	printf("nothing %d\n", gettimeofday_(NULL, NULL));

	signal(SIGILL, handler);
	signal(SIGSEGV, handler);
	int signo = sigsetjmp(back, 1);
	if (!signo) {
		u64 v;

		__asm__ volatile("mrs %0, s3_3_c15_c0_0" : "=r"(v));
		printf("read %" PRIx64 "\n", v);
	} else {
		printf("elsewhere: %s\n", signo == SIGILL ? "SIGILL" : "?");
	}
	signo = sigsetjmp(back, 1);
	if (!signo)
		gettime(CLOCK_REALTIME, (struct timespec *)8);
	/* handler, trampoline, clock_gettime, main, and what called that */
	printf("bad pointer: %s, unwound %d\n", signo == SIGSEGV ? "SIGSEGV" : "?", depth >= 5);
	check_maps();
	return 0;
}
