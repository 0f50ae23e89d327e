/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes rules for binfmt.d, binfmt-support, shells and NixOS. */
#include <errno.h>
#include <string.h>

#include "binfmtctl/bfs.h"
#include "binfmtctl/elfident.h"
#include "binfmtctl/export.h"
#include "binfmtctl/kernel.h"

int export_kind_find(const char *name, enum export_kind *ret)
{
	static const char *const names[] = {"rule", "conf", "update-binfmts", "shell",
					    "nixos"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0) {
			*ret = i;
			return 0;
		}
	return -EINVAL;
}

/* In single quotes for a shell. */
static void put_quoted(struct text *to, const char *s)
{
	text_putc(to, '\'');
	for (; *s; s++)
		if (*s == '\'')
			text_puts(to, "'\\''");
		else
			text_putc(to, *s);
	text_putc(to, '\'');
}

static void put_nix_string(struct text *to, const char *s)
{
	text_putc(to, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\' || *s == '$')
			text_putc(to, '\\');
		text_putc(to, *s);
	}
	text_putc(to, '"');
}

static void put_nix_bytes(struct text *to, const char *key, const uint8_t *bytes,
			  size_t size)
{
	text_printf(to, "  %s = ''", key);
	for (size_t i = 0; i < size; i++)
		text_printf(to, "\\x%02x", bytes[i]);
	text_puts(to, "'';\n");
}

static void put_nix(struct text *to, const struct rule *rule)
{
	text_puts(to, "boot.binfmt.registrations.");
	put_nix_string(to, rule->name);
	text_puts(to, " = {\n  interpreter = ");
	put_nix_string(to, rule->interpreter);
	text_printf(to, ";\n  recognitionType = \"magic\";\n  offset = %u;\n",
		    rule->offset);
	put_nix_bytes(to, "magicOrExtension", rule->magic, rule->size);
	if (rule->has_mask)
		put_nix_bytes(to, "mask", rule->mask, rule->size);
	text_printf(to,
		    "  preserveArgvZero = %s;\n  openBinary = %s;\n"
		    "  matchCredentials = %s;\n  fixBinary = %s;\n};\n",
		    rule->flags & RULE_PRESERVE_ARGV0 ? "true" : "false",
		    rule->flags & RULE_OPEN_BINARY ? "true" : "false",
		    rule->flags & RULE_CREDENTIALS ? "true" : "false",
		    rule->flags & RULE_FIX_BINARY ? "true" : "false");
}

int export_rule(const struct rule *rule, enum export_kind kind,
		const struct rule_style *style, struct text *ret,
		struct diag *reterr_diag)
{
	_cleanup_(text_done) struct text text = TEXT_INIT;
	struct rule_style line = *style;
	int err;

	if (kind == EXPORT_BFS)
		return bfs_build(rule, "local", ret, reterr_diag);
	if (kind == EXPORT_NIX) {
		if (rule->type == RULE_BPF) {
			diag_set(reterr_diag, 0, "NixOS has no option for BPF handlers");
			return -EINVAL;
		}
		put_nix(ret, rule);
		return ret->error;
	}
	if (kind == EXPORT_CONF)
		line.line = true;
	err = rule_build(rule, &line, &text, reterr_diag);
	if (err)
		return err;
	if (kind == EXPORT_CONF) {
		text_puts(ret, "# ");
		elf_describe(rule, ret);
		text_puts(ret, " files; written by binfmtctl, see binfmt.d(5)\n");
	}
	if (kind == EXPORT_SHELL) {
		/* One write: printf with %b or echo -e would read the escapes. */
		text_puts(ret, "printf %s ");
		put_quoted(ret, text.data);
		text_puts(ret, " >" KERNEL_MOUNT_POINT "/register\n");
		return ret->error;
	}
	text_add(ret, text.data, text.size);
	text_putc(ret, '\n');
	return ret->error;
}
