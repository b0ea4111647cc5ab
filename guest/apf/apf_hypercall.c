// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ASYNC_PF function of the vendor-specific hypervisor service (SMCCC, DEN0028): one function id,
 * the sub-function in w1, status in w0 and value in w1.
 */
#include <linux/arm-smccc.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "apf.h"

#define APF_FUNCTION		0x86000002U

enum {
	APF_VERSION	= 0,
	APF_SLOTS	= 1,
	APF_SDEI	= 2,
	APF_IRQ		= 3,
	APF_ENABLE	= 4,
	APF_IRQ_ACK	= 5,
};

static int apf_call(u32 function, u32 low, u32 high, u32 *value)
{
	struct arm_smccc_res res;

	arm_smccc_1_1_invoke(APF_FUNCTION, function, low, high, &res);
	switch ((int)res.a0) {
	case SMCCC_RET_SUCCESS:
	case SMCCC_RET_NOT_REQUIRED:
		break;
	case SMCCC_RET_INVALID_PARAMETER:
		return -EINVAL;
	default:
		return -EOPNOTSUPP;
	}
	if (value)
		*value = (u32)res.a1;
	return 0;
}

int apf_hypercall_version(u32 *version)
{
	return apf_call(APF_VERSION, 0, 0, version);
}

int apf_hypercall_slots(u32 *slots)
{
	return apf_call(APF_SLOTS, 0, 0, slots);
}

int apf_hypercall_sdei_event(u32 *event)
{
	return apf_call(APF_SDEI, 0, 0, event);
}

int apf_hypercall_irq(u32 *intid)
{
	return apf_call(APF_IRQ, 0, 0, intid);
}

int apf_hypercall_enable(u64 control)
{
	return apf_call(APF_ENABLE, lower_32_bits(control), upper_32_bits(control), NULL);
}

void apf_hypercall_ack(void)
{
	apf_call(APF_IRQ_ACK, 0, 0, NULL);
}
