/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Each check of the audit, on a made-up system that has the fault and on one that does not. A
 * check without a case here fails the test.
 */
#include <elf.h>

#include "tests/lib/unit.h"
#include "tests/unit/binfmtctl/instance.h"

#include "common/macro.h"

#include "binfmtctl/audit.h"
#include "binfmtctl/guest.h"

static const char version[] = "test of the audit\n";

/* A system: a directory as its root, one in it as /proc, entries and configuration. */
struct fx {
	char path[64];
	int root, proc, mount;
	struct entries entries; /* the first added is the first to match */
	struct config config;
	struct record record;
	struct host host;
	struct audit audit;
	int keep_open;
	bool mounted;
};

static bool have_instance;
static char instance_path[64];

static void make_dirs(int dir, const char *path)
{
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *p = copy; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (*copy)
			mkdirat(dir, copy, 0755);
		*p = '/';
	}
}

static void put(struct fx *f, const char *path, const void *data, size_t size,
		mode_t mode)
{
	int fd;

	make_dirs(f->root, path);
	unlinkat(f->root, path, 0);
	fd = openat(f->root, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), (ssize_t)size);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void text(struct fx *f, const char *path, const char *content)
{
	put(f, path, content, strlen(content), 0644);
}

/* A static program of this machine that ends with GUEST_STATUS. */
static void program(struct fx *f, const char *path, mode_t mode)
{
	uint8_t data[GUEST_SIZE_MAX];
	size_t size = guest_program(f->audit.world.native.name, data);

	assert_true(size > 0);
	put(f, path, data, size, mode);
}

static void link_to(struct fx *f, const char *path, const char *target)
{
	make_dirs(f->root, path);
	assert_int_equal(symlinkat(target, f->root, path), 0);
}

static struct entry *entry(struct fx *f, const char *rule)
{
	struct entry e = {.enabled = true, .understood = true};
	struct diag diag = {0};

	if (rule_parse(rule, strlen(rule), rule_limits_any(), &e.rule, &diag))
		fail_msg("%s: %s", rule, diag.message);
	assert_int_equal(entries_add(&f->entries, &e), 0);
	return &f->entries.list[f->entries.count - 1];
}

static void conf(struct fx *f, const char *path, const char *content)
{
	text(f, path + 1, content);
}

static void add_mount(struct fx *f, dev_t device, pid_t pid, uint64_t user, bool own)
{
	struct binfmt_mounts *m = &f->host.mounts;

	m->list = realloc(m->list, (m->count + 1) * sizeof(*m->list));
	m->list[m->count++] = (struct binfmt_mount){
		.device = device,
		.point = strdup("/m"),
		.user_ns = user,
		.mount_ns = 100 + pid,
		.pid = pid,
		.own = own,
	};
}

static void begin(struct fx *f)
{
	*f = (struct fx){.mount = -1, .keep_open = -1};
	f->root = unit_temp_dir(f->path);
	assert_int_equal(mkdirat(f->root, "proc", 0755), 0);
	f->proc = openat(f->root, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	f->audit.world.root_fd = f->root;
	f->audit.world.enabled = true;
	native_detect(&f->audit.world.native);
	f->host.mount = HOST_MOUNTED;
	f->host.initial_userns = true;
	f->host.limits = rule_limits_find("6.12");
	f->host.mounts.user_ns = 1;
	f->audit.trusted = geteuid();
	program(f, "usr/bin/i", 0755);
}

static void end(struct fx *f)
{
	char stick[128];

	entries_done(&f->entries);
	config_done(&f->config);
	record_done(&f->record);
	host_done(&f->host);
	if (f->mounted) {
		snprintf(stick, sizeof(stick), "%s/stick", f->path);
		umount2(stick, MNT_DETACH);
	}
	close(f->proc);
	close(f->root);
	if (f->keep_open >= 0)
		close(f->keep_open);
	if (f->mount >= 0)
		close(f->mount);
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", f->path, NULL);
		_exit(1);
	}
	wait(NULL);
}

