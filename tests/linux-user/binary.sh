#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The translator as a file: self-contained, hardened, small at rest.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/linux-user/guest.sh"
command -v readelf >/dev/null || skip_all "no readelf"

is "no interpreter" "$(readelf -lW "$x" | grep -c INTERP)" 0
is "position-independent" "$(readelf -hW "$x" | grep -c 'DYN')" 1
is "no library" "$(readelf -dW "$x" | grep -c NEEDED)" 0
is "nothing undefined" "$(nm -u "$x" 2>/dev/null | wc -l)" 0
is "only relative relocations" "$(readelf -rW "$x" | awk '$3 ~ /^R_X86/ && $3 != "R_X86_64_RELATIVE"')" ""
is "the stack is not executable" "$(readelf -lW "$x" | grep GNU_STACK | grep -c 'RWE')" 0
is "no segment is writable and executable" "$(readelf -lW "$x" | grep LOAD | grep -c 'RWE')" 0
is "no thread-local storage" "$(readelf -lW "$x" | grep -c ' TLS ')" 0

[ -n "$AARCH64_CC" ] || { skip "memory of an empty program" "no arm64 compiler"; tap_done; }
guest_cc empty <<'EOF'
int main(void) { return 0; }
EOF
kb=$(XLATE_DEBUG=stats "$x" "$tmp/empty" 2>&1 | awk '$1 == "anon_kb" { print $2 }')
if [ "${kb:-0}" -gt 0 ] && [ "$kb" -lt 1024 ]; then
	ok "under 1 MB of anonymous memory for an empty program"
else
	not_ok "under 1 MB of anonymous memory for an empty program" "anon_kb $kb"
fi
tap_done
