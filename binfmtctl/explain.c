/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One sentence per errno and place. Messages name the errno, so that they can be searched. */
#include <errno.h>
#include <string.h>

#include "binfmtctl/explain.h"

const char *explain_errno_name(int err)
{
	/* What this program can meet; strerrorname_np() is not in every C library. */
	static const struct {
		int number;
		const char *name;
	} names[] = {
#define NAME(e) {e, #e}
		NAME(EAGAIN),  NAME(E2BIG),   NAME(EACCES),    NAME(EBADF),
		NAME(EBADMSG), NAME(EBUSY),   NAME(ECANCELED), NAME(EEXIST),
		NAME(EFAULT),  NAME(EFBIG),   NAME(EINVAL),    NAME(EIO),
		NAME(EISDIR),  NAME(ELOOP),   NAME(EMFILE),    NAME(ENAMETOOLONG),
		NAME(ENFILE),  NAME(ENODEV),  NAME(ENOENT),    NAME(ENOEXEC),
		NAME(ENOMEM),  NAME(ENOSPC),  NAME(ENOSYS),    NAME(ENOTDIR),
		NAME(EPERM),   NAME(ELIBBAD), NAME(ESRCH),     NAME(EROFS),
		NAME(ETXTBSY),
#undef NAME
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].number == -err)
			return names[i].name;
	return "unknown error";
}

void explain_open(int err, const char *path, struct diag *ret)
{
	switch (-err) {
	case ENODEV:
		diag_set(ret, 0, "binfmt_misc is not mounted at %s", path);
		diag_hint(ret, "mount -t binfmt_misc binfmt_misc %s", path);
		break;
	case ENOENT:
		diag_set(ret, 0, "there is no directory %s", path);
		diag_hint(ret, "the kernel has no binfmt_misc, or /proc is not mounted");
		break;
	case EAGAIN:
		diag_set(
			ret, 0,
			"%s is an automount that nothing has used yet, so nothing is registered",
			path);
		diag_hint(
			ret,
			"whatever registers an entry triggers it; `ls %s/` does so by hand",
			path);
		break;
	default:
		diag_set(ret, 0, "cannot open %s: %s (%s)", path, strerror(-err),
			 explain_errno_name(err));
		break;
	}
}

void explain_register(int err, const struct rule *rule, struct diag *ret)
{
	bool fix = rule->flags & RULE_FIX_BINARY;
	_cleanup_(text_done) struct text name = TEXT_INIT, interpreter = TEXT_INIT;

	text_escape(&name, rule->name, strlen(rule->name));
	text_escape(&interpreter, rule->interpreter, strlen(rule->interpreter));
	if (name.error || interpreter.error) {
		diag_set(ret, 0, "%s", strerror(ENOMEM));
		return;
	}
	switch (-err) {
	case EEXIST:
		diag_set(ret, 0, "there is already an entry of this name (EEXIST)");
		diag_hint(ret, "look at it with `binfmtctl show`, remove it with "
			       "`binfmtctl unregister`");
		return;
	case EINVAL:
		diag_set(
			ret, 0,
			"this kernel refuses the rule (EINVAL), which newer ones accept");
		if (fix)
			diag_hint(ret, "flag F needs Linux 4.8");
		else if (rule->type == RULE_MAGIC && rule->offset + rule->size > 128)
			diag_hint(ret, "bytes behind the first 128 need Linux 5.1");
		return;
	case ENOENT:
		if (fix) {
			diag_set(ret, 0, "the interpreter %s does not exist (ENOENT)",
				 interpreter.data);
			diag_hint(ret, "flag F opens it now: install it first");
		} else {
			diag_set(ret, 0, "there is no `register` file (ENOENT)");
		}
		return;
	case ENOTDIR:
	case ELOOP:
	case ENOEXEC:
	case ETXTBSY:
		diag_set(ret, 0, "the interpreter %s cannot be opened: %s (%s)",
			 interpreter.data, strerror(-err), explain_errno_name(err));
		return;
	case EACCES:
	case EPERM:
		if (fix && err == -EACCES) {
			diag_set(
				ret, 0,
				"the interpreter %s is not an executable file, is on a "
				"noexec mount, or `register` may not be written (EACCES)",
				interpreter.data);
		} else {
			diag_set(ret, 0, "no permission to register (%s)",
				 explain_errno_name(err));
			diag_hint(
				ret,
				"only root of the namespace that mounted it may write there");
		}
		return;
	case EROFS:
		diag_set(ret, 0, "the mount is read-only (EROFS)");
		diag_hint(ret, "in containers /proc/sys often is");
		return;
	case ENOSPC:
		diag_set(
			ret, 0,
			"the limit user.max_binfmt_misc_interpreters is reached (ENOSPC)");
		return;
	default:
		diag_set(ret, 0, "%s (%s)", strerror(-err), explain_errno_name(err));
		return;
	}
}

void explain_entry(int err, const char *name, struct diag *ret)
{
	switch (-err) {
	case ENOENT: diag_set(ret, 0, "there is no entry of this name"); break;
	case EINVAL:
		diag_set(ret, 0, "this cannot be the name of an entry");
		if (strcmp(name, "status") == 0 || strcmp(name, "register") == 0)
			diag_hint(ret, "it is one of the kernel's own files");
		break;
	case EACCES:
	case EPERM:
		diag_set(ret, 0, "no permission (%s)", explain_errno_name(err));
		diag_hint(ret,
			  "only root of the namespace that mounted it may write there");
		break;
	case EROFS: diag_set(ret, 0, "the mount is read-only (EROFS)"); break;
	default:
		diag_set(ret, 0, "%s (%s)", strerror(-err), explain_errno_name(err));
		break;
	}
}
