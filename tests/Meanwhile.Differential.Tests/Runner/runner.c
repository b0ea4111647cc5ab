/* SPDX-License-Identifier: MIT */
/*
 * Executes single instructions and short sequences for the differential tests, under qemu-user or on a real processor.
 *
 * stdin: a count (u32), then that many struct record; stdout: as many struct result; again until end of file.
 * Each record has a slot of code of its own, so that a batch is written once and translated once by an emulator.
 * Freestanding: the instructions under test may leave any register, TPIDR_EL0 included, in any state.
 */

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

#define CODE		0x30000000UL	/* one page of exits, then the slots */
#define SLOTS		(CODE + 0x1000)
#define MAX_RECORDS	4096
#define SLOT_WORDS	32
#define MAX_CODE	15
#define CODE_BYTES	(0x1000 + MAX_RECORDS * SLOT_WORDS * 4)
#define LITERALS	0x300a0000UL	/* a page of constants for PC-relative loads */
#define WINDOW_PAGES	0x20000000UL	/* two pages; the window lies across their boundary */
#define WINDOW		(WINDOW_PAGES + 0x1000 - WINDOW_BYTES / 2)
#define WINDOW_BYTES	256

struct record {
	u32 length, code[MAX_CODE];
	u32 nzcv, fpcr, fpsr, pad;
	u64 memory_seed;
	u64 x[32];			/* 31 is SP */
	u64 v[64];
};

/* entry.S knows these offsets. */
struct state {
	u64 x[32];
	u64 v[64];
	u64 nzcv, fpcr, fpsr;
	u64 slot;
};

struct result {
	u32 outcome;			/* 0 fell through, 1 branched, else a signal number */
	u32 nzcv, fpcr, fpsr;
	u64 fault_address;
	u64 pc;				/* where the signal came from, else 0 */
	u64 x[32];
	u64 v[64];
	u8 window[WINDOW_BYTES];
};

struct state state __attribute__((aligned(64)));
u64 host_save[24];

extern long enter(void);
extern u8 leave_with_signal[], exit_fallthrough[], exit_branch[];

static struct record records[MAX_RECORDS];
static struct result results[MAX_RECORDS];
static u64 fault_address, fault_pc;
static u8 signal_stack[65536] __attribute__((aligned(16)));

static long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
	return x0;
}

static void exit_with(int status)
{
	for (;;)
		syscall6(94, status, 0, 0, 0, 0, 0);
}

void *memcpy(void *to, const void *from, u64 bytes)
{
	u8 *t = to;
	const u8 *f = from;

	while (bytes--)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int value, u64 bytes)
{
	u8 *t = to;

	while (bytes--)
		*t++ = value;
	return to;
}

/* What the kernel puts on the signal stack: struct ucontext of arm64. */
struct signal_context {
	u64 flags, link, stack[3];
	u8 mask[128];
	u64 pad;
	u64 fault_address;
	u64 regs[31];
	u64 sp, pc, pstate;
	u64 pad2;
	struct {
		u32 magic, size;
		u32 fpsr, fpcr;
		u64 v[64];
	} fpsimd;
};

static void on_signal(int number, void *info, struct signal_context *context)
{
	int i;

	for (i = 0; i < 31; i++)
		state.x[i] = context->regs[i];
	state.x[31] = context->sp;
	state.nzcv = context->pstate & 0xf0000000;
	if (context->fpsimd.magic != 0x46508001)
		exit_with(3);
	state.fpsr = context->fpsimd.fpsr;
	state.fpcr = context->fpsimd.fpcr;
	for (i = 0; i < 64; i++)
		state.v[i] = context->fpsimd.v[i];
	fault_pc = context->pc;
	fault_address = *(u64 *)((u8 *)info + 16);
	context->regs[0] = number;
	context->pc = (u64)leave_with_signal;
}

static void handle_signals(void)
{
	static const int numbers[] = { 4, 5, 7, 8, 11 };
	struct { void *stack; int flags; u64 size; } stack = { signal_stack, 0, sizeof(signal_stack) };
	struct { void *handler; u64 flags; void *restorer; u64 mask; } action = {
		on_signal, 0x4 | 0x08000000 | 0x40000000, 0, 0	/* SA_SIGINFO, SA_ONSTACK, SA_NODEFER */
	};
	unsigned int i;

	syscall6(132, (long)&stack, 0, 0, 0, 0, 0);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		syscall6(134, numbers[i], (long)&action, 0, 8, 0, 0);
}

