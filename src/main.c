/* huodan: one program, several commands. The table in app/command.c has them all. */
#include "app/command.h"

#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	umask(077);
	if (sodium_init() < 0) {
		fprintf(stderr, "huodan: no source of randomness\n");
		return 1;
	}
	return command_run(argc, argv);
}
