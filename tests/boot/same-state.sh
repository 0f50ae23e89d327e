#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# systemd's own /lib/systemd/systemd-binfmt and `binfmtctl apply --exclusive`, on the same files and
# the same entries before, in a binfmt_misc instance of our own: both must leave the same entries in
# the same order, and both succeed or both fail.
if [ "$1" != inside ]; then
	. "$top_srcdir/tests/lib/tap.sh"
	[ -x /lib/systemd/systemd-binfmt ] || skip_all "no /lib/systemd/systemd-binfmt"
	unshare -Urm true 2>/dev/null || skip_all "user namespaces are not permitted"
	exec unshare -Urm "$0" inside
fi
. "$top_srcdir/tests/lib/tap.sh"
binfmt=/proc/sys/fs/binfmt_misc
mount -t binfmt_misc none $binfmt 2>/dev/null ||
	skip_all "no private binfmt_misc instance (needs Linux 6.7)"
[ -z "$(ls $binfmt | grep -vE '^(register|status)$')" ] ||
	skip_all "the new binfmt_misc instance is not empty: not touching it"
binfmtctl=${BINFMTCTL:-$top_builddir/binfmtctl/binfmtctl}
theirs=/lib/systemd/systemd-binfmt

# The four directories, empty and ours alone.
tmp=$(mktemp -d) || exit 1
trap 'umount /usr/local/lib/binfmt.d 2>/dev/null; rm -rf "$tmp"' EXIT
mkdir "$tmp"/{etc,run,local,vendor,work}
for dir in /etc/binfmt.d:etc /usr/lib/binfmt.d:vendor; do
	[ -d "${dir%:*}" ] || skip_all "no directory ${dir%:*} to put ours over"
	mount --bind "$tmp/${dir#*:}" "${dir%:*}" || exit 1
done
mount -t tmpfs none /run && mkdir /run/binfmt.d && mount --bind "$tmp/run" /run/binfmt.d || exit 1
if [ ! -d /usr/local/lib ]; then
	skip "files in /usr/local/lib" "there is no such directory"
elif [ ! -d /usr/local/lib/binfmt.d ]; then
	mkdir "$tmp/locallib" "$tmp/locallib/binfmt.d"
	mount --bind "$tmp/locallib" /usr/local/lib || exit 1
fi
[ ! -d /usr/local/lib/binfmt.d ] || mount --bind "$tmp/local" /usr/local/lib/binfmt.d || exit 1

state()
{
	find $binfmt -type f | while IFS= read -r entry; do
		case $entry in
		*/register | */status) ;;
		*) echo "${entry##*/}: $(tr '\n' ' ' <"$entry")" ;;
		esac
	done
	cat $binfmt/status
}

reset()
{
	echo -1 >$binfmt/status
	echo 1 >$binfmt/status
	local rule
	for rule in "${before[@]}"; do
		printf '%s' "$rule" >$binfmt/register
	done
}

before=()
# same NAME [ARGUMENT...]: the files are in place. Leaves the common state in $state.
same()
{
	local name=$1 their_status our_status their_state
	shift
	reset
	$theirs "$@" >"$tmp/their.log" 2>&1
	their_status=$?
	their_state=$(state)
	reset
	"$binfmtctl" apply --exclusive "$@" >"$tmp/our.log" 2>&1
	our_status=$?
	state=$(state)
	is "$name: the same entries in the same order" "$state" "$their_state"
	[ "$state" = "$their_state" ] || sed 's/^/# theirs: /' "$tmp/their.log"
	[ "$state" = "$their_state" ] || sed 's/^/# ours: /' "$tmp/our.log"
	is "$name: both $([ $their_status -eq 0 ] && echo succeed || echo fail)" \
		"$((our_status != 0))" "$((their_status != 0))"
	# A second run changes nothing.
	"$binfmtctl" apply --exclusive "$@" >"$tmp/our.log" 2>&1
	is "$name: the same after a second run" "$(state)" "$state"
}

clear_files()
{
	find "$tmp"/{etc,run,local,vendor} -mindepth 1 -delete
}

# put DIRECTORY FILE RULE...
put()
{
	local to=$tmp/$1/$2
	shift 2
	printf '%s\n' "$@" >"$to"
}

same "no files at all"

put vendor b.conf ':b:E::b::/bin/b:'
put etc a.conf ':a:M::aaaa::/bin/a:P'
put run d.conf ':d:M:4:d\x00d:\xff\x00\xff:/bin/d:O'
put local c.conf ':c:E::c::/bin/c:C'
same "one rule in each directory"
has_all=$(echo "$state" | wc -l)
is "that were four entries and the status" "$has_all" 5