/* Runs one check; how many findings it made, and the worst of them in @ret_worst. */
static size_t run(struct fx *f, const char *id, enum severity *ret_worst)
{
	struct findings findings = {0};
	size_t n;

	assert_int_equal(config_load(f->root, f->host.limits, &f->config), 0);
	f->audit.world.entries = &f->entries;
	f->audit.config = &f->config;
	f->audit.record = &f->record;
	f->audit.host = &f->host;
	f->audit.mount_fd = f->mount;
	f->audit.proc_fd = f->proc;
	f->audit.only = id;
	assert_int_equal(audit_run(&f->audit, &findings), 0);
	n = findings.count;
	*ret_worst = SEVERITY_INFO;
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(findings.list[i].id, id);
		assert_true(findings.list[i].evidence[0]);
		if (findings.list[i].severity > *ret_worst)
			*ret_worst = findings.list[i].severity;
	}
	findings_done(&findings);
	return n;
}

/* Needs the kernel: the entries are registered in the instance, the last one first. */
static bool use_instance(struct fx *f)
{
	static const struct rule_style style = {.encoding = RULE_HEX};

	if (!have_instance)
		return false;
	assert_int_equal(kernel_open(AT_FDCWD, instance_path, &f->mount), 0);
	assert_int_equal(kernel_remove_all(f->mount), 0);
	for (size_t i = f->entries.count; i-- > 0;) {
		struct text line = TEXT_INIT;

		assert_int_equal(
			rule_build(&f->entries.list[i].rule, &style, &line, NULL), 0);
		assert_int_equal(kernel_register(f->mount, line.data, line.size), 0);
		text_done(&line);
	}
	return true;
}

#define ARM64                                                                       \
	"\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02" \
	"\\x00\\xb7\\x00"
#define ELF_MASK                                                                      \
	"\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\x00\\x00\\x00\\xff\\xff\\xff\\xff" \
	"\\xff\\xfe\\xff\\xff\\xff"

/* One case per check: makes the fault when @bad, else something like it that is fine. */
static bool case_S01(struct fx *f, bool bad)
{
	program(f, "opt/i", bad ? 0775 : 0755);
	if (bad)
		assert_int_equal(fchmodat(f->root, "opt", 0777, 0), 0);
	entry(f, ":a:M::" ARM64 ":" ELF_MASK ":/opt/i:C");
	return true;
}

static bool case_S02(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M::" ARM64 ":" ELF_MASK ":usr/bin/i:C"
		     : ":a:M::" ARM64 ":" ELF_MASK ":/usr/bin/i:C");
	return true;
}

static bool case_S03(struct fx *f, bool bad)
{
	program(f, "usr/bin/su", bad ? 04755 : 0755);
	entry(f, ":a:M::\\x7fELF::/usr/bin/i:C");
	return true;
}

static bool case_S04(struct fx *f, bool bad)
{
	program(f, bad ? "tmp/i" : "usr/lib/i", 0755);
	entry(f, bad ? ":a:E::x::/tmp/i:" : ":a:E::x::/usr/lib/i:");
	return true;
}

static bool case_S05(struct fx *f, bool bad)
{
	conf(f, "/etc/binfmt.d/a.conf", ":a:E::x::/usr/bin/i:\n");
	if (bad)
		assert_int_equal(fchmodat(f->root, "etc/binfmt.d/a.conf", 0666, 0), 0);
	return true;
}

static bool case_S06(struct fx *f, bool bad)
{
	program(f, "usr/bin/i", bad ? 04755 : 0755);
	entry(f, ":a:E::x::/usr/bin/i:");
	return true;
}

static bool case_S07(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:E::jar::/usr/bin/i:C"
		     : ":a:M::" ARM64 ":" ELF_MASK ":/usr/bin/i:C");
	return true;
}

static bool case_S08(struct fx *f, bool bad)
{
	program(f, "usr/bin/qemu-x", 0755);
	program(f, "usr/bin/xlate-x", 0755);
	entry(f, bad ? ":a:E::x::/usr/bin/qemu-x:O" : ":a:E::x::/usr/bin/xlate-x:O");
	return true;
}

/* The MD5 of "abc". */
static bool case_S09(struct fx *f, bool bad)
{
	put(f, "usr/bin/abc", bad ? "abd" : "abc", 3, 0755);
	text(f, "var/lib/dpkg/info/other.list", "/.\n/usr\n/usr/bin/other\n");
	text(f, "var/lib/dpkg/info/p.list", "/.\n/usr/bin/abc\n");
	text(f, "var/lib/dpkg/info/p.md5sums",
	     "900150983cd24fb0d6963f7d28e17f72  usr/bin/abc\n");
	entry(f, ":a:E::x::/usr/bin/abc:");
	return true;
}

