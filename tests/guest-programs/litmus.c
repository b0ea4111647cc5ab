/* SPDX-License-Identifier: MIT */
#include "litmus.h"

uint64_t litmus_x __attribute__((aligned(64))), litmus_y __attribute__((aligned(64)));
static litmus_note *const notes_of_first = (litmus_note *)0x41000000, *const notes_of_second = (litmus_note *)0x42000000;
static struct meeting meeting;
static litmus_body *body_of_second;
static volatile uint64_t end;

static void second(uint64_t argument)
{
	(void)argument;
	mmu_enable();
	for (;;) {
		meet(&meeting, 2);
		if (load_acquire(&end))
			return;
		body_of_second(notes_of_second);
		meet(&meeting, 2);
	}
}

/* How often a PE saw that the other had gone on. */
static uint64_t meetings(litmus_note *notes)
{
	uint64_t changes = 0;

	for (uint64_t n = 2; n <= NUMBERS; n++)
		changes += notes[n][0] != notes[n - 1][0];
	return changes;
}

uint64_t litmus(litmus_body *first, litmus_body *other, litmus_search *search)
{
	uint64_t found = 0, met = 0;

	mmu_on();
	body_of_second = other;
	pe_on(1, second, 0);
	for (int run = 0; run < MOST_RUNS && met < NUMBERS; run++) {
		litmus_x = litmus_y = 0;
		meet(&meeting, 2);
		first(notes_of_first);
		meet(&meeting, 2);
		found += search(notes_of_first, notes_of_second);
		met += meetings(notes_of_first) + meetings(notes_of_second);
	}
	store_release(&end, 1);
	meet(&meeting, 2);
	pe_wait_off(1);
	return found;
}

uint64_t neither_seen(litmus_note *first, litmus_note *second)
{
	uint64_t found = 0;

	for (uint64_t n = 1; n <= NUMBERS; n++) {
		uint64_t not_seen = first[n][0] + 1;

		found += not_seen <= NUMBERS && second[not_seen][0] < n;
	}
	return found;
}

uint64_t both_seen(litmus_note *first, litmus_note *second)
{
	uint64_t found = 0;

	for (uint64_t n = 1; n <= NUMBERS; n++) {
		uint64_t seen = first[n][0];

		found += seen != 0 && second[seen][0] >= n;
	}
	return found;
}

uint64_t flag_without_message(litmus_note *first, litmus_note *second)
{
	uint64_t found = 0;

	(void)first;
	for (uint64_t n = 1; n <= NUMBERS; n++)
		found += second[n][1] < second[n][0];
	return found;
}
