/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The benchmark runner: runs each program natively, under xlate-aarch64 and under
 * qemu-aarch64, in turn, compares outputs, prints CPU times and ratios, writes JSON.
 * tags: bench - runner
 *
 * A time is user+sys of the process and of all that it waited for, the best of N rounds.
 * What cannot run, ends badly or prints something else than the native program is named as
 * such and counts in no mean.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <json-c/json.h>

#include "bench/child.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum runner { NATIVE, XLATE, QEMU, RUNNERS };

static const char *const runner_names[RUNNERS] = {"native", "xlate", "qemu"};

enum {
	NEEDS_REGISTRATION = 1, /* runs inside a private binfmt_misc instance */
	MANY_ROUNDS = 2,        /* so short that the best of many is wanted */
	DEBIAN = 4,             /* Debian's static program, not one of ours */
	MAY_BE_MISSING = 8,     /* not yet promised: say so, and go on */
	ONLY_XLATE = 16,        /* qemu cannot do this at all */
};

struct program {
	const char *name, *class;
	unsigned flags;
	const char *file;         /* if not the name */
	const char *arguments[3]; /* "@empty" stands for the path of that program */
};

static const struct program programs[] = {
	{.name = "sort", .class = "integer"},
	{.name = "sieve", .class = "integer"},
	{.name = "crc", .class = "integer"},
	{.name = "fib", .class = "calls"},
	{.name = "indirect", .class = "calls"},
	{.name = "interpreter", .class = "calls"},
	{.name = "strings", .class = "libc"},
	{.name = "memory", .class = "libc"},
	{.name = "sha1", .class = "crypto-c"},
	{.name = "sha256", .class = "crypto-c"},
	{.name = "sha512", .class = "crypto-c"},
	{.name = "bignum", .class = "bignum"},
	{.name = "lz", .class = "compression"},
	{.name = "objects", .class = "c++"},
	{.name = "exceptions", .class = "c++", .flags = MAY_BE_MISSING},
	{.name = "nbody", .class = "fp"},
	{.name = "mandelbrot", .class = "fp"},
	{.name = "single", .class = "fp"},
	{.name = "chains", .class = "fp"},
	{.name = "dot", .class = "fp"},
	{.name = "matmul", .class = "fp"},
	{.name = "fft", .class = "fp"},
	{.name = "vector_int", .class = "simd"},
	{.name = "vector_float", .class = "simd"},
	{.name = "vector_hand", .class = "simd"},
	{.name = "convolve_u8", .class = "simd"},
	{.name = "convolve_f32", .class = "simd"},
	{.name = "resample", .class = "simd"},
	{.name = "half", .class = "simd"},
	{.name = "base64", .class = "simd"},
	{.name = "utf8", .class = "simd"},
	{.name = "scan", .class = "simd"},
	{.name = "chacha20poly1305", .class = "simd"},
	{.name = "aes_gcm", .class = "crypto"},
	{.name = "aes_cbc", .class = "crypto"},
	{.name = "sha1_ext", .class = "crypto"},
	{.name = "sha256_ext", .class = "crypto"},
	{.name = "sha512_ext", .class = "crypto"},
	{.name = "crc32", .class = "crypto"},
	{.name = "crc32c", .class = "crypto"},
	{.name = "syscalls", .class = "system"},
	{.name = "signals", .class = "system"},
	{.name = "forkexec",
	 .class = "process",
	 .flags = NEEDS_REGISTRATION,
	 .arguments = {"@empty"}},
	{.name = "forkexec-bare",
	 .class = "process",
	 .flags = ONLY_XLATE,
	 .file = "forkexec",
	 .arguments = {"@empty"}},
	{.name = "empty", .class = "process", .flags = MANY_ROUNDS},
	{.name = "bash",
	 .class = "process",
	 .flags = MANY_ROUNDS | DEBIAN,
	 .file = "bash-static",
	 .arguments = {"-c", ":"}},
	{.name = "threads", .class = "threads", .flags = MAY_BE_MISSING},
};

