#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the boot test with systemd looks at when sysinit.target is reached.
. /guest.sh
export SYSTEMD_PAGER=

# state: all entries with their content, in the order of matching.
state()
{
	find $binfmt -type f | while read -r entry; do
		case $entry in
		*/register | */status) ;;
		*) echo "${entry##*/}: $(tr '\n' ' ' <"$entry")" ;;
		esac
	done
}

property()
{
	systemctl show -p "$2" --value "$1"
}

tap "# $(systemctl --version | head -n 1)"
is "the service has run" "$(systemctl is-active binfmtctl.service)" active
is "and well" "$(property binfmtctl.service Result) $(property binfmtctl.service ExecMainStatus)" \
	"success 0"
is "the automount loaded the module" "$(loaded)$(mounted)" yesyes
is "the service had no mounts of its own" "$(cat /run/service-mounts)" "$(readlink /proc/1/ns/mnt)"
is "an arm64 program runs by execve" "$(/usr/arm64/busybox uname -m)" aarch64
/usr/arm64/busybox sleep 20 &
sleep 1
is "its interpreter has the path that was registered" "$(readlink /proc/$!/exe)" \
	/usr/bin/xlate-aarch64
kill $!
is "all rules are there, the masked one is not" \
	"$(ls $binfmt | sort | tr '\n' ' ')" \
	"llvm-bitcode llvm-bitcode-wrapper python3.11 register status xlate-aarch64 "
run 0 binfmtctl diff
ours=$(state)
has "the last file's rule is matched first" "$(echo "$ours" | head -n 1)" "xlate-aarch64: enabled"

run 0 systemctl reload binfmtctl.service
is "a reload changes nothing" "$(state)" "$ours"
run 0 systemctl stop binfmtctl.service
is "stopping removes all" "$(state)" ""
is "arm64 programs no longer run" "$(/usr/arm64/busybox uname -m 2>/dev/null)" ""

# systemd's own helper on the same files.
run 0 systemctl unmask systemd-binfmt.service
run 0 systemctl daemon-reload
run 0 systemctl start systemd-binfmt.service
is "systemd-binfmt makes the same entries in the same order" "$(state)" "$ours"
run 0 systemctl start binfmtctl.service
is "our service besides it changes nothing" "$(state)" "$ours"
run 0 systemctl stop binfmtctl.service systemd-binfmt.service

# The drop-in.
mkdir -p /etc/systemd/system/systemd-binfmt.service.d
cp /usr/share/binfmtctl/systemd-binfmt.service.d/10-binfmtctl.conf \
	/etc/systemd/system/systemd-binfmt.service.d
run 0 systemctl daemon-reload
has "the drop-in names binfmtctl" "$(property systemd-binfmt.service ExecStart)" "binfmtctl apply"
run 0 binfmtctl register ':foreign:E::foreign::/usr/bin/busybox:'
run 0 systemctl start systemd-binfmt.service
is "systemd-binfmt.service with the drop-in: the same, and entries of others are gone" \
	"$(state)" "$ours"
run 0 systemctl stop systemd-binfmt.service
is "stopping it removes all" "$(state)" ""

# Of others, our service leaves alone what is not in the files.
run 0 binfmtctl register ':foreign:E::foreign::/usr/bin/busybox:'
run 0 systemctl start binfmtctl.service
is "our service leaves entries of others alone" "$(state | sort)" "$(printf '%s\n' "$ours" \
	'foreign: enabled interpreter /usr/bin/busybox flags:  extension .foreign ' | sort)"

# A rule that fails makes the service fail, with the others registered.
echo ':broken:M::x::/does/not/exist:F' >/etc/binfmt.d/zz-broken.conf
systemctl restart binfmtctl.service 2>/dev/null
is "a rule that cannot be registered is a failure" "$(systemctl is-failed binfmtctl.service)" failed
is "the others are there" "$(/usr/arm64/busybox uname -m)" aarch64
rm /etc/binfmt.d/zz-broken.conf
run 0 systemctl start binfmtctl.service
[ ! -e /more.sh ] || . /more.sh
tap end
