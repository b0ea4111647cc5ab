/* SPDX-License-Identifier: MIT */
/*
 * What bare-metal guest programs share. A program is one behaviour: it has a main() whose expectations all
 * hold, or it says on the UART which did not. It ends by PSCI SYSTEM_OFF either way.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stdint.h>

#define BIT(n)			(1ULL << (n))
#define NOT_SUPPORTED		(-1L)

void print(const char *text);
void print_hex(uint64_t value);

/* Ends the program. The test looks for these words. */
void guest_pass(void) __attribute__((noreturn));
void guest_fail(const char *what, const char *file, int line, uint64_t expected, uint64_t actual) __attribute__((noreturn));

#define EXPECT_EQ(expected, actual)									\
	do {												\
		uint64_t expected_ = (uint64_t)(expected), actual_ = (uint64_t)(actual);		\
		if (expected_ != actual_)								\
			guest_fail(#expected " == " #actual, __FILE__, __LINE__, expected_, actual_);	\
	} while (0)
#define EXPECT(condition)	EXPECT_EQ(1, !!(condition))

/* SMCCC by HVC: x0..x7 in, x0..x3 out. */
void hvc_call(const uint64_t arguments[8], uint64_t results[4]);
int64_t hvc(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5);
uint64_t hvc_value(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t *x1);

/* Exceptions: kind is the vector's number, 0..15; a program may define this to handle one and return true. */
struct frame {
	uint64_t	x[20];
	uint64_t	x29, x30;
	uint64_t	elr, spsr;
};
bool on_exception(int kind, struct frame *frame);
#define VECTOR_SYNC_SAME	4
#define VECTOR_IRQ_SAME		5
#define VECTOR_SYNC_LOWER	8
#define VECTOR_IRQ_LOWER	9

/* Runs a function at EL0; its result comes back when it returns. The MMU is off, so EL0 sees all memory. */
int64_t run_at_el0(int64_t (*function)(uint64_t), uint64_t argument);

/* SDEI: sdei_entry is an entry point that calls the program's handler; a non-zero answer is where COMPLETE_AND_RESUME goes on. */
void sdei_entry(void);
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate);

enum {
	SDEI_VERSION		= 0xC4000020,
	SDEI_REGISTER		= 0xC4000021,
	SDEI_ENABLE		= 0xC4000022,
	SDEI_DISABLE		= 0xC4000023,
	SDEI_CONTEXT		= 0xC4000024,
	SDEI_COMPLETE		= 0xC4000025,
	SDEI_RESUME		= 0xC4000026,
	SDEI_UNREGISTER		= 0xC4000027,
	SDEI_STATUS		= 0xC4000028,
	SDEI_GET_INFO		= 0xC4000029,
	SDEI_ROUTING_SET	= 0xC400002A,
	SDEI_PE_MASK		= 0xC400002B,
	SDEI_PE_UNMASK		= 0xC400002C,
	SDEI_INTERRUPT_BIND	= 0xC400002D,
	SDEI_INTERRUPT_RELEASE	= 0xC400002E,
	SDEI_SIGNAL		= 0xC400002F,
	SDEI_FEATURES		= 0xC4000030,
	SDEI_PRIVATE_RESET	= 0xC4000031,
	SDEI_SHARED_RESET	= 0xC4000032,
};
#define SDEI_INVALID		(-2L)
#define SDEI_DENIED		(-3L)
#define SDEI_PENDING		(-5L)

static inline int64_t sdei(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3)
{
	return hvc(function, a1, a2, a3, 0, 0);
}

#define UART			0x09000000UL
#define GICD			0x08000000UL
#define GICR_RD			(0x080A0000UL + (read_mpidr() & 0xff) * 0x20000)	/* of the PE that asks */
#define GICR_SGI		(GICR_RD + 0x10000)
static inline uint64_t read_mpidr(void) { uint64_t v; __asm__ volatile("mrs %0, mpidr_el1" : "=r"(v)); return v; }
static inline volatile uint32_t *reg(uint64_t address) { return (volatile uint32_t *)address; }

/* GICv3: everything of this PE at group 1, and one PPI or SGI (or SPI, routed to the first PE) enabled. */
void gic_init(void);
void gic_enable_ppi(uint32_t intid);
void gic_enable_spi(uint32_t intid);
bool gic_is_pending(uint32_t intid);
uint32_t gic_acknowledge(void);
void gic_end(uint32_t intid);

static inline void unmask_irq(void) { __asm__ volatile("msr daifclr, #2" ::: "memory"); }
static inline void mask_irq(void) { __asm__ volatile("msr daifset, #2" ::: "memory"); }
static inline void wfi(void) { __asm__ volatile("dsb sy\n wfi" ::: "memory"); }

#define READ_SYSREG(name)		({ uint64_t value_; __asm__ volatile("mrs %0, " #name : "=r"(value_) :: "memory"); value_; })
#define WRITE_SYSREG(name, value)	__asm__ volatile("msr " #name ", %0\n isb" :: "r"((uint64_t)(value)) : "memory")

/* The generic timer's counter and its ticks in a millisecond. */
static inline uint64_t now(void) { __asm__ volatile("isb" ::: "memory"); return READ_SYSREG(cntvct_el0); }
static inline uint64_t milliseconds(uint64_t n) { return n * READ_SYSREG(cntfrq_el0) / 1000; }

#endif
