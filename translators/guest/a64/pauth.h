/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pointer authentication: helpers (see A64_HELPER_SIGN in cpu.h), and hints.
 * tags: guest/a64 - pointer authentication
 */
#pragma once

#include "guest/a64/cpu.h"

struct a64_lift;

ir_helper_fn a64_helper_sign, a64_helper_auth, a64_helper_mac;

/* The hint instruction of this number: what signs and authenticates does so. */
void a64_pauth_hint(struct a64_lift *l, unsigned number);