static bool case_S10(struct fx *f, bool bad)
{
	entry(f, ":a:E::x::/usr/bin/i:F");
	conf(f, bad ? "/etc/binfmt.d/b.conf" : "/etc/binfmt.d/a.conf",
	     bad ? ":b:E::x::/usr/bin/i:F" : ":a:E::x::/usr/bin/i:F");
	return true;
}

static bool case_S11(struct fx *f, bool bad)
{
	mkdirat(f->root, "container", 0755);
	link_to(f, "proc/77/root", bad ? "../../container" : "../..");
	link_to(f, "proc/self/root", "../..");
	add_mount(f, 5, 1, 1, true);
	add_mount(f, 5, 77, 1, false);
	return true;
}

static bool case_F01(struct fx *f, bool bad)
{
	struct entry *e;
	char rule[128];

	if (!have_instance)
		return false;
	/* The kernel and the audit must mean the same file, so the root is the real one. */
	snprintf(rule, sizeof(rule), ":a:M::stale magic::%s/usr/bin/i:F", f->path);
	e = entry(f, rule);
	f->audit.world.root_fd = AT_FDCWD;
	use_instance(f);
	if (bad)
		program(f, "usr/bin/i", 0755);
	f->audit.probe = true;
	e->registered.tv_sec = 1;
	return true;
}

static bool case_F02(struct fx *f, bool bad)
{
	link_to(f, "proc/88/exe", bad ? "/usr/bin/i (deleted)" : "/usr/bin/i");
	entry(f, ":a:E::x::/usr/bin/i:F");
	return true;
}

static bool case_F03(struct fx *f, bool bad)
{
	put(f, "usr/bin/script", "#!/usr/bin/i\n", 13, 0755);
	entry(f, bad ? ":a:E::x::/usr/bin/script:F" : ":a:E::x::/usr/bin/i:F");
	return true;
}

static bool case_F04(struct fx *f, bool bad)
{
	text(f, "usr/bin/podman", "");
	entry(f, bad ? ":a:M::" ARM64 ":" ELF_MASK ":/usr/bin/i:"
		     : ":a:M::" ARM64 ":" ELF_MASK ":/usr/bin/i:F");
	return true;
}

static bool case_F05(struct fx *f, bool bad)
{
	char path[128];

	if (!have_instance)
		return false;
	mkdirat(f->root, "stick", 0755);
	snprintf(path, sizeof(path), "%s/stick", f->path);
	if (bad)
		assert_int_equal(mount("none", path, "tmpfs", 0, NULL), 0);
	f->mounted = bad;
	/* Seen through the mount, which the descriptor of before is not. */
	close(f->root);
	f->root = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	f->audit.world.root_fd = f->root;
	program(f, "stick/i", 0755);
	entry(f, ":a:E::x::/stick/i:F");
	return true;
}

static bool case_F06(struct fx *f, bool bad)
{
	text(f, "etc/fstab",
	     bad ? "# comment\n/dev/sdb1 /srv ext4 defaults,nofail 0 0\n"
		 : "/dev/sdb1 /srv ext4 defaults 0 0\n");
	program(f, "srv/i", 0755);
	entry(f, ":a:E::x::/srv/i:F");
	return true;
}

static bool case_I01(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:E::x::/usr/bin/missing:" : ":a:E::x::/usr/bin/i:");
	return true;
}

static bool case_I02(struct fx *f, bool bad)
{
	uint8_t data[GUEST_SIZE_MAX];
	size_t size = guest_program("s390x", data);

	put(f, "usr/bin/foreign", data, size, 0755);
	entry(f, bad ? ":a:E::x::/usr/bin/foreign:" : ":a:E::x::/usr/bin/i:");
	return true;
}

static bool case_I03(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M::\\x7fELF::/usr/bin/i:" : ":a:M::ELF!::/usr/bin/i:");
	return true;
}

static bool case_I04(struct fx *f, bool bad)
{
	put(f, "usr/bin/script", "#!/usr/bin/i\n", 13, 0755);
	entry(f, bad ? ":a:E::x::/usr/bin/script:O" : ":a:E::x::/usr/bin/script:P");
	return true;
}

static bool case_I05(struct fx *f, bool bad)
{
	program(f, "usr/bin/wine", 0755);
	entry(f, bad ? ":a:M::MZ::/usr/bin/wine:P" : ":a:M::MZ::/usr/bin/wine:");
	return true;
}

