#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The test scripts of binfmtctl once more with AddressSanitizer and UBSan in the program, and
# under valgrind: no error, no leak.
. "$top_srcdir/tests/lib/tap.sh"
unshare -Urm true 2>/dev/null || skip_all "user namespaces are not permitted"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
scripts='change install json look cli'
real=$top_builddir

# A build directory that differs in the program only.
mkdir -p "$tmp/binfmtctl" "$tmp/tests/unit"
for part in formats.d config.h systemd init; do
	[ ! -e "$real/$part" ] || ln -s "$real/$part" "$tmp/$part"
done
ln -s "$real/tests/unit/binfmtctl" "$tmp/tests/unit/binfmtctl"
cat >"$tmp/lsan" <<'END'
leak:libpopt
END
# shellcheck disable=SC2046 # a list of options
if $CC -std=gnu17 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -include "$real/config.h" -iquote "$top_srcdir" \
	-DBINDIR='"/usr/local/bin"' -DFORMATSDIR='"/usr/local/share/binfmtctl/formats.d"' \
	$(pkg-config --cflags popt libkmod json-c) "$top_srcdir"/binfmtctl/*.c \
	"$top_srcdir"/common/*.c -o "$tmp/binfmtctl/binfmtctl" \
	$(pkg-config --libs popt libkmod json-c) 2>"$tmp/errors"; then
	for script in $scripts; do
		# A finding ends the program with a status that no case wants.
		if out=$(top_builddir=$tmp ASAN_OPTIONS=exitcode=77:detect_leaks=1 \
			LSAN_OPTIONS=suppressions="$tmp/lsan":print_suppressions=0 \
			UBSAN_OPTIONS=print_stacktrace=1 \
			"$top_srcdir/tests/unit/binfmtctl/$script.sh" 2>&1); then
			ok "$script with AddressSanitizer"
		else
			not_ok "$script with AddressSanitizer" \
				"$(echo "$out" | grep -A40 '^not ok' | head -80)"
		fi
	done
else
	skip "AddressSanitizer" "it cannot be built: $(head -n 1 "$tmp/errors")"
fi

if ! command -v valgrind >/dev/null; then
	skip "valgrind" "it is not installed"
	tap_done
fi
# Not look: valgrind itself refuses to execute what is no program of this machine.
for script in install json change; do
	if out=$(memcheck="valgrind -q --fair-sched=yes --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --trace-children=no" \
		"$top_srcdir/tests/unit/binfmtctl/$script.sh" 2>&1); then
		ok "$script under valgrind"
	else
		not_ok "$script under valgrind" "$(echo "$out" | grep -A40 '^not ok' | head -80)"
	fi
done
tap_done
