/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine and kernel as far as binfmt_misc is concerned. */
#pragma once

#include "binfmtctl/mounts.h"
#include "binfmtctl/native.h"
#include "binfmtctl/rule.h"

enum host_mount {
	HOST_MOUNTED,
	HOST_AUTOMOUNT, /* nothing has triggered it yet */
	HOST_NOT_MOUNTED,
	HOST_NO_DIRECTORY, /* the kernel has no binfmt_misc, or its module is not loaded */
	HOST_DENIED,
};

const char *host_mount_name(enum host_mount state);

struct host {
	char release[65], machine[65];
	const struct rule_limits *limits;
	struct native native;
	bool supported; /* /proc/filesystems lists it */
	enum host_mount mount;
	bool read_only, writable; /* the mount; `register` for us */
	bool initial_userns;
	bool systemd;       /* is running */
	bool binfmt_failed; /* systemd-binfmt.service, if systemd is running */
	bool container;     /* we are in one */
	struct binfmt_mounts mounts;
};

/* Fit for _cleanup_. */
void host_done(struct host *host);

/* @mount: the usual mount point or another. Nothing is triggered or changed. */
int host_detect(const char *mount, struct host *ret) _must_check_;
