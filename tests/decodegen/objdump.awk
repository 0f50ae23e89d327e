# SPDX-License-Identifier: LGPL-2.1-or-later
# Compares the tables with objdump: objdump.exceptions, then "WORD ROW TEXT" lines of the words
# program, then objdump's output; all other differences are printed.

function note(key, word)
{
	if (count[key]++ < 3)
		example[key] = example[key] " " word
}

function excepted(who, name, operands, digits,    i)
{
	for (i = 1; i <= exceptions; i++)
		if (whose[i] == who && name ~ names[i] && operands ~ texts[i] &&
		    digits ~ spaces[i])
			return 1

	return 0
}

FILENAME == ARGV[1] {
	if ($0 ~ /^#/ || NF < 4)
		next
	exceptions++
	whose[exceptions] = $1
	names[exceptions] = $2 == "-" ? ".*" : "^(" $2 ")$"
	texts[exceptions] = $3 == "-" ? ".*" : "^(" $3 ")$"
	spaces[exceptions] = $NF ~ /^\^/ ? $NF : "^"
	next
}

FILENAME == ARGV[2] {
	words++
	word[words] = $1
	row[words] = $2
	text[words] = ""
	if (NF > 2) {
		text[words] = $0
		sub(/^[^ ]+ [^ ]+ /, "", text[words])
	}
	next
}

# "  18:<tab>f9401fe1 <tab>ldr<tab>x1, [sp, #56]"
/^ *[0-9a-f]+:\t/ {
	split($0, part, "\t")
	line++
	sub(/ +$/, "", part[2])
	if (part[2] != word[line]) {
		print "out of step at word " line ": " part[2] " is not " word[line]
		exit 1
	}
	sub(/ *\/\/.*/, "", part[4])
	sub(/ +$/, "", part[4])
	sub(/ *<.*>/, "", part[4])
	refused = part[3] == ".inst"
	if (row[line] == "-" && !refused && !excepted("objdump", part[3], part[4], part[2]))
		note("objdump alone accepts " part[3], part[2] " (" part[4] ")")
	if (row[line] != "-" && refused && !excepted("we", row[line], "", part[2]))
		note("only the tables accept " row[line], part[2])
	if (row[line] != "-" && !refused && text[line] != "") {
		compared++
		theirs = part[3] (part[4] != "" ? " " part[4] : "")
		if (theirs != text[line] && !excepted("text", row[line], theirs, part[2]))
			note("text of " row[line] ":", part[2] " (objdump: " theirs "; tables: " \
			     text[line] ")")
	}
}

END {
	if (line != words)
		print "objdump shows " line " of " words " words"
	for (key in count)
		print key ", " count[key] " words:" example[key]
	print line + 0, compared + 0 >"/dev/stderr"
}
