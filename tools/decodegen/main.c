/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* decodegen: the command line: WHAT PREFIX INCLUDE TABLE...; the result goes to standard output. */
#include <string.h>

#include "decodegen.h"

static int usage(void)
{
	fputs("usage: decodegen check|header|decode|identify|record|coverage PREFIX HEADER TABLE...\n"
	      "PREFIX: of all generated names; HEADER: how generated sources include the header, "
	      "for coverage a file of test counts\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct table table = {.width = 32, .section = ""};

	if (argc < 5)
		return usage();
	for (int i = 4; i < argc; i++)
		parse_file(&table, argv[i]);
	parse_finish(&table);
	if (!error_count())
		check_table(&table);
	if (error_count())
		return 1;

	if (!strcmp(argv[1], "header"))
		emit_header(&table, argv[2]);
	else if (!strcmp(argv[1], "decode"))
		emit_decode(&table, argv[2], argv[3]);
	else if (!strcmp(argv[1], "identify"))
		emit_identify(&table, argv[2], argv[3]);
	else if (!strcmp(argv[1], "record"))
		emit_record(&table, argv[2], argv[3]);
	else if (!strcmp(argv[1], "coverage"))
		emit_coverage(&table, argv[2], argv[3]);
	else if (strcmp(argv[1], "check"))
		return usage();
	if (fflush(stdout) || ferror(stdout)) {
		fputs("decodegen: cannot write\n", stderr);
		return 1;
	}
	return 0;
}
