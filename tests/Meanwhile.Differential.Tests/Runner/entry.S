/* SPDX-License-Identifier: MIT */
/* Into and out of the instruction under test with every register. struct state: x at 0, v at 256, nzcv fpcr fpsr slot from 768. */

#define V	256
#define NZCV	768
#define FPCR	776
#define FPSR	784
#define SLOT	792

	.text
	.globl	_start
_start:
	adrp	x0, stack_top
	add	x0, x0, :lo12:stack_top
	mov	sp, x0
	bl	runner

	/* long enter(void): the outcome. */
	.globl	enter
enter:
	adrp	x0, host_save
	add	x0, x0, :lo12:host_save
	stp	x19, x20, [x0]
	stp	x21, x22, [x0, #16]
	stp	x23, x24, [x0, #32]
	stp	x25, x26, [x0, #48]
	stp	x27, x28, [x0, #64]
	stp	x29, x30, [x0, #80]
	mov	x1, sp
	str	x1, [x0, #96]
	clrex
	adrp	x30, state
	add	x30, x30, :lo12:state
	ldr	x0, [x30, #FPCR]
	msr	fpcr, x0
	ldr	x0, [x30, #FPSR]
	msr	fpsr, x0
	ldr	x0, [x30, #NZCV]
	msr	nzcv, x0
	ldr	x0, [x30, #240]
	msr	tpidr_el0, x0
	ldr	x0, [x30, #248]
	mov	sp, x0
	ldp	q0, q1, [x30, #V + 0]
	ldp	q2, q3, [x30, #V + 32]
	ldp	q4, q5, [x30, #V + 64]
	ldp	q6, q7, [x30, #V + 96]
	ldp	q8, q9, [x30, #V + 128]
	ldp	q10, q11, [x30, #V + 160]
	ldp	q12, q13, [x30, #V + 192]
	ldp	q14, q15, [x30, #V + 224]
	ldp	q16, q17, [x30, #V + 256]
	ldp	q18, q19, [x30, #V + 288]
	ldp	q20, q21, [x30, #V + 320]
	ldp	q22, q23, [x30, #V + 352]
	ldp	q24, q25, [x30, #V + 384]
	ldp	q26, q27, [x30, #V + 416]
	ldp	q28, q29, [x30, #V + 448]
	ldp	q30, q31, [x30, #V + 480]
	ldp	x0, x1, [x30]
	ldp	x2, x3, [x30, #16]
	ldp	x4, x5, [x30, #32]
	ldp	x6, x7, [x30, #48]
	ldp	x8, x9, [x30, #64]
	ldp	x10, x11, [x30, #80]
	ldp	x12, x13, [x30, #96]
	ldp	x14, x15, [x30, #112]
	ldp	x16, x17, [x30, #128]
	ldp	x18, x19, [x30, #144]
	ldp	x20, x21, [x30, #160]
	ldp	x22, x23, [x30, #176]
	ldp	x24, x25, [x30, #192]
	ldp	x26, x27, [x30, #208]
	ldp	x28, x29, [x30, #224]
	ldr	x30, [x30, #SLOT]
	br	x30

	/* The exits in the code page left X30 in TPIDR_EL0 and came here through it. */
	.macro	save_state
	adrp	x30, state
	add	x30, x30, :lo12:state
	stp	x0, x1, [x30]
	stp	x2, x3, [x30, #16]
	stp	x4, x5, [x30, #32]
	stp	x6, x7, [x30, #48]
	stp	x8, x9, [x30, #64]
	stp	x10, x11, [x30, #80]
	stp	x12, x13, [x30, #96]
	stp	x14, x15, [x30, #112]
	stp	x16, x17, [x30, #128]
	stp	x18, x19, [x30, #144]
	stp	x20, x21, [x30, #160]
	stp	x22, x23, [x30, #176]
	stp	x24, x25, [x30, #192]
	stp	x26, x27, [x30, #208]
	stp	x28, x29, [x30, #224]
	mrs	x0, tpidr_el0
	str	x0, [x30, #240]
	mov	x0, sp
	str	x0, [x30, #248]
	mrs	x0, nzcv
	str	x0, [x30, #NZCV]
	mrs	x0, fpcr
	str	x0, [x30, #FPCR]
	mrs	x0, fpsr
	str	x0, [x30, #FPSR]
	stp	q0, q1, [x30, #V + 0]
	stp	q2, q3, [x30, #V + 32]
	stp	q4, q5, [x30, #V + 64]
	stp	q6, q7, [x30, #V + 96]
	stp	q8, q9, [x30, #V + 128]
	stp	q10, q11, [x30, #V + 160]
	stp	q12, q13, [x30, #V + 192]
	stp	q14, q15, [x30, #V + 224]
	stp	q16, q17, [x30, #V + 256]
	stp	q18, q19, [x30, #V + 288]
	stp	q20, q21, [x30, #V + 320]
	stp	q22, q23, [x30, #V + 352]
	stp	q24, q25, [x30, #V + 384]
	stp	q26, q27, [x30, #V + 416]
	stp	q28, q29, [x30, #V + 448]
	stp	q30, q31, [x30, #V + 480]
	.endm

	.globl	exit_fallthrough
exit_fallthrough:
	save_state
	mov	x0, #0
	b	leave_with_signal

	.globl	exit_branch
exit_branch:
	save_state
	mov	x0, #1

	/* Also where the signal handler sends what faulted: X0 is the outcome, everything else unknown. */
	.globl	leave_with_signal
leave_with_signal:
	adrp	x1, host_save
	add	x1, x1, :lo12:host_save
	ldp	x19, x20, [x1]
	ldp	x21, x22, [x1, #16]
	ldp	x23, x24, [x1, #32]
	ldp	x25, x26, [x1, #48]
	ldp	x27, x28, [x1, #64]
	ldp	x29, x30, [x1, #80]
	ldr	x2, [x1, #96]
	mov	sp, x2
	ret

	.bss
	.balign	16
	.space	65536
stack_top:
