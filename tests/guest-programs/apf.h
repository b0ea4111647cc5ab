/* SPDX-License-Identifier: MIT */
/* Asynchronous page faults for programs: docs/protocol.md. */
#ifndef APF_H
#define APF_H

#include "guest.h"

#define APF_EVENT		0x40400001
#define APF_PPI			22
#define APF_SLOTS_COUNT		64
#define APF_ENABLED		BIT(0)
#define APF_SEND_ALWAYS		BIT(1)
#define APF_NOT_PRESENT		1
#define APF_READY		2
#define APF_WAKE_ALL		0xffffffff
#define NOT_REQUIRED		(-2L)
#define INVALID_PARAMETER	(-3L)

enum { APF_VERSION, APF_SLOTS, APF_SDEI, APF_IRQ, APF_ENABLE, APF_IRQ_ACK };
int64_t apf(uint32_t function, uint64_t argument, uint64_t *value);

struct apf_block {
	volatile uint32_t	reason, token;
	uint8_t			pad[56];
	volatile uint32_t	enabled;
} __attribute__((aligned(64)));
extern struct apf_block apf_block;

/* GIC, event and ENABLE with apf_block; the wake-all is taken. The PPI is not enabled in the GIC: it can be seen pending. */
void apf_start(uint64_t flags);

/* What page-not-present events brought. */
extern volatile int apf_events;
extern volatile uint32_t apf_reason, apf_tokens[256];
extern volatile uint64_t apf_pc, apf_pstate;

/* For the default handler: leave the block as it is; go on at this address instead of with the access. */
extern volatile bool apf_keeps_block;
extern volatile uint64_t apf_resume;
uint64_t apf_on_event(uint64_t event, uint64_t pc, uint64_t pstate);

/* Page-ready: pending at the GIC; waits for it; takes its token, frees the block and acknowledges. */
bool apf_is_ready(void);
void apf_wait_ready(void);
uint32_t apf_take_ready(void);
void apf_pause(uint64_t duration);

/* For the default IRQ handler: takes page-ready, and counts. */
extern volatile int apf_readies;
extern volatile uint32_t apf_ready_tokens[256];
bool apf_on_irq(void);

/*
 * Pages with known content that are not resident: of the machine 64M with a limit of 4M, 16 to 32 MiB into RAM. The program's own pages are
 * resident afterwards.
 */
#define ABSENT_LATENCY		1	/* ms, as the machine's comment says */
void make_absent(int count);
uint64_t absent_page(int index);
uint64_t absent_content(int index);

/* To be run at EL0 too: reads a page; reads count pages and returns the sum. */
int64_t read_page(uint64_t address);
struct pages { int first, count; };
int64_t read_pages(uint64_t pages);

/* Accesses an absent page; it must take the time of a read, give the right content, and nobody may hear of it. */
void expect_waits(int index, bool at_el0);

/* An on_exception for handlers that resume at the IRQ vector: the access is left out. */
extern char vectors[];
#define VECTOR_ADDRESS(kind)	((uint64_t)vectors + 0x80 * (kind))

#endif
