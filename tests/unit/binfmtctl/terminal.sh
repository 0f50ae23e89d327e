#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is different on a terminal: a line of progress, a question before everything is removed,
# colours. And writing where there is no room: nothing half-written stays, and it is said.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1

# on_terminal INPUT ARGUMENT...: both outputs to a terminal of its own, into $out.
on_terminal()
{
	local input=$1 command
	shift
	command=$(printf '%q ' "$binfmtctl" "$@")
	printf "$input" | TERM=xterm script -qec "$command" /dev/null >"$tmp/out" 2>&1
	status=$?
	out=$(cat "$tmp/out")
}

if command -v script >/dev/null; then
	mkfifo "$tmp/slow.conf"
	echo ':a:E::a::/bin/true:' >"$tmp/last.conf"
	slowly()
	{
		(sleep 1.3; echo ':s:E::s::/bin/true:') >"$tmp/slow.conf" &
		"$@"
		wait
	}
	slowly on_terminal '' lint "$tmp/slow.conf" "$tmp/last.conf"
	is "lint on a terminal" $status 0
	has "after a second a line tells what is done" "$out" "$tmp/last.conf"
	has "and is taken away in the end" "$out" $'\r\e[K'
	slowly on_terminal '' lint -q "$tmp/slow.conf" "$tmp/last.conf"
	is "--quiet has none" "$out" ""
	slowly run 0 lint "$tmp/slow.conf" "$tmp/last.conf"
	is "nor has a pipe" "$err" ""
	on_terminal '' lint "$tmp/last.conf"
	is "nor what is quick" "$out" ""

	"$binfmtctl" register ':one:E::one::/bin/true:' ':two:E::two::/bin/true:'
	on_terminal 'n\n' unregister --all
	is "no: nothing is removed" "$(names)" "two one "
	has "the question says how many" "$out" "2"
	is "which is a failure" $status 4
	on_terminal '\n' unregister --all
	is "no answer is no" "$(names)" "two one "
	on_terminal '' unregister --all
	is "the end of the input is no" "$(names)" "two one "
	on_terminal 'n\n' unregister -n --all
	hasnt "a dry run does not ask" "$out" "?"
	on_terminal 'y\n' unregister --all
	is "yes" "$(names)" ""
	"$binfmtctl" register ':one:E::one::/bin/true:'
	on_terminal 'n\n' unregister --all --yes
	is "--yes does not ask" "$(names)" ""

	"$binfmtctl" register ':one:E::one::/bin/true:'
	on_terminal '' list
	has "a table has colours" "$out" $'\e[32menabled'
	NO_COLOR=1 on_terminal '' list
	hasnt "NO_COLOR has none" "$out" $'\e[32m'
	on_terminal '' list --color never
	hasnt "nor has --color never" "$out" $'\e[32m'
	"$binfmtctl" unregister one
else
	skip "a terminal" "no script(1) (package bsdutils)"
fi

# Entries by the file that has them.
printf '%s\n' ':f1:E::f1::/bin/true:' '# comment' ':f2:E::f2::/bin/true:' >"$tmp/f.conf"
run 0 register --file "$tmp/f.conf" ':other:E::o::/bin/true:'
run 0 unregister --file "$tmp/f.conf"
is "unregister --file removes these only" "$(names)" "other "
run 3 unregister --file "$tmp/f.conf"
run 0 unregister --file "$tmp/f.conf" --if-present
run 3 unregister --file "$tmp/nothing.conf"
echo ':bad:' >"$tmp/bad.conf"
run 8 unregister --file "$tmp/bad.conf"
has "a wrong rule is named" "$err" "bad.conf:1:"
is "a wrong file removes nothing" "$(names)" "other "

# A disk of one page.
mkdir "$tmp/full"
mount -t tmpfs -o size=4k none "$tmp/full" || skip_all "no tmpfs in a user namespace"
"$binfmtctl" save "$tmp/full/snapshot"
before=$(cat "$tmp/full/snapshot")
for i in $(seq 100); do
	echo ":entry-with-a-long-name-$i:M:100:some magic bytes $i::/bin/true:"
done >"$tmp/many.conf"
run 0 register --no-test --file "$tmp/many.conf"
run 1 save "$tmp/full/snapshot"
has "save on a full disk says so" "$err" "No space left on device"
is "the older snapshot is whole" "$(cat "$tmp/full/snapshot")" "$before"
is "and nothing else is there" "$(ls -A "$tmp/full")" snapshot
rm "$tmp/full/snapshot"
run 1 save "$tmp/full/snapshot"
is "nor without an older one" "$(ls -A "$tmp/full")" ""
head -c 4096 /dev/zero >"$tmp/full/filler"
run 1 convert -t conf -d "$tmp/full" "$tmp/f.conf"
has "convert says so, too" "$err" "No space left on device"
is "and leaves nothing" "$(ls -A "$tmp/full")" filler
mkdir -p "$tmp/root/etc/binfmt.d" "$tmp/formats"
echo ':form:E::form::/bin/true:' >"$tmp/formats/form.conf"
umount "$tmp/full"
mount -t tmpfs -o size=4k none "$tmp/root/etc/binfmt.d"
head -c 4096 /dev/zero >"$tmp/root/etc/binfmt.d/filler"
BINFMTCTL_FORMATS="$tmp/formats" run 1 -R "$tmp/root" install form
has "install says so" "$err" "No space left on device"
is "no half of a conf file" "$(ls -A "$tmp/root/etc/binfmt.d")" filler
umount "$tmp/root/etc/binfmt.d"
for verb in list "list -f json" "show other" save "gen arm -i /bin/i" host "audit --list"; do
	# shellcheck disable=SC2086 # a verb and its options
	$memcheck "$binfmtctl" $verb >/dev/full 2>"$tmp/err"
	is "$verb to a full device fails" $? 1
	has "and says so" "$(cat "$tmp/err")" "No space left on device"
done
tap_done
