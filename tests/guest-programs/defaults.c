/* SPDX-License-Identifier: MIT */
/* What happens in a program that does not say otherwise. */
#include "apf.h"

__attribute__((weak)) bool on_exception(int kind, struct frame *frame)
{
	(void)frame;
	return (kind == VECTOR_IRQ_SAME || kind == VECTOR_IRQ_LOWER) && apf_on_irq();
}

__attribute__((weak)) uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)argument;
	return apf_on_event(event, pc, pstate);
}
