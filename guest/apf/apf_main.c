// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asynchronous page faults for arm64 guests, as a module for a distribution's stock kernel.
 *
 * The host says "page not present" by an SDEI event while a task runs in user space, and "page ready" by a
 * PPI. In between the task sleeps and others run.
 *
 * Linux's SDEI entry returns to interrupted user space through the IRQ vector, so the kernel looks at the
 * task's pending work right after the event: no interrupt of our own is needed to make it do so.
 */
#include <linux/arm-smccc.h>
#include <linux/arm_sdei.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/kprobes.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/reboot.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <asm/hypervisor.h>

#include "apf.h"

#define APF_SERVICE		2		/* bit of the vendor service's feature bitmap */
#define APF_VERSION_MAJOR(v)	(((v) >> 16) & 0xff)
#define APF_CONTROL_ENABLED	BIT_ULL(0)

static bool disable;
module_param(disable, bool, 0444);
MODULE_PARM_DESC(disable, "load, but leave asynchronous page faults off");

DEFINE_PER_CPU(struct apf_cpu, apf_cpu);

static u32 apf_event;
static unsigned int apf_irq;
static int apf_hotplug_state;
static struct dentry *apf_debugfs;

/* The SDEI driver is built in but exports nothing. */
static struct {
	typeof(&sdei_event_register)	register_event;
	typeof(&sdei_event_unregister)	unregister_event;
	typeof(&sdei_event_enable)	enable_event;
	typeof(&sdei_event_disable)	disable_event;
} sdei;

static void *apf_find_symbol(const char *name)
{
	struct kprobe probe = { .symbol_name = name };
	void *address;

	if (register_kprobe(&probe))
		return NULL;
	address = probe.addr;
	unregister_kprobe(&probe);
	return address;
}

static int apf_find_sdei(void)
{
	sdei.register_event = apf_find_symbol("sdei_event_register");
	sdei.unregister_event = apf_find_symbol("sdei_event_unregister");
	sdei.enable_event = apf_find_symbol("sdei_event_enable");
	sdei.disable_event = apf_find_symbol("sdei_event_disable");
	return sdei.register_event && sdei.unregister_event && sdei.enable_event && sdei.disable_event ? 0 : -ENOENT;
}

/* Takes what the host wrote and gives the block back to it: reason last, because the host looks at both. */
static u32 apf_take(struct apf_block *block)
{
	u32 token;

	smp_rmb();
	token = READ_ONCE(block->token);
	WRITE_ONCE(block->token, 0);
	smp_wmb();
	WRITE_ONCE(block->reason, APF_REASON_FREE);
	return token;
}

/* Page not present. Like an NMI: no locks, no sleeping. */
static int apf_not_present(u32 event, struct pt_regs *regs, void *arg)
{
	struct apf_cpu *cpu = this_cpu_ptr(&apf_cpu);
	u32 token;

	if (READ_ONCE(cpu->block->reason) != APF_REASON_PAGE_NOT_PRESENT) {
		cpu->counters[APF_SPURIOUS]++;
		return 0;
	}
	token = apf_take(cpu->block);
	/* A task that is not on its way to user space cannot be put to sleep: it will fault again and wait. */
	if (!user_mode(regs))
		cpu->counters[APF_NOT_USER]++;
	else if (!apf_wait_begin(cpu, token))
		cpu->counters[APF_NO_SLOT]++;
	else
		cpu->counters[APF_NOT_PRESENT]++;
	return 0;
}

/* Page ready. */
static irqreturn_t apf_ready(int irq, void *data)
{
	struct apf_cpu *cpu = this_cpu_ptr(&apf_cpu);
	u32 token;

	if (READ_ONCE(cpu->block->reason) != APF_REASON_PAGE_READY) {
		cpu->counters[APF_SPURIOUS]++;
		/* The line stays up until it is acknowledged, whatever made it rise. */
		apf_hypercall_ack();
		return IRQ_HANDLED;
	}
	token = apf_take(cpu->block);
	if (token == APF_TOKEN_WAKE_ALL) {
		cpu->counters[APF_WAKE_ALL]++;
		apf_wait_end_all(cpu);
	} else {
		apf_wait_end(cpu, token);
	}
	apf_hypercall_ack();
	return IRQ_HANDLED;
}

