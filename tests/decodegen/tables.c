/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what generated code says of the words on its command line; see tables.sh. */
#include <stdio.h>
#include <stdlib.h>

#include "table.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct decode_record record = {0};
		int64_t values[DECODE_ARG_MAX];
		uint32_t word = strtoul(argv[i], NULL, 0);
		int id = t_identify(word);

		printf("%s %s", argv[i], id < 0 ? "refused" : t_patterns[id].name);
		if (t_decode((struct t_lift *)&record, word) != (id >= 0))
			printf(" t_decode disagrees");
		if (id >= 0) {
			t_arguments(id, word, values);
			for (int j = 0; j < t_patterns[id].arg_count; j++) {
				printf(" %s=%lld", t_patterns[id].args[j],
				       (long long)values[j]);
				if (record.values[j] != values[j])
					printf("(t_decode: %lld)",
					       (long long)record.values[j]);
			}
		}
		putchar('\n');
	}
	return 0;
}
