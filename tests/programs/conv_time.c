/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calendar arithmetic: gmtime, mktime, timegm, strftime, strptime, asctime.
 */
#include "guest.h"
#include <time.h>

int main(void)
{
	static const time_t times[] = {0,           1,          86399,      86400,
				       951782400,   1078012800, 1234567890, 2147483647,
				       4102444800,  -1,         -86400,     -2208988800,
				       253402300799};
	char b[200];
	struct tm tm;

	for (size_t i = 0; i < COUNT(times); i++) {
		gmtime_r(&times[i], &tm);
		strftime(
			b, sizeof(b),
			"%Y-%m-%d %H:%M:%S %j %U %W %V %G %a %A %b %B %y %C %e %I %p %T %D %F %s %Z",
			&tm);
		printf("%s %d\n", b, timegm(&tm) == times[i]);
	}
	memset(&tm, 0, sizeof(tm));
	tm.tm_year = 124, tm.tm_mon = 14, tm.tm_mday = -5, tm.tm_hour = 30,
	tm.tm_min = -90;
	time_t t = mktime(&tm);
	printf("%ld %s", (long)t, asctime(&tm));
	char *rest = strptime("2031-07-04 05:06:07 xyz", "%Y-%m-%d %H:%M:%S", &tm);
	printf("%s %ld %d\n", rest, (long)timegm(&tm), tm.tm_yday);
	printf("%g\n", difftime(times[7], times[6]));
	return 0;
}