/* The best of a program's rounds under one runner. */
struct result {
	bool good;
	char problem[80];
	double cpu_ms, wall_ms;
};

static struct {
	int rounds;
	const char *build, *debian, *xlate, *qemu, *json, *libc;
	int time_limit;
} options = {.rounds = 3,
	     .build = "bench/out",
	     .debian = "tests/debian",
	     .json = "bench.json",
	     .time_limit = 30};

static void program_path(char *path, size_t size, const struct program *p,
			 enum runner runner, const char *file)
{
	const char *machine = runner == NATIVE ? "native" : "arm64";

	if (p->flags & DEBIAN)
		snprintf(path, size, "%s/%s/bin/%s", options.debian,
			 runner == NATIVE ? "amd64" : "arm64", file);
	else
		snprintf(path, size, "%s/%s/%s", options.build, machine, file);
}

static const char *interpreter(enum runner runner)
{
	return runner == XLATE ? options.xlate : runner == QEMU ? options.qemu : NULL;
}

/* Builds the argument vector: [interpreter] program arguments. `paths` holds their text. */
static void make_arguments(char **argv, char paths[4][500], const struct program *p,
			   enum runner runner)
{
	int n = 0, k = 0;

	if (runner != NATIVE && !(p->flags & NEEDS_REGISTRATION))
		argv[n++] = (char *)interpreter(runner);
	program_path(paths[k], sizeof(paths[k]), p, runner, p->file ?: p->name);
	argv[n++] = paths[k++];
	for (int i = 0; i < 3 && p->arguments[i]; i++) {
		const char *a = p->arguments[i];
		if (a[0] == '@') {
			program_path(paths[k], sizeof(paths[k]), p, runner, a + 1);
			a = paths[k++];
		}
		argv[n++] = (char *)a;
	}
	argv[n] = NULL;
}

static void run_once(const struct program *p, enum runner runner, struct outcome *o)
{
	char paths[4][500], *argv[8];
	const char *registered = NULL;

	*o = (struct outcome){0};
	if (runner != NATIVE && !interpreter(runner)) {
		snprintf(o->problem, sizeof(o->problem), "not there");
		return;
	}
	if (runner == QEMU && (p->flags & ONLY_XLATE)) {
		snprintf(o->problem, sizeof(o->problem), "needs a registration");
		return;
	}
	make_arguments(argv, paths, p, runner);
	if (access(paths[0], X_OK) < 0) {
		snprintf(o->problem, sizeof(o->problem), "not built");
		return;
	}
	if (runner != NATIVE && (p->flags & NEEDS_REGISTRATION))
		registered = interpreter(runner);
	child_run(&(struct child){.argv = argv,
				  .registered = registered,
				  .time_limit = options.time_limit},
		  o);
}

static void merge(struct result *r, const struct outcome *o, const struct outcome *native)
{
	if (!o->problem[0] &&
	    (!o->output || !native->output || o->output_size != native->output_size ||
	     memcmp(o->output, native->output, o->output_size))) {
		r->good = false;
		snprintf(r->problem, sizeof(r->problem), "wrong output");
		return;
	}
	if (o->problem[0]) {
		r->good = false;
		snprintf(r->problem, sizeof(r->problem), "%s", o->problem);
		return;
	}
	if (r->problem[0])
		return; /* a failure in an earlier round stays one */
	if (!r->good || o->cpu_ms < r->cpu_ms)
		r->cpu_ms = o->cpu_ms;
	if (!r->good || o->wall_ms < r->wall_ms)
		r->wall_ms = o->wall_ms;
	r->good = true;
}

