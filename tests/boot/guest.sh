# SPDX-License-Identifier: LGPL-2.1-or-later
# For scripts that run inside a boot test, by busybox's shell: cases as lines for the host.

binfmt=/proc/sys/fs/binfmt_misc

tap()
{
	echo "TAP: $*" >/dev/console
}

# is NAME GOT WANTED
is()
{
	if [ "$2" = "$3" ]; then
		tap "ok $1"
	else
		tap "not ok $1"
		printf '%s\n' "got:    $2" "wanted: $3" | while IFS= read -r line; do tap "# $line"; done
	fi
}

# has NAME TEXT PART
has()
{
	case $2 in
	*"$3"*) tap "ok $1" ;;
	*)
		tap "not ok $1"
		printf '%s\n' "no '$3' in:" "$2" | while IFS= read -r line; do tap "# $line"; done
		;;
	esac
}

# run WANTED-STATUS COMMAND...: leaves all output in $out.
run()
{
	wanted=$1
	shift
	out=$("$@" 2>&1)
	status=$?
	if [ $status -eq "$wanted" ]; then
		tap "ok $* exits with $wanted"
	else
		tap "not ok $* exits with $wanted"
		printf '%s\n' "status $status" "$out" | while IFS= read -r line; do tap "# $line"; done
	fi
}

loaded()
{
	grep -q '^binfmt_misc ' /proc/modules && echo yes || echo no
}

mounted()
{
	grep -q " $binfmt binfmt_misc " /proc/mounts && echo yes || echo no
}
