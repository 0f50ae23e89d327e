/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the benchmark programs share with the test programs: types, a random source, hashes. */
#include "../../tests/programs/guest.h"