static void run_program(const struct program *p, struct result *results)
{
	int rounds = options.rounds * (p->flags & MANY_ROUNDS ? 20 : 1);

	memset(results, 0, RUNNERS * sizeof(*results));
	for (int i = 0; i < rounds; i++) {
		struct outcome o[RUNNERS];

		for (int k = 0; k < RUNNERS; k++) {
			o[k] = (struct outcome){0};
			/* Once it failed there is nothing to measure. */
			if (!results[k].problem[0])
				run_once(p, k, &o[k]);
		}
		for (int k = 0; k < RUNNERS; k++)
			if (!results[k].problem[0])
				merge(&results[k], &o[k], &o[NATIVE]);
		for (int k = 0; k < RUNNERS; k++)
			free(o[k].output);
		if (results[NATIVE].problem[0])
			break;
	}
}

/* Geometric means are sums of logarithms. */
struct mean {
	double sum;
	int n;
};

static void mean_add(struct mean *m, double a, double b)
{
	if (a > 0 && b > 0) {
		m->sum += log(a / b);
		m->n++;
	}
}

static double mean_get(const struct mean *m)
{
	return m->n ? exp(m->sum / m->n) : NAN;
}

enum { XLATE_NATIVE, QEMU_NATIVE, XLATE_QEMU, RATIOS };

static const char *const ratio_names[RATIOS] = {"xlate/native", "qemu/native",
						"xlate/qemu"};

/* Means over the programs that ran well under all that the ratio compares. */
struct means {
	struct mean ratio[RATIOS];
};

static void means_add(struct means *m, const struct result *r)
{
	if (r[NATIVE].good && r[XLATE].good)
		mean_add(&m->ratio[XLATE_NATIVE], r[XLATE].cpu_ms, r[NATIVE].cpu_ms);
	if (r[NATIVE].good && r[QEMU].good)
		mean_add(&m->ratio[QEMU_NATIVE], r[QEMU].cpu_ms, r[NATIVE].cpu_ms);
	if (r[XLATE].good && r[QEMU].good)
		mean_add(&m->ratio[XLATE_QEMU], r[XLATE].cpu_ms, r[QEMU].cpu_ms);
}

static void print_time(const struct result *r)
{
	if (r->good)
		printf(" %9.2f", r->cpu_ms);
	else
		printf(" %9s", "-");
}

static void print_ratio(double v)
{
	if (isnan(v))
		printf(" %8s", "-");
	else
		printf(" %8.2f", v);
}

static double ratio(const struct result *r, int a, int b)
{
	return r[a].good && r[b].good && r[b].cpu_ms > 0 ? r[a].cpu_ms / r[b].cpu_ms
							 : NAN;
}

static void print_row(const struct program *p, const struct result *r)
{
	printf("%-16s %-12s", p->name, p->class);
	for (int k = 0; k < RUNNERS; k++)
		print_time(&r[k]);
	print_ratio(ratio(r, XLATE, NATIVE));
	print_ratio(ratio(r, QEMU, NATIVE));
	print_ratio(ratio(r, XLATE, QEMU));
	for (int k = 0; k < RUNNERS; k++)
		if (!r[k].good)
			printf("  %s: %s%s", runner_names[k], r[k].problem,
			       k == XLATE && (p->flags & MAY_BE_MISSING)
				       ? " (not promised yet)"
				       : "");
	putchar('\n');
	fflush(stdout);
}

static struct json_object *json_number(double v)
{
	char text[40];

	if (isnan(v))
		return NULL;
	snprintf(text, sizeof(text), "%.4g", v);
	return json_object_new_double_s(v, text);
}

static struct json_object *json_means(const struct means *m)
{
	struct json_object *o = json_object_new_object();

	for (int i = 0; i < RATIOS; i++)
		json_object_object_add(o, ratio_names[i],
				       json_number(mean_get(&m->ratio[i])));
	return o;
}

