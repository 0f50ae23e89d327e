# SPDX-License-Identifier: LGPL-2.1-or-later
# To be sourced first, with "$@": runs the script again in user and mount namespaces of its own
# with an empty binfmt_misc instance. The machine's own instance is never touched. Then there
# are $binfmtctl, $mount, a directory $tmp that goes away, and run, has, hasnt.
if [ "$1" != inside ]; then
	. "$top_srcdir/tests/lib/tap.sh"
	unshare -Urm true 2>/dev/null || skip_all "user namespaces are not permitted"
	exec unshare -Urm "$0" inside
fi
. "$top_srcdir/tests/lib/tap.sh"
mount=/proc/sys/fs/binfmt_misc
mount -t binfmt_misc none $mount 2>/dev/null ||
	skip_all "no private binfmt_misc instance (needs Linux 6.7)"
[ -z "$(ls $mount | grep -vE '^(register|status)$')" ] ||
	skip_all "the new binfmt_misc instance is not empty: not touching it"
# Nothing of the machine's own state is read or written.
mount -t tmpfs none /run || skip_all "no tmpfs for /run"

binfmtctl=$top_builddir/binfmtctl/binfmtctl
tmp=$(mktemp -d) || exit 1
export HOME=$tmp
trap 'rm -rf "$tmp"' EXIT

# run WANTED-STATUS ARGUMENT...: leaves output in $out and messages in $err. $memcheck is a
# program to run binfmtctl under, such as valgrind, which itself refuses to execute what is no
# program of this machine: not for what starts files.
run()
{
	wanted=$1
	shift
	case " $* " in
	*" probe "* | *" doctor "* | *" --verify "*) "$binfmtctl" "$@" ;;
	*) $memcheck "$binfmtctl" "$@" ;;
	esac >"$tmp/out" 2>"$tmp/err"
	status=$?
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
	shown="${*//$'\n'/ } exits with $wanted"
	if [ $status -eq "$wanted" ]; then
		ok "$shown"
	else
		not_ok "$shown" "status $status
$out
$err"
	fi
}

# has NAME TEXT PART
has()
{
	case $2 in
	*"$3"*) ok "$1" ;;
	*) not_ok "$1" "no '$3' in: $2" ;;
	esac
}

hasnt()
{
	case $2 in
	*"$3"*) not_ok "$1" "'$3' in: $2" ;;
	*) ok "$1" ;;
	esac
}

# The names of all entries, the first match first.
names()
{
	"$binfmtctl" list -f plain | cut -f1 | tr '\n' ' '
}
