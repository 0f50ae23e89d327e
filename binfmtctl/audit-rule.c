/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of rules: each by itself, and all against each other. */
#include <elf.h>
#include <string.h>

#include "binfmtctl/audit-internal.h"
#include "binfmtctl/check.h"
#include "binfmtctl/relation.h"

/* Moves the findings that are wanted. */
static void take(const struct audit *audit, struct findings *from, struct findings *to)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct finding *f = &from->list[i];

		if (f->advice)
			audit_add(audit, to, f->id, f->severity, f->subject, "%s\n%s",
				  f->evidence, f->advice);
		else
			audit_add(audit, to, f->id, f->severity, f->subject, "%s",
				  f->evidence);
	}
	if (from->error)
		to->error = from->error;
}

static bool is_same_answer(const struct rule *a, const struct rule *b)
{
	return strcmp(a->interpreter, b->interpreter) == 0 && a->flags == b->flags;
}

static void check_pair(const struct audit *audit, const struct rule *front,
		       const struct rule *back, struct findings *findings)
{
	if (!rule_overlaps(front, back))
		return;
	if (rule_covers(front, back) && rule_covers(back, front))
		audit_add(
			audit, findings, "R02", SEVERITY_HIGH, back->name,
			"matches exactly the same files as the entry %s, which is in front: it "
			"never gets any\nbinfmtctl unregister one of them",
			front->name);
	else if (rule_covers(front, back))
		audit_add(
			audit, findings, "R02", SEVERITY_HIGH, back->name,
			"matches only files that the entry %s, which is in front, takes: it never "
			"gets any\nregister %s after %s",
			front->name, back->name, front->name);
	else if (!is_same_answer(front, back) && !rule_covers(back, front))
		audit_add(
			audit, findings, "R02", SEVERITY_HIGH, back->name,
			"some files match the entry %s too, which is in front and takes them\n"
			"make one of the rules more exact",
			front->name);
}

static void check_pairs(const struct audit *audit, struct findings *findings)
{
	const struct entries *entries = audit->world.entries;

	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *a = &entries->list[i];

		if (!a->enabled || !a->understood || a->rule.type == RULE_BPF)
			continue;
		for (size_t j = i + 1; j < entries->count; j++) {
			const struct entry *b = &entries->list[j];

			if (b->enabled && b->understood && b->rule.type == a->rule.type)
				check_pair(audit, &a->rule, &b->rule, findings);
		}
	}
}

/* Little-endian 32-bit Arm whose float ABI is not looked at. */
static bool is_any_float(const struct rule *rule)
{
	uint8_t value, mask;
	const char *name;

	if (!check_is_foreign_elf(rule, &name) || !name || strcmp(name, "arm") != 0)
		return false;
	rule_byte(rule, 37, &value, &mask);
	return !(mask & 0x06);
}

static void check_float(const struct audit *audit, struct findings *findings)
{
	audit_foreach(f, audit)
	{
		const struct rule *r = &f->entry->rule;
		bool hard = strstr(r->name, "armhf") || strstr(r->interpreter, "armhf");
		bool soft = strstr(r->name, "armel") || strstr(r->interpreter, "armel");

		if ((hard || soft) && is_any_float(r))
			audit_add(
				audit, findings, "R07", SEVERITY_MEDIUM, r->name,
				"is for %s-float programs by its name, but takes %s-float "
				"ones too\nbinfmtctl gen arm --float %s",
				hard ? "hard" : "soft", hard ? "soft" : "hard",
				hard ? "hard" : "soft");
	}
}

void audit_rules(const struct audit *audit, struct findings *findings)
{
	for (size_t i = 0; i < audit->world.entries->count; i++) {
		const struct entry *e = &audit->world.entries->list[i];
		_cleanup_(findings_done) struct findings own = {0};

		if (!e->understood)
			continue;
		check_rule(&e->rule, &audit->world.native, &own);
		take(audit, &own, findings);
	}
	check_pairs(audit, findings);
	check_float(audit, findings);
}
