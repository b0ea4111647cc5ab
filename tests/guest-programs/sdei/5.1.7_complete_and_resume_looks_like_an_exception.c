#include "guest.h"
/* The handler resumes at a vector: it must find the interrupted PC and PSTATE in ELR and SPSR. */
static volatile uint64_t interrupted_pc, interrupted_pstate, elr, spsr;
extern char vectors[];
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)event; (void)argument;
	interrupted_pc = pc;
	interrupted_pstate = pstate;
	return (uint64_t)vectors + 0x280;	/* IRQ, current EL with SP_ELx */
}
bool on_exception(int kind, struct frame *frame)
{
	elr = frame->elr;
	spsr = frame->spsr;
	return kind == VECTOR_IRQ_SAME;
}
int main(void)
{
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, read_mpidr() & 0xff00ffffff, 0));
	EXPECT(elr != 0);
	EXPECT_EQ(interrupted_pc, elr);
	EXPECT_EQ(interrupted_pstate, spsr);
	return 0;
}
