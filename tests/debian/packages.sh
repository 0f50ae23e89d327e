# SPDX-License-Identifier: LGPL-2.1-or-later
# For tests of Debian's packages, to be sourced after tap.sh: their arm64 programs run under the
# translator from an unpacked tree (-L), those of amd64 from their own, with their own loader and
# libraries; no root, no chroot.
#
#   compare NAME FUNCTION [ARGUMENT...]
#
# calls FUNCTION once for each architecture, in an empty directory of its own. There `run PROGRAM
# ARGUMENT...` runs that architecture's program; PROGRAM is a path below the tree, or absolute.
# Output, standard error, exit status and all files left behind must be the same.

packages='openssl libssl-dev 7zip p7zip-full lua5.4 sqlite3 xz-utils zstd python3
	libpython3.11-testsuite ffmpeg'
# Drivers for screens, speech synthesis, icons: nothing here loads them.
DEBIAN_WITHOUT='^(libllvm15|libgl1-mesa-dri|mesa-.*|pocketsphinx-.*|adwaita.*|libz3-4)$'
export DEBIAN_WITHOUT

top=$(cd "${top_srcdir:-$(dirname "$0")/../..}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
: "${XLATE:=$build/xlate-aarch64}"
# LIMIT: the seconds that one program may take.
: "${LIMIT:=900}"
trees=${DEBIAN_TREES:-$build/tests/debian/packages}

# packages_needed PROGRAM...: fetches the trees; the script is skipped when that is impossible.
packages_needed()
{
	[ -x "$XLATE" ] || skip_all "no translator"
	# shellcheck disable=SC2086
	reason=$("$top/tests/debian/fetch" "$trees" $packages 2>&1) ||
		skip_all "Debian's packages: $reason"
	for program; do
		for architecture in arm64 amd64; do
			[ -x "$trees/$architecture/$program" ] ||
				skip_all "no $program in the packages for $architecture"
		done
	done
	work=$(mktemp -d) || exit 1
	trap '[ "${RUN_KEEP:-}" ] && echo "# kept: $work" || rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
}

# The directories of libraries below a tree, separated by colons.
library_path() # ROOT TRIPLET
{
	path=
	for directory in lib/$2 usr/lib/$2 usr/lib/$2/blas usr/lib/$2/lapack \
		usr/lib/$2/pulseaudio usr/lib/p7zip; do
		path=$path${path:+:}$1/$directory
	done
	echo "$path"
}

# run_on ARCHITECTURE PROGRAM ARGUMENT...; $ENVIRONMENT holds more variables for both.
run_on()
{
	architecture=$1 program=$2
	shift 2
	case $program in
	/*) ;;
	*) program=$trees/$architecture/$program ;;
	esac
	if [ "$architecture" = arm64 ]; then
		set -- LD_LIBRARY_PATH="$(library_path "" aarch64-linux-gnu)" PYTHONHOME=/usr \
			"$XLATE" -L "$trees/arm64" "$program" "$@"
	else
		set -- PYTHONHOME="$trees/amd64/usr" "$trees/amd64/lib64/ld-linux-x86-64.so.2" \
			--library-path "$(library_path "$trees/amd64" x86_64-linux-gnu)" \
			"$program" "$@"
	fi
	# shellcheck disable=SC2086
	timeout -k 5 "$LIMIT" env -i PATH="$PATH" LC_ALL=C.UTF-8 TZ=UTC HOME="$work" TERM=dumb \
		${ENVIRONMENT:-} "$@"
}

# guest and native: one side alone.
guest()
{
	run_on arm64 "$@"
}

native()
{
	run_on amd64 "$@"
}

# try ARCHITECTURE FUNCTION [ARGUMENT...]: its directory is $work/ARCHITECTURE.
try()
{
	side=$1
	shift
	run()
	{
		run_on "$side" "$@"
		run_status=$?
		[ $run_status -eq 0 ] || echo "[status $run_status]"
		return $run_status
	}
	rm -rf "${work:?}/$side"
	mkdir "$work/$side"
	(cd "$work/$side" && "$@") > "$work/$side.log" 2>&1
	echo "[end $?]" >> "$work/$side.log"
	sed "s|$trees/$side||g" "$work/$side.log" > "$work/$side/output"
}

compare()
{
	name=$1
	shift
	try amd64 "$@"
	try arm64 "$@"
	# A native run that already fails proves nothing.
	if [ "$(tail -n 1 "$work/amd64/output")" != "[end 0]" ]; then
		not_ok "$name: native" "$(tail -n 8 "$work/amd64/output" | cut -c 1-200)"
	elif diff -ra "$work/amd64" "$work/arm64" > "$work/diff"; then
		ok "$name ($(wc -l < "$work/amd64/output") lines, $(find "$work/amd64" -type f |
			wc -l) files)"
	else
		not_ok "$name" "$(head -n 20 "$work/diff" | cut -c 1-200)"
	fi
}
