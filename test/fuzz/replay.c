/* replay: runs a fuzz target over its kept corpus, without a fuzzer. Every input that once broke something is there.
 *   fuzz_NAME_test [FILE...]    without files: all of test/fuzz/corpus/NAME */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data;
	long size;

	if (!f || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0 || fseek(f, 0, SEEK_SET) != 0)
		return -1;
	/* Exactly as long as the input: a step beyond it is seen by the sanitizer. */
	data = malloc(size > 0 ? (size_t)size : 1);
	if (!data || fread(data, 1, (size_t)size, f) != (size_t)size)
		return -1;
	fclose(f);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	printf("[       OK ] %s\n", path);
	return 0;
}

static int run_folder(const char *folder)
{
	struct dirent **entries;
	int len = scandir(folder, &entries, NULL, alphasort), bad = len < 0;

	for (int i = 0; i < len; i++) {
		char *path = NULL;

		if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0)
			return 1;
		if (entries[i]->d_name[0] != '.' && run_file(path) != 0) {
			fprintf(stderr, "cannot read %s\n", path);
			bad = 1;
		}
		free(path);
		free(entries[i]);
	}
	if (len >= 0)
		free(entries);
	return bad;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	char folder[4096];
	int bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++)
		bad |= run_file(argv[i]) != 0;
	if (argc > 1)
		return bad;
	name += strncmp(name, "fuzz_", 5) == 0 ? 5 : 0;
	snprintf(folder, sizeof(folder), "test/fuzz/corpus/%.*s", (int)strcspn(name, "_"), name);
	return run_folder(folder);
}
