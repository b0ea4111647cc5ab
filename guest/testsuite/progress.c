/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "testsuite.h"

/* Bits of an entry of /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst). */
#define PAGEMAP_FRAME	((UINT64_C(1) << 55) - 1)
#define PAGEMAP_PRESENT	(UINT64_C(1) << 63)

volatile uint64_t *progress_page(void)
{
	static const char mark[16] = "MeanwhileCounts";
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	uint64_t entry = 0;
	char *page;
	int file;

	page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || mlock(page, size))
		return NULL;
	memcpy(page, mark, sizeof(mark));
	file = open("/proc/self/pagemap", O_RDONLY);
	if (file < 0)
		return NULL;
	if (pread(file, &entry, sizeof(entry), (off_t)((uintptr_t)page / size * sizeof(entry))) != sizeof(entry))
		entry = 0;
	close(file);
	if (!(entry & PAGEMAP_PRESENT) || !(entry & PAGEMAP_FRAME))
		return NULL;
	printf("testsuite: progress at 0x%" PRIx64 "\n", (entry & PAGEMAP_FRAME) * size);
	fflush(stdout);
	return (volatile uint64_t *)(page + sizeof(mark));
}
