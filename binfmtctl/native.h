/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which ELF programs the processor and kernel run by themselves. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct native {
	const char *name;    /* as uname and QEMU say it */
	uint8_t class, data; /* of programs of the machine's own */
	uint16_t machine;    /* EM_* */
	uint16_t compat[2];  /* 32-bit machines that the kernel runs too */
	size_t compat_count;
};

/* Of the machine and kernel this runs on. */
void native_detect(struct native *ret);

/* Whether the kernel's ELF loaders take the machine; @ret_compat for one of compat. */
bool native_runs(const struct native *native, uint16_t machine, bool *ret_compat);
