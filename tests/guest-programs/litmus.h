/* SPDX-License-Identifier: MIT */
/*
 * Litmus tests of two PEs (DDI0487 B2.3). Each PE does an access to its own and to the other's location, again and again, with ever greater numbers,
 * and notes what it loads; nothing keeps them in step. Afterwards the notes are searched for what the memory model forbids.
 */
#ifndef LITMUS_H
#define LITMUS_H

#include "mmu.h"
#include "smp.h"

#define NUMBERS		200000UL
#define MOST_RUNS	40

/* x is stored to by the first PE, y by the second, or as the program says. Notes start at number 1. */
extern uint64_t litmus_x, litmus_y;
typedef uint64_t litmus_note[2];

/*
 * Runs a body on both PEs until they have met often enough, and adds up what the search finds in the notes of each. On a host that is busy
 * they may never run at the same time; then the answer is 0 after MOST_RUNS.
 */
typedef void litmus_body(litmus_note *notes);
typedef uint64_t litmus_search(litmus_note *first, litmus_note *second);
uint64_t litmus(litmus_body *first, litmus_body *second, litmus_search *search);

/* Neither PE had seen the other's store; both had, before they made their own; the flag was seen, what was stored before it was not. */
litmus_search neither_seen, both_seen, flag_without_message;

#define STORE(p, v)		__asm__ volatile("str %1, %0" : "=Q"(*(p)) : "r"((uint64_t)(v)) : "memory")
#define STORE_RELEASE(p, v)	__asm__ volatile("stlr %1, %0" : "=Q"(*(p)) : "r"((uint64_t)(v)) : "memory")
#define SWAP_AL(p, v)		({ uint64_t v_; __asm__ volatile(".arch_extension lse\n swpal %1, %0, %2" : "=r"(v_) : "r"((uint64_t)(v)), "Q"(*(p)) : "memory"); })
#define LOAD(p)			({ uint64_t v_; __asm__ volatile("ldr %0, %1" : "=r"(v_) : "Q"(*(p)) : "memory"); v_; })
#define LOAD_ACQUIRE(p)		({ uint64_t v_; __asm__ volatile("ldar %0, %1" : "=r"(v_) : "Q"(*(p)) : "memory"); v_; })
#define DMB(what)		__asm__ volatile("dmb " #what ::: "memory")
#define NO_BARRIER		__asm__ volatile("" ::: "memory")

#endif
