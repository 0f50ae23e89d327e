#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# binfmtctl as a user meets it: registering, showing, removing, mistakes, help, the manual pages,
# completion.
. "$top_srcdir/tests/unit/binfmtctl/private.sh" "$@" || exit 1

run 0 list
is "an empty list says so" "$out" "No entries."
run 0 list --format plain
is "an empty plain list is empty" "$out" ""

run 0 gen aarch64 --interpreter /bin/true --name a64 --flags F
rule=$out
run 0 -n register "$rule"
has "a dry run says what it would do" "$err" "would be registered"
run 0 list -f plain
is "a dry run changes nothing" "$out" ""
run 0 register "$rule"
is "success is silent" "$out$err" ""
run 0 show a64
has "show prints the rule again" "$out" "$rule"
has "show decodes the machine" "$out" "aarch64 ELF"
has "show decodes the types" "$out" "ET_EXEC, ET_DYN"
run 4 register "$rule"
has "a taken name is explained" "$err" "EEXIST"
run 0 register --if-absent "$rule"

run 0 register ':second:E::xyz::/bin/echo:P' '|odd name|E||q:r||/bin/a b|'
run 0 list -f plain
is "the newest is first" "$(cut -f1,3,4 "$tmp/out" | tr '\t\n' ' ;')" \
	"odd name extension -;second extension P;a64 magic F;"
printf 'x' >"$tmp/f.xyz"
chmod +x "$tmp/f.xyz"
is "a registered rule works" "$("$tmp/f.xyz" one 2>&1)" "$tmp/f.xyz $tmp/f.xyz one"

run 0 list --format json
has "JSON has its schema" "$out" '"schema": "binfmtctl/1"'
has "JSON has the magic" "$out" '"magic": "7f454c460201010000000000000000000200b700"'
run 0 list -f jsonl
is "JSON lines: one per entry" "$(wc -l <"$tmp/out")" 3

run 3 show nothing
run 7 show second nothing
run 3 unregister nothing
run 0 unregister --if-present nothing
run 8 unregister status
run 2 unregister
run 0 -n unregister --all
run 0 unregister second
run 3 show second
run 0 unregister --all
run 0 list
is "everything is removed" "$out" "No entries."

# Mistakes: nothing of a bad set is registered, the place is named.
cat >"$tmp/bad.conf" <<'CONF'
# one good, one bad
:good:E::xyz::/bin/echo:
  :bad:M::\x4::/bin/echo:
CONF
run 8 register --file "$tmp/bad.conf"
has "line and column are named" "$err" "bad.conf:3:11:"
run 3 show good
run 8 register 'name:M::abc::/bin/x:'
has "a missing colon is guessed" "$err" "hint:"
run 3 register ':f:E::x::/does/not/exist:F'
has "a missing interpreter is named" "$err" "/does/not/exist"
run 3 register --file "$tmp/none.conf"
run 4 register ':elf:M::\x7fELF::/bin/true:'
run 4 register ':all:M::x:\x00:/bin/true:'
run 4 register ':root:E::x::true:C'
is "native programs still run" "$(/bin/echo yes)" yes
run 6 --mount "$tmp" list
run 6 --mount "$tmp/none" list
run 2 frobnicate
run 2 list --frobnicate
run 2 gen m68k
run 2 gen armeb
run 8 gen --from-elf "$tmp/bad.conf" -i /bin/true
run 0 --help
run 0 gen --help
run 0 --version

# A second instance is addressed by --mount.
mkdir "$tmp/other"
mount -t binfmt_misc none "$tmp/other"
run 0 -m "$tmp/other" register ':there:E::x::/bin/true:'
run 0 -m "$tmp/other" show there
run 0 -m "$tmp/other" unregister there
umount "$tmp/other"

