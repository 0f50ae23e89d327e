#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Verbs that look and explain: match, why, probe, diff, plan, list -a, show, host, watch, and
# save with restore.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1
root=$tmp/root
mkdir -p $root/etc/binfmt.d $root/usr/lib/binfmt.d $root/bin
export BINFMTCTL_FORMATS="$tmp/formats"
mkdir "$BINFMTCTL_FORMATS"

# Files: foreign ELF heads, a script, something else.
printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\002\000\267\000\001\000\000\000' \
	>"$tmp/a64"
head -c 100 /dev/zero >>"$tmp/a64"
printf '#!%s\n' "$tmp/a64" >"$tmp/script"
echo 'XYZ rest' >"$tmp/data"
chmod +x "$tmp/a64" "$tmp/script" "$tmp/data"
"$binfmtctl" gen aarch64 --interpreter /bin/true --name a64 --flags POC >"$tmp/a64.rule"

run 3 match "$tmp/a64"
has "no entry takes it" "$out" "ENOEXEC"
has "it is told what it is" "$out" "an ELF file for aarch64 (ET_EXEC, OSABI 0)"
echo ":shipped:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00::/bin/true:" \
	>"$BINFMTCTL_FORMATS/a-format.conf"
run 0 why "$tmp/a64"
has "a shipped format is offered" "$out" "binfmtctl install --now a-format"
run 0 register --file "$tmp/a64.rule"
run 0 match "$tmp/a64"
has "the entry takes it" "$out" "the entry a64 with flags POC takes it"
has "and a program starts" "$out" "2. /bin/true: a native program"
run 7 match -f plain "$tmp/a64" "$tmp/script"
is "plain" "$out" "$tmp/a64	a64	ok
$tmp/script	-	ok"
run 0 why "$tmp/a64"
has "why tells the arguments" "$out" "argv:       /bin/true $tmp/a64 ARGV0"
run 0 register ':near:M::XYZA::/bin/true:' ':low:M::XY::/bin/true:'
run 0 disable low
run 3 match "$tmp/data"
has "a near miss names the byte" "$out" "near miss:  near: byte 3 is 20, not 41"
has "a switched off entry is named" "$out" "low (switched off)"
has "and how to switch it on" "$out" "binfmtctl enable low"
run 0 enable low
run 0 register ':top:M::XY::/no/such/interpreter:' ':loop:E::loop::'"$tmp/x.loop"':' \
	':scripted:E::scripted::'"$tmp/script"':O'
cp "$tmp/data" "$tmp/x.loop"
cp "$tmp/data" "$tmp/x.scripted"
run 0 why "$tmp/data" ENOENT
has "a missing interpreter" "$out" "the interpreter /no/such/interpreter of the entry top"
has "as the error says" "$out" "That is what is to be expected here"
has "the next entry is named" "$out" "also match: low"
"$tmp/data" 2>/dev/null
run 0 why "$tmp/x.loop" ELOOP
has "a loop" "$out" "the entry loop takes its own interpreter"
run 0 why "$tmp/x.scripted"
has "a script behind flag O" "$out" "behind an entry with flag O or C"
run 0 why "$tmp/a64" 'No such file or directory'
has "an unexpected error" "$out" "it should start"
run 2 why "$tmp/a64" EXDEV
run 0 disable
run 3 match "$tmp/data"
has "matching is off" "$out" "matching is switched off: binfmtctl enable"
run 0 enable
run 3 match "$tmp/nothing"
run 7 match "$tmp/nothing" "$tmp/a64"
run 0 match -f json "$tmp/a64"
has "match as JSON" "$out" '"entry": "a64"'

# An image: its own configuration, without a kernel.
cp "$tmp/a64" $root/bin/prog
"$binfmtctl" gen aarch64 --interpreter /bin/prog --name self >$root/etc/binfmt.d/self.conf
run 0 -R $root match --config /bin/prog
has "an interpreter of the image that matches itself" "$out" "ELOOP"

