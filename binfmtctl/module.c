/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernel modules through libkmod, with every outcome told apart. */
#include <errno.h>
#include <libkmod.h>
#include <stddef.h>

#include "common/macro.h"

#include "binfmtctl/module.h"

static int kmod_open(void **ret_context)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);

	if (!ctx)
		return errno ? -errno : -ENOMEM;
	/* Fails without /lib/modules; lookups then read the files that there are. */
	(void)kmod_load_resources(ctx);
	*ret_context = ctx;
	return 0;
}

static void kmod_close(void *context)
{
	kmod_unref(context);
}

/* The first module behind a name or alias; the caller drops the reference. */
static int kmod_find(struct kmod_ctx *ctx, const char *name, struct kmod_module **ret)
{
	struct kmod_list *list = NULL;
	int err;

	err = kmod_module_new_from_lookup(ctx, name, &list);
	if (err < 0)
		return err;
	if (!list)
		return -ENOENT;
	*ret = kmod_module_get_module(list);
	kmod_module_unref_list(list);
	return 0;
}

static int kmod_state(void *context, const char *name, enum module_state *ret)
{
	struct kmod_module *mod;
	int err, state;

	err = kmod_find(context, name, &mod);
	if (err)
		return err;
	state = kmod_module_get_initstate(mod);
	kmod_module_unref(mod);
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
	err = kmod_module_probe_insert_module(mod, KMOD_PROBE_APPLY_BLACKLIST, NULL, NULL,
					      NULL, NULL);
	kmod_module_unref(mod);
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
		return MODULE_FAILED;
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
