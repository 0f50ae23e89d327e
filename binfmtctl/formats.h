/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The formats that come with this program: conf files that nobody reads until installed. */
#pragma once

#include "binfmtctl/config.h"

/* The directory: of the environment's BINFMTCTL_FORMATS, or where they were installed. */
const char *formats_directory(void);

/* All of them; a missing directory is an empty one. */
int formats_load(const struct rule_limits *limits, struct config *ret) _must_check_;

/*
 * Systems have an interpreter in different places. When the rules of a shipped format name one
 * that is not there below @root_fd, and another of its line "# Interpreters: PATH..." is, that
 * one is put into the rules. @data is then another allocation, and @ret_used the path (the
 * caller frees both); else @ret_used is NULL.
 */
int formats_adapt(int root_fd, char **data, size_t *size, char **ret_used) _must_check_;

/*
 * The interpreter that a rule of a shipped format would get below @root_fd: its own or another
 * of that line. @ret is the caller's to free, or NULL when none is there.
 */
int formats_interpreter(int root_fd, const struct conf_file *file,
			const struct rule *rule, char **ret) _must_check_;
