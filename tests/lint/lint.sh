# SPDX-License-Identifier: LGPL-2.1-or-later
# For lints, to be sourced: TAP, and lists of the project's own files relative to the top of the
# sources, which works in a clone and in an unpacked release alike.
. "$top_srcdir/tests/lib/tap.sh"
cd "$top_srcdir" || exit 1

own_dirs='common binfmtctl translators tools tests bench'

# files NAME-PATTERN...: own files, one per line.
files()
{
	own_pattern=
	for own_name in "$@"; do
		own_pattern="$own_pattern${own_pattern:+ -o }-name $own_name"
	done
	set -f
	# shellcheck disable=SC2086 # patterns and folders are words
	find $own_dirs -type f \( $own_pattern \) | LC_ALL=C sort
	set +f
}

# none NAME FINDINGS: passes when there are none.
none()
{
	if [ -z "$2" ]; then
		ok "$1"
	else
		not_ok "$1" "$2"
	fi
}
