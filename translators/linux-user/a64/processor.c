/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The processor that an arm64 process sees: models, random numbers, and the keys of pointer
 * authentication with their prctl()s, as arch/arm64/kernel/pointer_auth.c has them.
 */
#include <linux/errno.h>
#include <linux/prctl.h>

#include "guest/a64/cpu.h"
#include "linux-user/a64/processor.h"
#include "linux-user/thread.h"
#include "rt/memory.h"
#include "rt/text.h"

#define GRND_NONBLOCK 1

#define ADDRESS_KEYS (PR_PAC_APIAKEY | PR_PAC_APIBKEY | PR_PAC_APDAKEY | PR_PAC_APDBKEY)

/* ---- models ---- */

/* Is the property one of QEMU's that changes nothing here? */
static bool is_idle(const char *text, size_t length)
{
	static const char idle[][16] = { "pauth=on", "pauth-impdef=", "sve=off", "sme=off",
					 "lpa2=", "aarch64=on" };

	for (unsigned i = 0; i < sizeof(idle) / sizeof(idle[0]); i++) {
		size_t n = rt_strlen(idle[i]);

		if (n <= length && !memcmp(text, idle[i], n) &&
		    (n == length || idle[i][n - 1] == '='))
			return true;
	}
	return false;
}

/* "any", or "max" with properties behind commas. */
int a64_set_cpu(const char *name)
{
	const char *p = rt_str_after(name, "max");
	int result = 0;

	if (rt_str_eq(name, "any"))
		return 0;
	if (!p || (*p && *p != ','))
		return -ENOENT;
	a64_sets = A64_SET_BASE | A64_SET_MAX | A64_SET_PAUTH;
	while (*p++) {
		size_t n = 0;

		while (p[n] && p[n] != ',')
			n++;
		if (n == 9 && !memcmp(p, "pauth=off", 9))
			a64_sets &= ~(unsigned)A64_SET_PAUTH;
		else if (!is_idle(p, n))
			result = -EINVAL;
		p += n;
	}
	return result;
}

/* ---- random numbers ---- */

static bool random_number(uint64_t *ret)
{
	return rt_syscall(__NR_getrandom, ret, sizeof(*ret), GRND_NONBLOCK) == sizeof(*ret);
}

/* ---- PSTATE ---- */

#define PSTATE_MODE 0x1full /* EL0 with AArch64: 0 */
#define PSTATE_DAIF 0x3c0ull

uint64_t a64_get_pstate(const struct cpu *cpu)
{
	return engine_get_nzcv(cpu) | cpu->sys[A64_SYS_PSTATE];
}

bool a64_set_pstate(struct cpu *cpu, uint64_t pstate)
{
	engine_set_nzcv(cpu, (uint32_t)pstate & 0xf0000000u);
	if (pstate & (PSTATE_MODE | PSTATE_DAIF)) {
		cpu->sys[A64_SYS_PSTATE] = 0;
		return false;
	}
	cpu->sys[A64_SYS_PSTATE] = pstate & (A64_PSTATE_SSBS | A64_PSTATE_DIT);
	return true;
}

/* ---- pointer authentication ---- */

static void reset_keys(struct cpu *cpu, uint64_t keys)
{
	for (unsigned key = 0; key < A64_KEY_COUNT; key++)
		if (keys >> key & 1)
			rt_syscall(__NR_getrandom, &cpu->sys[A64_SYS_KEYS + 2 * key], 16, 0);
}

void a64_start_cpu(struct cpu *cpu)
{
	a64_random = random_number;
	cpu->sys[A64_SYS_PSTATE] = A64_PSTATE_SSBS;
	if (!(a64_sets & A64_SET_PAUTH))
		return;
	cpu->sys[A64_SYS_PAC_ON] = ADDRESS_KEYS;
	reset_keys(cpu, ADDRESS_KEYS | PR_PAC_APGAKEY);
}

int64_t a64_pauth_prctl(struct thread *t, const uint64_t *a)
{
	uint64_t *on = &t->cpu.sys[A64_SYS_PAC_ON];

	if (!(a64_sets & A64_SET_PAUTH) || a[4])
		return -EINVAL;
	switch ((int)a[0]) {
	case PR_PAC_RESET_KEYS:
		if (a[2] || a[3] || a[1] & ~(uint64_t)(ADDRESS_KEYS | PR_PAC_APGAKEY))
			return -EINVAL;
		reset_keys(&t->cpu, a[1] ? a[1] : ADDRESS_KEYS | PR_PAC_APGAKEY);
		return 0;
	case PR_PAC_SET_ENABLED_KEYS:
		if (a[3] || a[1] & ~(uint64_t)ADDRESS_KEYS || a[2] & ~a[1])
			return -EINVAL;
		*on = (*on & ~a[1]) | a[2];
		return 0;
	case PR_PAC_GET_ENABLED_KEYS: return a[1] || a[2] || a[3] ? -EINVAL : (int64_t)*on;
	default: return -EINVAL;
	}
}
