# SPDX-License-Identifier: LGPL-2.1-or-later
# awk -f ir-doc.awk ops.def... ir.md: the page with its tables of ops written anew. In the page
# they stand between a line "<!-- begin NAME -->", NAME the file's, and a line "<!-- end -->".

FILENAME !~ /\.md$/ {
	name = FILENAME
	sub(/.*\//, "", name)
	if (/^\/\* [^*]* \*\/$/ && !/SPDX/) {
		heading = $0
		gsub(/^\/\* | \*\/$/, "", heading)
		table[name] = table[name] "\n### " toupper(substr(heading, 1, 1)) \
			substr(heading, 2) "\n\n| op | operands | attributes | meaning |\n|---|---|---|---|\n"
	}
	if (/^OP\(/) {
		match($0, /"[^"]*"/)
		meaning = substr($0, RSTART + 1, RLENGTH - 2)
		gsub(/\|/, "\\|", meaning)
		head = substr($0, 4, RSTART - 4)
		gsub(/ /, "", head)
		split(head, column, ",")
		operands = ""
		for (n = 2; n <= 5; n++)
			if (column[n] != "_")
				operands = operands (operands ? ", " : "") \
					substr("dabc", n - 1, 1) ":" column[n]
		attributes = column[6] == "0" ? "" : column[6]
		gsub(/IR_A_/, "", attributes)
		gsub(/\|/, " ", attributes)
		table[name] = table[name] "| `" tolower(column[1]) "` | " operands " | " \
			tolower(attributes) " | " meaning " |\n"
	}
	next
}

/^<!-- begin / {
	print
	printf "%s\n", table[$3]
	skipping = 1
}

/^<!-- end -->/ { skipping = 0 }

!skipping
