/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <sys/mman.h>

#include "kernels.h"

#define PAGE 4096
#define PAGES_A_MAPPING 4096

uint64_t page_fault_kernel(uint64_t count)
{
	uint64_t touched = 0;

	while (touched < count) {
		uint64_t pages = count - touched < PAGES_A_MAPPING ? count - touched : PAGES_A_MAPPING;
		unsigned char *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (memory == MAP_FAILED || madvise(memory, pages * PAGE, MADV_NOHUGEPAGE))
			give_up("anonymous memory without huge pages");
		for (uint64_t i = 0; i < pages; i++)
			touched += ++memory[i * PAGE];
		munmap(memory, pages * PAGE);
	}
	return touched;
}