static void map(u64 address, u64 bytes, int protection)
{
	/* MAP_PRIVATE, MAP_FIXED, MAP_ANONYMOUS */
	if (syscall6(222, address, bytes, protection, 0x32, -1, 0) != (long)address)
		exit_with(4);
}

static void fill(u64 address, u64 bytes, u64 seed)
{
	u64 *p = (u64 *)address, *end = (u64 *)(address + bytes);

	while (p < end) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		*p++ = seed;
	}
}

static int read_all(void *to, u64 bytes)
{
	u8 *p = to;

	while (bytes) {
		long n = syscall6(63, 0, (long)p, bytes, 0, 0, 0);

		if (n <= 0)
			return 0;
		p += n;
		bytes -= n;
	}
	return 1;
}

static void write_all(const void *from, u64 bytes)
{
	const u8 *p = from;

	while (bytes) {
		long n = syscall6(64, 1, (long)p, bytes, 0, 0, 0);

		if (n <= 0)
			exit_with(5);
		p += n;
		bytes -= n;
	}
}

static u32 branch_to(u64 from, u64 to)
{
	return 0x14000000 | ((to - from) >> 2 & 0x03ffffff);
}

/* msr tpidr_el0, x30; ldr x30, .+8; br x30; .quad target */
static void write_exit(u64 at, const void *target)
{
	u32 *p = (u32 *)at;

	p[0] = 0xd51bd05e;
	p[1] = 0x5800005e;
	p[2] = 0xd61f03c0;
	p[3] = (u32)(u64)target;
	p[4] = (u32)((u64)target >> 32);
}

static void write_slot(u64 at, const struct record *r)
{
	u32 *p = (u32 *)at;
	u32 i;

	*p++ = 0xd53bd05e;		/* mrs x30, tpidr_el0 */
	for (i = 0; i < r->length && i < MAX_CODE; i++)
		*p++ = r->code[i];
	p[0] = branch_to((u64)p, CODE);
	p[1] = branch_to((u64)(p + 1), CODE + 32);
}

static void flush_code(u64 from, u64 to)
{
	u64 at;

	/* 16 bytes: no implementation has shorter lines. */
	for (at = from; at < to; at += 16)
		__asm__ volatile("dc cvau, %0" :: "r"(at) : "memory");
	__asm__ volatile("dsb ish" ::: "memory");
	for (at = from; at < to; at += 16)
		__asm__ volatile("ic ivau, %0" :: "r"(at) : "memory");
	__asm__ volatile("dsb ish\n\tisb" ::: "memory");
}

static void execute(const struct record *r, struct result *out, u64 slot)
{
	int i;

	fill(WINDOW, WINDOW_BYTES, r->memory_seed);
	for (i = 0; i < 32; i++)
		state.x[i] = r->x[i];
	for (i = 0; i < 64; i++)
		state.v[i] = r->v[i];
	state.nzcv = r->nzcv;
	state.fpcr = r->fpcr;
	state.fpsr = r->fpsr;
	state.slot = slot;
	fault_address = fault_pc = 0;
	out->outcome = enter();
	for (i = 0; i < 32; i++)
		out->x[i] = state.x[i];
	for (i = 0; i < 64; i++)
		out->v[i] = state.v[i];
	out->nzcv = state.nzcv;
	out->fpcr = state.fpcr;
	out->fpsr = state.fpsr;
	out->fault_address = fault_address;
	out->pc = fault_pc;
	for (i = 0; i < WINDOW_BYTES / 8; i++)
		((u64 *)out->window)[i] = ((u64 *)WINDOW)[i];
}

void runner(void)
{
	u32 count, i;

	map(CODE, CODE_BYTES, 7);
	map(LITERALS, 0x1000, 3);
	map(WINDOW_PAGES, 0x2000, 3);
	fill(LITERALS, 0x1000, 0x4c69746572616c73);
	write_exit(CODE, exit_fallthrough);
	write_exit(CODE + 32, exit_branch);
	handle_signals();
	while (read_all(&count, sizeof(count))) {
		if (count > MAX_RECORDS || !read_all(records, count * sizeof(records[0])))
			exit_with(2);
		for (i = 0; i < count; i++)
			write_slot(SLOTS + i * SLOT_WORDS * 4, &records[i]);
		flush_code(CODE, CODE + CODE_BYTES);
		for (i = 0; i < count; i++)
			execute(&records[i], &results[i], SLOTS + i * SLOT_WORDS * 4);
		write_all(results, count * sizeof(results[0]));
	}
	exit_with(0);
}
