/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules that the kernel accepts and that are a mistake all the same. */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "binfmtctl/check.h"
#include "binfmtctl/elfident.h"
#include "binfmtctl/relation.h"

/* A rule seen through its bytes. */
struct view {
	const struct rule *rule;
	struct findings *findings;
	uint8_t value[RULE_WINDOW_MAX], mask[RULE_WINDOW_MAX];
};

static void add(struct view *v, const char *id, enum severity severity, const char *text)
{
	const char *advice = strchr(text, '\n');

	/* The newline counts where the format has it. */
	if (advice)
		finding_add(v->findings, id, severity, v->rule->name, "%.*s\n%s",
			    (int)(advice - text), text, advice + 1);
	else
		finding_add(v->findings, id, severity, v->rule->name, "%s", text);
}

/* Whether all of the bytes are looked at and have this value. */
static bool demands(const struct view *v, size_t at, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (v->mask[at + i] != 0xff)
			return false;
	return memcmp(v->value + at, bytes, size) == 0;
}

static bool allows(const struct view *v, size_t at, uint8_t byte)
{
	return ((v->value[at] ^ byte) & v->mask[at]) == 0;
}

static bool is_elf(const struct view *v)
{
	return v->rule->type == RULE_MAGIC && demands(v, 0, ELFMAG, SELFMAG) &&
	       (v->mask[18] || v->mask[19]);
}

static uint16_t machine_of(const struct view *v, uint8_t data)
{
	const uint8_t *p = v->value + 18;

	return data == ELFDATA2MSB ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
}

static bool allows_type(const struct view *v, uint8_t type)
{
	bool big = v->value[EI_DATA] == ELFDATA2MSB;

	return allows(v, big ? 17 : 16, type) && allows(v, big ? 16 : 17, 0);
}

static void check_native(struct view *v)
{
	bool everything = v->rule->type == RULE_MAGIC && rule_bits(v->rule) == 0;
	const char *what;

	if (everything)
		add(v, "R01", SEVERITY_CRITICAL,
		    "the mask is all zero: the rule takes every file that is executed\n"
		    "give it a mask with bits set, or none");
	else if (elf_rule_takes_native(v->rule, &what))
		finding_add(v->findings, "R01", SEVERITY_CRITICAL, v->rule->name,
			    "the rule takes %s of this machine\n"
			    "demand more bytes; binfmtctl unregister it first",
			    what);
}

static void check_size(struct view *v)
{
	unsigned int bits;
	bool zero = true;

	if (v->rule->type != RULE_MAGIC)
		return;
	bits = rule_bits(v->rule);
	if (bits > 0 && bits < 32)
		finding_add(v->findings, "R03", SEVERITY_MEDIUM, v->rule->name,
			    "only %u bits are looked at: other formats begin so too\n"
			    "demand at least four bytes",
			    bits);
	for (size_t i = 0; i < RULE_WINDOW_MAX; i++)
		zero = zero && !v->value[i];
	if (zero && bits)
		add(v, "R08", SEVERITY_LOW,
		    "all demanded bytes are zero: short and empty files match, for the kernel "
		    "fills them up with zeros\n"
		    "demand a byte that is not zero");
	for (size_t i = 0; v->rule->has_mask && i < v->rule->size; i++)
		if (v->rule->magic[i] & ~v->rule->mask[i]) {
			add(v, "R12", SEVERITY_LOW,
			    "the magic has bits outside the mask: the kernel ignores them, "
			    "update-binfmts never matches such a rule\n"
			    "clear those bits of the magic");
			break;
		}
}

