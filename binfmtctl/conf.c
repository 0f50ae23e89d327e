/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * binfmt.d(5): lines are stripped at both ends; blank ones and those that begin with '#' or
 * ';' are skipped; there is no continuation and no comment behind a rule. A NUL or a carriage
 * return ends a line as a newline does.
 */
#include <errno.h>
#include <string.h>

#include "binfmtctl/conf.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool conf_next(struct conf *conf, struct conf_line *ret)
{
	while (conf->at < conf->end) {
		const char *start = conf->at, *s = start, *e;

		for (e = start; e < conf->end && *e && *e != '\n' && *e != '\r'; e++)
			;
		conf->at = e < conf->end ? e + 1 : e;
		/* Pairs of different ends are one. */
		if (conf->at < conf->end && e < conf->end && *e != *conf->at &&
		    (!*conf->at || *conf->at == '\n' || *conf->at == '\r'))
			conf->at++;
		conf->line++;
		while (s < e && is_blank(*s))
			s++;
		while (e > s && is_blank(e[-1]))
			e--;
		if (s == e || *s == '#' || *s == ';')
			continue;
		*ret = (struct conf_line){s, e - s, conf->line, s - start + 1};
		return true;
	}
	return false;
}

int conf_parse(const struct conf *conf, const struct conf_line *line,
	       const struct rule_limits *limits, struct rule *ret,
	       struct diag *reterr_diag)
{
	int err = rule_parse(line->text, line->size, limits, ret, reterr_diag);

	if (err && reterr_diag) {
		reterr_diag->file = conf->file;
		reterr_diag->line = line->line;
		if (reterr_diag->column)
			reterr_diag->column += line->column - 1;
	}
	return err;
}
