/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loading a kernel module. module.c is the only file that knows libkmod; a test passes its
 * own struct module_ops.
 */
#pragma once

enum module_outcome {
	MODULE_READY,  /* built in, or was already loaded */
	MODULE_LOADED, /* loaded by this call */
	MODULE_NOT_FOUND, /* no such module: not built, no /lib/modules, or unlisted built-in */
	MODULE_BLACKLISTED, /* the configuration forbids it */
	MODULE_DENIED,      /* not permitted */
	MODULE_NO_LIBRARY,  /* libkmod is not installed */
	MODULE_FAILED,      /* any other error */
};

enum module_state { MODULE_STATE_ABSENT, MODULE_STATE_LIVE, MODULE_STATE_BUILTIN };

/* All return 0 or negative errno; open() -ELIBACC without the library; insert() may also return 1 for a blacklisted module. */
struct module_ops {
	int (*open)(void **ret_context);
	void (*close)(void *context);
	/* -ENOENT when there is no such module. */
	int (*state)(void *context, const char *name, enum module_state *ret);
	int (*insert)(void *context, const char *name);
};

extern const struct module_ops module_ops_kmod;

/*
 * Makes sure that the module is there. @ret_errno gets the positive errno behind a failure.
 * MODULE_NOT_FOUND is not yet a failure: the file system may be built into a kernel that has
 * no module index, so the caller should try to mount it all the same.
 */
enum module_outcome module_ensure(const struct module_ops *ops, const char *name,
				  int *ret_errno);