static void check_elf_types(struct view *v)
{
	bool exec = allows_type(v, ET_EXEC), dyn = allows_type(v, ET_DYN);
	bool big = v->value[EI_DATA] == ELFDATA2MSB;

	if (exec && dyn)
		return;
	if (exec && v->mask[big ? 16 : 17] == 0xfe && v->mask[big ? 17 : 16] == 0xff)
		add(v, "R04", SEVERITY_MEDIUM,
		    "the mask frees the wrong byte of e_type for this byte order, so "
		    "position-independent programs are missed\n"
		    "the mask byte fe belongs to the low byte of e_type");
	else if (exec)
		add(v, "R04", SEVERITY_MEDIUM,
		    "only ET_EXEC matches: position-independent programs are missed\n"
		    "mask the low byte of e_type with fe");
	else if (dyn)
		add(v, "R04", SEVERITY_MEDIUM,
		    "only ET_DYN matches: programs with fixed addresses are missed\n"
		    "mask the low byte of e_type with fe, unless this is meant");
	else
		add(v, "R05", SEVERITY_MEDIUM,
		    "neither ET_EXEC nor ET_DYN matches: no program ever does\n"
		    "e_type is 2 or 3, in the byte order of the machine");
}

static void check_elf_machine(struct view *v, const struct native *native)
{
	uint8_t data = v->value[EI_DATA];
	uint16_t machine = machine_of(v, data), swapped = machine >> 8 | machine << 8;
	const struct elf_target *known;

	known = elf_target_of(v->value[EI_CLASS], data, machine);
	for (size_t i = 0; i < native->compat_count; i++)
		if (machine == native->compat[i] && v->value[EI_CLASS] == ELFCLASS32)
			finding_add(
				v->findings, "R06", SEVERITY_MEDIUM, v->rule->name,
				"the kernel runs %s programs itself; the rule takes them "
				"away from it, and they become slow\n"
				"binfmtctl disable \1",
				known ? known->name : "such");
	if (known)
		return;
	if (elf_target_knows(swapped) && !elf_target_knows(machine))
		finding_add(v->findings, "R05", SEVERITY_MEDIUM, v->rule->name,
			    "e_machine %u is written in the wrong byte order\n"
			    "swap bytes 18 and 19, or byte 5",
			    swapped);
	else if (elf_target_knows(machine))
		finding_add(v->findings, "R05", SEVERITY_MEDIUM, v->rule->name,
			    "machine %u does not come with this class and byte order\n"
			    "compare with `binfmtctl gen --from-elf` of a real program",
			    machine);
	else
		finding_add(v->findings, "R05", SEVERITY_LOW, v->rule->name,
			    "e_machine %u is not known\n"
			    "compare with `binfmtctl gen --from-elf` of a real program",
			    machine);
}

static void check_elf(struct view *v, const struct native *native)
{
	if (!is_elf(v))
		return;
	if (allows(v, EI_OSABI, ELFOSABI_NONE) && !allows(v, EI_OSABI, ELFOSABI_GNU))
		add(v, "R04", SEVERITY_MEDIUM,
		    "OSABI 3 does not match, which static programs of the GNU C library "
		    "have\nmask byte 7 with 00 or fc");
	if (demands(v, 8, "\0\0\0", 3))
		add(v, "R04", SEVERITY_INFO,
		    "AppImages do not match, which sign bytes 8 to 10\n"
		    "mask these bytes with 00, or `binfmtctl gen --appimage`");
	if (v->mask[EI_DATA] == 0xff && v->mask[EI_CLASS] == 0xff &&
	    v->mask[18] == 0xff && v->mask[19] == 0xff)
		check_elf_machine(v, native);
	if (v->mask[EI_DATA] == 0xff && v->rule->size > 17)
		check_elf_types(v);
}

static void check_extension(struct view *v)
{
	static const char *const common[] = {"sh", "py", "pl", "run", "bin", "so", "out"};
	const char *e = v->rule->extension;

	if (v->rule->type != RULE_EXTENSION)
		return;
	if (strchr(e, '.'))
		add(v, "R09", SEVERITY_LOW,
		    "the extension holds a dot and can never match: only what follows the last "
		    "dot of a path is compared\nname the last part only");
	else if (strstr(e, "\\x"))
		add(v, "R09", SEVERITY_LOW,
		    "\\x is no escape in an extension, it is compared as it is\n"
		    "write the extension itself");
	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		if (strcmp(e, common[i]) == 0)
			finding_add(
				v->findings, "R09", SEVERITY_LOW, v->rule->name,
				"native programs and #! scripts called *.%s are taken "
				"too, extensions come first\nmatch bytes instead",
				e);
}

