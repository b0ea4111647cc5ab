/* SPDX-License-Identifier: MIT */
/* Double precision: an orbit (divisions, square roots, long dependencies) and dense matrices (loads, multiply-adds). */
#include <math.h>
#include <string.h>

#include "kernels.h"

#define BODIES 5
#define ORDER 48
#define STEPS_PER_MULTIPLICATION 512

struct body {
	double position[3];
	double velocity[3];
	double mass;
};

static uint64_t bits(double value)
{
	uint64_t result;

	memcpy(&result, &value, sizeof(result));
	return result;
}

static void step(struct body *bodies, double time)
{
	for (int i = 0; i < BODIES; i++) {
		for (int j = i + 1; j < BODIES; j++) {
			double delta[3], square = 0.01;

			for (int k = 0; k < 3; k++) {
				delta[k] = bodies[i].position[k] - bodies[j].position[k];
				square += delta[k] * delta[k];
			}
			double factor = time / (square * sqrt(square));

			for (int k = 0; k < 3; k++) {
				bodies[i].velocity[k] -= delta[k] * bodies[j].mass * factor;
				bodies[j].velocity[k] += delta[k] * bodies[i].mass * factor;
			}
		}
	}
	for (int i = 0; i < BODIES; i++)
		for (int k = 0; k < 3; k++)
			bodies[i].position[k] += time * bodies[i].velocity[k];
}

static void multiply(double (*result)[ORDER], double (*left)[ORDER], double (*right)[ORDER])
{
	memset(result, 0, sizeof(double) * ORDER * ORDER);
	for (int i = 0; i < ORDER; i++)
		for (int k = 0; k < ORDER; k++)
			for (int j = 0; j < ORDER; j++)
				result[i][j] += left[i][k] * right[k][j];
}

static double fraction(uint64_t *state)
{
	return (double)(next_random(state) >> 11) * 0x1p-53;
}

uint64_t float_kernel(uint64_t count)
{
	static double left[ORDER][ORDER], right[ORDER][ORDER], result[ORDER][ORDER];
	struct body bodies[BODIES];
	uint64_t state = 1, sum = 0;

	for (int i = 0; i < BODIES; i++) {
		for (int k = 0; k < 3; k++) {
			bodies[i].position[k] = 4.0 * fraction(&state) - 2.0;
			bodies[i].velocity[k] = fraction(&state) - 0.5;
		}
		bodies[i].mass = 0.2 + fraction(&state);
	}
	for (int i = 0; i < ORDER; i++) {
		for (int j = 0; j < ORDER; j++) {
			left[i][j] = fraction(&state);
			right[i][j] = fraction(&state);
		}
	}
	for (uint64_t i = 0; i < count; i++) {
		step(bodies, 0.001);
		if (i % STEPS_PER_MULTIPLICATION)
			continue;
		left[i / STEPS_PER_MULTIPLICATION % ORDER][0] += 0.5;
		multiply(result, left, right);
		sum += bits(result[ORDER - 1][i / STEPS_PER_MULTIPLICATION % ORDER]);
	}
	for (int i = 0; i < BODIES; i++)
		sum += bits(bodies[i].position[0]);
	return sum;
}
