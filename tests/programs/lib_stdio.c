/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stdio streams: buffering, ungetc, seek, getline, fread/fwrite, open_memstream, fmemopen.
 */
#include "guest.h"
#include <unistd.h>

int main(void)
{
	FILE *f = tmpfile();
	char b[5000], *line = NULL, *mem;
	size_t size = 0;

	for (int i = 0; i < 3000; i++)
		fprintf(f, "line %d of text\n", i);
	printf("%ld\n", ftell(f));
	rewind(f);
	int lines = 0;
	u64 h = 0;
	while (getline(&line, &size, f) > 0)
		h = mix(h, hash_bytes(line, strlen(line))), lines++;
	printf("%d %016" PRIx64 " %d %d\n", lines, h, feof(f), ferror(f));
	fseek(f, 100, SEEK_SET);
	int c = fgetc(f);
	ungetc('#', f);
	printf("%c ", c);
	printf("%c ", fgetc(f));
	printf("%ld\n", ftell(f));
	fseek(f, -50, SEEK_END);
	size_t n = fread(b, 1, sizeof(b), f);
	printf("%zu %.20s\n", n, b);
	fseek(f, 1000, SEEK_SET);
	fwrite("OVERWRITE", 1, 9, f);
	fseek(f, 990, SEEK_SET);
	printf("%s", fgets(b, 40, f));
	printf("|%s", fgets(b, 40, f));
	setvbuf(f, NULL, _IONBF, 0);
	fputs("unbuffered\n", f);
	fflush(f);
	ftruncate(fileno(f), 5000);
	fseek(f, 0, SEEK_END);
	printf("%ld\n", ftell(f));
	fclose(f);
	f = open_memstream(&mem, &size);
	for (int i = 0; i < 100; i++)
		fprintf(f, "%d,", i * i);
	fclose(f);
	printf("%zu %016" PRIx64 "\n", size, hash_bytes(mem, size));
	free(mem);
	char text[] = "10 20 30 stop";
	f = fmemopen(text, strlen(text), "r");
	int v, sum = 0;
	while (fscanf(f, "%d", &v) == 1)
		sum += v;
	printf("%d %s\n", sum, fgets(b, 10, f));
	fclose(f);
	free(line);
	printf("%d\n", fopen("/nonexistent/file", "r") == NULL);
	fputs("to stderr\n", stderr);
	puts("end");
	return 0;
}
