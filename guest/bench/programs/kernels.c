/* SPDX-License-Identifier: MIT */
/*
 * kernels NAME COUNT: one of the benchmarks' small programs. It does COUNT units of fixed work and prints a number that
 * must be the same on every machine.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

static const struct {
	const char *name;
	uint64_t (*run)(uint64_t count);
} kernels[] = {
	{ "float", float_kernel },
	{ "memory", memory_kernel },
	{ "syscall", syscall_kernel },
	{ "page-fault", page_fault_kernel },
	{ "pipe", pipe_kernel },
};

void give_up(const char *what)
{
	fprintf(stderr, "kernels: %s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int argc, char **argv)
{
	uint64_t count;
	char *end;

	if (argc != 3)
		goto usage;
	count = strtoull(argv[2], &end, 10);
	if (!*argv[2] || *end || count == 0)
		goto usage;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		if (strcmp(argv[1], kernels[i].name))
			continue;
		printf("%s %016" PRIx64 "\n", argv[1], kernels[i].run(count));
		return 0;
	}
usage:
	fputs("usage: kernels float|memory|syscall|page-fault|pipe COUNT\n", stderr);
	return 2;
}
