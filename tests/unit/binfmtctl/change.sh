#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Verbs that change what is registered: register --replace, enable, disable, apply. Without a
# moment in which a rule is missing, and with the configuration's own precedence.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1

# Names of entries and order.
run 0 register ':a:E::aa::/bin/echo:' ':b:E::bb::/bin/echo:' ':c:E::cc::/bin/echo:'
run 4 register ':b:E::bb::/bin/true:'
run 0 register --replace ':b:E::bb::/bin/true:P'
is "a replaced entry keeps its place" "$(names)" "c b a "
run 0 show b
has "it is the new rule" "$out" "/bin/true"
run 0 register --replace --on-top ':a:E::aa::/bin/true:'
is "on top if asked for" "$(names)" "a c b "
run 0 register --replace ':b:E::bb::/bin/false:' ':new:E::nn::/bin/echo:' ':a:E::aa::/bin/false:'
is "several at once" "$(names)" "new a c b "
run 0 -n register --replace ':c:E::cc::/bin/false:'
has "a dry run says what is moved" "$err" "moved to its place"
run 0 show c
has "a dry run changes nothing" "$out" "/bin/echo"
run 3 register --replace ':c:E::cc::/does/not/exist:F'
run 0 show c
has "a replacement that fails leaves the old rule" "$out" "/bin/echo"
is "no temporary entry is left" "$(names)" "new a c b "
run 2 register --replace --if-absent ':c:E::cc::/bin/echo:'

# A disabled entry is not switched on by moving others.
run 0 disable a
run 0 register --replace ':b:E::bb::/bin/echo:'
run 0 show a
has "a disabled entry stays disabled" "$out" "a: disabled"
run 0 enable a
run 0 enable 'n*'
run 0 disable --all
run 0 status
has "status counts" "$out" "0 entries are enabled, 4 disabled"
run 0 enable --all
run 3 enable nothing
run 7 disable a nothing
run 0 enable a
run 0 disable
run 0 status -f plain
is "matching as a whole is off" "$out" "disabled	4	0"
run 0 list
has "list says so" "$out" "switched off"
run 0 enable
run 0 status --format json
has "status as JSON" "$out" '"enabled": true'
run 0 unregister 'n*'
run 0 unregister --interpreter /bin/false
run 3 unregister --interpreter '/nowhere/*'
is "patterns and interpreters select" "$(names)" "c b "
run 2 unregister --all c
run 0 unregister --all

# Gapless: another process executes all the time while the rule is replaced.
printf 'x\n' >"$tmp/file.gap"
chmod +x "$tmp/file.gap"
run 0 register ':under:E::other::/bin/echo:' ':gap:E::gap::/bin/true:' ':over:E::third::/bin/echo:'
(
	n=0 failed=0
	while [ ! -e "$tmp/stop" ]; do
		"$tmp/file.gap" 2>/dev/null || failed=$((failed + 1))
		n=$((n + 1))
	done
	echo "$n $failed" >"$tmp/gaps"
) &
child=$!
seconds=${GAP_SECONDS:-1}
end=$((SECONDS + seconds)) rounds=0
# On a busy machine longer, until there is something to see.
while [ $SECONDS -lt $end ] || { [ $rounds -le 10 ] && [ $SECONDS -lt $((end + 60)) ]; }; do
	"$binfmtctl" register --replace --no-test ":gap:E::gap::/bin/true:" || break
	rounds=$((rounds + 1))
done
touch "$tmp/stop"
wait $child
read -r n failed <"$tmp/gaps"
is "no execution failed in $seconds s ($rounds replacements, $n executions)" "$failed" 0
[ "$rounds" -gt 5 ] && [ "$n" -gt 5 ] && ok "both made progress" || not_ok "both made progress"
is "the order is kept" "$(names)" "over gap under "
run 0 unregister --all

# apply, with a root of its own for the configuration.
root=$tmp/root
mkdir -p $root/etc/binfmt.d $root/run/binfmt.d $root/usr/local/lib/binfmt.d \
	$root/usr/lib/binfmt.d $root/proc/sys/fs
apply="-R $root -m $mount apply"
cat >$root/usr/lib/binfmt.d/10-a.conf <<'CONF'
# a comment
; another

:a1:E::a1::/bin/echo:
   :a2:E::a2::/bin/echo:P
CONF
echo ':b:E::b::/bin/echo:' >$root/usr/lib/binfmt.d/20-b.conf
echo ':masked:E::m::/bin/echo:' >$root/usr/lib/binfmt.d/30-m.conf
ln -s /dev/null $root/etc/binfmt.d/30-m.conf
echo ':over:E::o::/bin/echo:' >$root/usr/lib/binfmt.d/40-o.conf
echo ':over:E::o::/bin/true:' >$root/run/binfmt.d/40-o.conf
echo ':never:E::n::/bin/echo:' >$root/usr/lib/binfmt.d/no-conf
run 0 register ':foreign:E::f::/bin/echo:'
run 0 -n $apply
has "a dry run tells" "$err" "a1: would be registered"
is "and changes nothing" "$(names)" "foreign "
run 0 $apply
is "later files match first" "$(names)" "over b a2 a1 foreign "
run 0 show over
has "the more important directory counts" "$out" "/bin/true"
run 0 -v $apply
has "applying again changes nothing" "$err" "a1: unchanged"
inode=$(stat -c %i $mount/a1)
run 0 $apply
is "not even for a moment" "$(stat -c %i $mount/a1)" "$inode"

