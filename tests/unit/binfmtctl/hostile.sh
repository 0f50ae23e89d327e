#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Names that nobody would choose but the kernel takes, and some that it does not, through every
# verb: each finds its entry, nothing else is touched, and no control byte or broken UTF-8 reaches a
# terminal.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1
validate=$top_builddir/tests/unit/binfmtctl/validate
schema=$top_srcdir/binfmtctl/binfmtctl.schema.json
root=$tmp/root
mkdir -p "$root/etc/binfmt.d" "$tmp/formats" "$tmp/out.d"
export BINFMTCTL_FORMATS="$tmp/formats"
at="-R $root -m $mount"
long=$(printf 'n%.0s' {1..255})
names=($'\n' $'\e[31mred\t\r\x01\x7f' $'\xff\xfe' $'\xc2\x9b31m\xe2\x80\xae' '-n' '--all' '--' '...'
	' two words' '[*' '\x41\%s%n"'\''$(reboot)' '{"a":1}' "$long")

# shown NAME: how it stands on a terminal.
shown() { printf %q "$1" | cut -c1-40; }

# try WANTED ARGUMENT...: the verb ends so, and what it prints is clean.
try()
{
	local want=$1 status
	shift
	# Like run: valgrind does not execute what is no program of this machine.
	case " $* " in
	*" probe "*) "$binfmtctl" "$@" ;;
	*) $memcheck "$binfmtctl" "$@" ;;
	esac >"$tmp/out" 2>"$tmp/err"
	status=$?
	if [ $status -ne "$want" ]; then
		faults+="$(printf '%q ' "$@"): status $status, not $want: $(head -c 300 "$tmp/err")"$'\n'
	elif LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$tmp/out" "$tmp/err"; then
		faults+="$(printf '%q ' "$@"): control bytes"$'\n'
	elif ! iconv -f UTF-8 -t UTF-16 "$tmp/out" "$tmp/err" >/dev/null 2>&1; then
		faults+="$(printf '%q ' "$@"): not UTF-8"$'\n'
	fi
}

# json WANTED ARGUMENT...: and as JSON it fits the schema.
json()
{
	try "$1" -f json "${@:2}"
	[ ! -x "$validate" ] || "$validate" "$schema" <"$tmp/out" 2>"$tmp/invalid" ||
		faults+="$(printf '%q ' "$@"): $(cat "$tmp/invalid")"$'\n'
}

# lives NAME: the kernel has it.
lives()
{
	[ -e "$mount/$1" ] || faults+="no entry after $2"$'\n'
}

