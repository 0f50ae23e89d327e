/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kernel modules through libkmod, with every outcome told apart. The library is loaded when it
 * is first needed, which is hardly ever: with the compression and cryptography it depends on, it
 * takes longer to link than most verbs take to run, and a system without modules needs none.
 */
#include <dlfcn.h>
#include <errno.h>
#include <libkmod.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/macro.h"

#include "binfmtctl/module.h"

#define KMOD_LIBRARY "libkmod.so.2"

/* The functions used, under their own names. */
#define KMOD_FUNCTIONS(X)                  \
	X(kmod_new)                        \
	X(kmod_unref)                      \
	X(kmod_load_resources)             \
	X(kmod_module_new_from_lookup)     \
	X(kmod_module_get_module)          \
	X(kmod_module_get_initstate)       \
	X(kmod_module_probe_insert_module) \
	X(kmod_module_unref)               \
	X(kmod_module_unref_list)

static struct {
	void *library;
#define DECLARE(name) typeof(name) *name;
	KMOD_FUNCTIONS(DECLARE)
} kmod;

/* -ELIBACC: no libkmod, or one that lacks something. It stays for the process's life. */
static int kmod_load(void)
{
	if (kmod.library)
		return 0;
	kmod.library = dlopen(KMOD_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!kmod.library)
		return -ELIBACC;
#define FIND(name) (kmod.name = (typeof(name) *)dlsym(kmod.library, #name)) &&
	if (KMOD_FUNCTIONS(FIND) true)
		return 0;
	dlclose(kmod.library);
	kmod.library = NULL;
	return -ELIBACC;
}

static int kmod_open(void **ret_context)
{
	struct kmod_ctx *ctx;
	int err = kmod_load();

	if (err)
		return err;
	errno = 0;
	ctx = kmod.kmod_new(NULL, NULL);
	if (!ctx)
		return errno ? -errno : -ENOMEM;
	/* Fails without /lib/modules; lookups then read the files that there are. */
	(void)kmod.kmod_load_resources(ctx);
	*ret_context = ctx;
	return 0;
}

static void kmod_close(void *context)
{
	kmod.kmod_unref(context);
}

/* The first module behind a name or alias; the caller drops the reference. */
static int kmod_find(struct kmod_ctx *ctx, const char *name, struct kmod_module **ret)
{
	struct kmod_list *list = NULL;
	int err;

	err = kmod.kmod_module_new_from_lookup(ctx, name, &list);
	if (err < 0)
		return err;
	if (!list)
		return -ENOENT;
	*ret = kmod.kmod_module_get_module(list);
	kmod.kmod_module_unref_list(list);
	return 0;
}

static int kmod_state(void *context, const char *name, enum module_state *ret)
{
	struct kmod_module *mod;
	int err, state;

	err = kmod_find(context, name, &mod);
	if (err)
		return err;
	state = kmod.kmod_module_get_initstate(mod);
	kmod.kmod_module_unref(mod);
	switch (state) {
	case KMOD_MODULE_BUILTIN: *ret = MODULE_STATE_BUILTIN; break;
	case KMOD_MODULE_LIVE: *ret = MODULE_STATE_LIVE; break;
	default: *ret = MODULE_STATE_ABSENT; break;
	}
	return 0;
}

static int kmod_insert(void *context, const char *name)
{
	struct kmod_module *mod;
	int err;

	err = kmod_find(context, name, &mod);
	if (err)
		return err;
	err = kmod.kmod_module_probe_insert_module(mod, KMOD_PROBE_APPLY_BLACKLIST, NULL,
						   NULL, NULL, NULL);
	kmod.kmod_module_unref(mod);
	return err > 0 ? 1 : err;
}

const struct module_ops module_ops_kmod = {
	.open = kmod_open,
	.close = kmod_close,
	.state = kmod_state,
	.insert = kmod_insert,
};

static enum module_outcome outcome_of(int err)
{
	switch (-err) {
	case ENOENT: return MODULE_NOT_FOUND;
	case EPERM:
	case EACCES: return MODULE_DENIED;
	default: return MODULE_FAILED;
	}
}

enum module_outcome module_ensure(const struct module_ops *ops, const char *name,
				  int *ret_errno)
{
	enum module_state state = MODULE_STATE_ABSENT;
	void *context;
	enum module_outcome outcome = MODULE_LOADED;
	int err;

	*ret_errno = 0;
	err = ops->open(&context);
	if (err) {
		*ret_errno = -err;
		return err == -ELIBACC ? MODULE_NO_LIBRARY : MODULE_FAILED;
	}
	err = ops->state(context, name, &state);
	if (!err && state != MODULE_STATE_ABSENT) {
		outcome = MODULE_READY;
	} else if (!err) {
		err = ops->insert(context, name);
		if (err > 0) {
			outcome = MODULE_BLACKLISTED;
			err = -EPERM;
		} else if (err == -EEXIST) { /* somebody was faster */
			outcome = MODULE_READY;
			err = 0;
		} else if (err) {
			outcome = outcome_of(err);
		}
	} else {
		outcome = outcome_of(err);
	}
	ops->close(context);
	*ret_errno = -err;
	return outcome;
}
