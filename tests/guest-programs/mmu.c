/* SPDX-License-Identifier: MIT */
#include "mmu.h"

typedef uint64_t table[512] __attribute__((aligned(4096)));
static table level1, ram2, program3, window2;
table mmu_window;
uint64_t *const mmu_window_table = &window2[0];

void mmu_map(int page, uint64_t descriptor)
{
	*(volatile uint64_t *)&mmu_window[page] = descriptor;
	__asm__ volatile("dsb ishst\n isb" ::: "memory");
}

void tlb_invalidate(uint64_t address)
{
	__asm__ volatile("dsb ishst\n tlbi vaae1is, %0\n dsb ish\n isb" :: "r"(address >> 12) : "memory");
}

void mmu_on(void)
{
	extern char _start[], text_end[];
	uint64_t ram = 0x40000000;

	level1[0] = PTE_BLOCK | PTE_DEVICE | PTE_AF | PTE_PXN | PTE_UXN;
	level1[1] = (uint64_t)ram2 | PTE_TABLE;
	level1[2] = (uint64_t)window2 | PTE_TABLE;
	ram2[0] = (uint64_t)program3 | PTE_TABLE;
	for (uint64_t i = 1; i < 512; i++)
		ram2[i] = (ram + i * 0x200000) | PTE_BLOCK | PTE_DATA;
	for (uint64_t i = 0; i < 512; i++) {
		uint64_t page = ram + i * 4096;

		if (page >= (uint64_t)_start && page < (uint64_t)text_end)
			program3[i] = page | PTE_PAGE | PTE_NORMAL | PTE_SHARED | PTE_AF | PTE_USER | PTE_READ_ONLY;
		else
			program3[i] = page | PTE_PAGE | PTE_DATA;
	}
	window2[0] = (uint64_t)mmu_window | PTE_TABLE;
	mmu_enable();
}

void mmu_enable(void)
{
	WRITE_SYSREG(mair_el1, 0xff00);
	/* T0SZ 25, write-back inner-shareable walks, no TTBR1, 40-bit physical addresses. */
	WRITE_SYSREG(tcr_el1, 25 | 1 << 8 | 1 << 10 | 3 << 12 | BIT(23) | 2ULL << 32);
	WRITE_SYSREG(ttbr0_el1, (uint64_t)level1);
	__asm__ volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" ::: "memory");
	/* M, C, I, and the bits that are RES1. */
	WRITE_SYSREG(sctlr_el1, 0x30d00800 | BIT(0) | BIT(2) | BIT(12));
}