# probe: what really starts, and which file F holds.
run 0 probe "$tmp/a64"
has "probe names the program" "$out" "starts:     $(readlink -f /bin/true)"
has "probe sees flag P" "$out" "argv[0] is preserved"
has "probe sees the descriptor" "$out" "AT_EXECFD"
run 1 probe "$tmp/data"
cp /bin/true "$tmp/pinned"
run 0 register ":pinned:M:40:pinned magic::$tmp/pinned:F" ":ext:E::ext::/bin/true:"
run 0 probe --entry pinned ext
hasnt "the file is the one at the path" "$out" "stale"
cp /bin/false "$tmp/pinned.new"
mv "$tmp/pinned.new" "$tmp/pinned"
run 0 probe --entry pinned
has "a replaced interpreter is stale" "$out" "stale:"
run 0 probe -f json --entry pinned
has "in JSON too" "$out" '"stale": true'
run 3 probe --entry nothing
run 0 register ':hider:M:40:pinned::/bin/echo:'
run 3 probe --entry pinned
has "a hidden entry cannot be probed" "$err" "entries above it"
run 0 register --replace ":pinned:M:40:pinned magic::$tmp/pinned:F"
run 0 unregister hider
run 0 probe --entry pinned
hasnt "registered anew it holds the new file" "$out" "stale"

# list and show.
cat >$root/usr/lib/binfmt.d/x.conf <<CONF
:ext:E::ext::/bin/true:
:near:M::XYZA::/bin/false:
CONF
rm $root/etc/binfmt.d/self.conf
list="-R $root -m $mount list"
mkdir -p $root/bin
cp /bin/true $root/bin/true
run 0 $list -a -f plain
has "the source of an entry" "$(grep '^ext' "$tmp/out")" "/usr/lib/binfmt.d/x.conf:1"
has "a different source" "$(grep '^near' "$tmp/out")" "x.conf:2 (differs)"
has "a missing interpreter" "$(grep '^top' "$tmp/out")" "	ENOENT	-"
run 0 list --sort name -f plain
is "sorted by name" "$(cut -f1 "$tmp/out")" "$(cut -f1 "$tmp/out" | LC_ALL=C sort)"
run 0 list --color always
has "colours if asked for" "$out" "$(printf '\033[32menabled')"
run 2 list --sort size
run 0 show 'e*'
has "show takes patterns" "$out" "ext: enabled"
run 0 list -a -f json
has "notes in JSON" "$out" '"health": "ENOENT"'

# diff and plan.
diff="-R $root -m $mount diff"
run 10 $diff
has "a changed interpreter" "$out" "interpreter /bin/true, not /bin/false"
has "an entry without a file" "$out" "extra       a64"
run 10 $diff --ignore-extra -f plain
is "only one difference then" "$(cut -f1,2 "$tmp/out")" "changed	near"
echo ':missing:E::m::/bin/true:
:bad:M::::/bin/true:' >$root/etc/binfmt.d/y.conf
run 0 disable ext
run 10 $diff --ignore-extra -f plain
has "missing" "$out" "missing	missing"
has "invalid" "$out" "invalid"
has "disabled" "$out" "disabled	ext"
run 10 $diff -f json
has "differences as JSON" "$out" '"kind": "missing"'
rm $root/etc/binfmt.d/y.conf
run 0 -R $root -m $mount plan
has "plan says what apply does" "$err" "near: would be replaced"
run 0 -R $root -m $mount plan --exclusive
has "plan --exclusive removes" "$err" "a64: would be removed"
run 0 -R $root -m $mount apply
run 0 enable ext
run 0 $diff --ignore-extra
has "no difference" "$out" "has what the conf files say"
# The order: of two overlapping rules the later one must be in front.
echo ':one:M::OVER::/bin/true:' >$root/etc/binfmt.d/1.conf
echo ':two:M::OVERLAP::/bin/true:' >$root/etc/binfmt.d/2.conf
run 0 register ':two:M::OVERLAP::/bin/true:' ':one:M::OVER::/bin/true:'
run 10 $diff --ignore-extra -f plain
has "a wrong order" "$out" "order	two"
run 0 -R $root -m $mount apply
run 0 $diff --ignore-extra

