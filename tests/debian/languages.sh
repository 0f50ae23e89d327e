#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Debian's lua, sqlite3 and python3 for arm64: computations of their own, and CPython's tests of
# numbers, case by case as on amd64.
set -u
# shellcheck source=tests/lib/tap.sh
. "${top_srcdir:-.}/tests/lib/tap.sh"
# shellcheck source=tests/debian/packages.sh
. "${top_srcdir:-.}/tests/debian/packages.sh"
packages_needed usr/bin/lua5.4 usr/bin/sqlite3 usr/bin/python3.11

lua()
{
	run usr/bin/lua5.4 "$top/tests/debian/arithmetic.lua"
}
compare "lua" lua

sqlite()
{
	run usr/bin/sqlite3 -batch database < "$top/tests/debian/tables.sql"
}
compare "sqlite3" sqlite

# Four processes that write to one database at a time.
sqlite_shared()
{
	sqlite=usr/bin/sqlite3
	run $sqlite shared 'pragma journal_mode = wal; create table t(a, b)' || return
	for writer in 1 2 3 4; do
		for i in 1 2 3 4 5 6 7 8 9 10; do
			echo "insert into t values($writer, $i);"
		done > in.$writer
		run $sqlite -cmd '.timeout 60000' shared < in.$writer &
	done
	wait
	run $sqlite shared 'pragma integrity_check;
		select a, count(*), sum(b) from t group by a; select count(*) from t'
	status=$?
	rm shared*
	return $status
}
compare "sqlite3: four writers" sqlite_shared

python_numbers()
{
	run usr/bin/python3.11 -B "$top/tests/debian/arithmetic.py"
}
compare "python3: results to the bit" python_numbers

# The lines of unittest, without times. What is looked for among the libraries of the system is
# found natively only, and skipped otherwise; sets have an order only if the hashes have one.
ENVIRONMENT=PYTHONHASHSEED=7
python_test() # MODULE
{
	run usr/bin/python3.11 -B -m test -v "$1" > log 2>&1
	status=$?
	grep -E '^[^ ]+ \(.*\) \.\.\. |^(Ran|OK|FAILED|FAIL:|ERROR:)|^Doctest: ' log |
		grep -v Test_OpenGL_libs | sed 's/ in [0-9.]*s$//; s/^\(OK\) (skipped=.*/\1/' | sort
	[ $status -eq 0 ] || grep -A 25 -m 3 -E '^(FAIL|ERROR):' log
	rm -r log
	return $status
}
for module in test_float test_math test_cmath test_complex test_struct test_decimal test_long \
	test_int test_statistics test_fractions test_strtod test_numeric_tower test_random \
	test_array test_format test_fstring test_json test_pow test_abstract_numbers \
	test_augassign test_builtin test_bytes test_colorsys test_contains test_enumerate \
	test_ctypes test_hashlib test_heapq test_itertools test_marshal test_memoryview \
	test_operator test_pickle test_range test_set test_sort test_time test_unicode test_zlib \
	test_binascii test_bz2 test_lzma; do
	compare "python3 $module" python_test $module
done
tap_done