static bool case_I06(struct fx *f, bool bad)
{
	f->keep_open =
		openat(f->root, "usr/bin/i", (bad ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
	entry(f, ":a:E::x::/usr/bin/i:");
	return true;
}

static bool case_I07(struct fx *f, bool bad)
{
	uint8_t data[GUEST_SIZE_MAX];
	size_t size = guest_program(f->audit.world.native.name, data);
	Elf64_Phdr *p = (Elf64_Phdr *)(data + sizeof(Elf64_Ehdr));

	if (bad)
		p->p_align = 512;
	put(f, "usr/bin/i", data, size, 0755);
	entry(f, ":a:E::x::/usr/bin/i:");
	return true;
}

static bool case_R01(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M::\\x7fELF::/usr/bin/i:" : ":a:M::\\x7fEL?::/usr/bin/i:");
	return true;
}

static bool case_R02(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M::ABC::/usr/bin/i:" : ":a:M::ABCDE::/usr/bin/i:");
	entry(f, ":b:M::ABCD::/usr/bin/i:P");
	return true;
}

static bool case_R03(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M::BC::/usr/bin/i:" : ":a:M::BC\\xc0\\xde::/usr/bin/i:");
	return true;
}

static bool case_R04(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M::" ARM64 "::/usr/bin/i:"
		     : ":a:M::" ARM64 ":" ELF_MASK ":/usr/bin/i:");
	return true;
}

static bool case_R05(struct fx *f, bool bad)
{
	/* A little-endian machine number in a big-endian file. */
	entry(f, bad ? ":a:M::\\x7fELF\\x02\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
		       "\\x00\\x00\\x00\\x02\\xb7\\x00::/usr/bin/i:"
		     : ":a:M::" ARM64 ":" ELF_MASK ":/usr/bin/i:");
	return true;
}

static bool case_R06(struct fx *f, bool bad)
{
	f->audit.world.native.compat_count = 1;
	f->audit.world.native.compat[0] = EM_ARM;
	entry(f, bad ? ":a:M::\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
		       "\\x00\\x00\\x02\\x00\\x28\\x00:" ELF_MASK ":/usr/bin/i:"
		     : ":a:M::" ARM64 ":" ELF_MASK ":/usr/bin/i:");
	return true;
}

static bool case_R07(struct fx *f, bool bad)
{
	entry(f,
	      bad ? ":qemu-armhf:M::\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00"
		    "\\x00\\x00\\x00\\x02\\x00\\x28\\x00:" ELF_MASK ":/usr/bin/i:"
		  : ":qemu-arm:M::\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00"
		    "\\x00\\x00\\x00\\x02\\x00\\x28\\x00:" ELF_MASK ":/usr/bin/i:");
	return true;
}

static bool case_R08(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M::\\x00\\x00\\x00\\x00::/usr/bin/i:"
		     : ":a:M::\\x00asm::/usr/bin/i:");
	return true;
}

static bool case_R09(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:E::tar.gz::/usr/bin/i:" : ":a:E::gz::/usr/bin/i:");
	return true;
}

static bool case_R10(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M:200:ABCD::/usr/bin/i:" : ":a:M:100:ABCD::/usr/bin/i:");
	return true;
}

static bool case_R11(struct fx *f, bool bad)
{
	entry(f, bad ? ":two words:E::x::/usr/bin/i:" : ":two-words:E::x::/usr/bin/i:");
	return true;
}

static bool case_R12(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M::ABCD:\\xff\\xff\\xff\\x00:/usr/bin/i:"
		     : ":a:M::ABC\\x00:\\xff\\xff\\xff\\x00:/usr/bin/i:");
	return true;
}

static bool case_D01(struct fx *f, bool bad)
{
	f->mount = dup(f->root);
	entry(f, ":a:E::x::/usr/bin/i:P");
	conf(f, "/etc/binfmt.d/a.conf",
	     bad ? ":a:E::x::/usr/bin/i:" : ":a:E::x::/usr/bin/i:P");
	return true;
}

static bool case_D02(struct fx *f, bool bad)
{
	f->mount = dup(f->root);
	entry(f, ":a:E::x::/usr/bin/i:");
	if (!bad)
		conf(f, "/usr/lib/binfmt.d/a.conf", ":a:E::x::/usr/bin/i:");
	return true;
}

