/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A load between two rounds of AES faults: the registers are those of between the rounds, also
 * when what runs keeps a round undone until it has the key. The handler changes one of them.
 * only: arm64
 * flags: -march=armv8-a+crypto
 * quick: yes
 */
#include "guest.h"
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static u8 *page;

static void show(const char *name, __uint128_t v)
{
	printf("%s %016" PRIx64 "%016" PRIx64 "\n", name, (u64)(v >> 64), (u64)v);
}

static void handler(int number, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	struct fpsimd_context *f = (void *)uc->uc_mcontext.__reserved;

	if (f->head.magic != FPSIMD_MAGIC)
		exit(3);
	printf("signal %d code %d at %td\n", number, info->si_code, (u8 *)info->si_addr - page);
	show("v0", f->vregs[0]);
	show("v1", f->vregs[1]);
	show("v2", f->vregs[2]);
	show("v9", f->vregs[9]);
	show("v30", f->vregs[30]);
	f->vregs[1] ^= 1;
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

/* Encrypts or decrypts five registers, of which three wait in turn, with a load between. */
#define ROUNDS(aes, mix, load) \
	__asm__ volatile( \
		"ldp q0, q1, [%0]\n\tldp q2, q9, [%0, #32]\n\tldp q30, q5, [%0, #64]\n\t" \
		"mov v6.16b, v5.16b\n\tmov v7.16b, v2.16b\n\t" \
		aes " v0.16b, v5.16b\n\t" mix " v0.16b, v0.16b\n\t" \
		aes " v1.16b, v5.16b\n\t" mix " v1.16b, v1.16b\n\t" \
		aes " v2.16b, v5.16b\n\t" mix " v9.16b, v2.16b\n\t" \
		aes " v30.16b, v5.16b\n\t" mix " v30.16b, v30.16b\n\t" \
		load "\n\t" \
		aes " v0.16b, v5.16b\n\t" mix " v0.16b, v0.16b\n\t" \
		aes " v1.16b, v6.16b\n\t" mix " v1.16b, v1.16b\n\t" \
		aes " v9.16b, v5.16b\n\t" mix " v9.16b, v9.16b\n\t" \
		aes " v30.16b, v7.16b\n\t" \
		"eor v30.16b, v30.16b, v6.16b\n\t" \
		"stp q0, q1, [%1]\n\tstp q2, q9, [%1, #32]\n\tstr q30, [%1, #64]" \
		: \
		: "r"(in), "r"(out), "r"(page) \
		: "v0", "v1", "v2", "v5", "v6", "v7", "v9", "v30", "x9", "x10", "memory")

#define TRY(what, aes, mix, load) do { \
	mprotect(page, 4096, PROT_NONE); \
	for (int n = 0; n < 3; n++) { \
		ROUNDS(aes, mix, load); \
		if (n) \
			continue; \
		printf("%s %s\n", what, load); \
		for (int i = 0; i < 5; i++) \
			show("result", out[i]); \
	} \
} while (0)

int main(void)
{
	struct sigaction act = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	__uint128_t in[6], out[6];

	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 4096; i++)
		page[i] = (u8)(i * 7 + 3);
	for (size_t i = 0; i < sizeof(in); i++)
		((u8 *)in)[i] = (u8)(i * 37 + 11);
	sigaction(SIGSEGV, &act, NULL);
	for (int twice = 0; twice < 2; twice++) {
		TRY("encrypt", "aese", "aesmc", "ldr q5, [%2, #48]");
		TRY("encrypt", "aese", "aesmc", "ldp q5, q6, [%2, #64]");
		TRY("encrypt", "aese", "aesmc", "ldp x9, x10, [%2, #16]");
		TRY("encrypt", "aese", "aesmc", "ldar x9, [%2]");
		TRY("encrypt", "aese", "aesmc", "ld1r {v5.4s}, [%2]");
		TRY("decrypt", "aesd", "aesimc", "ldr q5, [%2, #80]");
		TRY("decrypt", "aesd", "aesimc", "ld1 {v5.16b, v6.16b}, [%2]");
		TRY("decrypt", "aesd", "aesimc", "subs x9, %0, %1\n\tldr x10, [%2, #8]");
	}
	return 0;
}
