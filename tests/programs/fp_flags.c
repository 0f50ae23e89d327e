/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sticky exception flags: raised, tested, cleared, kept over calls; hidden by feholdexcept.
 * flags: -frounding-math -fno-trapping-math -O1
 * quick: yes
 */
#include "guest.h"
#include <fenv.h>
#include <math.h>

static void show(const char *what)
{
	int f = fetestexcept(FE_ALL_EXCEPT);

	printf("%s:%s%s%s%s%s\n", what, f & FE_INVALID ? " invalid" : "",
	       f & FE_DIVBYZERO ? " divbyzero" : "", f & FE_OVERFLOW ? " overflow" : "",
	       f & FE_UNDERFLOW ? " underflow" : "", f & FE_INEXACT ? " inexact" : "");
	feclearexcept(FE_ALL_EXCEPT);
}

int main(void)
{
	volatile double zero = 0, one = 1, huge = 1e308, tiny = 1e-300, r, inf = INFINITY,
			nan = NAN;
	volatile float narrow;
	volatile s32 i;

	feclearexcept(FE_ALL_EXCEPT);
	r = one + one;
	show("1+1");
	r = one / 3;
	show("1/3");
	r = one / zero;
	show("1/0");
	r = zero / zero;
	show("0/0");
	r = huge * 10;
	show("huge*10");
	r = tiny * tiny;
	show("tiny*tiny");
	r = sqrt(-one);
	show("sqrt(-1)");
	r = inf - inf;
	show("inf-inf");
	r = nan + 1;
	show("nan+1");
	i = nan == one;
	show("nan==1");
	i = nan < one;
	show("nan<1");
	i = (s32)(one * 1.5);
	show("(int)1.5");
	narrow = (float)huge;
	show("(float)huge");
	narrow = (float)0.1;
	show("(float)0.1");
	r = fma(one, 3, 0.1);
	show("fma");
	r = rint(one * 1.5);
	show("rint");
	r = nearbyint(one * 1.5);
	show("nearbyint");
	feraiseexcept(FE_INVALID | FE_INEXACT);
	show("raised");
	fenv_t env;
	r = one / zero;
	feholdexcept(&env);
	r = one / 3;
	show("held");
	r = huge * huge;
	feupdateenv(&env);
	show("updated");
	fexcept_t saved;
	r = one / zero;
	fegetexceptflag(&saved, FE_ALL_EXCEPT);
	feclearexcept(FE_ALL_EXCEPT);
	fesetexceptflag(&saved, FE_DIVBYZERO);
	show("restored");
	return 0;
}