static bool case_D03(struct fx *f, bool bad)
{
	conf(f, "/etc/binfmt.d/a.conf", ":a:E::x::/usr/bin/i:");
	text(f, bad ? "var/lib/binfmts/a" : "var/lib/binfmts/b",
	     "p\nextension\n\ny\n\n/usr/bin/i\n\n\n\n\n");
	return true;
}

static bool case_D04(struct fx *f, bool bad)
{
	conf(f, "/etc/binfmt.d/a.conf",
	     bad ? ":a:E::x::/usr/bin/i:\r\n" : ":a:E::x::/usr/bin/i:\n");
	return true;
}

static bool case_D05(struct fx *f, bool bad)
{
	entry(f, ":a:E::x::/usr/bin/i:")->enabled = !bad;
	return true;
}

static bool case_D06(struct fx *f, bool bad)
{
	f->host.mount = bad ? HOST_AUTOMOUNT : HOST_MOUNTED;
	return true;
}

static bool case_D07(struct fx *f, bool bad)
{
	struct entry was = {.enabled = true, .understood = true};
	const char *rule = bad ? ":a:E::x::/usr/bin/i:CF" : ":a:E::x::/usr/bin/i:F";

	assert_int_equal(
		rule_parse(rule, strlen(rule), rule_limits_any(), &was.rule, NULL), 0);
	assert_int_equal(entries_add(&f->record.entries, &was), 0);
	entry(f, ":a:E::x::/usr/bin/i:F");
	return true;
}

static bool case_D08(struct fx *f, bool bad)
{
	entry(f, ":wine:M::MZ::/usr/bin/i:");
	entry(f, bad ? ":WSLInterop:M::MZ::/init:PF" : ":other:M::PE::/init:PF");
	return true;
}

static bool case_D09(struct fx *f, bool bad)
{
	f->host.systemd = true;
	text(f, "usr/lib/systemd/system/systemd-binfmt.service", "");
	entry(f, ":a:E::x::/usr/bin/i:");
	if (!bad)
		conf(f, "/etc/binfmt.d/a.conf", ":a:E::x::/usr/bin/i:");
	return true;
}

static bool case_N01(struct fx *f, bool bad)
{
	add_mount(f, 5, 1, 1, true);
	add_mount(f, bad ? 6 : 5, 77, 1, false);
	return true;
}

static bool case_N02(struct fx *f, bool bad)
{
	f->host.initial_userns = !bad;
	add_mount(f, 5, 77, 1, true);
	return true;
}

static bool case_N03(struct fx *f, bool bad)
{
	text(f, "proc/77/uid_map",
	     bad ? "         0          0 4294967295\n"
		 : "         0     100000      65536\n");
	add_mount(f, 5, 1, 1, true);
	add_mount(f, 5, 77, 2, false);
	return true;
}

static bool case_N04(struct fx *f, bool bad)
{
	text(f, "proc/sys/user/max_binfmt_misc_interpreters", bad ? "1\n" : "100\n");
	entry(f, ":a:E::x::/usr/bin/i:F");
	return true;
}

static bool case_T01(struct fx *f, bool bad)
{
	char rule[128];

	if (!have_instance)
		return false;
	snprintf(rule, sizeof(rule), ":a:M::odd magic::%s/usr/bin/i:", f->path);
	entry(f, rule);
	f->audit.world.root_fd = AT_FDCWD;
	use_instance(f);
	f->audit.probe = true;
	if (bad) { /* Behind our back. */
		assert_int_equal(kernel_remove(f->mount, "a"), 0);
		snprintf(rule, sizeof(rule),
			 ":a:M::odd magic::%s/usr/bin/none:", f->path);
		assert_int_equal(kernel_register(f->mount, rule, strlen(rule)), 0);
	}
	return true;
}

static bool case_T02(struct fx *f, bool bad)
{
	f->audit.smoke = bad ? "something else\n" : version;
	return true;
}

static bool case_T03(struct fx *f, bool bad)
{
	char rule[256];

	if (!have_instance)
		return false;
	snprintf(rule, sizeof(rule), ":a:M::" ARM64 ":" ELF_MASK ":%s%s:F",
		 bad ? "" : f->path, bad ? "/bin/true" : "/usr/bin/i");
	entry(f, rule);
	f->audit.world.root_fd = AT_FDCWD;
	use_instance(f);
	f->audit.run_guests = true;
	return true;
}

