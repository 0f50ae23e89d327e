/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory: says that it has started, then waits for the end of its input.
 * class: none
 */
#include <unistd.h>

int main(void)
{
	char c;

	write(1, "s", 1);
	read(0, &c, 1);
	return 0;
}
