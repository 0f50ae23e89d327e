# SPDX-License-Identifier: LGPL-2.1-or-later
# For ../try and ../check, to be sourced by bash: steps with their time, and the build.

build=${BUILD:-build}
packages_build=(gcc libc6-dev make autoconf automake pkg-config libpopt-dev libkmod-dev
	libjson-c-dev)
packages_check=(g++ libcmocka-dev libcapstone-dev gcc-aarch64-linux-gnu g++-aarch64-linux-gnu
	libc6-dev-arm64-cross qemu-user-static xz-utils gdb-multiarch strace)

# What only the slow tests use.
packages_slow=(initramfs-tools-core qemu-system-x86 kmod clang libclang-rt-14-dev valgrind mmdebstrap arch-test
	crun bubblewrap)

# seconds SINCE: how long ago, as 0.00, from values of $EPOCHREALTIME.
seconds()
{
	local now=${EPOCHREALTIME/[.,]/} since=${1/[.,]/}
	local centi=$(((now - since + 5000) / 10000))

	printf '%d.%02d' $((centi / 100)) $((centi % 100))
}

# step TEXT COMMAND...: runs it, prints one line with its time. Its output goes to
# $build/NAME.log, NAME being the first word of TEXT, and is shown when it fails.
step()
{
	local text=$1 log=$build/${1%% *}.log start=$EPOCHREALTIME status
	shift

	mkdir -p "$build"
	"$@" >"$log" 2>&1
	status=$?
	if [ $status -eq 0 ]; then
		printf 'ok    %-58s %7s s\n' "$text" "$(seconds "$start")"
	else
		printf 'FAIL  %-58s %7s s\n' "$text" "$(seconds "$start")"
		tail -n 25 "$log" | sed 's/^/      /'
		echo "      (all of it: $log)"
	fi
	return $status
}

# configure_build OPTION...: out of tree, into $build. Options always configure anew.
configure_build()
{
	local top=$PWD

	if [ ! -x configure ] || [ configure.ac -nt configure ]; then
		./autogen.sh || return
	fi
	if [ $# -gt 0 ] || [ ! -e "$build/config.status" ]; then
		mkdir -p "$build" && (cd "$build" && "$top/configure" "$@")
	fi
}

make_build()
{
	make -C "$build" -j"$(nproc)" "$@"
}