static struct json_object *json_row(const struct program *p, const struct result *r)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "name", json_object_new_string(p->name));
	json_object_object_add(o, "class", json_object_new_string(p->class));
	for (int k = 0; k < RUNNERS; k++) {
		struct json_object *t = json_object_new_object();
		json_object_object_add(t, "ok", json_object_new_boolean(r[k].good));
		if (r[k].good) {
			json_object_object_add(t, "cpu_ms", json_number(r[k].cpu_ms));
			json_object_object_add(t, "wall_ms", json_number(r[k].wall_ms));
		} else {
			json_object_object_add(t, "problem",
					       json_object_new_string(r[k].problem));
		}
		json_object_object_add(o, runner_names[k], t);
	}
	json_object_object_add(o, ratio_names[XLATE_NATIVE],
			       json_number(ratio(r, XLATE, NATIVE)));
	json_object_object_add(o, ratio_names[QEMU_NATIVE],
			       json_number(ratio(r, QEMU, NATIVE)));
	json_object_object_add(o, ratio_names[XLATE_QEMU],
			       json_number(ratio(r, XLATE, QEMU)));
	return o;
}

/* ---- what the project promises, beside what was measured ---- */

enum target {
	TARGET_ALL,
	TARGET_WORST,
	TARGET_INTEGER,
	TARGET_FP_NATIVE,
	TARGET_FP_QEMU,
	TARGET_CRYPTO,
	TARGET_BASH,
	TARGET_FORKEXEC,
	TARGET_START,
	TARGET_MEMORY,
	TARGET_NS_BASH,
	TARGET_NS_LIBC,
	TARGET_BYTES_BASH,
	TARGET_BYTES_LIBC,
	TARGET_COUNT
};

static struct {
	const char *name, *text;
	double limit, value;
} targets[TARGET_COUNT] = {
	[TARGET_ALL] = {"all_xlate_qemu", "geometric mean of all, of QEMU's time", 0.4,
			NAN},
	[TARGET_WORST] = {"worst_xlate_qemu", "the slowest, of QEMU's time", 1, NAN},
	[TARGET_INTEGER] = {"integer_xlate_native",
			    "integer, calls, crypto-c, compression, times native", 1.7,
			    NAN},
	[TARGET_FP_NATIVE] = {"fp_simd_xlate_native", "fp and simd, times native", 1.8,
			      NAN},
	[TARGET_FP_QEMU] = {"fp_simd_xlate_qemu", "fp and simd, of QEMU's time", 0.15,
			    NAN},
	[TARGET_CRYPTO] = {"crypto_xlate_native",
			   "crypto (extensions), times native", 1.3, NAN},
	[TARGET_BASH] = {"bash_xlate_qemu", "bash -c :, of QEMU's time", 0.25, NAN},
	[TARGET_FORKEXEC] = {"forkexec_xlate_native", "fork and exec, times native", 4,
			     NAN},
	[TARGET_START] = {"start_ms", "start of an empty program over native, ms", 1,
			  NAN},
	[TARGET_MEMORY] = {"memory_kb", "anonymous memory over native, KiB", 1024, NAN},
	[TARGET_NS_BASH] = {"bash_ns_per_insn", "translation of bash, ns per instruction",
			    150, NAN},
	[TARGET_NS_LIBC] = {"libc_ns_per_insn", "translation of libc, ns per instruction",
			    150, NAN},
	[TARGET_BYTES_BASH] = {"bash_bytes_per_insn",
			       "code for bash, bytes per instruction", 14, NAN},
	[TARGET_BYTES_LIBC] = {"libc_bytes_per_insn",
			       "code for libc, bytes per instruction", 14, NAN},
};

static bool is_scalar_integer(const char *class)
{
	return !strcmp(class, "integer") || !strcmp(class, "calls") ||
	       !strcmp(class, "crypto-c") || !strcmp(class, "compression");
}

static bool is_fp_or_simd(const char *class)
{
	return !strcmp(class, "fp") || !strcmp(class, "simd");
}

/* Notes what a program's result says about the targets. */
static void target_note(const struct program *p, const struct result *r)
{
	double worst = ratio(r, XLATE, QEMU);

	if (!isnan(worst) && !(targets[TARGET_WORST].value >= worst))
		targets[TARGET_WORST].value = worst;
	if (!strcmp(p->name, "bash"))
		targets[TARGET_BASH].value = worst;
	if (!strcmp(p->name, "forkexec"))
		targets[TARGET_FORKEXEC].value = ratio(r, XLATE, NATIVE);
}