# gen | register, over the whole of what gen can say.
n=0
for arguments in aarch64 aarch64_be arm armeb 'aarch64 --ld-so' 'aarch64_be --ld-so' \
	'arm --float hard' 'armeb --be8' 'aarch64 --appimage --osabi gnu' \
	'aarch64 --encoding hex' 'aarch64 --delimiter |' 'aarch64 -o conf' \
	'arm --elf-type exec' "--from-elf $binfmtctl --name own" 'aarch64 --encoding shortest' \
	'--magic PK\x03\x04' '--magic a:b --mask \xff\x00\x0f --offset 7' '--extension jar'; do
	n=$((n + 1))
	# shellcheck disable=SC2086 # options and their values
	"$binfmtctl" gen $arguments --interpreter "/opt/interpreter-$n" >"$tmp/rule" 2>"$tmp/err"
	case $arguments in
	*own*) set -- --force ;;
	*) set -- ;;
	esac
	if "$binfmtctl" -n register "$@" --file "$tmp/rule" >"$tmp/out" 2>&1; then
		ok "gen $arguments makes a good rule"
	else
		not_ok "gen $arguments makes a good rule" "$(cat "$tmp/rule" "$tmp/err" "$tmp/out")"
	fi
done

is "given bytes" "$("$binfmtctl" gen --magic 'a:\x00' --mask 'x\x00y' --offset 7 -i /bin/i -N n -F F)" \
	':n:M:7:a\x3a\x00:x\x00y:/bin/i:F'
is "a given extension" "$("$binfmtctl" gen --extension jar -i /bin/jexec)" ':jexec:E::jar::/bin/jexec:'
run 8 gen --magic 'a\x' -i /bin/i
has "wrong bytes are explained" "$err" "needs two hexadecimal digits"
run 8 gen --magic ab --mask a -i /bin/i
run 8 gen --extension a/b -i /bin/i
run 2 gen --magic a --extension b -i /bin/i
run 2 gen --magic a
run 2 gen --magic a aarch64 -i /bin/i
run 2 gen --extension a --mask b -i /bin/i
run 2 gen --mask a -i /bin/i
run 0 gen --extension jar -i /bin/jexec -o nixos
has "for NixOS, an extension" "$out" 'recognitionType = "extension";
  magicOrExtension = "jar";'

verbs=$("$binfmtctl" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p')
# The manual and --help name the same long options.
{
	"$binfmtctl" --help
	for verb in $verbs; do
		"$binfmtctl" $verb --help
	done
} | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u >"$tmp/help"
grep -oE '^\.It.*Fl -[a-z-]+' "$top_srcdir/man/binfmtctl.8" | grep -oE -- '-[a-z-]+$' |
	sed 's/^/-/' | sort -u >"$tmp/manual"
is "the manual names the options of --help" "$(diff "$tmp/manual" "$tmp/help")" ""
for page in binfmtctl.8 binfmtctl-rule.5 binfmtctl-audit.7 binfmtctl-json.5; do
	if command -v mandoc >/dev/null; then
		check "$page is good mdoc" mandoc -Tlint -Wwarning "$top_srcdir/man/$page"
	else
		skip "$page is good mdoc" "mandoc is not installed"
	fi
done
is "the manual describes each verb" "$(grep -oE '^[.]Ss [a-z]+$' "$top_srcdir/man/binfmtctl.8" |
	cut -d' ' -f2 | tr '\n' ' ')" "$(echo $verbs) "
"$binfmtctl" audit --list -f plain | while IFS='	' read -r id severity title; do
	grep -A1 "^[.]It Cm $id\$" "$top_srcdir/man/binfmtctl-audit.7" | grep -qi "^$title, $severity[.]" ||
		echo "$id $severity $title"
done >"$tmp/checks"
is "binfmtctl-audit(7) describes each check" "$(cat "$tmp/checks")" ""

# Completion is made of the tables that --help is made of.
"$binfmtctl" completion bash >"$tmp/completion"
check "bash reads its completion" bash -n "$tmp/completion"
# complete WORD...: what bash offers for the last word.
complete_words()
{
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); PATH=$top_builddir/binfmtctl:$PATH
		_binfmtctl; printf "%s " "${COMPREPLY[@]}"' "$tmp/completion" "$@"
}
is "verbs are completed" "$(complete_words binfmtctl unr)" "unregister "
is "options are completed" "$(complete_words binfmtctl register --rep)" "--replace "
is "values are completed" "$(complete_words binfmtctl gen --osabi g)" "gnu "
is "global options too" "$(complete_words binfmtctl -f js)" "json jsonl "
run 0 register ':some-entry:E::x::/bin/true:'
is "entries are completed" "$(complete_words binfmtctl show some)" "some-entry "
run 0 unregister some-entry
for option in $(cat "$tmp/help"); do
	grep -q -- "$option" "$tmp/completion" || echo "$option"
