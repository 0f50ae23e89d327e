#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# needs: gcc make git apt-get dpkg-source
# git with many files, its garbage collection and check; Lua built from Debian's source with an
# optimising compiler, and the interpreter that comes out; a package with its own tests.
. "${0%/*}/functions"
git init -q g
cd g
git config user.email a@b
git config user.name a
for d in $(seq 20); do
	mkdir "$d"
	for f in $(seq 50); do
		echo "$d $f $((d * f % 97))" >"$d/$f"
	done
done
git add .
git commit -qm first
for n in $(seq 15); do
	for d in $(seq "$n" 20); do
		echo "change $n" >>"$d/$((n * 3))"
	done
	git commit -qam "change $n"
done
git checkout -q -b other HEAD~5
echo other >>20/50
git commit -qam other
git merge -q -m merged "$(git rev-parse '@{-1}')" >/dev/null
git gc -q --aggressive --prune=now
wanted '' git fsck --full --strict --no-progress
is 'commits' "$(git rev-list --count HEAD)" 18
cd ..
git clone -q g g2
is 'a clone' "$(git -C g2 rev-parse HEAD)" "$(git -C g rev-parse HEAD)"
diff -r -x .git g g2 || fail 'the clone differs'

if ! apt-get indextargets --format '$(TARGET_OF)' | grep -q deb-src; then
	find /etc/apt -name '*.list' -exec sed -n 's/^deb /deb-src /p' {} + >"$work/list"
	cp "$work/list" /etc/apt/sources.list.d/source.list
fi
step 'apt-get update' apt-get -q update
step 'apt-get source' apt-get -q source hello lua5.4
cd hello-*/
export FORCE_UNSAFE_CONFIGURE=1
limit=1800
step 'configure hello' ./configure
step 'make hello' make -j2
step 'make check of hello' make check
grep -q '^# FAIL:  0$' "$log" || fail "make check: $(tail -n 20 "$log")"
[ "$(awk '/^# PASS:/ { print $3 }' "$log")" -ge 4 ] || fail 'make check: too few tests ran'
wanted 'Hello, world!' ./hello
cd ../lua5.4-*/
rm src/luac.c
# As debian/rules does.
echo "#define DEB_HOST_MULTIARCH \"$(gcc -dumpmachine)\"" >src/lua5.4-deb-multiarch.h
step 'gcc -O3, Lua' gcc -O3 -DLUA_USE_LINUX -Wl,-E -o lua src/*.c -lm -ldl
cat >t.lua <<'L'
local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
local t = {}
for i = 1, 100000 do t[i] = (i * 7919) % 10007 end
table.sort(t)
print(fib(22), t[1], t[#t], #string.format("%q", string.rep("x\n", 1000)), math.type(2^53), 7 // 2, -7 % 3, 1e15)
L
wanted '17711	0	10006	3002	float	3	2	1e+15' ./lua t.lua
