/* SPDX-License-Identifier: MIT */
#include "testsuite.h"

/* One step: xorshift64 (Marsaglia). Each depends on the one before, and nothing touches memory. */
static inline uint64_t step(uint64_t value)
{
	value ^= value << 13;
	value ^= value >> 7;
	value ^= value << 17;
	return value;
}

void *calculation_thread(void *argument)
{
	enum { STEPS_PER_LOOK = 1024 };
	struct calculation *calculation = argument;
	uint64_t value = 88172645463325252ULL;
	uint64_t count = 0;

	while (!calculation->stop) {
		for (int i = 0; i < STEPS_PER_LOOK; i++)
			value = step(value);
		count += STEPS_PER_LOOK;
		if (calculation->progress)
			*calculation->progress = count;
	}
	calculation->value = value;
	calculation->count = count;
	getrusage(RUSAGE_THREAD, &calculation->usage);
	return NULL;
}