# Changes: one file less, one rule different, one switched off by hand.
rm $root/usr/lib/binfmt.d/20-b.conf
echo ':a1:E::a1::/bin/true:' >$root/etc/binfmt.d/10-a.conf
run 0 disable over
run 0 $apply
is "entries whose rules are gone go, foreign ones stay" "$(names)" "a1 over foreign "
run 0 show over
has "what was switched off by hand stays off" "$out" "over: disabled"
run 0 $apply --exclusive
is "--exclusive removes foreign ones too" "$(names)" "over a1 "
run 0 show over
has "and switches on" "$out" "over: enabled"

# Errors do not stop the rest.
printf '%s\n' ':bad:X::::/bin/echo:' ':good:E::g::/bin/echo:' ':f:E::f::/does/not/exist:F' \
	':elf:M::\x7fELF::/bin/echo:' >$root/etc/binfmt.d/50-bad.conf
run 7 $apply
has "the place of a wrong rule is named" "$err" "/etc/binfmt.d/50-bad.conf:1:"
has "a missing interpreter is named" "$err" "/etc/binfmt.d/50-bad.conf:3: the interpreter"
has "native programs are spared" "$err" "would take native programs"
is "the good rules are there" "$(names)" "good over a1 "
run 7 $apply --format json
has "results as JSON" "$out" '"change"'
rm $root/etc/binfmt.d/50-bad.conf

# Single files, as systemd-binfmt takes them.
echo ':single:E::s::/bin/echo:' >$root/usr/local/lib/binfmt.d/single.conf
run 0 $apply single.conf
run 0 show single
run 0 $apply /usr/local/lib/binfmt.d/single.conf
run 3 $apply nothing.conf
run 0 $apply --cat-config
has "files are shown with their names" "$out" "# /usr/local/lib/binfmt.d/single.conf
:single:E::s::/bin/echo:"
hasnt "masked files are not shown" "$out" ":masked:"
run 0 $apply --tldr --no-pager
hasnt "without comments" "$out" "a comment"
run 2 $apply --unregister single.conf
run 0 register ':foreign:E::f::/bin/echo:'
run 0 $apply --unregister
is "--unregister spares foreign entries" "$(names)" "foreign "
run 0 $apply --unregister --exclusive
is "--unregister --exclusive does not" "$(names)" ""
ln -s "$binfmtctl" "$tmp/systemd-binfmt"
run 0 register ':foreign:E::f::/bin/echo:'
check "called as systemd-binfmt it is that" "$tmp/systemd-binfmt" -R $root -m $mount
is "it flushes foreign entries" "$(names)" "single over a1 "
check "with its options" "$tmp/systemd-binfmt" -m $mount --unregister
is "all are gone" "$(names)" ""

# Adopted: the same rule may be there, and apply removes it when it is in no conf file.
run 0 register ':adopted:E::ad::/bin/true:'
adopt="-R $root -m $mount register --adopt"
run 4 $adopt ':adopted:E::other::/bin/true:'
run 0 -v $adopt ':adopted:E::ad::/bin/true:' ':adopted2:E::ad2::/bin/true:'
has "the same rule is left as it is" "$err" "adopted: unchanged"
run 2 $adopt --if-absent ':adopted:E::ad::/bin/true:'
run 0 register ':foreign:E::f::/bin/echo:'
run 0 $apply
is "apply removes what was adopted" "$(names | tr ' ' '\n' | grep -c adopted)" 0
has "and nothing else" "$(names)" "foreign"
run 0 -m $mount unregister foreign

# Verified: what was registered is there and works.
run 0 -v register --verify ':works:M::verify it::/bin/true:'
has "it starts the interpreter" "$err" "works: verified, starts "
run 1 register --verify ':fails:M::verify that::/no/such:'
has "an interpreter that is not there" "$err" "does not start: No such file"
run 0 register ':above:M::verify::/bin/true:'
run 7 register --verify --replace ':works:M::verify it::/bin/true:' ':good:E::good::/bin/true:'
has "an entry that others hide" "$err" "works: entries above it take every file"
run 0 unregister works fails above good

# Waiting for an interpreter.
echo ":late:E::l::$tmp/late:F" >$root/etc/binfmt.d/late.conf
cp /bin/true "$tmp/late.new"
# It is waited for below the root, and opened by the kernel at its path: that one comes first.
(sleep 0.5; cp "$tmp/late.new" "$tmp/late"; mkdir -p "$root$tmp"; mv "$tmp/late.new" "$root$tmp/late") &
run 0 $apply --wait-interpreter 20
run 0 show late
wait
run 2 $apply --wait-interpreter soon
rm $root/etc/binfmt.d/late.conf

# The rule is taken back when native programs no longer start: extensions are not guarded.
cp "$binfmtctl" "$tmp/tool.hijack"
"$tmp/tool.hijack" register ':hijack:E::hijack::/bin/true:' 2>"$tmp/err"
is "a rule that breaks native programs is refused" $? 4
has "and explained" "$(cat "$tmp/err")" "taken back"
run 3 show hijack
tap_done
