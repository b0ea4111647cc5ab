/* SPDX-License-Identifier: MIT */
#include <sys/syscall.h>
#include <unistd.h>

#include "kernels.h"

uint64_t syscall_kernel(uint64_t count)
{
	uint64_t failed = 0;

	for (uint64_t i = 0; i < count; i++)
		failed += syscall(SYS_getppid) < 0;
	return failed;
}
