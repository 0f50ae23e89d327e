#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Containers of an arm64 program by this machine's own crun, runc, podman and bubblewrap, with the
# translator registered in a user namespace; inside there is nothing of it, nor of this machine.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
need_cc

guest_cc inside <<'EOF'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
/* inside ARGUMENT: what it sees; and a child that executes it once more. */
int main(int argc, char **argv)
{
	char exe[256] = "", line[256], comm[32] = "", *seccomp = "", *nnp = "";
	struct utsname u;
	int status;
	uname(&u);
	readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	FILE *f = fopen("/proc/1/comm", "r");
	if (f && fgets(comm, sizeof(comm), f))
		comm[strcspn(comm, "\n")] = 0;
	printf("%s %s first %d uid %d exe %s init %s argv0 %s\n", argc > 1 ? argv[1] : "?", u.machine,
	       getpid() == 1, getuid(), exe, comm, argv[0]);
	printf("mount: %s", mkdir("/x", 0700) || syscall(SYS_mount, "none", "/x", "tmpfs", 0, 0) ?
	       strerrorname_np(errno) : "ok");
	printf("\n");
	fflush(stdout);
	if (argc > 2)
		return 7;
	if (!fork()) {
		execl("/program", "again", "child", "end", (char *)0);
		printf("execl: %s\n", strerrorname_np(errno));
		_exit(1);
	}
	wait(&status);
	printf("status %x\n", status);
	return 5;
}
EOF
mkdir -p "$tmp/bundle/root/proc" "$tmp/bundle/root/dev" "$tmp/state"
cp "$tmp/inside" "$tmp/bundle/root/program"

cat >"$tmp/bundle/config.json" <<'EOF'
{
	"ociVersion": "1.0.2",
	"process": {
		"terminal": false, "user": { "uid": 0, "gid": 0 }, "cwd": "/",
		"args": [ "/program", "container" ], "env": [ "A=b" ], "noNewPrivileges": true,
		"capabilities": { "bounding": [], "effective": [], "permitted": [] }
	},
	"root": { "path": "root", "readonly": true },
	"hostname": "inside",
	"mounts": [ { "destination": "/proc", "type": "proc", "source": "proc" } ],
	"linux": {
		"namespaces": [ { "type": "pid" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" } ]
	}
}
EOF

magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\xfe\xff\xff\xff'
# What is registered with F is there without its file. crun wants no other cgroups than those of
# version 2.
registered()
{
	RULE=":guest:M:0:$magic:$mask:$(realpath "$x"):POCF" unshare -UrmpfC --mount-proc sh -c '
		mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null
		mount -t binfmt_misc none /proc/sys/fs/binfmt_misc &&
		printf "%s" "$RULE" >/proc/sys/fs/binfmt_misc/register && exec "$@"' sh "$@" 2>&1
}
unshare -Urm sh -c 'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc &&
	[ "$(ls /proc/sys/fs/binfmt_misc | wc -l)" -eq 2 ]' 2>/dev/null ||
	skip_all "no private binfmt_misc instance (kernel before 6.7, or no user namespaces)"

container='container aarch64 first 1 uid 0 exe /program init program argv0 /program
mount: EROFS
child aarch64 first 0 uid 0 exe /program init program argv0 again
mount: EROFS
status 700
ended 5'
for runtime in crun runc; do
	command -v $runtime >/dev/null || {
		skip "$runtime" "not installed"
		continue
	}
	options=
	[ $runtime = runc ] || options=--cgroup-manager=disabled
	got=$(registered sh -c 'cd "$1" && shift && "$@"; echo "ended $?"' - "$tmp/bundle" \
		$runtime --root "$tmp/state" $options run "test-$runtime-$$")
	case $got in
	*aarch64*) is "$runtime" "$got" "$container" ;;
	*cgroup*) skip "$runtime" "it does not like the control groups here: $(echo "$got" | head -n 1)" ;;
	*) not_ok "$runtime" "$got" ;;
	esac
done
# An image with nothing but the program.
podman()
{
	command podman --root "$tmp/store" --runroot "$tmp/run" --tmpdir "$tmp/libpod" --storage-driver vfs \
		--cgroup-manager cgroupfs --events-backend none --runtime crun "$@"
}
in_podman()
{
	set -e
	tar -C "$tmp/bundle/root" --owner 0 --group 0 -cf "$tmp/image.tar" .
	podman import -q --arch arm64 --os linux "$tmp/image.tar" guest:1 >/dev/null
	# Its own devpts wants a group that is not mapped.
	set -- -v /dev/pts:/dev/pts --pull never --platform linux/arm64 --network none --cgroups disabled \
		--ulimit nofile=1024:1024 --ulimit nproc=10000:10000
	set +e
	podman run --rm "$@" --read-only --read-only-tmpfs=false guest:1 /program container
	echo "ended $?"
}
if ! command -v podman >/dev/null || ! command -v crun >/dev/null; then
	skip "podman" "not installed"
else
	export tmp
	got=$(registered sh -c "$(sed -n '/^podman()/,/^}/p; /^in_podman()/,/^}/p' "$0"); in_podman")
	case $got in
	*aarch64*) is "podman" "$got" "$container" ;;
	*cgroup*) skip "podman" "it does not like the control groups here: $(echo "$got" | head -n 1)" ;;
	*) not_ok "podman" "$got" ;;
	esac
fi
if command -v bwrap >/dev/null; then
	got=$(registered sh -c '"$@"; echo "ended $?"' - bwrap --unshare-all --ro-bind "$tmp/bundle/root" / \
		--proc /proc /program container)
	is "bubblewrap" "$got" "$(echo "$container" | sed 's/first 1/first 0/; s/init program/init bwrap/')"
else
	skip "bubblewrap" "not installed"
fi
tap_done
