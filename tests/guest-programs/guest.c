/* SPDX-License-Identifier: MIT */
#include "guest.h"

#define PSCI_SYSTEM_OFF	0x84000008

void print(const char *text)
{
	while (*text)
		*reg(UART) = (uint8_t)*text++;
}

void print_hex(uint64_t value)
{
	print("0x");
	for (int shift = 60; shift >= 0; shift -= 4)
		*reg(UART) = (uint8_t)"0123456789abcdef"[(value >> shift) & 15];
}

static void power_off(void) __attribute__((noreturn));
static void power_off(void)
{
	hvc(PSCI_SYSTEM_OFF, 0, 0, 0, 0, 0);
	for (;;)
		;
}

void guest_pass(void)
{
	print("GUEST PASS\n");
	power_off();
}

void guest_fail(const char *what, const char *file, int line, uint64_t expected, uint64_t actual)
{
	print("GUEST FAIL ");
	print(file);
	print(" line ");
	print_hex((uint64_t)line);
	print(": ");
	print(what);
	print(": expected ");
	print_hex(expected);
	print(", is ");
	print_hex(actual);
	print("\n");
	power_off();
}

int64_t hvc(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5)
{
	uint64_t arguments[8] = { function, a1, a2, a3, a4, a5 }, results[4];

	hvc_call(arguments, results);
	return (int64_t)results[0];
}

uint64_t hvc_value(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t *x1)
{
	uint64_t arguments[8] = { function, a1, a2, a3 }, results[4];

	hvc_call(arguments, results);
	*x1 = results[1];
	return results[0];
}

void leave_el0(int64_t result) __attribute__((noreturn));

/* From the vectors. */
void exception(int kind, struct frame *frame)
{
	uint64_t syndrome;

	__asm__ volatile("mrs %0, esr_el1" : "=r"(syndrome));
	/* SVC #0x7f: run_at_el0()'s function returned. */
	if (kind == VECTOR_SYNC_LOWER && syndrome == 0x5600007f)
		leave_el0((int64_t)frame->x[0]);
	if (!on_exception(kind, frame))
		guest_fail("no exception", "exception vector", kind, frame->elr, syndrome);
}

void gic_init(void)
{
	*reg(GICD) = 0x12;			/* ARE, group 1 */
	*reg(GICR_RD + 0x14) = 0;		/* GICR_WAKER: awake */
	*reg(GICR_SGI + 0x80) = 0xffffffff;	/* GICR_IGROUPR0: all group 1 */
	__asm__ volatile(
		"msr S3_0_C12_C12_5, %0\n"	/* ICC_SRE_EL1 */
		"isb\n"
		"msr S3_0_C4_C6_0, %1\n"	/* ICC_PMR_EL1 */
		"msr S3_0_C12_C12_7, %0\n"	/* ICC_IGRPEN1_EL1 */
		"isb" :: "r"(1UL), "r"(0xffUL));
}

void gic_enable_ppi(uint32_t intid)
{
	*reg(GICR_SGI + 0x100) = 1u << intid;	/* GICR_ISENABLER0 */
}

void gic_enable_spi(uint32_t intid)
{
	*reg(GICD + 0x80 + intid / 32 * 4) |= 1u << intid % 32;		/* GICD_IGROUPR: group 1 */
	*(volatile uint64_t *)(GICD + 0x6000 + intid * 8) = 0;		/* GICD_IROUTER: affinity 0.0.0.0 */
	*reg(GICD + 0x100 + intid / 32 * 4) = 1u << intid % 32;		/* GICD_ISENABLER */
}

bool gic_is_pending(uint32_t intid)
{
	uint64_t address = intid < 32 ? GICR_SGI + 0x200 : GICD + 0x200 + intid / 32 * 4;

	return *reg(address) >> intid % 32 & 1;
}

uint32_t gic_acknowledge(void)
{
	uint64_t intid;

	__asm__ volatile("mrs %0, S3_0_C12_C12_0" : "=r"(intid));	/* ICC_IAR1_EL1 */
	return (uint32_t)intid;
}

void gic_end(uint32_t intid)
{
	__asm__ volatile("msr S3_0_C12_C12_1, %0\n isb" :: "r"((uint64_t)intid));	/* ICC_EOIR1_EL1 */
}
