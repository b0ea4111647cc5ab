/* SPDX-License-Identifier: MIT */
/* For programs that write code: the words that they need, and what makes them visible (DDI0487 B2.4.4). */
#ifndef CODE_H
#define CODE_H

#include "mmu.h"

#define INSN_NOP		0xd503201fu
#define INSN_RET		0xd65f03c0u
#define INSN_MOV_W0(value)	(0x52800000u | (uint32_t)(value) << 5)	/* mov w0, #value */
#define INSN_ADD_W0(value)	(0x11000000u | (uint32_t)(value) << 10)	/* add w0, w0, #value */
#define INSN_B(words)		(0x14000000u | ((uint32_t)(words) & 0x3ffffff))
#define INSN_BL(words)		(0x94000000u | ((uint32_t)(words) & 0x3ffffff))

/* A page that EL1 may execute, and write too: not WXN, and not EL0's. */
#define PTE_CODE		(PTE_PAGE | PTE_NORMAL | PTE_SHARED | PTE_AF | PTE_UXN)

/* RAM for code, at its own address as data; MMU_WINDOW is for where it runs. */
static inline volatile uint32_t *frame_of_code(int n) { return (volatile uint32_t *)(0x41000000UL + (uint64_t)n * 4096); }

static inline void map_code(int page, int frame) { mmu_map(page, (uint64_t)frame_of_code(frame) | PTE_CODE); }

static inline void make_visible(volatile uint32_t *code)
{
	__asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %0\n dsb ish\n isb" :: "r"(code) : "memory");
}

static inline void make_all_visible(void) { __asm__ volatile("dsb ish\n ic iallu\n dsb ish\n isb" ::: "memory"); }

static inline int64_t call(uint64_t address) { return ((int64_t (*)(int64_t))address)(0); }

static inline uint64_t code_at(int page, int word) { return MMU_WINDOW + (uint64_t)page * 4096 + (uint64_t)word * 4; }

#endif
