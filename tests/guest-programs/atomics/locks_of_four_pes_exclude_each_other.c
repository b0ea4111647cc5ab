/* machine: cpus=4 bound=120s */
#include "mmu.h"
#include "smp.h"
/* What the locks guard is no atomic: one holder too many, or an access that leaves the lock's bounds, and the sums are wrong. */
enum { ROUNDS = 4000 };
static uint32_t exclusive_lock, swap_lock, ticket_lock[2];
static volatile uint64_t by_exclusive[2], by_swap[2], by_ticket[2];
static struct meeting start;

static void add(volatile uint64_t guarded[2])
{
	uint64_t value = guarded[0];

	guarded[1]++;
	guarded[0] = value + 1;
}

/* As the manual has it (DDI0487 K13.3.1): waits by WFE for the owner's store to clear the monitor. */
static void lock_by_exclusive(uint32_t *lock)
{
	uint32_t value, status;

	__asm__ volatile(
		"sevl\n"
		"1: wfe\n"
		"2: ldaxr %w0, %2\n"
		"cbnz %w0, 1b\n"
		"stxr %w1, %w3, %2\n"
		"cbnz %w1, 2b"
		: "=&r"(value), "=&r"(status), "+Q"(*lock) : "r"(1) : "memory");
}

static void lock_by_swap(uint32_t *lock)
{
	uint32_t old;

	do {
		__asm__ volatile(".arch_extension lse\n swpa %w1, %w0, %2" : "=r"(old) : "r"(1), "Q"(*lock) : "memory");
	} while (old);
}

static void unlock(uint32_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

static void lock_by_ticket(uint32_t lock[2])
{
	uint32_t mine;

	__asm__ volatile(".arch_extension lse\n ldadd %w1, %w0, %2" : "=r"(mine) : "r"(1), "Q"(lock[0]) : "memory");
	while (__atomic_load_n(&lock[1], __ATOMIC_ACQUIRE) != mine)
		__asm__ volatile("wfe");
}

static void unlock_ticket(uint32_t lock[2])
{
	__atomic_store_n(&lock[1], lock[1] + 1, __ATOMIC_RELEASE);
	__asm__ volatile("dsb ishst\n sev" ::: "memory");
}

static void count(uint64_t argument)
{
	if (argument)
		mmu_enable();
	meet(&start, MOST_PES);
	for (int round = 0; round < ROUNDS; round++) {
		lock_by_exclusive(&exclusive_lock);
		add(by_exclusive);
		unlock(&exclusive_lock);
		lock_by_swap(&swap_lock);
		add(by_swap);
		unlock(&swap_lock);
		lock_by_ticket(ticket_lock);
		add(by_ticket);
		unlock_ticket(ticket_lock);
	}
}

int main(void)
{
	mmu_on();
	for (int pe = 1; pe < MOST_PES; pe++)
		pe_on(pe, count, 1);
	count(0);
	for (int pe = 1; pe < MOST_PES; pe++)
		pe_wait_off(pe);
	for (int half = 0; half < 2; half++) {
		EXPECT_EQ(MOST_PES * ROUNDS, by_exclusive[half]);
		EXPECT_EQ(MOST_PES * ROUNDS, by_swap[half]);
		EXPECT_EQ(MOST_PES * ROUNDS, by_ticket[half]);
	}
	return 0;
}