/* Runs on the CPU itself. */
static int apf_cpu_online(unsigned int number)
{
	struct apf_cpu *cpu = this_cpu_ptr(&apf_cpu);
	int err;

	enable_percpu_irq(apf_irq, IRQ_TYPE_NONE);
	err = apf_hypercall_enable(virt_to_phys(cpu->block) | APF_CONTROL_ENABLED);
	if (err) {
		pr_err("apf: CPU %u: the host refuses to enable it (%d)\n", number, err);
		disable_percpu_irq(apf_irq);
		return err;
	}
	cpu->block->enabled = 1;
	return 0;
}

static void apf_cpu_disable(void *unused)
{
	struct apf_cpu *cpu = this_cpu_ptr(&apf_cpu);

	if (!cpu->block->enabled)
		return;
	apf_hypercall_enable(0);
	disable_percpu_irq(apf_irq);
	cpu->block->enabled = 0;
	cpu->block->token = 0;
	cpu->block->reason = APF_REASON_FREE;
	apf_wait_end_all(cpu);
}

static int apf_cpu_offline(unsigned int number)
{
	apf_cpu_disable(NULL);
	return 0;
}

/* The next kernel (kexec) must not find a host that writes into its memory. */
static int apf_reboot(struct notifier_block *block, unsigned long code, void *unused)
{
	on_each_cpu(apf_cpu_disable, NULL, 1);
	return NOTIFY_OK;
}

static struct notifier_block apf_reboot_notifier = { .notifier_call = apf_reboot };