printf 'x' >"$tmp/prog.hostile"
chmod +x "$tmp/prog.hostile"
for name in "${names[@]}"; do
	faults=
	d=:
	[ "$name" = "${name#*:}" ] || d=,
	rule="$d$name${d}E$d${d}hostile$d$d/bin/true$d"
	try 0 -v register -- "$rule"
	lives "$name" register
	try 4 register -- "$rule"
	json 0 register --replace -- "${rule/true/echo}"
	try 0 -v register --replace -- "$rule"
	try 0 list -a
	try 0 -f plain list
	try 0 show -- "$name"
	json 0 list -a
	json 0 show -- "$name"
	try 0 -v disable -- "$name"
	[ "$(head -n 1 "$mount/$name")" = disabled ] || faults+="not switched off"$'\n'
	try 3 match "$tmp/prog.hostile"
	try 0 -v enable -- "$name"
	json 0 match "$tmp/prog.hostile"
	try 0 why "$tmp/prog.hostile"
	json 0 probe --entry -- "$name"
	try 9 audit --fail-on info --level info --no-probe
	json 0 audit --level info --no-probe
	# A command that doctor gives works, whatever the name.
	try 0 audit --level info --no-probe --check D02
	# But for line ends, which no conf file can keep.
	if [ "${name//[$'\n\r']/}" = "$name" ]; then
		bash -c "binfmtctl() { '$binfmtctl' $at \"\$@\"; }
			$(sed -n 's/^  do: \(.*\) | .*/\1/p' "$tmp/out")" >"$tmp/converted" 2>&1 ||
			faults+="the command of D02: $(cat "$tmp/converted")"$'\n'
	fi
	json 0 parse -- "$rule"
	try 0 convert -t shell -- "$mount/$name"
	cp "$tmp/out" "$tmp/line"
	case $name in
	*[$'\x01\xff\xc2']*) try 8 convert -t nixos -- "$mount/$name" ;;
	*) try 0 convert -t nixos -- "$mount/$name" ;;
	esac
	$memcheck "$binfmtctl" save "$tmp/snapshot" || faults+="save"$'\n'
	try 0 -v unregister -- "$name"
	[ ! -e "$mount/$name" ] || faults+="still there"$'\n'
	sh "$tmp/line"
	lives "$name" "the line for a shell"
	try 0 unregister -- "$name"
	try 3 unregister -- "$name"
	try 3 show -- "$name"
	try 0 -v restore "$tmp/snapshot"
	lives "$name" restore
	try 10 $at diff
	try 0 $at plan --exclusive
	try 0 -n unregister --all
	# In a conf file a name is one line, without blanks where it begins.
	case $name in
	*[$'\n\r']*) ;;
	*)
		printf '%s\n' "$rule" >"$root/etc/binfmt.d/h.conf"
		try 0 lint "$root/etc/binfmt.d/h.conf"
		try 0 $at -v apply
		try 0 $at diff
		try 0 unregister --file "$root/etc/binfmt.d/h.conf"
		cp "$root/etc/binfmt.d/h.conf" "$tmp/formats/h.conf"
		try 0 $at -v install --now h
		lives "$name" install
		try 0 $at -v uninstall --now h
		;;
	esac
	try 0 unregister --if-present -- "$name"
	if [ -z "$faults" ]; then
		ok "$(shown "$name")"
	else
		not_ok "$(shown "$name")" "$faults"
	fi
	rm -f "$root"/etc/binfmt.d/* "$tmp"/formats/*
done
is "nothing is left" "$(ls $mount | tr '\n' ' ')" "register status "

# Two entries that take the same file, both with odd names.
"$binfmtctl" register $':under\xff:E::hostile::/bin/true:' $':over\xfe:E::hostile::/bin/true:'
faults=
try 0 why "$tmp/prog.hostile"
json 0 why "$tmp/prog.hostile"
is "all that match a file" "$faults" ""
"$binfmtctl" unregister --all --yes

# What the kernel refuses, and what would lead out of its directory.
"$binfmtctl" register ':good:E::g::/bin/true:'
echo untouched >"$tmp/victim"
for name in . .. a/b /etc/passwd "../../../../..$tmp/victim" register status "" "n$long"; do
	faults=
	try 8 register -- ":$name:E::h::/bin/true:"
	case $name in
	register | status | "n$long") # rules are judged by what the kernel would answer
		faults=
		"$binfmtctl" register -- ":$name:E::h::/bin/true:" 2>/dev/null && faults="registered"
		;;
	esac
	for verb in show unregister enable disable; do
		"$binfmtctl" $verb -- "$name" >"$tmp/out" 2>"$tmp/err" && faults+="$verb took it"$'\n'
		[ -s "$tmp/err" ] || faults+="$verb says nothing"$'\n'
	done
	"$binfmtctl" probe --entry -- "$name" >"$tmp/out" 2>&1 && faults+="probe took it"$'\n'
	"$binfmtctl" $at install --as "$name" h >"$tmp/out" 2>&1 && faults+="install took it"$'\n'
	if [ -z "$faults" ]; then
		ok "refused: $(shown "$name")"
	else
		not_ok "refused: $(shown "$name")" "$faults"
	fi
done
is "others are untouched" "$(cat "$tmp/victim")$(cat $mount/good | head -n 1)$(cat $mount/status)" \
	"untouchedenabledenabled"

# Files with such names: what they hold is read, and their names are shown clean.
i=0
for name in $'f\n\e[31m.conf' $'\xff.conf' '-f.conf' ' .conf'; do
	faults=
	printf '%s\n' ":file$i:E::f::/bin/true:" ':bad:' >"$root/etc/binfmt.d/$name"
	try 7 $at -v apply
	lives "file$i" apply
	json 7 $at apply
	try 8 -R "$root" lint
	json 8 -R "$root" lint
	try 8 lint "$root/etc/binfmt.d/$name"
	json 0 $at list -a
	json 10 $at diff
	json 0 $at audit --no-probe
	if [ -z "$faults" ]; then
		ok "file $(shown "$name")"
	else
		not_ok "file $(shown "$name")" "$faults"
	fi
	rm -f -- "$root"/etc/binfmt.d/*
	i=$((i + 1))
done
tap_done
