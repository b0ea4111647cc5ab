/* SPDX-License-Identifier: MIT */
/* The C library's locks, all of which end in futexes when they are contended. */
#include <pthread.h>
#include <semaphore.h>

#include "stress.h"

enum { OPERATIONS_PER_ROUND = 30, KINDS = 3, QUEUE = 8 };

static unsigned int operations;
static struct meeting start;
static pthread_mutex_t mutexes[KINDS];	/* normal, recursive, priority inheriting */
static volatile uint64_t guarded[KINDS][2];
static pthread_rwlock_t readers_writer;
static volatile uint64_t written[4];
static sem_t semaphore;
static uint64_t inside, by_semaphore;
static pthread_barrier_t barrier;
static volatile uint64_t phases[MOST_THREADS];

/* A queue with two condition variables. */
static pthread_mutex_t queue_mutex;
static pthread_cond_t not_full, not_empty;
static uint64_t queue[QUEUE], put, taken, put_sum, taken_sum;

static void put_in(uint64_t value)
{
	pthread_mutex_lock(&queue_mutex);
	while (put - taken == QUEUE)
		pthread_cond_wait(&not_full, &queue_mutex);
	queue[put++ % QUEUE] = value;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&queue_mutex);
}

static uint64_t take_out(void)
{
	uint64_t value;

	pthread_mutex_lock(&queue_mutex);
	while (put == taken)
		pthread_cond_wait(&not_empty, &queue_mutex);
	value = queue[taken++ % QUEUE];
	pthread_cond_signal(&not_full);
	pthread_mutex_unlock(&queue_mutex);
	return value;
}

/* Even threads produce, odd ones consume as much; with an odd number of threads the last does neither. */
static void produce_or_consume(unsigned int self, unsigned int threads)
{
	if ((self & ~1u) + 1 >= threads)
		return;
	for (unsigned int operation = 1; operation <= operations; operation++) {
		if (self & 1) {
			__atomic_fetch_add(&taken_sum, take_out(), __ATOMIC_RELAXED);
		} else {
			put_in(operation);
			__atomic_fetch_add(&put_sum, operation, __ATOMIC_RELAXED);
		}
	}
}

static uint64_t read_or_write(unsigned int self, unsigned int operation)
{
	uint64_t found = 0;

	if ((self + operation) % 4 == 0) {
		pthread_rwlock_wrlock(&readers_writer);
		for (int n = 0; n < 4; n++)
			written[n] = written[n] + 1;
		pthread_rwlock_unlock(&readers_writer);
		return 0;
	}
	pthread_rwlock_rdlock(&readers_writer);
	for (int n = 1; n < 4; n++)
		found += expect("read beside a writer", written[0], written[n]);
	pthread_rwlock_unlock(&readers_writer);
	return found;
}

static uint64_t use_semaphore(void)
{
	uint64_t found = 0;

	sem_wait(&semaphore);
	if (__atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED) > 2)
		found += wrong("a semaphore of two has let in three");
	__atomic_fetch_add(&by_semaphore, 1, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&inside, 1, __ATOMIC_RELAXED);
	sem_post(&semaphore);
	return found;
}

/* Everybody has seen a phase begin before anybody is in the next. */
static uint64_t use_barrier(unsigned int self, unsigned int threads, uint64_t phase)
{
	uint64_t found = 0;

	phases[self] = phase;
	pthread_barrier_wait(&barrier);
	for (unsigned int other = 0; other < threads; other++)
		found += expect("phase of another thread", phase, phases[other]);
	pthread_barrier_wait(&barrier);
	return found;
}

static uint64_t run(unsigned int self, void *argument)
{
	const struct work *work = argument;
	uint64_t found = 0;

	meet(&start);
	for (unsigned int operation = 0; operation < operations; operation++) {
		for (int kind = 0; kind < KINDS; kind++) {
			pthread_mutex_lock(&mutexes[kind]);
			guarded[kind][0] = guarded[kind][0] + 1;
			guarded[kind][1] = guarded[kind][1] + 1;
			pthread_mutex_unlock(&mutexes[kind]);
		}
		found += read_or_write(self, operation);
		found += use_semaphore();
	}
	for (unsigned int phase = 1; phase <= operations / 10; phase++)
		found += use_barrier(self, work->threads, phase);
	produce_or_consume(self, work->threads);
	return found;
}

uint64_t test_mutexes(const struct work *work)
{
	uint64_t all, found;
	pthread_mutexattr_t attributes;

	operations = work->rounds * OPERATIONS_PER_ROUND;
	all = (uint64_t)operations * work->threads;
	start = (struct meeting){ .threads = work->threads, .patience = SHORT_PATIENCE };
	pthread_mutexattr_init(&attributes);
	pthread_mutex_init(&mutexes[0], &attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&mutexes[1], &attributes);
	pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&mutexes[2], &attributes);
	pthread_mutexattr_destroy(&attributes);
	pthread_mutex_init(&queue_mutex, NULL);
	pthread_cond_init(&not_full, NULL);
	pthread_cond_init(&not_empty, NULL);
	pthread_rwlock_init(&readers_writer, NULL);
	pthread_barrier_init(&barrier, NULL, work->threads);
	sem_init(&semaphore, 0, 2);
	put = taken = put_sum = taken_sum = inside = by_semaphore = 0;
	for (int n = 0; n < 4; n++)
		written[n] = 0;
	for (int kind = 0; kind < KINDS; kind++)
		guarded[kind][0] = guarded[kind][1] = 0;
	found = run_threads(work->threads, run, (void *)work);
	for (int kind = 0; kind < KINDS; kind++) {
		found += expect("guarded by a mutex", all, guarded[kind][0]);
		found += expect("guarded by a mutex", all, guarded[kind][1]);
	}
	found += expect("entries through a semaphore", all, by_semaphore);
	found += expect("taken out of the queue", put, taken);
	found += expect("sum of what was taken out", put_sum, taken_sum);
	return found;
}
