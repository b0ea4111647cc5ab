/* SPDX-License-Identifier: MIT */
/* Stage 1 for programs: 4 KiB granule, 39-bit addresses, level 1 to 3. */
#ifndef MMU_H
#define MMU_H

#include "guest.h"

/* Descriptor bits (DDI0487 D8.3). */
#define PTE_PAGE	3ULL
#define PTE_TABLE	3ULL
#define PTE_BLOCK	1ULL
#define PTE_DEVICE	(0ULL << 2)
#define PTE_NORMAL	(1ULL << 2)
#define PTE_USER	BIT(6)
#define PTE_READ_ONLY	BIT(7)
#define PTE_SHARED	(3ULL << 8)
#define PTE_AF		BIT(10)
#define PTE_PXN		BIT(53)
#define PTE_UXN		BIT(54)
#define PTE_DATA	(PTE_NORMAL | PTE_SHARED | PTE_AF | PTE_USER | PTE_PXN | PTE_UXN)

/*
 * Turns the MMU on: devices and RAM at their own addresses, the program's code read-only and executable, all other RAM data that EL0 may
 * write. MMU_WINDOW is 2 MiB of virtual addresses whose page table is mmu_window, which is empty at first, or what a program puts into
 * mmu_window_table, the descriptor that leads to it.
 */
#define MMU_WINDOW	0x80000000UL
extern uint64_t mmu_window[512], *const mmu_window_table;
void mmu_on(void);

/* The same with the tables that another PE has made. */
void mmu_enable(void);

/* Maps a page of the window, without invalidation. */
void mmu_map(int page, uint64_t descriptor);
void tlb_invalidate(uint64_t address);

static inline volatile uint64_t *window(int page) { return (volatile uint64_t *)(MMU_WINDOW + (uint64_t)page * 4096); }

#define ESR_CLASS(esr)		((esr) >> 26 & 0x3f)
#define ESR_STATUS(esr)		((esr) & 0x3f)
#define ESR_WRITE		BIT(6)
#define CLASS_INSTRUCTION_EL0	0x20
#define CLASS_INSTRUCTION_EL1	0x21
#define CLASS_DATA_EL0		0x24
#define CLASS_DATA_EL1		0x25
#define LEVEL_3			3
#define TRANSLATION_FAULT	0x04
#define ACCESS_FLAG_FAULT	0x08
#define PERMISSION_FAULT	0x0c

#endif
