/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Classic BPF as seccomp uses it: which programs are accepted, and what they compute.
 * tags: linux-user - classic BPF
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BPF_LENGTH_MAX 4096u

struct bpf_insn {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

/* What a program looks at: struct seccomp_data. */
struct bpf_data {
	int32_t nr;
	uint32_t arch;
	uint64_t ip;
	uint64_t args[6];
};

/* Would seccomp(2) take the program? */
bool bpf_check(const struct bpf_insn *insns, unsigned length);

/* How many instructions of extended BPF the kernel makes of it: that is what it limits. */
unsigned bpf_converted_length(const struct bpf_insn *insns, unsigned length);

/* The value that a checked program returns for the data. */
uint32_t bpf_run(const struct bpf_insn *insns, const struct bpf_data *data);

/* Does it return `value` whenever nr and arch are these, whatever the rest is? */
bool bpf_always(const struct bpf_insn *insns, int32_t nr, uint32_t arch, uint32_t value);
