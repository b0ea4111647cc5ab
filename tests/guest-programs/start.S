/* SPDX-License-Identifier: MIT */
/* Entry of a bare-metal guest program: loaded at RAM + 0x80000, EL1h, MMU off, x0 = device tree. */
	.section .text.start, "ax"
	.global _start
_start:
	adrp	x1, vectors
	add	x1, x1, :lo12:vectors
	msr	vbar_el1, x1
	isb
	adrp	x1, stack_top
	add	x1, x1, :lo12:stack_top
	mov	sp, x1
	bl	main
	b	guest_pass

	/* Where pe_on() starts another PE: x0 = struct pe_start. */
	.global pe_entry
pe_entry:
	adrp	x1, vectors
	add	x1, x1, :lo12:vectors
	msr	vbar_el1, x1
	isb
	ldp	x1, x2, [x0]
	mov	sp, x1
	ldr	x0, [x0, #16]
	blr	x2
	b	pe_off

	/* A vector leads to a C function with the kind of exception and the saved registers. */
	.macro vector kind
	.balign 128
	sub	sp, sp, #288
	stp	x0, x1, [sp, #0]
	mov	x0, #\kind
	b	vector_common
	.endm

	.balign 2048
	.global vectors
vectors:
	.irp kind, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vector \kind
	.endr

vector_common:
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x29, x30, [sp, #160]
	mrs	x1, elr_el1
	mrs	x2, spsr_el1
	stp	x1, x2, [sp, #176]
	mov	x1, sp
	bl	exception
	ldp	x1, x2, [sp, #176]
	msr	elr_el1, x1
	msr	spsr_el1, x2
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x29, x30, [sp, #160]
	ldp	x0, x1, [sp, #0]
	add	sp, sp, #288
	eret

	/* struct result hvc(const uint64_t arguments[8], uint64_t results[4]) */
	.global hvc_call
hvc_call:
	mov	x9, x1
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x0, x1, [x0]
	stp	x9, x30, [sp, #-16]!
	hvc	#0
	ldp	x9, x30, [sp], #16
	stp	x0, x1, [x9]
	stp	x2, x3, [x9, #16]
	ret

	/* int run_at_el0(int (*function)(uint64_t), uint64_t argument): returns by SVC; see exception(). */
	.global run_at_el0
run_at_el0:
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	adrp	x2, el1_stack
	mov	x3, sp
	str	x3, [x2, :lo12:el1_stack]
	msr	elr_el1, x0
	msr	spsr_el1, xzr
	adrp	x2, user_stack_top
	add	x2, x2, :lo12:user_stack_top
	msr	sp_el0, x2
	adr	x30, el0_return
	mov	x0, x1
	eret
el0_return:
	svc	#0x7f
	b	.

	/* Reached from exception() when EL0 is done. */
	.global leave_el0
leave_el0:
	adrp	x2, el1_stack
	ldr	x3, [x2, :lo12:el1_stack]
	mov	sp, x3
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #112
	ret

	/* An SDEI entry point: calls sdei_handler(event, argument, pc, pstate) on a stack of its own, then completes as that says. */
	.global sdei_entry
sdei_entry:
	/* x0..x17 are the dispatcher's to keep; a critical handler may have interrupted a normal one's stack, and each PE has its own two. */
	mov	x5, sp
	mrs	x4, mpidr_el1
	and	x4, x4, #3
	lsl	x4, x4, #1
	cmp	x0, #0
	cinc	x4, x4, ne
	add	x4, x4, #1
	adrp	x6, sdei_stacks
	add	x6, x6, :lo12:sdei_stacks
	add	x4, x6, x4, lsl #13
	mov	sp, x4
	stp	x5, x30, [sp, #-32]!
	stp	x18, x29, [sp, #16]
	bl	sdei_handler
	ldp	x18, x29, [sp, #16]
	ldp	x5, x30, [sp]
	mov	sp, x5
	cbnz	x0, 2f
	ldr	x0, =0xC4000025
	mov	x1, #0
	hvc	#0
	b	.
2:	mov	x1, x0
	ldr	x0, =0xC4000026
	hvc	#0
	b	.

	.bss
	.balign 16
el1_stack:
	.skip	16
	.skip	16384
stack_top:
	.skip	16384
	.global user_stack_top
user_stack_top:
sdei_stacks:
	.skip	4 * 2 * 8192	/* of each PE, normal and critical */
