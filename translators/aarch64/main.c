/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xlate-aarch64: runs AArch64 Linux programs. tags: aarch64 - the program
 */
#include "guest/a64/cpu.h"
#include "linux-user/a64/abi.h"
#include "linux-user/main.h"
#include "linux-user/sys.h"
#include "rt/rt.h"

void rt_main(struct rt_start_info *info)
{
	a64_counter = host_monotonic_ns;
	a64_clock = host_clock_packed;
	a64_vdso_start = (uint64_t)a64_abi.vdso;
	a64_vdso_end = a64_vdso_start + a64_abi.vdso_size;
	linux_user_main(&a64_abi, info);
}