static void print_targets(struct json_object *json)
{
	struct json_object *all = json_object_new_array();

	printf("\nTargets\n");
	for (int i = 0; i < TARGET_COUNT; i++) {
		struct json_object *o = json_object_new_object();
		double v = targets[i].value;

		if (isnan(v))
			printf("%-52s %9s  limit %-6g not measured\n", targets[i].text,
			       "-", targets[i].limit);
		else
			printf("%-52s %9.3g  limit %-6g %s\n", targets[i].text, v,
			       targets[i].limit,
			       v <= targets[i].limit ? "met" : "MISSED");
		json_object_object_add(o, "name",
				       json_object_new_string(targets[i].name));
		json_object_object_add(o, "limit", json_number(targets[i].limit));
		json_object_object_add(o, "value", json_number(v));
		json_object_object_add(
			o, "met",
			isnan(v) ? NULL : json_object_new_boolean(v <= targets[i].limit));
		json_object_array_add(all, o);
	}
	json_object_object_add(json, "targets", all);
}

static bool wanted(const struct program *p, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, p->name) || !strcmp(*names, p->class))
			return true;
	return false;
}

static void print_means(const char *name, const struct means *m)
{
	printf("%-16s %-12s %9s %9s %9s", "", name, "", "", "");
	for (int i = 0; i < RATIOS; i++)
		print_ratio(mean_get(&m->ratio[i]));
	printf("  (%d programs)\n", m->ratio[XLATE_QEMU].n);
}

static void run_programs(char **names, struct json_object *json)
{
	struct json_object *rows = json_object_new_array(),
			   *classes = json_object_new_object();
	struct means all = {0}, class = {0}, integer = {0}, fp = {0}, crypto = {0};
	struct {
		const char *name;
		struct means means;
	} table[ARRAY_SIZE(programs)];
	size_t n = 0;

	printf("%-16s %-12s %9s %9s %9s %8s %8s %8s\n", "program", "class", "native ms",
	       "xlate ms", "qemu ms", "x/native", "q/native", "x/qemu");
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		struct result r[RUNNERS];

		if (!wanted(&programs[i], names))
			continue;
		if (!n || strcmp(table[n - 1].name, programs[i].class))
			table[n++].name = programs[i].class, class = (struct means){0};
		run_program(&programs[i], r);
		means_add(&all, r);
		if (is_scalar_integer(programs[i].class))
			means_add(&integer, r);
		if (is_fp_or_simd(programs[i].class))
			means_add(&fp, r);
		if (!strcmp(programs[i].class, "crypto"))
			means_add(&crypto, r);
		target_note(&programs[i], r);
		means_add(&class, r);
		table[n - 1].means = class;
		print_row(&programs[i], r);
		json_object_array_add(rows, json_row(&programs[i], r));
	}
	printf("\nGeometric means of the ratios\n");
	for (size_t i = 0; i < n; i++) {
		print_means(table[i].name, &table[i].means);
		json_object_object_add(classes, table[i].name,
				       json_means(&table[i].means));
	}
	if (fp.ratio[XLATE_NATIVE].n)
		print_means("fp+simd", &fp);
	print_means("all", &all);
	targets[TARGET_ALL].value = mean_get(&all.ratio[XLATE_QEMU]);
	targets[TARGET_INTEGER].value = mean_get(&integer.ratio[XLATE_NATIVE]);
	targets[TARGET_FP_NATIVE].value = mean_get(&fp.ratio[XLATE_NATIVE]);
	targets[TARGET_FP_QEMU].value = mean_get(&fp.ratio[XLATE_QEMU]);
	targets[TARGET_CRYPTO].value = mean_get(&crypto.ratio[XLATE_NATIVE]);
	json_object_object_add(json, "programs", rows);
	json_object_object_add(json, "class_means", classes);
	json_object_object_add(json, "mean", json_means(&all));
}

