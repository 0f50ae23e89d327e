#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# From nothing to a registered translator as the README says, then everything that commonly breaks
# it: each time execve fails (or does not), and `why` and `doctor` must lead back.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1
xlate=$top_builddir/xlate-aarch64
[ -x "$xlate" ] || skip_all "xlate-aarch64 is not built"
# A system without conf files, in mounts of our own.
mkdir "$tmp/over" && mount -t tmpfs none "$tmp/over" && mkdir "$tmp/over/up" "$tmp/over/work"
mount -t overlay -o "lowerdir=/etc,upperdir=$tmp/over/up,workdir=$tmp/over/work" none /etc 2>/dev/null ||
	skip_all "no overlay over /etc in a user namespace"
trap 'umount "$tmp/over"; rm -rf "$tmp"' EXIT
mkdir -p /etc/binfmt.d
for dir in /etc/binfmt.d /usr/lib/binfmt.d /usr/local/lib/binfmt.d; do
	[ ! -d $dir ] || mount -t tmpfs -o mode=755 none $dir || exit 1
done

# A translator, its format, and an arm64 program that ends with 7. Not below /tmp, which doctor
# would have a word about.
mkdir /run/opt /run/formats && cp "$xlate" /run/opt/xlate || exit 1
export BINFMTCTL_FORMATS=/run/formats
rule=$("$binfmtctl" gen aarch64 --appimage -i /run/opt/xlate --name xlate --flags POCF)
echo "$rule" >/run/formats/xlate.conf
bytes()
{
	# shellcheck disable=SC2059 # escapes
	printf "$(printf '\\x%s' "$@")"
}
{
	bytes 7f 45 4c 46 02 01 01 00 00 00 00 00 00 00 00 00 02 00 b7 00 01 00 00 00
	bytes 78 00 40 00 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
	bytes 00 00 00 00 40 00 38 00 01 00 00 00 00 00 00 00
	bytes 01 00 00 00 05 00 00 00 00 00 00 00 00 00 00 00 00 00 40 00 00 00 00 00
	bytes 00 00 40 00 00 00 00 00 84 00 00 00 00 00 00 00 84 00 00 00 00 00 00 00
	bytes 00 10 00 00 00 00 00 00
	bytes e0 00 80 d2 a8 0b 80 d2 01 00 00 d4 # x0 = 7, x8 = exit, svc
} >/run/hello
chmod +x /run/hello
cd /run || exit 1

# starts NAME STATUS: what the shell says of the program.
starts()
{
	./hello >/dev/null 2>&1
	is "$1" $? "$2"
}

# anew OPTION...: the generator's rule with other options, registered.
anew()
{
	"$binfmtctl" unregister --if-present xlate
	"$binfmtctl" gen aarch64 --appimage -i /run/opt/xlate --name xlate "$@" |
		"$binfmtctl" register --no-test --file -
}

# Before: what to do is said; after: it runs.
starts "nothing is registered" 126
run 0 why ./hello
has "why offers the format" "$out" "/run/opt/xlate is there: binfmtctl install --now xlate"
run 0 install --now xlate
starts "installed, the program runs" 7
run 0 why ./hello
has "why says so" "$out" "it starts"
hasnt "without a doubt" "$out" "but:"
run 9 doctor
hasnt "doctor finds no fault of the rule" "$out" " I0"

# 1. The interpreter is deleted.
anew
mv opt/xlate opt/away
starts "without its interpreter it does not start" 127
run 0 why ./hello ENOENT
has "the interpreter is what is missing" "$out" "2. /run/opt/xlate: is not there"
has "not the program" "$out" "the error looks as if the program itself were missing"
run 9 doctor
has "doctor: I01" "$out" "high I01 xlate: the interpreter /run/opt/xlate is not there"
mv opt/away opt/xlate
starts "back again" 7

