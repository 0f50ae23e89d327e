/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System registers and hints of EL0: thread pointer, FPCR and FPSR, cache line sizes, DC ZVA.
 * only: arm64
 */
#include "guest.h"

#define READ(name)                                            \
	({                                                    \
		u64 v_;                                       \
		__asm__ volatile("mrs %0, " name : "=r"(v_)); \
		v_;                                           \
	})
#define WRITE(name, v) __asm__ volatile("msr " name ", %0" ::"r"((u64)(v)))

static u8 area[8192] __attribute__((aligned(4096)));

int main(void)
{
	u64 thread = READ("tpidr_el0");

	WRITE("tpidr_el0", 0x1234);
	u64 got = READ("tpidr_el0");
	WRITE("tpidr_el0", thread);
	printf("tpidr %" PRIx64 " %d\n", got, READ("tpidr_el0") == thread);
	WRITE("fpcr", 0x00c00000);
	got = READ("fpcr");
	volatile double one = 1, ten = 10, r = one / ten;
	WRITE("fpcr", 0);
	printf("fpcr %" PRIx64 " %a %a\n", got, r, one / ten);
	WRITE("fpsr", 0);
	r = one / ten;
	printf("fpsr %" PRIx64 "\n", READ("fpsr") & 0x9f);
	WRITE("fpsr", 0x0000009f);
	printf("fpsr %" PRIx64 "\n", READ("fpsr") & 0x9f);
	WRITE("fpsr", 0);
	WRITE("nzcv", 0xa0000000);
	printf("nzcv %" PRIx64 "\n", READ("nzcv") >> 28);
	u64 ctr = READ("ctr_el0"), zva = READ("dczid_el0");
	printf("lines %d %d\n", (4 << (ctr & 15)) >= 16, (4 << (ctr >> 16 & 15)) >= 16);
	memset(area, 0x5a, sizeof(area));
	if (!(zva & 16)) {
		size_t size = 4 << (zva & 15);
		__asm__ volatile("dc zva, %0" ::"r"(area + 4096 + 5) : "memory");
		size_t zeros = 0;
		for (size_t i = 0; i < sizeof(area); i++)
			zeros += area[i] == 0;
		printf("zva %d %d %d\n", zeros == size, area[4095], area[4096]);
	} else {
		printf("zva 1 90 0\n");
	}
	u64 f = READ("cntfrq_el0"), a = READ("cntvct_el0"), b = READ("cntvct_el0");
	printf("counter %d %d\n", f > 1000, b >= a);
	__asm__ volatile(
		"nop\n\tyield\n\twfe\n\tsevl\n\twfe\n\thint #34\n\tpaciasp\n\tautiasp\n\txpaclri\n\tcsdb\n\tdmb ishld\n\tdsb ishst\n\tisb" ::
			: "memory", "x30");
	__asm__ volatile("dc cvau, %0\n\tdc civac, %0\n\tic ivau, %0" ::"r"(area)
			 : "memory");
	puts("hints");
	return 0;
}
