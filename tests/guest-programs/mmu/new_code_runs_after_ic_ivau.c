#include "mmu.h"
/* Code in a page that both addresses lead to: written through one, executed through the other. */
static void write_code(int value)
{
	volatile uint32_t *code = (volatile uint32_t *)0x41000000;

	code[0] = 0x52800000 | (uint32_t)value << 5;	/* mov w0, #value */
	code[1] = 0xd65f03c0;				/* ret */
	__asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %1\n dsb ish\n isb" :: "r"(code), "r"(MMU_WINDOW) : "memory");
}
int main(void)
{
	mmu_on();
	mmu_map(0, 0x41000000 | PTE_PAGE | PTE_NORMAL | PTE_SHARED | PTE_AF | PTE_UXN);
	for (int value = 0; value < 200; value++) {
		write_code(value);
		EXPECT_EQ(value, ((int (*)(void))MMU_WINDOW)());
	}
	return 0;
}