/* The anonymous memory of a waiting process, in KiB, or negative errno. */
static long anonymous_kb(pid_t pid)
{
	char path[50], line[200];
	long kb = -ENOENT;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "Anonymous: %ld", &kb) == 1)
			break;
	fclose(f);
	return kb;
}

/* Starts the `idle` program, waits until it says that it runs, looks, and lets it go. */
static long idle_memory(enum runner runner)
{
	static const struct program idle = {.name = "idle", .class = "none"};
	char paths[4][500], *argv[8], c;
	int in[2], out[2];
	long kb = -EIO;
	pid_t pid;

	if (runner != NATIVE && !interpreter(runner))
		return -ENOENT;
	make_arguments(argv, paths, &idle, runner);
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execv(argv[0], argv);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	struct pollfd p = {out[0], POLLIN, 0};
	if (pid > 0 && poll(&p, 1, 5000) == 1 && read(out[0], &c, 1) == 1)
		kb = anonymous_kb(pid);
	if (pid > 0) {
		close(in[1]);
		if (kb < 0)
			kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	close(out[0]);
	return kb;
}

static void measure_start(struct json_object *json)
{
	static const struct program empty = {
		.name = "empty", .class = "process", .flags = MANY_ROUNDS};
	struct json_object *start = json_object_new_object();
	struct result r[RUNNERS];
	long native_kb = -1;

	printf("\nStart of an empty static program\n%-10s %9s %9s %12s\n", "", "wall ms",
	       "cpu ms", "anonymous KiB");
	run_program(&empty, r);
	for (int k = 0; k < RUNNERS; k++) {
		struct json_object *o = json_object_new_object();
		long kb = idle_memory(k);

		if (k == NATIVE)
			native_kb = kb;
		if (k == XLATE && kb >= 0 && native_kb >= 0)
			targets[TARGET_MEMORY].value = kb - native_kb;
		if (r[k].good)
			printf("%-10s %9.3f %9.3f ", runner_names[k], r[k].wall_ms,
			       r[k].cpu_ms);
		else
			printf("%-10s %9s %9s ", runner_names[k], "-", r[k].problem);
		if (kb >= 0)
			printf("%12ld\n", kb);
		else
			printf("%12s\n", "-");
		json_object_object_add(o, "wall_ms",
				       json_number(r[k].good ? r[k].wall_ms : NAN));
		json_object_object_add(o, "cpu_ms",
				       json_number(r[k].good ? r[k].cpu_ms : NAN));
		json_object_object_add(o, "anonymous_kb",
				       kb >= 0 ? json_object_new_int64(kb) : NULL);
		json_object_object_add(start, runner_names[k], o);
	}
	if (r[NATIVE].good && r[XLATE].good)
		targets[TARGET_START].value = r[XLATE].wall_ms - r[NATIVE].wall_ms;
	json_object_object_add(json, "start", start);
}

/* Splits "key value" lines with numeric values into a JSON object; prints them. What is asked
 * for is also returned. */
static struct json_object *parse_figures(char *text, double *ret_ns, double *ret_bytes)
{
	struct json_object *o = json_object_new_object();
	char *save, key[60];
	double v;

	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "%59s %lf", key, &v) == 2) {
			json_object_object_add(o, key, json_number(v));
			printf("  %s %.6g", key, v);
			if (ret_ns && !strcmp(key, "ns_per_insn"))
				*ret_ns = v;
			if (ret_bytes && !strcmp(key, "bytes_per_insn"))
				*ret_bytes = v;
		}
	return o;
}

/* The time per instruction in the output of --translate-all; huge if there is none. */
static double translation_ns(const struct outcome *o)
{
	const char *p = o->output ? strstr(o->output, "ns_per_insn ") : NULL;

	return p && !o->problem[0] ? strtod(p + strlen("ns_per_insn "), NULL) : INFINITY;
}

