#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The JSON of every verb, good and bad cases, against the schema that is installed.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1
validate=$top_builddir/tests/unit/binfmtctl/validate
schema=$top_srcdir/binfmtctl/binfmtctl.schema.json
root=$tmp/root
mkdir -p $root/etc/binfmt.d $root/usr/lib/binfmt.d
export BINFMTCTL_FORMATS="$tmp"
at="-R $root -m $mount"

# Each verb must be named here with what validates it: nothing goes untested.
verbs=

# under VERB: what it is run under; see private.sh.
under()
{
	[ "$1" = probe ] || echo "$memcheck"
}

# json VERB ARGUMENT...: the document of --format json.
json()
{
	verbs="$verbs $1"
	verb=$1
	shift
	# shellcheck disable=SC2086 # options
	$(under "$verb") "$binfmtctl" $options -f json "$verb" "$@" >"$tmp/json" 2>"$tmp/err"
	check "$verb ${*//$'\n'/ } fits the schema" sh -c '"$0" "$1" <"$2"' "$validate" "$schema" "$tmp/json"
}

# lines DEFINITION VERB ARGUMENT...: each line of --format jsonl.
lines()
{
	definition=$1
	shift
	# shellcheck disable=SC2086 # options
	$(under "$1") "$binfmtctl" $options -f jsonl "$@" >"$tmp/json" 2>"$tmp/err"
	check "lines of ${*//$'\n'/ } are each a $definition" \
		sh -c '"$0" "$1" "$2" <"$3"' "$validate" "$schema" "$definition" "$tmp/json"
}

printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\002\000\267\000\001\000\000\000' \
	>"$tmp/a64"
head -c 100 /dev/zero >>"$tmp/a64"
chmod +x "$tmp/a64"
odd=$(printf 'o\377d\nd')

options=
json register ':a:E::aa::/bin/true:' ':m:M:4:A\x00:\xff\x0f:/bin/true:PC' ':f:M::FFFF::/bin/true:F'
lines result register ":$odd:E::odd::/bin/true:"
json register ':a:E::aa::/bin/true:' ':bad:' ':n:F' 'x'
json register --replace ':m:M:4:A\x00:\xff\x0f:/bin/echo:PC'
json list
json list -a
lines entry list -a
json show a "$odd" nothing
lines entry show a
json status
json disable a nothing
json enable a
json gen aarch64 riscv64 --interpreter /bin/true
lines rule gen arm
json parse ':a:E::aa::/bin/true:' ':b:M::AB::true:C' 'bad'
printf '%s\n' ':a:E::tar.gz::/bin/true:' ':b:X::' >"$tmp/x.conf"
json lint --level info "$tmp/x.conf"
lines lint_finding lint "$tmp/x.conf"
json convert "$tmp/x.conf"
json match "$tmp/a64" "$tmp/x.conf" "$tmp/nothing" /bin/true /bin
check "a file that is not there is a step of its own" grep -q '"format": "unopened"' "$tmp/json"
json why "$tmp/nothing"
check "for why, too" grep -q '"format": "unopened"' "$tmp/json"
json register ":top:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00::/no/such:" \
	':near:M::\x7fELF\x02\x01\x01\x01::/no/such:'
json why "$tmp/a64" ENOENT
lines file match "$tmp/a64"
json probe /bin/true "$tmp/x.conf" "$tmp/nothing"
json probe --entry a f nothing
lines probe probe --entry f
json host
"$binfmtctl" save "$tmp/snapshot"
json audit --no-probe --level info
lines finding audit --no-probe --level info
json audit --list
json doctor
json unregister "$odd" nothing a
json restore "$tmp/snapshot"
options=$at
echo ':p:E::p::/bin/true:' >"$tmp/p.conf"
json install --now p
json apply
json plan --exclusive
json diff
lines difference diff
printf '%s\n' ':p:E::p::/bin/echo:' ':bad:' >$root/etc/binfmt.d/p.conf
json diff
json apply
json uninstall --now p
options=
# These write files and scripts, never JSON.
verbs="$verbs completion save"

"$binfmtctl" watch -f jsonl --count 2 --timeout 20 >"$tmp/json" &
watcher=$!
sleep 0.5
"$binfmtctl" register ':w:E::w::/bin/true:'
sleep 0.3
"$binfmtctl" disable
wait $watcher
check "watch tells events" sh -c '"$0" "$1" event <"$2"' "$validate" "$schema" "$tmp/json"
verbs="$verbs watch"

missing=
for verb in $("$binfmtctl" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	case " $verbs " in
	*" $verb "*) ;;
	*) missing="$missing $verb" ;;
	esac
done
is "every verb is tested" "$missing" ""

# The validator itself must refuse something.
for wrong in '{}' '{"schema":"binfmtctl/2","command":"status"}' \
	'{"schema":"binfmtctl/1","command":"status","mount":"/m","enabled":1,"entries_enabled":0,"entries_disabled":0}' \
	'{"schema":"binfmtctl/1","command":"list","mount":"/m","entries":[{"name":"a"}]}' 'no JSON'; do
	if printf '%s' "$wrong" | "$validate" "$schema" 2>/dev/null; then
		not_ok "refused: $wrong"
	else
		ok "refused: $wrong"
	fi
done
tap_done