static const struct {
	const char *id;
	bool (*make)(struct fx *f, bool bad);
} cases[] = {
#define CASE(id)               \
	{                      \
#id, case_##id \
	}
	CASE(S01), CASE(S02), CASE(S03), CASE(S04), CASE(S05), CASE(S06), CASE(S07),
	CASE(S08), CASE(S09), CASE(S10), CASE(S11), CASE(F01), CASE(F02), CASE(F03),
	CASE(F04), CASE(F05), CASE(F06), CASE(I01), CASE(I02), CASE(I03), CASE(I04),
	CASE(I05), CASE(I06), CASE(I07), CASE(R01), CASE(R02), CASE(R03), CASE(R04),
	CASE(R05), CASE(R06), CASE(R07), CASE(R08), CASE(R09), CASE(R10), CASE(R11),
	CASE(R12), CASE(D01), CASE(D02), CASE(D03), CASE(D04), CASE(D05), CASE(D06),
	CASE(D07), CASE(D08), CASE(D09), CASE(N01), CASE(N02), CASE(N03), CASE(N04),
	CASE(T01), CASE(T02), CASE(T03),
#undef CASE
};

static void test_every_check(void **state)
{
	size_t failed = 0, skipped = 0;

	(void)state;
	for (const struct audit_check *c = audit_checks; c->run; c++) {
		size_t i = 0;

		while (i < ARRAY_SIZE(cases) && strcmp(cases[i].id, c->id) != 0)
			i++;
		if (i == ARRAY_SIZE(cases))
			fail_msg("the check %s has no case", c->id);
		for (int bad = 0; bad < 2; bad++) {
			enum severity worst;
			struct fx f;
			size_t n;

			begin(&f);
			if (!cases[i].make(&f, bad)) {
				skipped++;
				end(&f);
				continue;
			}
			n = run(&f, c->id, &worst);
			/* T03 reports its times too, for information. */
			if (strcmp(c->id, "T03") == 0 && worst == SEVERITY_INFO)
				n = 0;
			if ((n > 0) != bad) {
				printf("# %s: %zu findings on a system %s the fault\n",
				       c->id, n, bad ? "with" : "without");
				failed++;
			}
			if (bad && worst > c->severity) {
				printf("# %s: worse than its table says\n", c->id);
				failed++;
			}
			end(&f);
		}
	}
	if (skipped)
		printf("# SKIP %zu of the cases need a private binfmt_misc instance\n",
		       skipped);
	assert_int_equal(failed, 0);
}

/* More ways to have a fault. */
static bool more_native_loader(struct fx *f, bool bad)
{
	/* A dynamic program whose loader is not below the root. */
	if (bad)
		link_to(f, "usr/bin/unused", "i");
	put(f, "usr/bin/script", "#!/no/such/thing\n", 17, 0755);
	put(f, "usr/bin/good", "#!/usr/bin/i\n", 13, 0755);
	entry(f, bad ? ":a:E::x::/usr/bin/script:" : ":a:E::x::/usr/bin/good:");
	return true;
}

static bool more_chain(struct fx *f, bool bad)
{
	put(f, "usr/bin/f", "FOREIGN", 7, 0755);
	entry(f, ":a:E::x::/usr/bin/f:O");
	entry(f, bad ? ":b:M::FOREIGN::/usr/bin/i:" : ":b:M::OTHER::/usr/bin/i:");
	return true;
}

static bool more_wrong_byte(struct fx *f, bool bad)
{
	/* The mask fe on the high byte of a big-endian e_type, and on the low one. */
	entry(f,
	      bad ? ":a:M::\\x7fELF\\x01\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
		    "\\x00\\x00\\x02\\xba\\xab:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\x00"
		    "\\x00\\x00\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:/usr/bin/i:"
		  : ":a:M::\\x7fELF\\x01\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
		    "\\x00\\x00\\x02\\xba\\xab:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\x00"
		    "\\x00\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff:/usr/bin/i:");
	return true;
}

static bool more_register_mode(struct fx *f, bool bad)
{
	if (!use_instance(f))
		return false;
	assert_int_equal(fchmodat(f->mount, "register", bad ? 0222 : 0200, 0), 0);
	return true;
}

static bool more_status(struct fx *f, bool bad)
{
	f->mount = dup(f->root);
	f->audit.world.enabled = !bad;
	return true;
}

