# SPDX-License-Identifier: LGPL-2.1-or-later
# TAP for test scripts, to be sourced: each case is one call of ok/not_ok/is/skip, the
# script ends with tap_done. Never prints a plan before the cases are known.

tap_count=0
tap_failed=0

# ok NAME
ok()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

# not_ok NAME [TEXT]: TEXT is shown as diagnostics.
not_ok()
{
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
	[ $# -lt 2 ] || printf '%s\n' "$2" | sed 's/^/# /'
}

# skip NAME REASON
skip()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# is NAME GOT WANT
is()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got:    $2
wanted: $3"
	fi
}

# check NAME COMMAND...: passes when the command succeeds; its output is shown otherwise.
check()
{
	tap_name=$1
	shift
	if tap_out=$("$@" 2>&1); then
		ok "$tap_name"
	else
		not_ok "$tap_name" "status $?: $tap_out"
	fi
}

# skip_all REASON: the whole script is skipped.
skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

tap_done()
{
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}