# 2. An upgrade replaces the file that F holds.
anew --flags F
cp opt/xlate opt/new && sleep 0.1 && mv opt/new opt/xlate
starts "the old translator still runs" 7
run 0 why ./hello
has "why tells of the old file" "$out" "flag F holds the interpreter as it was"
has "and what to do" "$out" "binfmtctl apply"
run 9 doctor
has "doctor: F01" "$out" "high F01 xlate: flag F holds inode"
run 0 apply
run 0 why ./hello
hasnt "registered anew it is the new file" "$out" "but:"
rm /etc/binfmt.d/xlate.conf
cp opt/xlate opt/new && sleep 0.1 && mv opt/new opt/xlate
run 0 why ./hello
command=$(sed -n 's/.*to use the new one: //p' "$tmp/out")
has "without a conf file there is a command" "$command" "| binfmtctl register --replace"
PATH=${binfmtctl%/*}:$PATH sh -c "$command"
is "which works" $? 0
run 0 why ./hello
hasnt "then too" "$out" "but:"

# 3. A mask that is too strict.
"$binfmtctl" unregister xlate
"$binfmtctl" gen aarch64 -i /run/opt/xlate --name xlate --osabi strict --elf-type dyn |
	"$binfmtctl" register --file -
starts "a strict rule does not take it" 126
run 0 why ./hello
has "why names the bytes" "$out" "near miss:  xlate: byte 16 (e_type) is 02, not 03"
command=$(sed -n 's/.*every such program: //p' "$tmp/out")
run 9 doctor
has "doctor: R04" "$out" "medium R04 xlate"
PATH=${binfmtctl%/*}:$PATH sh -c "$command"
is "the command of why works" $? 0
starts "with it the program runs" 7

# 4. A relative interpreter, and flag C.
"$binfmtctl" unregister xlate
run 4 register "${rule/:\/run\/opt\/xlate:POCF/:xlate:C}"
has "it is refused" "$err" "relative"
run 0 register --force "${rule/:\/run\/opt\/xlate:POCF/:opt/xlate:C}"
starts "in this directory it runs" 7
(cd / && /run/hello >/dev/null 2>&1)
is "in others not" $? 127
run 0 why ./hello
has "why tells" "$out" "with flag C gives away root"
run 9 doctor
has "doctor: S02" "$out" "critical S02 xlate"

# 5. Switched off: the entry, or all of them.
anew
run 0 disable xlate
starts "switched off it does not start" 126
run 0 why ./hello
has "why: the entry" "$out" "binfmtctl enable xlate"
run 9 doctor
has "doctor: D05" "$out" "D05 xlate"
run 0 enable xlate
run 0 disable
starts "nor with matching off" 126
run 0 why ./hello
has "why: all" "$out" "matching is switched off: binfmtctl enable"
run 9 doctor
has "doctor: D05 again" "$out" "high D05"
run 0 enable

# 6. Permissions.
chmod -x opt/xlate
starts "an interpreter without x" 126
run 0 why ./hello EACCES
has "why: the interpreter" "$out" "the interpreter /run/opt/xlate of the entry xlate: Permission denied"
has "and the bit" "$out" "chmod +x"
run 9 doctor
has "doctor: I01 too" "$out" "high I01 xlate"
chmod +x opt/xlate
chmod -x hello
starts "a program without x" 126
run 0 why ./hello
has "why: the program" "$out" "1. ./hello: cannot be executed"
chmod +x hello
mkdir noexec && mount -t tmpfs -o noexec none noexec && cp hello noexec
run 0 why noexec/hello
has "a noexec mount" "$out" "noexec mount"
umount noexec

# 7. An interpreter for the wrong machine.
mv opt/xlate opt/away
cp hello opt/xlate
starts "the interpreter needs itself" 126
run 0 why ./hello ELOOP
has "why: it takes its own interpreter" "$out" "the entry xlate takes its own interpreter"
has "once is enough" "$out" "2. /run/opt/xlate: the entry xlate takes it, again and again"
hasnt "no step after that" "$out" "3. "
run 9 doctor
has "doctor: I02" "$out" "high I02 xlate: the interpreter /run/opt/xlate is for aarch64"
mv opt/away opt/xlate

# 8. A chroot, with and without F.
mkdir root && cp hello root
chroot root /hello >/dev/null 2>&1
is "without F a chroot has no interpreter" $? 127
run 0 -R root why /hello
has "why in the chroot" "$out" "2. /run/opt/xlate: is not there"
has "offers F" "$out" "flag F"
run 9 doctor
has "doctor: F04" "$out" "F04 xlate"
anew --flags F
chroot root /hello >/dev/null 2>&1
is "with F it runs" $? 7
run 0 -R root why /hello
has "why in the chroot now" "$out" "it starts"

# 9. An interpreter that is no program, a script behind O.
anew --flags OC
printf '#!/run/opt/away "$@"\n' >opt/script && chmod +x opt/script
mv opt/xlate opt/away && cp opt/script opt/xlate
starts "a script behind O" 126
run 0 why ./hello ENOEXEC
has "why: not a script" "$out" "behind an entry with flag O or C"
run 9 doctor
has "doctor: I04" "$out" "I04 xlate"
mv opt/away opt/xlate

# 10. Many faults of one kind stay one line.
for i in 1 2 3 4 5 6; do echo ":many-$i:E::many$i::/bin/true:"; done >/etc/binfmt.d/many.conf
run 9 doctor
has "six at once" "$out" "medium D01 6 times: kernel and conf file differ: many-1, many-2"
run 0 apply
run 9 doctor
hasnt "applied they are gone" "$out" "many-1"

# 11. Not mounted at all.
umount $mount
starts "without binfmt_misc" 126
run 0 why ./hello
has "why: it is not mounted" "$out" "binfmt_misc is not mounted, so there are no entries"
hasnt "which is not switched off" "$out" "binfmtctl enable"
run 9 doctor
has "doctor: D06" "$out" "high D06 binfmt_misc: not mounted"
run 6 list
run 0 -v apply
has "apply mounts it" "$err" "mounted binfmt_misc at"
run 0 install --now xlate
starts "and all is well" 7
tap_done
