/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "mover.h"

enum { STEPS_PER_LOOK = 4096 };

static const uint64_t window_ns = 100000000;

/* Read without the vDSO: its data page would be one more page to wait for. */
uint64_t counter_ns(void)
{
	uint64_t ticks, frequency;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	__asm__("mrs %0, cntfrq_el0" : "=r"(frequency));
	return (uint64_t)((unsigned __int128)ticks * 1000000000u / frequency);
}

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
	struct calculation *calculation = argument;
	uint64_t value = 88172645463325252ULL;
	uint64_t last = counter_ns();
	struct window window = { .end = last + window_ns };
	uint64_t count = 0;

	for (;;) {
		for (int i = 0; i < STEPS_PER_LOOK; i++)
			value = step(value);
		window.steps += STEPS_PER_LOOK;
		uint64_t now = counter_ns();

		if (now - last > window.gap) {
			window.gap = now - last;
			window.gap_end = now;
		}
		last = now;
		if (now < window.end)
			continue;
		window.end = now;
		calculation->value = value;
		calculation->windows[count % WINDOWS] = window;
		atomic_store_explicit(&calculation->count, ++count, memory_order_release);
		window.end = now + window_ns;
		window.gap = 0;
	}
	return NULL;
}
