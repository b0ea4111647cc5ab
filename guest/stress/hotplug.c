/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stress.h"

static pthread_t thread;
static volatile unsigned int rounds;
static volatile bool stop, failed;

static bool switch_cpu(int cpu, const char *state)
{
	char path[64];
	int file;
	ssize_t done;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	done = write(file, state, 1);
	if (done != 1)
		wrong("hotplug: CPU %d: %s", cpu, strerror(errno));
	close(file);
	return done == 1;
}

static void *run(void *unused)
{
	int cpus = (int)sysconf(_SC_NPROCESSORS_CONF);

	(void)unused;
	while (!stop) {
		for (int cpu = 1; cpu < cpus; cpu++) {
			if (!switch_cpu(cpu, "0") || !switch_cpu(cpu, "1")) {
				failed = true;
				return NULL;
			}
			rounds++;
		}
	}
	return NULL;
}

bool hotplug_start(void)
{
	if (sysconf(_SC_NPROCESSORS_CONF) < 2 || access("/sys/devices/system/cpu/cpu1/online", W_OK)) {
		fputs("stress: no CPU can be switched off here\n", stderr);
		return false;
	}
	return !pthread_create(&thread, NULL, run, NULL);
}

bool hotplug_is_done(unsigned int least)
{
	return failed || rounds >= least;
}

unsigned int hotplug_stop(void)
{
	stop = true;
	pthread_join(thread, NULL);
	return rounds;
}