/* Of several runs the fastest is kept: the rest was disturbed. */
static void translate_file(const char *file, char *root, struct outcome *ret)
{
	char *argv[] = {(char *)options.xlate,     (char *)"-L", root,
			(char *)"--translate-all", (char *)file, NULL};
	struct child c = {
		.argv = argv, .catch_errors = true, .time_limit = options.time_limit};

	child_run(&c, ret);
	for (int k = 1; k < options.rounds * 3 && !ret->problem[0]; k++) {
		struct outcome o;

		child_run(&c, &o);
		if (translation_ns(&o) < translation_ns(ret)) {
			free(ret->output);
			*ret = o;
		} else {
			free(o.output);
		}
	}
}

static void measure_translation(struct json_object *json)
{
	struct json_object *all = json_object_new_object();
	char bash[500], root[500];

	/* libc.so.6 names a loader, which is looked for under the same root. */
	root[0] = 0;
	if (strrchr(options.libc, '/'))
		snprintf(root, sizeof(root), "%.*s/..",
			 (int)(strrchr(options.libc, '/') - options.libc), options.libc);
	snprintf(bash, sizeof(bash), "%s/arm64/bin/bash-static", options.debian);
	printf("\nTranslation of all code of a file (--translate-all)\n");
	for (int i = 0; i < 2; i++) {
		const char *file = i ? options.libc : bash;
		struct outcome o;

		if (!options.xlate || !file || access(file, R_OK) < 0) {
			printf("%s: not there\n", file ?: "libc.so.6");
			continue;
		}
		printf("%s:", file);
		translate_file(file, root, &o);
		if (o.problem[0] || !o.output)
			printf("  %s: %s\n", o.problem, o.output ?: "");
		else
			json_object_object_add(
				all, i ? "libc" : "bash-static",
				parse_figures(o.output,
					      &targets[TARGET_NS_BASH + i].value,
					      &targets[TARGET_BYTES_BASH + i].value));
		if (!o.problem[0])
			putchar('\n');
		free(o.output);
	}
	json_object_object_add(json, "translate_all", all);
}

/* What the translator says about itself after a short program: XLATE_DEBUG=stats. */
static void measure_stats(struct json_object *json)
{
	struct json_object *all = json_object_new_object();
	char empty[500], bash[500];
	char *commands[2][6] = {
		{(char *)options.xlate, empty, NULL},
		{(char *)options.xlate, bash, (char *)"-c", (char *)":", NULL},
	};

	if (!options.xlate)
		return;
	snprintf(empty, sizeof(empty), "%s/arm64/empty", options.build);
	snprintf(bash, sizeof(bash), "%s/arm64/bin/bash-static", options.debian);
	printf("\nThe translator's own figures (XLATE_DEBUG=stats)\n");
	for (int i = 0; i < 2; i++) {
		struct outcome o;

		if (access(commands[i][1], X_OK) < 0)
			continue;
		printf("%s:", i ? "bash -c :" : "empty");
		child_run(&(struct child){.argv = commands[i],
					  .environment = "XLATE_DEBUG=stats",
					  .catch_errors = true,
					  .time_limit = options.time_limit},
			  &o);
		if (o.problem[0] || !o.output)
			printf("  %s", o.problem);
		else
			json_object_object_add(all, i ? "bash" : "empty",
					       parse_figures(o.output, NULL, NULL));
		putchar('\n');
		free(o.output);
	}
	json_object_object_add(json, "stats", all);
}

static struct json_object *describe_host(void)
{
	struct json_object *o = json_object_new_object();
	struct utsname u;
	char line[300], date[40];
	time_t t = time(NULL);
	FILE *f = fopen("/proc/cpuinfo", "re");

	uname(&u);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime(&t));
	json_object_object_add(o, "date", json_object_new_string(date));
	json_object_object_add(o, "kernel", json_object_new_string(u.release));
	while (f && fgets(line, sizeof(line), f)) {
		char *colon = strchr(line, ':');
		if (colon && !strncmp(line, "model name", 10)) {
			line[strcspn(line, "\n")] = 0;
			json_object_object_add(o, "cpu",
					       json_object_new_string(colon + 2));
			break;
		}
	}
	if (f)
		fclose(f);
	json_object_object_add(o, "cpus",
			       json_object_new_int(sysconf(_SC_NPROCESSORS_ONLN)));
	return o;
}

