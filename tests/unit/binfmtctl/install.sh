#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Verbs about files: install, uninstall, convert, lint, parse.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1
root=$tmp/root
mkdir -p $root/etc $root/usr/lib/binfmt.d $root/bin
touch $root/bin/echo
export BINFMTCTL_FORMATS="$tmp/formats"
mkdir "$BINFMTCTL_FORMATS"
echo '# shipped
:one:E::one::/bin/echo:' >"$BINFMTCTL_FORMATS/one.conf"
at="-R $root -m $mount"

run 0 $at -n install one
has "a dry run tells" "$err" "/etc/binfmt.d/one.conf would be written"
[ -e $root/etc/binfmt.d ] && not_ok "and writes nothing" || ok "and writes nothing"
run 0 $at install one
check "the file is the format's" cmp $root/etc/binfmt.d/one.conf "$BINFMTCTL_FORMATS/one.conf"
is "everybody may read it" "$(stat -c %a $root/etc/binfmt.d/one.conf)" 644
is "it is not registered" "$(names)" ""
run 0 $at -v install --now one
has "the same file is known" "$err" "is the same already"
is "now it is registered" "$(names)" "one "
echo ':one:E::one::/bin/echo:P' >"$tmp/one.conf"
run 4 $at install "$tmp/one.conf"
has "another file of the name is not replaced" "$err" "--force"
run 0 $at install --force --now "$tmp/one.conf"
run 0 show one
has "the entry is replaced too" "$out" "flags:       P"
run 3 $at install nothing
run 3 $at install ./nothing.conf
echo ':bad:M::::/bin/echo:' >"$tmp/bad.conf"
run 8 $at install "$tmp/bad.conf"
has "a wrong rule is not installed" "$err" "bad.conf:1:"
echo ':elf:M::\x7fELF::/bin/echo:' >"$tmp/elf.conf"
run 4 $at install "$tmp/elf.conf"
echo '# nothing' >"$tmp/empty.conf"
run 8 $at install "$tmp/empty.conf"
echo ':x:E::x::/not/there:F' >"$tmp/x.conf"
run 0 $at install "$tmp/x.conf"
has "a missing interpreter is a warning" "$err" "there is no /not/there"
is "no temporary file is left" "$(ls -A $root/etc/binfmt.d)" "one.conf
x.conf"
run 2 $at install - <"$tmp/x.conf"
run 0 $at install --as y - <"$tmp/x.conf"
run 7 $at install --force one nothing
run 0 $at install --vendor "$tmp/one.conf"

# Masks.
run 0 $at -v uninstall --now one
has "the vendor's file still counts" "$err" "--mask switches it off"
is "its entry stays" "$(names)" "one "
run 0 $at uninstall --mask --now one
is "a mask is a link to /dev/null" "$(readlink $root/etc/binfmt.d/one.conf)" /dev/null
is "masked, the entry goes" "$(names)" ""
run 0 $at install one
check "installing takes the mask away" cmp $root/etc/binfmt.d/one.conf "$BINFMTCTL_FORMATS/one.conf"
run 0 $at uninstall --vendor one
run 0 $at uninstall one x y
run 3 $at uninstall one
run 2 $at uninstall --mask --vendor one

# convert, there and back.
cat >"$tmp/qemu-arm" <<'BFS'
package qemu-user-static
interpreter /usr/bin/qemu-arm
magic \x7f\x45\x4c\x46\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x28\x00
OFFSET 0
mask \xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff
credentials yes
fix_binary YES
preserve yes
BFS
run 0 convert --to rule --hex "$tmp/qemu-arm"
rule=$out
has "flags of a format file, where only 'yes' is yes" "$out" "/usr/bin/qemu-arm:POC"
echo "$rule" >"$tmp/rule.conf"
mkdir "$tmp/out.d"
run 0 convert --to update-binfmts -d "$tmp/out.d" "$tmp/rule.conf"
run 0 convert --to rule --hex "$tmp/out.d/qemu-arm"
is "conf to format file and back" "$out" "$rule"
run 4 convert --to update-binfmts -d "$tmp/out.d" "$tmp/rule.conf"
printf '%s\n' :jar magic 0 'PK\x03\x04' '' /usr/bin/jexec '' '' yes '' >"$tmp/jar"
run 0 convert --to rule "$tmp/jar"
is "a database file" "$out" ':jar:M:0:PK\x03\x04::/usr/bin/jexec:P'
run 0 register ':k:M:4:AB\x00:\xff\xff\x0f:/bin/echo:O'
run 0 convert --to rule "$mount/k"
is "a kernel entry" "$out" ':k:M:4:AB\x00:\xff\xff\x0f:/bin/echo:O'
run 0 convert --to shell "$mount/k"
command=$out
run 0 unregister k
sh -c "$command"
run 0 show k
run 0 convert --to nixos "$tmp/qemu-arm"
has "NixOS" "$out" 'boot.binfmt.registrations."qemu-arm"'
run 0 convert -f json "$tmp/jar"
has "JSON" "$out" '"magic": "504b0304"'
run 8 convert "$tmp/bad.conf"
run 2 convert --to fortran "$tmp/jar"
run 0 convert - <"$tmp/rule.conf"
run 3 convert "$tmp/none"

# lint and parse.
printf '\xef\xbb\xbf:crlf:E::x::/bin/echo:\r\n' >"$tmp/dos.conf"
run 8 lint "$tmp/dos.conf"
has "a byte order mark" "$out" "byte order mark"
has "DOS line ends" "$out" "DOS line ends"
run 8 lint "$tmp/bad.conf" "$tmp/rule.conf"
has "the place of an error" "$out" "bad.conf:1:9: error"
printf '%s\n' ':twice:E::a::/bin/echo:' ':twice:E::b::/bin/echo:' '-x-E--sh--bin/x-C' >"$tmp/warn.conf"
run 0 lint "$tmp/warn.conf"
has "a replaced rule" "$out" "replaces this one [D04]"
has "a relative interpreter" "$out" "[S02]"
run 9 lint --fail-on high "$tmp/warn.conf"
run 0 lint --fail-on high "$tmp/rule.conf"
run 0 lint --level critical "$tmp/rule.conf"
is "levels hide" "$out" ""
run 0 lint -f json "$tmp/warn.conf"
has "findings as JSON" "$out" '"id": "S02"'
run 0 lint "$tmp/out.d/qemu-arm"
run 8 lint --kernel 4.4 "$tmp/x.conf"
has "an older kernel refuses F" "$out" "needs Linux 4.8"
run 0 lint --kernel 4.8 "$tmp/x.conf"
run 2 lint --kernel six "$tmp/x.conf"
run 2 lint --level loud "$tmp/x.conf"
run 0 $at lint
run 0 lint - <"$tmp/rule.conf"
run 3 lint "$tmp/none"
run 0 parse ':a:M:8:AB\x00:\xff\xff\x0f:/bin/echo:P'
has "parse decodes" "$out" "mask:        ffff0f"
run 8 parse ':a:M:8:AB:\xff:/bin/echo:P'
has "and says what is wrong" "$out" "the mask has 1 bytes, the magic 2"
run 8 parse ':a:E::x::/bin/echo:T'
run 0 --kernel 7.3 parse ':a:E::x::/bin/echo:T'
run 0 --kernel 7.3 parse ':a:B::::handler:D'
run 0 parse -f json ':a:E::x::/bin/echo:'
has "parsed as JSON" "$out" '"extension": "x"'
tap_done