# save and restore: order, switches, odd names, the status.
run 0 unregister --all
odd=$(printf 'odd\nname')
run 0 register ':a:E::aa::/bin/true:' "|$odd|E||o:o||/bin/true|" ':c:M:3:\x00C:\x00\xff:/bin/true:P' \
	":f:M::FFFF::/bin/true:F"
run 0 disable a
run 0 disable
before=$("$binfmtctl" list -f plain)
run 0 save "$tmp/snapshot"
run 0 enable
run 0 unregister a "$odd"
run 0 register ':more:E::more::/bin/true:' ':a:E::aa::/bin/false:'
run 0 -n restore "$tmp/snapshot"
has "a dry run tells" "$err" "more: would be removed"
run 0 restore "$tmp/snapshot"
is "everything is as it was" "$("$binfmtctl" list -f plain)" "$before"
run 0 status -f plain
has "the status too" "$out" "disabled"
run 0 enable
run 0 register ':more:E::more::/bin/true:'
run 0 restore --keep - <"$tmp/snapshot"
run 0 show more
run 8 restore /etc/hostname
run 3 restore "$tmp/none"
printf '# binfmtctl snapshot 1\nenabled :bad:\n' >"$tmp/broken"
run 8 restore "$tmp/broken"
has "the line is named" "$err" "broken:2"
run 0 unregister --all
run 0 restore - <"$tmp/snapshot"
is "from nothing" "$("$binfmtctl" list -f plain)" "$before"
run 0 unregister --all
run 0 enable

# watch.
"$binfmtctl" watch -f jsonl --count 5 --timeout 300 --interval 300 >"$tmp/watch" &
watcher=$!
for _ in $(seq 100); do
	[ -n "$(ls -l /proc/$watcher/fd 2>/dev/null | grep inotify)" ] && break
	sleep 0.1
done
sleep 0.2
events=0
# Each change is told before the next is made: what comes and goes in between is not seen.
step()
{
	run "$@"
	events=$((events + 1))
	for _ in $(seq 200); do
		[ "$(wc -l <"$tmp/watch")" -lt $events ] || break
		sleep 0.05
	done
}
step 0 register ':w:E::w::/bin/true:'
step 0 disable w
step 0 register --replace ':w:E::w::/bin/echo:'
step 0 disable
step 0 unregister w
wait $watcher
is "each change is told" "$(sed 's/.*"event":"\([a-z-]*\)".*/\1/' "$tmp/watch" | tr '\n' ' ')" \
	"registered disabled replaced status-disabled removed "
run 0 watch --timeout 1
run 2 watch --count none
run 0 enable

# host.
run 0 host
has "the kernel is named" "$out" "$(uname -r)"
has "the mount is found" "$out" "mounted"
has "the namespace is found" "$out" "a child user namespace"
run 0 host -f json
has "host as JSON" "$out" '"mount_state": "mounted"'

# Another user namespace, by process and by file.
unshare -Ur sleep 60 &
child=$!
sleep 0.3
run 6 --userns $child list
has "without an instance of its own" "$err" "no binfmt_misc of its own"
kill $child
wait $child 2>/dev/null
unshare -Urm sh -c "mount -t binfmt_misc none $mount && echo ':inner:E::i::/bin/true:' >$mount/register && : >'$tmp/ready'; exec sleep 60" &
child=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -e "$tmp/ready" ] && break
	sleep 0.1
done
run 0 --userns $child list -f plain
is "entries of the other instance" "$(cut -f1 "$tmp/out")" inner
run 0 --userns /proc/$child/ns/user register ':second:E::s::/bin/true:'
run 0 --userns $child show second
run 3 show second
kill $child
wait $child 2>/dev/null
run 3 --userns 999999999 list
tap_done