static void check_portable(struct view *v)
{
	const struct rule *r = v->rule;

	if (r->type == RULE_BPF ||
	    r->flags & (RULE_TRANSPARENT | RULE_LOADER | RULE_DISABLED))
		finding_add(v->findings, "R10", SEVERITY_LOW, r->name,
			    "kernels before %s refuse type B and flags T, L, D\n"
			    "keep a rule without them for older kernels",
			    rule_limits_newest()->since);
	else if (r->type == RULE_MAGIC && r->offset + r->size > 128)
		add(v, "R10", SEVERITY_LOW,
		    "kernels before 5.1 look at 128 bytes only and refuse the rule\n"
		    "match in the first 128 bytes");
}

static void check_name(struct view *v)
{
	const char *name = v->rule->name;
	bool odd = name[0] == '-' || !utf8_valid(name, strlen(name));

	for (const char *p = name; *p; p++)
		odd = odd || (unsigned char)*p <= ' ' || *p == 0x7f;
	if (odd)
		add(v, "R11", SEVERITY_INFO,
		    "the name holds blanks, control bytes or a leading '-': scripts and logs "
		    "may take it for something else\nuse letters, digits, '-', '_' and '.'");
}

bool check_is_foreign_elf(const struct rule *rule, const char **ret_name)
{
	struct view v = {.rule = rule};
	const struct elf_target *target;

	for (unsigned int i = 0; i < RULE_WINDOW_MAX; i++)
		rule_byte(rule, i, &v.value[i], &v.mask[i]);
	if (!is_elf(&v))
		return false;
	target = elf_target_of(v.value[EI_CLASS], v.value[EI_DATA],
			       machine_of(&v, v.value[EI_DATA]));
	if (ret_name)
		*ret_name = target ? target->name : NULL;
	return true;
}

static void check_credentials(struct view *v)
{
	const struct rule *r = v->rule;

	if (r->type == RULE_BPF)
		return;
	if (r->interpreter[0] != '/') {
		bool root = r->flags & RULE_CREDENTIALS && !(r->flags & RULE_FIX_BINARY);

		finding_add(
			v->findings, "S02", root ? SEVERITY_CRITICAL : SEVERITY_HIGH,
			r->name,
			root ? "flag C with the relative interpreter %s gives root to "
			       "whoever puts a file of that name into the current "
			       "directory\nregister it with an absolute path"
			     : "the relative interpreter %s is looked up in the current "
			       "directory of whoever runs a program\nregister it with an "
			       "absolute path",
			r->interpreter);
	}
	if (r->flags & RULE_CREDENTIALS && !check_is_foreign_elf(r, NULL))
		add(v, "S07", SEVERITY_MEDIUM,
		    "flag C gives the rights of set-user-ID files to an interpreter that is "
		    "not for programs of another machine\nregister it without C");
}

void check_rule(const struct rule *rule, const struct native *native,
		struct findings *findings)
{
	struct view v = {.rule = rule, .findings = findings};

	for (unsigned int i = 0; i < RULE_WINDOW_MAX; i++)
		rule_byte(rule, i, &v.value[i], &v.mask[i]);
	check_native(&v);
	check_size(&v);
	check_elf(&v, native);
	check_extension(&v);
	check_portable(&v);
	check_name(&v);
	check_credentials(&v);
}

int check_danger(const struct rule *rule, struct diag *reterr_diag)
{
	const char *what = NULL;

	if (rule->type == RULE_MAGIC && rule_bits(rule) == 0)
		what = "every file";
	if (what || elf_rule_takes_native(rule, &what)) {
		diag_set(reterr_diag, 0, "the rule would take %s of this machine", what);
		diag_hint(
			reterr_diag,
			"such programs would no longer start; --force registers it anyway");
		return -ECANCELED;
	}
	if (rule->type != RULE_BPF && rule->flags & RULE_CREDENTIALS &&
	    !(rule->flags & RULE_FIX_BINARY) && rule->interpreter[0] != '/') {
		diag_set(reterr_diag, 0,
			 "flag C with the relative interpreter %s gives root to whoever "
			 "puts a file of that name into the current directory",
			 rule->interpreter);
		diag_hint(reterr_diag,
			  "write an absolute path; --force registers it anyway");
		return -ECANCELED;
	}
	return 0;
}
