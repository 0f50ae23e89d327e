/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks at the running system. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/fd.h"

#include "binfmtctl/host.h"
#include "binfmtctl/kernel.h"

/* Of the first user namespace, in every kernel (PROC_USER_INIT_INO of its headers). */
static const uint64_t initial_user_ns = 0xeffffffd;

const char *host_mount_name(enum host_mount state)
{
	static const char *const names[] = {"mounted", "automount", "not mounted",
					    "no directory", "denied"};

	return names[state];
}

void host_done(struct host *host)
{
	mounts_done(&host->mounts);
}

static void detect_mount(const char *mount, struct host *host)
{
	_cleanup_(fd_closep) int fd = -1;
	struct statvfs fs;

	switch (-kernel_open(AT_FDCWD, mount, &fd)) {
	case 0: host->mount = HOST_MOUNTED; break;
	case EAGAIN: host->mount = HOST_AUTOMOUNT; return;
	case ENOENT:
	case ENOTDIR: host->mount = HOST_NO_DIRECTORY; return;
	case ENODEV: host->mount = HOST_NOT_MOUNTED; return;
	default: host->mount = HOST_DENIED; return;
	}
	host->read_only = fstatvfs(fd, &fs) == 0 && fs.f_flag & ST_RDONLY;
	host->writable = faccessat(fd, "register", W_OK, AT_EACCESS) == 0;
}

/* The result of the unit's last run, which systemd keeps for everybody to see. */
static bool unit_failed(void)
{
	char *const argv[] = {(char[]){"systemctl"}, (char[]){"is-failed"},
			      (char[]){"--quiet"}, (char[]){"systemd-binfmt.service"},
			      NULL};
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		execv("/usr/bin/systemctl", argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int host_detect(const char *mount, struct host *ret)
{
	_cleanup_(fd_closep) int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct host host = {.limits = rule_limits_running()};
	struct utsname name;
	int err;

	if (uname(&name) == 0) {
		snprintf(host.release, sizeof(host.release), "%s", name.release);
		snprintf(host.machine, sizeof(host.machine), "%s", name.machine);
	}
	native_detect(&host.native);
	detect_mount(mount, &host);
	host.systemd = access("/run/systemd/system", F_OK) == 0;
	host.binfmt_failed = host.systemd && unit_failed();
	host.container = access("/run/.containerenv", F_OK) == 0 ||
			 access("/.dockerenv", F_OK) == 0 ||
			 access("/run/systemd/container", F_OK) == 0;
	if (proc >= 0) {
		if (kernel_supports(proc, &host.supported))
			host.supported = false;
		err = mounts_scan(proc, &host.mounts);
		if (err == -ENOMEM)
			return err;
		host.initial_userns = host.mounts.user_ns == initial_user_ns;
	}
	*ret = host;
	return 0;
}
