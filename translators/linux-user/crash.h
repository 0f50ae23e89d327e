/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is said of a guest that dies of a signal of its own. tags: linux-user - crash report
 */
#pragma once

struct thread;

/* One line on standard error, in QEMU's words, which people search logs for; with
 * --crash=full, everything that is known behind it. `core`: "core dumped" or the like. */
void crash_report(struct thread *t, int signo, const char *core);
