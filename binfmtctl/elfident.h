/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ELF headers on both sides of a rule: reading a file's header, making a magic and mask for a
 * kind of program, and naming what an existing magic stands for.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "binfmtctl/rule.h"

struct elf_target {
	const char *name;        /* as uname and QEMU say it */
	uint8_t class, data;     /* ELFCLASS*, ELFDATA* */
	uint16_t machine;        /* EM_* */
	bool generate;           /* false: only a name for what others registered */
	const char *interpreter; /* our own translator's file name, or NULL */
	uint32_t flags,
		flags_mask; /* of e_flags, where they tell one target from another */
};

/* By name, among those that can be generated; NULL if there is none. */
const struct elf_target *elf_target_find(const char *name);

/* By header values, among all. */
const struct elf_target *elf_target_of(uint8_t class, uint8_t data, uint16_t machine);

/* The same with e_flags, which tell some targets apart. */
struct elf_header;
const struct elf_target *elf_target_of_header(const struct elf_header *header);

/* Whether any target has this e_machine. */
bool elf_target_knows(uint16_t machine);

/* The @index-th one that can be generated, NULL behind the last: for help and messages. */
const struct elf_target *elf_target_at(size_t index);

struct elf_header {
	uint8_t class, data, osabi;
	uint16_t type, machine;
	uint32_t flags;
};

/*
 * Reads the header from the first bytes of a file (64 are enough). -ENOEXEC with a diag when
 * it is not ELF or is cut short.
 */
int elf_header_parse(const void *head, size_t size, struct elf_header *ret,
		     struct diag *reterr_diag) _must_check_;

enum {
	ELF_TYPE_EXEC = 1, /* ET_EXEC */
	ELF_TYPE_DYN = 2,  /* ET_DYN: position-independent programs and shared objects */
};

enum elf_osabi { ELF_OSABI_ANY, ELF_OSABI_UP_TO_GNU, ELF_OSABI_STRICT };
enum elf_float { ELF_FLOAT_ANY, ELF_FLOAT_HARD, ELF_FLOAT_SOFT };

struct elf_match {
	unsigned int types; /* ELF_TYPE_* */
	bool loader; /* only what has no interpreter of its own: ld.so, static-pie */
	enum elf_osabi osabi;
	bool appimage;            /* let the AppImage mark in bytes 8 to 10 pass */
	enum elf_float float_abi; /* 32-bit Arm */
	bool be8;                 /* 32-bit Arm, big-endian: only BE8 */
};

/*
 * Fills type, offset, magic and mask of @rule, leaving its strings and flags alone. -EINVAL
 * with a diag when the target has no such variant.
 */
int elf_rule(const struct elf_target *target, const struct elf_match *match,
	     struct rule *rule, struct diag *reterr_diag) _must_check_;

/*
 * Appends what the rule matches in a few words, such as "aarch64 ELF" or ".jar". Falls back
 * on the magic's own bytes.
 */
void elf_describe(const struct rule *rule, struct text *ret);

/* Appends the decoded fields of an ELF rule, one per line, indented; nothing if it is none. */
void elf_explain(const struct rule *rule, struct text *ret);

/*
 * The dynamic loader that the ELF file asks for, of any machine; empty when it asks for none.
 * -ENOEXEC for what is no good ELF file, -ENAMETOOLONG when it does not fit.
 */
int elf_loader(int fd, char *ret, size_t size) _must_check_;

/* Whether the rule would take native programs or #! scripts of this machine. */
bool elf_rule_takes_native(const struct rule *rule, const char **ret_what);