static int apf_counters_show(struct seq_file *file, void *unused)
{
	static const char * const names[APF_NR_COUNTERS] = {
		[APF_NOT_PRESENT]	= "not_present",
		[APF_READY]		= "ready",
		[APF_READY_FIRST]	= "ready_first",
		[APF_READY_UNKNOWN]	= "ready_unknown",
		[APF_WAKE_ALL]		= "wake_all",
		[APF_NO_SLOT]		= "no_slot",
		[APF_NOT_USER]		= "not_user",
		[APF_SPURIOUS]		= "spurious",
	};
	unsigned int counter;
	int number;

	for (counter = 0; counter < APF_NR_COUNTERS; counter++) {
		u64 sum = 0;

		for_each_possible_cpu(number)
			sum += per_cpu(apf_cpu, number).counters[counter];
		seq_printf(file, "%s %llu\n", names[counter], sum);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(apf_counters);

/* The PPI's Linux number: there is no device tree node for it, the hypercall names its INTID. */
static int apf_map_irq(u32 intid)
{
	struct irq_fwspec spec = { .param_count = 3 };
	struct device_node *gic;

	if (intid < 16 || intid > 31)
		return -EINVAL;
	gic = of_find_compatible_node(NULL, NULL, "arm,gic-v3");
	if (!gic)
		return -ENODEV;
	spec.fwnode = of_node_to_fwnode(gic);
	spec.param[0] = 1;		/* PPI */
	spec.param[1] = intid - 16;
	spec.param[2] = IRQ_TYPE_LEVEL_HIGH;
	apf_irq = irq_create_fwspec_mapping(&spec);
	of_node_put(gic);
	return apf_irq ? 0 : -ENXIO;
}

static void apf_free_cpus(void)
{
	int number;

	for_each_possible_cpu(number) {
		struct apf_cpu *cpu = per_cpu_ptr(&apf_cpu, number);

		apf_wait_free(cpu);
		kfree(cpu->block);
	}
}

static int apf_allocate_cpus(u32 slots)
{
	int number;

	for_each_possible_cpu(number) {
		struct apf_cpu *cpu = per_cpu_ptr(&apf_cpu, number);

		/* kmalloc aligns a power-of-two size to itself, which also keeps the block within its page. */
		cpu->block = kzalloc(roundup_pow_of_two(sizeof(*cpu->block)), GFP_KERNEL);
		if (!cpu->block || apf_wait_init(cpu, slots)) {
			apf_free_cpus();
			return -ENOMEM;
		}
	}
	return 0;
}

static int __init apf_discover(u32 *slots, u32 *intid)
{
	u32 version;
	int err;

	if (!kvm_arm_hyp_service_available(APF_SERVICE))
		return -ENODEV;
	err = apf_hypercall_version(&version);
	if (err)
		return err;
	if (APF_VERSION_MAJOR(version) != 1) {
		pr_err("apf: the host speaks version %#x of the protocol, this module speaks 1\n", version);
		return -EPROTONOSUPPORT;
	}
	err = apf_hypercall_slots(slots);
	if (err)
		return err;
	if (!*slots || *slots > 4096)
		return -ERANGE;
	err = apf_hypercall_sdei_event(&apf_event);
	if (err)
		return err;
	return apf_hypercall_irq(intid);
}

static int __init apf_init(void)
{
	u32 slots, intid;
	int err;

	if (disable) {
		pr_info("apf: disabled by parameter\n");
		return 0;
	}
	err = apf_discover(&slots, &intid);
	if (err) {
		pr_info("apf: not offered by this host (%d)\n", err);
		return err;
	}
	err = apf_find_sdei();
	if (err) {
		pr_err("apf: this kernel has no SDEI driver\n");
		return err;
	}
	err = apf_map_irq(intid);
	if (err) {
		pr_err("apf: interrupt %u cannot be used (%d)\n", intid, err);
		return err;
	}
	err = apf_allocate_cpus(slots);
	if (err)
		return err;
	err = request_percpu_irq(apf_irq, apf_ready, "apf", &apf_cpu);
	if (err)
		goto free_cpus;
	err = sdei.register_event(apf_event, apf_not_present, NULL);
	if (err) {
		pr_err("apf: SDEI event %#x cannot be registered (%d)\n", apf_event, err);
		goto free_irq;
	}
	err = sdei.enable_event(apf_event);
	if (err)
		goto unregister_event;
	err = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "arm64/apf:online", apf_cpu_online, apf_cpu_offline);
	if (err < 0)
		goto disable_event;
	apf_hotplug_state = err;
	register_reboot_notifier(&apf_reboot_notifier);
	apf_debugfs = debugfs_create_dir("apf", NULL);
	debugfs_create_file("counters", 0444, apf_debugfs, NULL, &apf_counters_fops);
	pr_info("apf: on, %u slots, SDEI event %#x, interrupt %u\n", slots, apf_event, intid);
	return 0;

disable_event:
	sdei.disable_event(apf_event);
unregister_event:
	sdei.unregister_event(apf_event);
free_irq:
	free_percpu_irq(apf_irq, &apf_cpu);
free_cpus:
	apf_free_cpus();
	return err;
}

static void __exit apf_exit(void)
{
	int number;

	if (disable)
		return;
	debugfs_remove_recursive(apf_debugfs);
	unregister_reboot_notifier(&apf_reboot_notifier);
	cpuhp_remove_state(apf_hotplug_state);
	sdei.disable_event(apf_event);
	sdei.unregister_event(apf_event);
	free_percpu_irq(apf_irq, &apf_cpu);
	/* Tasks that were woken still have to leave our code. */
	for_each_possible_cpu(number) {
		while (!apf_wait_idle(per_cpu_ptr(&apf_cpu, number)))
			msleep(1);
	}
	synchronize_rcu();
	apf_free_cpus();
}

module_init(apf_init);
module_exit(apf_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Meanwhile authors");
MODULE_DESCRIPTION("Asynchronous page faults for arm64 guests");
