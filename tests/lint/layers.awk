# SPDX-License-Identifier: LGPL-2.1-or-later
# Reads layers.tbl, then "FILE:LINE:#include ..." lines; prints each include that the table does
# not allow. DIRS holds the folders that exist, to tell "jit/..." from "common/...".

function below(path, module) {
	return path == module || index(path, module "/") == 1
}

function module_of(path,   m, best) {
	best = ""
	for (m in rows)
		if (below(path, m) && length(m) > length(best))
			best = m
	return best
}

BEGIN {
	n = split(DIRS, list, " ")
	for (i = 1; i <= n; i++)
		exists[list[i]] = 1
}

FNR == NR {
	if ($1 ~ /^#/ || NF == 0)
		next
	rows[$1] = 1
	for (i = 2; i <= NF; i++)
		allowed[$1, ++count[$1]] = $i
	next
}

{
	file = $0
	sub(/:.*/, "", file)
	line = $0
	sub(/^[^:]*:/, "", line)
	sub(/:.*/, "", line)
	header = $0
	sub(/^[^"]*"/, "", header)
	sub(/".*/, "", header)

	from = module_of(file)
	if (from == "")
		next
	folder = file
	sub(/\/[^\/]*$/, "", folder)
	top = header
	if (header !~ /\//)
		path = folder "/" header
	else {
		sub(/\/.*/, "", top)
		path = (top in exists) ? header : "translators/" header
	}
	to = path
	sub(/\/[^\/]*$/, "", to)

	if (header ~ /\.\.\//)
		print file ":" line ": \"" header "\" climbs out of its folder"
	if (path ~ /-internal\.h$/ && to != folder)
		print file ":" line ": " path " is for its own folder only"
	if (module_of(path) == from)
		next
	for (i = 1; i <= count[from]; i++)
		if (below(path, allowed[from, i]))
			next
	print file ":" line ": " from " may not include " path
}