/* An absolute path, for runs in other namespaces and registrations; NULL if not runnable. */
static char *find_runner(const char *name)
{
	const char *path = getenv("PATH");
	char *found = NULL, *copy, *save;

	if (!name || !*name)
		return NULL;
	if (strchr(name, '/')) {
		found = realpath(name, NULL);
		if (found && access(found, X_OK) == 0)
			return found;
		free(found);
		return NULL;
	}
	copy = strdup(path ?: "/usr/bin:/bin");
	for (char *d = strtok_r(copy, ":", &save); d && !found;
	     d = strtok_r(NULL, ":", &save)) {
		char full[500];
		snprintf(full, sizeof(full), "%s/%s", d, name);
		if (access(full, X_OK) == 0)
			found = strdup(full);
	}
	free(copy);
	return found;
}

static void usage(FILE *f)
{
	fputs("Usage: bench/run [options] [PROGRAM or CLASS...]\n"
	      "  -n N      rounds; the best counts (3)\n"
	      "  -x FILE   translator (./xlate-aarch64)\n"
	      "  -q FILE   qemu-user to compare with (qemu-aarch64-static); '' for none\n"
	      "  -b DIR    where native/ and arm64/ are (bench/out)\n"
	      "  -d DIR    where Debian's arm64/ and amd64/ are (tests/debian)\n"
	      "  -l FILE   an arm64 libc.so.6, for the translation figures\n"
	      "  -o FILE   JSON output (bench.json)\n"
	      "  -t SEC    time limit of one run (30)\n",
	      f);
}

static int parse_options(int argc, char **argv)
{
	const char *xlate = "./xlate-aarch64", *qemu = "qemu-aarch64-static";
	int c;

	options.libc = "/usr/aarch64-linux-gnu/lib/libc.so.6";
	while ((c = getopt(argc, argv, "n:x:q:b:d:l:o:t:h")) >= 0) {
		switch (c) {
		case 'n': options.rounds = atoi(optarg); break;
		case 'x': xlate = optarg; break;
		case 'q': qemu = optarg; break;
		case 'b': options.build = optarg; break;
		case 'd': options.debian = optarg; break;
		case 'l': options.libc = optarg; break;
		case 'o': options.json = optarg; break;
		case 't': options.time_limit = atoi(optarg); break;
		case 'h': usage(stdout); exit(0);
		default: usage(stderr); return -EINVAL;
		}
	}
	if (options.rounds < 1 || options.time_limit < 1) {
		usage(stderr);
		return -EINVAL;
	}
	options.xlate = find_runner(xlate);
	options.qemu = find_runner(qemu);
	if (!options.xlate)
		fprintf(stderr, "bench: no translator at %s; its columns stay empty\n",
			xlate);
	if (!options.qemu)
		fprintf(stderr, "bench: no %s; its columns stay empty\n", qemu);
	options.build = realpath(options.build, NULL);
	if (!options.build) {
		fprintf(stderr, "bench: no built programs (make bench builds them)\n");
		return -ENOENT;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct json_object *json;
	sigset_t set;
	int r;

	if (parse_options(argc, argv) < 0)
		return 2;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	json = json_object_new_object();
	json_object_object_add(json, "schema", json_object_new_int(1));
	json_object_object_add(json, "host", describe_host());
	json_object_object_add(json, "rounds", json_object_new_int(options.rounds));
	run_programs(argv + optind, json);
	if (!argv[optind]) {
		measure_start(json);
		measure_translation(json);
		measure_stats(json);
		print_targets(json);
	}
	r = json_object_to_file_ext(options.json, json, JSON_C_TO_STRING_PRETTY);
	if (r < 0)
		fprintf(stderr, "bench: %s: cannot write\n", options.json);
	json_object_put(json);
	return r < 0;
}
