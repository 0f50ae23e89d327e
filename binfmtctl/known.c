/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interpreters that people use, and how they deal with flags. */
#include <fnmatch.h>
#include <string.h>

#include "binfmtctl/audit-internal.h"

/*
 * emulator, leaks, takes P, P by its name, works without P. QEMU of 6.0 and later sees P in
 * AT_FLAGS; under a name that ends in -binfmt-P it insists on P.
 */
static const struct known_interpreter known[] = {
	{"xlate-*", true, false, true, false, true},
	{"*-binfmt-P", true, true, true, true, false},
	{"qemu-*", true, true, true, false, true},
	{"FEXInterpreter", true, false, true, false, true},
	{"FEX*", true, false, true, false, true},
	{"box64*", true, true, false, false, true},
	{"box86*", true, true, false, false, true},
	{"rosetta*", true, false, true, false, true},
	{"ape*", false, false, true, false, true},
	{"wine*", false, false, false, false, true},
	{"mono*", false, false, false, false, true},
	{"jexec", false, false, false, false, true},
	{"java*", false, false, false, false, true},
	{"python*", false, false, false, false, true},
	{"lli*", false, false, false, false, true},
	{"wasmtime*", false, false, false, false, true},
	{"wasmer*", false, false, false, false, true},
};

const struct known_interpreter *known_find(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (fnmatch(known[i].pattern, name, 0) == 0)
			return &known[i];
	return NULL;
}
