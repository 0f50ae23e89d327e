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

/* A shell's printf makes them out of escapes: nothing raw goes through a terminal. */
static void put_printf(struct text *to, const struct text *what)
{
	bool plain = true;

	for (size_t i = 0; i < what->size; i++)
		plain &= what->data[i] >= 0x20 && what->data[i] < 0x7f;
	if (plain) {
		/* With %b or echo -e the rule's own escapes would be read. */
		text_puts(to, "printf %s ");
		put_quoted(to, what->data);
		return;
	}
	text_puts(to, "printf '");
	for (size_t i = 0; i < what->size; i++) {
		uint8_t c = what->data[i];

		if (c < 0x20 || c >= 0x7f)
			text_printf(to, "\\%03o", c);
		else if (c == '\'')
			text_puts(to, "'\\''");
		else if (c == '\\' || c == '%')
			text_printf(to, "%c%c", c, c);
		else
			text_putc(to, c);
	}
	text_putc(to, '\'');
}

/* Nix has escapes for three of them only. */
static bool nix_can_express(const char *s)
{
	if (!utf8_valid(s, strlen(s)))
		return false;
	for (; *s; s++)
		if (((uint8_t)*s < 0x20 && !strchr("\n\r\t", *s)) || *s == 0x7f ||
		    ((uint8_t)s[0] == 0xc2 && (uint8_t)s[1] < 0xa0))
			return false;
	return true;
}

static void put_nix_string(struct text *to, const char *s)
{
	text_putc(to, '"');
	for (; *s; s++) {
		const char *letter = strchr("\nn\rr\tt", *s);

		if (*s == '"' || *s == '\\' || *s == '$')
			text_putc(to, '\\');
		if (*s == '\n' || *s == '\r' || *s == '\t')
			text_printf(to, "\\%c", letter[1]);
		else
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
	if (rule->type == RULE_EXTENSION) {
		text_puts(to, ";\n  recognitionType = \"extension\";\n"
			      "  magicOrExtension = ");
		put_nix_string(to, rule->extension);
		text_puts(to, ";\n");
	} else {
		text_printf(to, ";\n  recognitionType = \"magic\";\n  offset = %u;\n",
			    rule->offset);
		put_nix_bytes(to, "magicOrExtension", rule->magic, rule->size);
	}
	if (rule->type == RULE_MAGIC && rule->has_mask)
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
		if (!nix_can_express(rule->name) || !nix_can_express(rule->interpreter) ||
		    (rule->extension && !nix_can_express(rule->extension))) {
			diag_set(reterr_diag, 0,
				 "a string of Nix cannot express its control characters "
				 "or bytes that are not UTF-8");
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
		put_printf(ret, &text);
		text_puts(ret, " >" KERNEL_MOUNT_POINT "/register\n");
		return ret->error;
	}
	text_add(ret, text.data, text.size);
	text_putc(ret, '\n');
	return ret->error;
}
