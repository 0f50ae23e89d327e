/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Start-up shared by the translators. tags: linux-user - start-up
 */
#pragma once

struct guest_abi;
struct rt_start_info;

/* Loads and runs the program that the command line names; called on the initial stack. */
_Noreturn void linux_user_main(const struct guest_abi *abi, struct rt_start_info *info);
