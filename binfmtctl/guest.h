/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The smallest programs of other machines: they end with a known status. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { GUEST_STATUS = 42, GUEST_SIZE_MAX = 256 };

/* Writes the program for a machine, by the target's name. Its size, or 0 when unknown. */
size_t guest_program(const char *machine, uint8_t ret[GUEST_SIZE_MAX]);