done >"$tmp/incomplete"
is "every option is completed" "$(cat "$tmp/incomplete")" ""
run 2 completion csh

# fish_offers WORDS...: what fish offers for the end of that command line, without the descriptions.
fish_offers()
{
	HOME=$tmp PATH=$top_builddir/binfmtctl:$PATH fish --no-config -c \
		'source $argv[1]; complete -C $argv[2]' "$tmp/binfmtctl.fish" "$*" 2>&1 |
		cut -f1 | tr '\n' ' '
}

# zsh_makes WORDS...: what zsh's line editor makes of that command line at a TAB. It runs on a
# terminal of its own; ^X prints the line.
zsh_makes()
{
	rm -f "$tmp/line"
	tmp=$tmp PATH=$top_builddir/binfmtctl:$PATH timeout 60 zsh -f -c '
		zmodload zsh/zpty
		zpty editor zsh -f -i
		zpty -w editor "PS1= PS2=; fpath=($tmp \$fpath); autoload -U compinit; compinit -u -D"
		zpty -w editor "show() { print -r -- \"\$BUFFER|\" >$tmp/line.new; mv $tmp/line.new $tmp/line }"
		zpty -w editor "zle -N show; bindkey ^X show; bindkey \"^I\" complete-word"
		zpty -w -n editor "$1"$'"'\t\x18'"'
		for i in {1..500}; do
			[[ ! -e $tmp/line ]] || break
			zpty -r -t editor seen
			sleep 0.1
		done
		zpty -d editor' zsh "$*" >/dev/null 2>&1
	cat "$tmp/line"
}

run 0 register ':some-entry:E::x::/bin/true:'
mkdir "$tmp/formats"
: >"$tmp/some-file"
"$binfmtctl" completion fish >"$tmp/binfmtctl.fish"
if command -v fish >/dev/null; then
	check "fish reads its completion" fish -n "$tmp/binfmtctl.fish"
	is "fish: verbs" "$(fish_offers binfmtctl unr)" "unregister "
	is "fish: options of a verb" "$(fish_offers binfmtctl register --rep)" "--replace "
	is "fish: global options behind a verb" "$(fish_offers binfmtctl list --dry)" "--dry-run "
	is "fish: values" "$(fish_offers binfmtctl gen --osabi g)" "gnu "
	is "fish: entries" "$(fish_offers binfmtctl show some-e)" "some-entry "
	is "fish: files" "$(fish_offers binfmtctl why "$tmp/some-f")" "$tmp/some-file "
	is "fish: no files for verbs" "$(cd "$tmp" && fish_offers binfmtctl some-)" ""
else
	skip "fish completes" "fish is not installed"
fi
"$binfmtctl" completion zsh >"$tmp/_binfmtctl"
if command -v zsh >/dev/null; then
	check "zsh reads its completion" zsh -n "$tmp/_binfmtctl"
	is "zsh: verbs" "$(zsh_makes binfmtctl unr)" "binfmtctl unregister |"
	is "zsh: options of a verb" "$(zsh_makes binfmtctl register --rep)" \
		"binfmtctl register --replace |"
	is "zsh: global options behind a verb" "$(zsh_makes binfmtctl list --dry)" \
		"binfmtctl list --dry-run |"
	is "zsh: values" "$(zsh_makes binfmtctl gen --osabi=g)" "binfmtctl gen --osabi=gnu |"
	is "zsh: global values" "$(zsh_makes binfmtctl --color n)" "binfmtctl --color never |"
	is "zsh: entries" "$(zsh_makes binfmtctl show some)" "binfmtctl show some-entry |"
	is "zsh: files" "$(zsh_makes binfmtctl why "$tmp/some-f")" "binfmtctl why $tmp/some-file |"
else
	skip "zsh completes" "zsh is not installed"
fi
run 0 unregister some-entry

# audit and doctor, on faults that the kernel accepts.
run 0 register --force ':s02:E::s02::true:C'
run 9 audit --fail-on critical --check S02
has "a relative interpreter with C" "$out" "critical S02 s02"
run 0 audit --ignore S02 --check S02
is "ignored" "$out" "0 critical, 0 high, 0 medium, 0 low, 0 for information"
run 9 doctor
has "doctor says what to do" "$out" "do: register it with an absolute path"
run 2 audit --check X99
run 2 audit --level loud
run 0 audit --list
run 0 unregister --all
tap_done
