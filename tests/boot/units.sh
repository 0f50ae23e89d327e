#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The service, the drop-in, the preset and the init scripts, as far as that goes without a boot:
# systemd's own verifier, the exposure it computes, and the scripts run in a private instance.
if [ "$1" != inside ]; then
	. "$top_srcdir/tests/lib/tap.sh"
	unshare -Urm true 2>/dev/null || skip_all "user namespaces are not permitted"
	exec unshare -Urm "$0" inside
fi
. "$top_srcdir/tests/lib/tap.sh"
binfmt=/proc/sys/fs/binfmt_misc
binfmtctl=${BINFMTCTL:-$top_builddir/binfmtctl/binfmtctl}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# here FILE: with this build's program in place of the installed one.
here()
{
	sed "s|[^ =]*/binfmtctl apply|$binfmtctl apply|; s|^binfmtctl=.*|binfmtctl=$binfmtctl|" "$1"
}

service=$top_builddir/systemd/binfmtctl.service
vendor=/lib/systemd/system/systemd-binfmt.service
if command -v systemd-analyze >/dev/null; then
	mkdir "$tmp/units" "$tmp/units/systemd-binfmt.service.d"
	here "$service" | grep -v ^Documentation= >"$tmp/units/binfmtctl.service"
	is "systemd-analyze verify finds nothing in the service" \
		"$(systemd-analyze verify "$tmp/units/binfmtctl.service" 2>&1)" ""
	if [ -e $vendor ]; then
		grep -v ^Documentation= $vendor >"$tmp/units/systemd-binfmt.service"
		here "$top_builddir/systemd/systemd-binfmt.service.d/10-binfmtctl.conf" |
			grep -v ^Documentation= >"$tmp/units/systemd-binfmt.service.d/10-binfmtctl.conf"
		is "nor in systemd-binfmt.service with the drop-in" \
			"$(systemd-analyze verify "$tmp/units/systemd-binfmt.service" 2>&1)" ""
	fi
	if systemd-analyze security --help 2>&1 | grep -q -e --offline; then
		if out=$(systemd-analyze security --offline=yes --threshold=30 "$service" 2>&1); then
			ok "exposure is below 3.0: $(tail -n 1 <<<"$out" | tr -cd 'A-Za-z0-9.: -')"
		else
			not_ok "exposure is below 3.0" "$(grep -v '✓' <<<"$out")"
		fi
	else
		skip "exposure is below 3.0" "this systemd-analyze has no --offline"
	fi
else
	skip "systemd-analyze verify" "not installed"
fi
if [ -e $vendor ]; then
	# What orders and conditions it, but for what we add.
	unit() { sed -n '/^\[Unit\]/,/^\[Service\]/p' "$1" | grep -E '^(Def|Conf|Before|After|Cond)'; }
	is "ordering and conditions are systemd-binfmt's" \
		"$(unit "$service" | grep -v '^After=systemd-binfmt.service$' | sort)" \
		"$(unit $vendor | sort)"
else
	skip "ordering and conditions are systemd-binfmt's" "systemd is not installed"
fi
check "the preset leaves it off" grep -qx 'disable binfmtctl.service' \
	"$top_srcdir/systemd/80-binfmtctl.preset"

for script in openrc sysv; do
	check "the $script script parses" sh -n "$top_builddir/init/binfmtctl.$script"
	check "the $script script is executable" test -x "$top_builddir/init/binfmtctl.$script"
done

if ! mount -t binfmt_misc none $binfmt 2>/dev/null || ! [ -d /etc/binfmt.d ]; then
	skip "the init scripts work" "no private binfmt_misc (needs Linux 6.7), or no /etc/binfmt.d"
	tap_done
fi
[ -z "$(ls $binfmt | grep -vE '^(register|status)$')" ] ||
	skip_all "the new binfmt_misc instance is not empty: not touching it"
mkdir "$tmp/etc"
mount --bind "$tmp/etc" /etc/binfmt.d && mount -t tmpfs none /run || exit 1
for dir in /usr/lib/binfmt.d /usr/local/lib/binfmt.d; do
	[ ! -d $dir ] || mount -t tmpfs none $dir || exit 1
done
echo ':ours:E::ours::/bin/true:' >"$tmp/etc/ours.conf"
echo ':theirs:E::theirs::/bin/true:' >$binfmt/register
entries()
{
	find $binfmt -type f | sed 's|.*/||' | grep -vxE 'register|status' | sort | tr '\n' ' '
}

here "$top_builddir/init/binfmtctl.sysv" >"$tmp/sysv"
chmod +x "$tmp/sysv"
sysv()
{
	"$tmp/sysv" "$2" >"$tmp/out" 2>&1
	is "sysv $2 exits with $1" $? "$1"
}
sysv 3 status
sysv 0 start
is "sysv start registers" "$(entries)" "ours theirs "
sysv 0 status
echo ':more:E::more::/bin/true:' >"$tmp/etc/more.conf"
sysv 3 status
sysv 0 reload
is "sysv reload registers what is new" "$(entries)" "more ours theirs "
sysv 0 stop
is "sysv stop leaves what is not ours" "$(entries)" "theirs "
sysv 2 frobnicate
echo nonsense >"$tmp/etc/more.conf"
sysv 1 start
is "one wrong rule does not stop the others" "$(entries)" "ours theirs "
sysv 0 stop

# OpenRC's functions, as far as the script uses them.
here "$top_builddir/init/binfmtctl.openrc" >"$tmp/openrc"
openrc()
{
	ebegin() { :; }
	eend() { return "$1"; }
	need() { :; }
	use() { :; }
	after() { :; }
	provide() { :; }
	keyword() { :; }
	(. "$tmp/openrc" && depend && "$1") >"$tmp/out" 2>&1
}
rm "$tmp/etc/more.conf"
check "openrc start" openrc start
is "openrc start registers" "$(entries)" "ours theirs "
echo ':more:E::more::/bin/true:' >"$tmp/etc/more.conf"
check "openrc reload" openrc reload
is "openrc reload registers what is new" "$(entries)" "more ours theirs "
check "openrc stop" openrc stop
is "openrc stop leaves what is not ours" "$(entries)" "theirs "
tap_done
