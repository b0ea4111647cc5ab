#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
/* Every general register of the interrupted code is what it was after the event. */
int64_t check_registers(uint64_t address);
__asm__(
	"	.text\n"
	"check_registers:\n"
	"	stp	x29, x30, [sp, #-16]!\n"
	"	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28\n"
	"	mov	x\\n, #(0x100 + \\n)\n"
	"	.endr\n"
	"	cmp	x1, x1\n"		/* Z and C set */
	"	ldr	x0, [x0]\n"		/* the absent page */
	"	mov	x29, #0\n"
	"	b.ne	1f\n"
	"	b.cc	1f\n"
	"	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28\n"
	"	cmp	x\\n, #(0x100 + \\n)\n"
	"	b.ne	1f\n"
	"	.endr\n"
	"	ldp	x29, x30, [sp], #16\n"
	"	ret\n"
	"1:	mov	x0, #0\n"
	"	ldp	x29, x30, [sp], #16\n"
	"	ret\n");
int main(void)
{
	make_absent(1);
	apf_start(0);
	EXPECT_EQ(absent_content(0), run_at_el0(check_registers, absent_page(0)));
	EXPECT_EQ(1, apf_events);
	return 0;
}