before=(':foreign:E::foreign::/bin/f:' ':b:E::other::/bin/other:' ':a:M::aaaa::/bin/a:P')
same "entries of others, an old rule, and one that fits"
before=(':foreign:E::foreign::/bin/f:')
same "file names as arguments" a.conf "$tmp/vendor/b.conf"
same "a missing file as argument" a.conf none.conf
same "only a missing file" none.conf
before=()

put etc b.conf '# nothing but a comment'
ln -sf /dev/null "$tmp/etc/c.conf"
: >"$tmp/run/a.conf"
: >"$tmp/etc/d.conf"
same "overridden, masked by a link, by an empty file"

clear_files
put etc 10.conf ':x:E::first::/bin/1:' ':y:E::y::/bin/y:' ':x:E::second::/bin/2:'
put run 20.conf ':y:E::later::/bin/3:'
same "one name several times"

clear_files
printf '; comment\n\n  \t:a:E::a::/bin/a: \r\n:b:E::b::/bin/b:\r\n# :c:E::c::/bin/c:\n\t# tab\n,d,E,,d,,/bin/d,P' \
	>"$tmp/etc/odd.conf"
same "comments, blanks, carriage returns, no last newline"

clear_files
put etc bad.conf ':good:E::good::/bin/g:' 'nonsense' ':bad:M::\x4::/bin/b:' \
	':register:E::r::/bin/r:' ':status:E::s::/bin/s:' ':..:E::d::/bin/d:' ':.:E::d::/bin/d:' \
	'::E::n::/bin/n:' ':f:E::f::/does/not/exist:F' ':mask:M::ab:\xff:/bin/m:' \
	':last:E::last::/bin/l:'
same "wrong rules between good ones"

clear_files
put etc a.conf "$(printf ':long:M::%0900d:%0900d:/bin/l:' 0 0)" ':short:E::s::/bin/s:' \
	"$(printf ':wide:M::%0900d:%01100d:/bin/l:' 0 0)"
same "rules that are too large"

clear_files
put etc f.conf ":f:E::f::$binfmtctl:F" ":g:M::gggg::$binfmtctl:POCF"
before=(":f:E::f::$binfmtctl:F")
same "interpreters that are held open"
before=()

clear_files
put vendor B.conf ':B:E::x::/bin/B:'
put vendor a.conf ':a:E::x::/bin/a:'
put vendor a-b.conf ':a-b:E::x::/bin/ab:'
put vendor a_b.conf ':a_b:E::x::/bin/a_b:'
put vendor 9.conf ':9:E::x::/bin/9:'
put vendor 10.conf ':10:E::x::/bin/10:'
put vendor é.conf ':é:E::x::/bin/e:'
put vendor not-conf ':no:E::x::/bin/no:'
put vendor .hidden.conf ':hidden:E::x::/bin/h:'
put vendor back.conf~ ':back:E::x::/bin/back:'
same "the order of names, and names that do not count"
mkdir "$tmp/vendor/directory.conf"
same "a directory called .conf"
rmdir "$tmp/vendor/directory.conf"
ln -s /does/not/exist "$tmp/vendor/dangling.conf"
same "a link to nowhere"

clear_files
cp "$top_srcdir"/formats.d/{jar,wasm,python3.11,llvm-bitcode,wine,mono}.conf "$tmp/vendor"
cp "$top_srcdir"/formats.d/qemu-*.conf "$tmp/vendor"
sed -i 's/F$//' "$tmp"/vendor/*.conf # their interpreters are not here
rm "$tmp/vendor/qemu-$(uname -m).conf" # systemd would make this machine unusable
same "formats.d"

# Removing all, and printing.
reset
before=(':foreign:E::foreign::/bin/f:')
reset
$theirs --unregister >/dev/null 2>&1
their_state=$(state)
reset
"$binfmtctl" apply --exclusive --unregister >/dev/null 2>&1
is "--unregister leaves the same" "$(state)" "$their_state"
put etc jar.conf '# another jar' ':jar:E::jar::/bin/jar:'
is "--cat-config prints the same" "$("$binfmtctl" apply --cat-config 2>&1)" \
	"$(SYSTEMD_COLORS=0 SYSTEMD_URLIFY=0 $theirs --cat-config --no-pager 2>&1)"
$theirs --cat-config a.conf >/dev/null 2>&1
their_status=$?
"$binfmtctl" apply --cat-config a.conf >/dev/null 2>&1
our_status=$?
is "--cat-config with a file: both $([ $their_status -eq 0 ] && echo succeed || echo fail)" \
	$((our_status != 0)) $((their_status != 0))
tap_done
