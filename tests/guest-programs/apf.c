/* SPDX-License-Identifier: MIT */
#include "apf.h"

#define APF_FUNCTION	0x86000002
#define PAGE		4096
#define TARGETS		0x41000000UL
#define DISTANCE	(32 * PAGE)	/* what is waited for at EL1 brings its neighbours: none of the others */
#define FILLER		0x42000000UL
#define FILLER_PAGES	(8 * 256)

struct apf_block apf_block;
volatile int apf_events, apf_readies;
volatile uint32_t apf_reason, apf_tokens[256], apf_ready_tokens[256];
volatile uint64_t apf_pc, apf_pstate, apf_resume;
volatile bool apf_keeps_block;

int64_t apf(uint32_t function, uint64_t argument, uint64_t *value)
{
	uint64_t ignored;

	return (int32_t)hvc_value(APF_FUNCTION, function, (uint32_t)argument, argument >> 32, value ? value : &ignored);
}

static void free_block(void)
{
	apf_block.token = 0;
	apf_block.reason = 0;
}

void apf_start(uint64_t flags)
{
	gic_init();
	EXPECT_EQ(0, sdei(SDEI_REGISTER, APF_EVENT, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, APF_EVENT, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	EXPECT_EQ(0, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED | flags, 0));
	EXPECT_EQ(APF_WAKE_ALL, apf_take_ready());
	EXPECT(!apf_is_ready());
}

uint64_t apf_on_event(uint64_t event, uint64_t pc, uint64_t pstate)
{
	if (event != APF_EVENT)
		guest_fail("no SDEI event", "sdei_handler", 0, pc, event);
	apf_pc = pc;
	apf_pstate = pstate;
	apf_reason = apf_block.reason;
	apf_tokens[apf_events++ % 256] = apf_block.token;
	if (!apf_keeps_block)
		free_block();
	return apf_resume;
}

bool apf_is_ready(void)
{
	return gic_is_pending(APF_PPI);
}

void apf_wait_ready(void)
{
	uint64_t end = now() + milliseconds(100);

	while (!apf_is_ready())
		EXPECT(now() < end);
}

void apf_pause(uint64_t duration)
{
	uint64_t end = now() + duration;

	while (now() < end)
		;
	sdei(SDEI_VERSION, 0, 0, 0);	/* the host looks at the block when it enters the guest */
}

uint32_t apf_take_ready(void)
{
	uint32_t token;

	apf_wait_ready();
	EXPECT_EQ(APF_READY, apf_block.reason);
	token = apf_block.token;
	free_block();
	EXPECT_EQ(0, apf(APF_IRQ_ACK, 0, 0));
	return token;
}

bool apf_on_irq(void)
{
	uint32_t intid = gic_acknowledge();

	if (intid != APF_PPI)
		return false;
	apf_ready_tokens[apf_readies++ % 256] = apf_take_ready();
	gic_end(intid);
	return true;
}

uint64_t absent_page(int index)
{
	return TARGETS + (uint64_t)index * DISTANCE;
}

uint64_t absent_content(int index)
{
	return (uint64_t)(index + 1) * 0x9e3779b97f4a7c15;
}

void make_absent(int count)
{
	extern char _start[], program_end[];

	for (int index = 0; index < count; index++)
		*(volatile uint64_t *)absent_page(index) = absent_content(index);
	/* Twice the limit, every page not zero: what was written before is not resident any more. */
	for (uint64_t page = 0; page < FILLER_PAGES; page++)
		*(volatile uint64_t *)(FILLER + page * PAGE) = ~page;
	for (char *own = (char *)((uint64_t)_start & ~(PAGE - 1UL)); own < program_end; own += PAGE)
		*(volatile uint64_t *)own = *(volatile uint64_t *)own;
}

int64_t read_page(uint64_t address)
{
	return *(volatile int64_t *)address;
}

int64_t read_pages(uint64_t pages)
{
	const volatile struct pages *list = (const volatile struct pages *)pages;
	int64_t sum = 0;
	int count = list->count;
	const volatile int64_t *page = (const volatile int64_t *)(TARGETS + (uint64_t)list->first * DISTANCE);

	for (; count > 0; count--, page += DISTANCE / sizeof(*page))
		sum += *page;
	return sum;
}

void expect_waits(int index, bool at_el0)
{
	int events = apf_events;
	uint64_t start = now(), content;

	content = at_el0 ? run_at_el0(read_page, absent_page(index)) : read_page(absent_page(index));
	EXPECT(now() - start >= milliseconds(ABSENT_LATENCY));
	EXPECT_EQ(absent_content(index), content);
	EXPECT_EQ(events, apf_events);
}
