# SPDX-License-Identifier: LGPL-2.1-or-later
# awk -f option-doc.awk options.def xlate-aarch64.1: the manual page with its list of options
# written anew. There it stands between the comments "begin options" and "end options", the
# names of those without effect between "begin ignored" and "end ignored".

# Everything between the quotes of a string, in order: piece[1..n].
function strings(line,   n)
{
	n = 0
	while (match(line, /"([^"\\]|\\.)*"/)) {
		piece[++n] = substr(line, RSTART + 1, RLENGTH - 2)
		line = substr(line, RSTART + RLENGTH)
	}
	return n
}

function finish(   variable)
{
	if (!name)
		return
	variable = own ? "XLATE_" var : "QEMU_" var
	text = text ".It Fl " name
	if (value)
		text = text (own ? " Ns = Ns Ar " : " Ar ") value
	text = text "\n" (doc ? doc : toupper(substr(help, 1, 1)) substr(help, 2) ".") "\n"
	if (var)
		text = text ".Pq Ev " variable "\n"
	name = ""
}

FILENAME ~ /\.def$/ {
	if (/^OPT\(/) {
		finish()
		strings($0)
		own = piece[1] ~ /^--/
		if (/^OPT\(IGNORED/)
			ignored = ignored (ignored ? " , " : "") substr(piece[1], 2)
		name = piece[4] ? substr(piece[1], 2) : ""
		var = piece[2]
		value = piece[3]
		help = piece[4]
		doc = ""
	} else if (/^DOC\(/) {
		strings($0)
		doc = piece[1]
		gsub(/\\n/, "\n", doc)
	}
	next
}

/^\.\\" begin / {
	finish()
	print
	if ($3 == "options")
		printf "%s", text
	else
		print ".Fl " ignored
	skipping = 1
}

/^\.\\" end / { skipping = 0 }

!skipping