static bool more_unowned(struct fx *f, bool bad)
{
	text(f, "var/lib/dpkg/info/p.list", bad ? "/.\n/usr/bin/x\n" : "/.\n/bin/i\n");
	entry(f, ":a:E::x::/usr/bin/i:");
	return true;
}

static bool more_relative(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:E::x::i:" : ":a:E::x::/i:");
	return true;
}

static bool more_nothing_masked(struct fx *f, bool bad)
{
	entry(f, bad ? ":a:M::A:\\x00:/usr/bin/i:"
		     : ":a:M::ABCD:\\xff\\xff\\xff\\x00:/usr/bin/i:");
	return true;
}

static bool more_duplicate(struct fx *f, bool bad)
{
	entry(f, ":a:E::x::/usr/bin/i:");
	entry(f, bad ? ":b:E::x::/usr/bin/i:P" : ":b:E::y::/usr/bin/i:P");
	return true;
}

static bool more_failed_unit(struct fx *f, bool bad)
{
	f->host.systemd = true;
	f->host.binfmt_failed = bad;
	return true;
}

static bool more_mask(struct fx *f, bool bad)
{
	conf(f, "/usr/lib/binfmt.d/a.conf", ":a:E::x::/usr/bin/i:\n");
	if (bad)
		link_to(f, "etc/binfmt.d/a.conf", "/dev/null");
	return true;
}

static void test_more(void **state)
{
	static const struct {
		const char *id;
		bool (*make)(struct fx *f, bool bad);
	} more[] = {
		{"I02", more_native_loader}, {"I03", more_chain},
		{"R04", more_wrong_byte},    {"S05", more_register_mode},
		{"D05", more_status},        {"S09", more_unowned},
		{"S02", more_relative},      {"R01", more_nothing_masked},
		{"R02", more_duplicate},     {"D09", more_failed_unit},
		{"D04", more_mask},
	};
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(more); i++)
		for (int bad = 0; bad < 2; bad++) {
			enum severity worst;
			struct fx f;
			size_t n;

			begin(&f);
			if (!more[i].make(&f, bad)) {
				end(&f);
				continue;
			}
			n = run(&f, more[i].id, &worst);
			if ((n > 0) != bad) {
				printf("# row %zu, %s: %zu findings on a system %s the fault\n",
				       i, more[i].id, n, bad ? "with" : "without");
				failed++;
			}
			end(&f);
		}
	assert_int_equal(failed, 0);
}

/* A system without faults has no finding above information. */
static void test_clean(void **state)
{
	struct findings findings = {0};
	struct fx f;

	(void)state;
	begin(&f);
	entry(&f, ":a:M::" ARM64 ":" ELF_MASK ":/usr/bin/i:POCF");
	conf(&f, "/etc/binfmt.d/a.conf", ":a:M::" ARM64 ":" ELF_MASK ":/usr/bin/i:POCF");
	assert_int_equal(config_load(f.root, f.host.limits, &f.config), 0);
	f.audit.world.entries = &f.entries;
	f.audit.config = &f.config;
	f.audit.host = &f.host;
	f.audit.mount_fd = -1;
	f.audit.proc_fd = f.proc;
	assert_int_equal(audit_run(&f.audit, &findings), 0);
	for (size_t i = 0; i < findings.count; i++)
		if (findings.list[i].severity > SEVERITY_INFO)
			fail_msg("%s: %s", findings.list[i].id,
				 findings.list[i].evidence);
	findings_done(&findings);
	end(&f);
}

static void test_ids(void **state)
{
	struct audit audit = {.only = "S01,R02", .ignore = "R02"};

	(void)state;
	assert_true(audit_wants(&audit, "S01"));
	assert_false(audit_wants(&audit, "R02"));
	assert_false(audit_wants(&audit, "D01"));
	audit.only = NULL;
	assert_true(audit_wants(&audit, "D01"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_every_check),
		cmocka_unit_test(test_more),
		cmocka_unit_test(test_clean),
	};
	int dir, failed;

	/* The program that the audit's own test of native programs starts. */
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		fputs(version, stdout);
		return 0;
	}
	dir = unit_temp_dir(instance_path);
	close(dir);
	have_instance = instance_enter(instance_path) == 0;
	failed = cmocka_run_group_tests_name("binfmtctl/audit", tests, NULL, NULL);
	if (have_instance)
		umount(instance_path);
	rmdir(instance_path);
	return failed;
}
