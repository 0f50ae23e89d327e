/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Process start: nothing at all.
 * class: process
 */
int main(void)
{
	return 0;
}
