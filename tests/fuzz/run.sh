#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# run.sh SECONDS [TARGET...]: each fuzz target by libFuzzer with ASan and UBSan for that long,
# one after the other. Corpora stay in tests/fuzz/corpus of the build directory and grow from run
# to run; an input with a finding is kept beside them.
. "$top_srcdir/tests/lib/tap.sh"

seconds=${1:-${FUZZ_SECONDS:-60}}
shift
dir=$top_builddir/tests/fuzz
mkdir -p "$dir/corpus" && "$top_srcdir/tests/fuzz/seeds.sh" "$dir/seeds" || exit 1
targets=("$@")
if [ $# -eq 0 ]; then
	for program in "$dir"/drive_*; do
		program=${program##*/drive_}
		case $program in *.*) ;; *) targets+=("$program") ;; esac
	done
fi
for target in "${targets[@]}"; do
	if [ ! -x "$dir/fuzz_$target" ]; then
		skip "$target for $seconds s" "no libFuzzer: install clang with its compiler-rt"
		continue
	fi
	mkdir -p "$dir/corpus/$target"
	"$dir/drive_$target" --words >"$dir/$target.dict"
	if nice "$dir/fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
		-rss_limit_mb=1024 -print_final_stats=1 -dict="$dir/$target.dict" \
		-artifact_prefix="$dir/finding-$target-" "$dir/corpus/$target" "$dir/seeds/$target" \
		>"$dir/$target.log" 2>&1; then
		ok "$target for $seconds s: $(awk '/number_of_executed_units/ { print $2 }' \
			"$dir/$target.log") inputs, $(awk '/^#[0-9]+.*cov:/ {
			for (i = 1; i < NF; i++) if ($i == "cov:") c = $(i + 1) } END { print c }' \
			"$dir/$target.log") edges"
	else
		not_ok "$target for $seconds s" "$(tail -n 40 "$dir/$target.log")"
	fi
done
tap_done
