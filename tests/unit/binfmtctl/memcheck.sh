#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# All tests of binfmtctl once more, with AddressSanitizer and UBSan in the program and in the unit
# tests, and under valgrind: no error, no leak. MEMCHECK='asan valgrind' or one of them.
. "$top_srcdir/tests/lib/tap.sh"
unshare -Urm true 2>/dev/null || skip_all "user namespaces are not permitted"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
real=$top_builddir here=$top_srcdir/tests/unit/binfmtctl
mapfile -t scripts < <(grep -l '^[.] "$top_srcdir/tests/unit/binfmtctl/private.sh"' "$here"/*.sh)
units=("$here"/test_*.c)

# A build directory that differs in binfmtctl's program and unit tests only.
mkdir -p "$tmp/build/binfmtctl" "$tmp/build/tests/unit/binfmtctl" "$tmp/objects"
# links FROM TO: all that is in FROM, linked in TO, but for what TO has.
links()
{
	local file
	for file in "$1"/*; do
		[ -e "$2/${file##*/}" ] || ln -s "$file" "$2/${file##*/}"
	done
}

# compile SOURCE: an object with sanitizers.
compile()
{
	local object=${1#"$top_srcdir"/}
	# shellcheck disable=SC2046 # a list of options
	$CC -std=gnu17 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
		-fno-omit-frame-pointer -include "$real/config.h" -iquote "$top_srcdir" \
		-DBINDIR='"/usr/local/bin"' -DFORMATSDIR='"/usr/local/share/binfmtctl/formats.d"' \
		$(pkg-config --cflags popt libkmod json-c cmocka) -c "$1" \
		-o "$tmp/objects/${object//\//_}.o"
}

# link PROGRAM OBJECT...
link()
{
	local program=$1
	shift
	# shellcheck disable=SC2046
	$CC -fsanitize=address,undefined "$@" -o "$program" $(pkg-config --libs popt json-c cmocka)
}

build()
{
	local o=$tmp/objects unit library
	export tmp real top_srcdir CC
	export -f compile
	printf '%s\0' "$top_srcdir"/binfmtctl/*.c "$top_srcdir"/common/*.c "${units[@]}" |
		xargs -0 -n 1 -P "$(nproc)" bash -c 'compile "$0"' || return
	link "$tmp/build/binfmtctl/binfmtctl" "$o"/binfmtctl_*.o "$o"/common_*.o || return
	mapfile -t library < <(printf '%s\n' "$o"/binfmtctl_*.o "$o"/common_*.o |
		grep -vE '/binfmtctl_(main|cmd-[a-z]*)[.]c[.]o$')
	for unit in "${units[@]}"; do
		unit=${unit##*/}
		link "$tmp/build/tests/unit/binfmtctl/${unit%.c}" "${library[@]}" \
			"$o/tests_unit_binfmtctl_$unit.o" || return
	done
}

# A finding ends the program with a status that no case wants.
export ASAN_OPTIONS=exitcode=77:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
# popt keeps what it read of the environment's aliases.
echo 'leak:libpopt' >"$tmp/lsan"
export LSAN_OPTIONS=suppressions="$tmp/lsan":print_suppressions=0
# Enough to pass every path; the full numbers are slow.sh's.
export RULES=5000 PAIRS=300

# result NAME COMMAND...: its cases that failed, if any did.
result()
{
	local name=$1 out
	shift
	if out=$("$@" 2>&1); then
		ok "$name: $(grep -c '^ok' <<<"$out") cases"
		grep '# SKIP' <<<"$out" | sed 's/^ok/# ok/'
	else
		not_ok "$name" "$(grep -A40 '^not ok' <<<"$out" | head -80)
$(grep -A30 -E 'ERROR: |runtime error|^==[0-9]+==' <<<"$out" | head -60)"
	fi
}

with_asan()
{
	local script unit
	if ! build 2>"$tmp/errors"; then
		skip "AddressSanitizer" "it cannot be built: $(head -n 1 "$tmp/errors")"
		return
	fi
	links "$real/tests/unit/binfmtctl" "$tmp/build/tests/unit/binfmtctl"
	mkdir -p "$tmp/build/tests"
	links "$real/tests" "$tmp/build/tests"
	links "$real" "$tmp/build"
	for script in "${scripts[@]}" "$top_srcdir"/tests/formats/{formats,install}.sh \
		"$top_srcdir"/tests/boot/{units,same-state}.sh; do
		result "${script##*/} with AddressSanitizer and UBSan" \
			env top_builddir="$tmp/build" "$script"
	done
	for unit in "${units[@]}"; do
		unit=${unit##*/}
		result "${unit%.c} with AddressSanitizer and UBSan" \
			"$tmp/build/tests/unit/binfmtctl/${unit%.c}"
	done
}

with_valgrind()
{
	local script unit
	local valgrind="valgrind -q --fair-sched=yes --error-exitcode=99 --leak-check=full
		--errors-for-leak-kinds=definite --trace-children=no"
	if ! command -v valgrind >/dev/null; then
		skip "valgrind" "it is not installed"
		return
	fi
	for script in "${scripts[@]}"; do
		result "${script##*/} under valgrind" env memcheck="$valgrind" "$script"
	done
	for unit in "${units[@]}"; do
		unit=${unit##*/}
		# They execute foreign files, which valgrind refuses to.
		case $unit in
		test_exec.c | test_audit.c) continue ;;
		esac
		# shellcheck disable=SC2086 # a command and its options
		result "${unit%.c} under valgrind" $valgrind "$real/tests/unit/binfmtctl/${unit%.c}"
	done
}

for way in ${MEMCHECK:-asan valgrind}; do
	with_$way
done
tap_done
