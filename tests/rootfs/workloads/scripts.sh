#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# needs: ruby php luajit lua5.4 perl
# Ruby, PHP with and without its compiler, LuaJIT with and without, Lua, Perl: the same results.
. "${0%/*}/functions"
cat >a.rb <<'R'
require 'json'
require 'digest'
def fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)
s = (1..200_000).reduce { |a, b| (a * 31 + b) % 1_000_000_007 }
t = 4.times.map { |i| Thread.new { (1..20_000).sum { |x| x * i } } }.map(&:value)
f = Fiber.new { 3.times { |i| Fiber.yield i }; :end }
pid = fork { exit 7 }
Process.wait pid
status = $?.exitstatus
missing = begin
  Process.spawn('/no/such/file')
rescue Errno::ENOENT
  'ENOENT'
end
puts [fib(22), s, t.sum, 4.times.map { f.resume }.join(','), status, missing, (2**200).to_s[0, 12],
      Digest::SHA256.hexdigest('abc')[0, 8], JSON.parse('[1,2.5,"x"]').inspect].join(' ')
GC.start
trap('USR1') { puts 'signal'; exit }
Process.kill('USR1', $$)
sleep
R
wanted '17711 851862047 1200060000 0,1,2,end 7 ENOENT 160693804425 ba7816bf [1, 2.5, "x"]
signal' ruby a.rb
[ "$(ruby --yjit -e 0 2>&1)" ] || wanted '17711 851862047 1200060000 0,1,2,end 7 ENOENT 160693804425 ba7816bf [1, 2.5, "x"]
signal' ruby --yjit a.rb

cat >a.php <<'P'
<?php
function fib(int $n): int { return $n < 2 ? $n : fib($n - 1) + fib($n - 2); }
function mandel(int $w): int {
	$n = 0;
	for ($y = 0; $y < $w; $y++)
		for ($x = 0; $x < $w; $x++) {
			$cr = 3.0 * $x / $w - 2; $ci = 2.0 * $y / $w - 1; $r = $i = 0.0;
			for ($k = 0; $k < 50 && $r * $r + $i * $i < 4; $k++) {
				$t = $r * $r - $i * $i + $cr; $i = 2 * $r * $i + $ci; $r = $t;
			}
			$n += $k;
		}
	return $n;
}
$a = [];
for ($i = 0; $i < 100000; $i++)
	$a["k" . ($i * 7919 % 1000)] = ($a["k" . ($i * 7919 % 1000)] ?? 0) + $i;
ksort($a);
$jit = function_exists('opcache_get_status') ? (opcache_get_status(false)['jit']['on'] ?? false) : false;
if (($argv[1] ?? '') == 'jit' && !$jit)
	echo "no JIT ";
printf("%d %d %s %s %s\n", fib(22), mandel(120), md5(serialize($a)),
	preg_replace_callback('/(\d+)/', fn($m) => $m[1] * 2, "a1b22c333"), json_encode(intdiv(PHP_INT_MAX, 3)));
P
result=$(php a.php)
is php "${result%% *}" 17711
wanted "$result" php -d opcache.enable_cli=1 -d opcache.jit=off a.php
for mode in tracing function 1205; do
	wanted "$result" php -d opcache.enable_cli=1 -d opcache.jit_buffer_size=32M -d "opcache.jit=$mode" a.php jit
done

cat >a.lua <<'L'
local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
local t, s = {}, 0
for i = 1, 200000 do t[i] = (i * 7919) % 10007 end
table.sort(t)
for i = 1, #t, 1000 do s = s + t[i] * i end
local x = 0.5
for _ = 1, 1000000 do x = 3.75 * x * (1 - x) end
local words = {}
for w in ("the quick brown fox"):rep(2000, " "):gmatch("%a+") do words[w] = (words[w] or 0) + 1 end
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
print(fib(24), string.format("%d %.6f %d %d", s, x, words.quick, co() + co() + co()), pcall(error, "e", 0))
L
result=$(lua5.4 a.lua)
is lua "${result%%	*}" 46368
sed -i 's/("the quick brown fox"):rep(2000, " ")/("the quick brown fox "):rep(2000)/' a.lua
wanted "$result" luajit a.lua
wanted "$result" luajit -joff a.lua
wanted "$result" luajit -O1 a.lua
cat >ffi.lua <<'L'
local ffi = require 'ffi'
ffi.cdef [[
	typedef int (*compare)(const int *, const int *);
	void qsort(int *, size_t, size_t, compare);
	struct p { double x; int n; };
]]
local v = ffi.new('int[?]', 1000)
for i = 0, 999 do v[i] = (i * 7919) % 1000 end
local f = ffi.cast('compare', function(a, b) return a[0] - b[0] end)
for _ = 1, 20 do ffi.C.qsort(v, 1000, 4, f) end
for i = 0, 999 do assert(v[i] == i) end
f:free()
local p, s = ffi.new('struct p[100]'), 0
for k = 1, 1000 do for i = 0, 99 do p[i].x = p[i].x + i; p[i].n = k end end
for i = 0, 99 do s = s + p[i].x + p[i].n end
print(s)
L
wanted 5050000 luajit ffi.lua

cat >a.pl <<'P'
use strict;
use warnings;
use POSIX qw(:sys_wait_h);
my %h;
$h{$_ * 7919 % 1009} .= chr(97 + $_ % 26) for 1 .. 50000;
my $s = join '', map { substr $h{$_}, 0, 1 } sort { $a <=> $b } keys %h;
$s =~ s/(.)(.)/$2$1/g;
my ($got, @pids) = (0);
local $SIG{ALRM} = sub { $got++ };
alarm 1;
for my $i (1 .. 5) {
	my $pid = fork // die;
	exit $i if !$pid;
	push @pids, $pid;
}
my $sum = 0;
for (@pids) { waitpid $_, 0; $sum += WEXITSTATUS($?) }
select undef, undef, undef, 3;
print length $s, ' ', unpack('%32C*', $s), " $sum $got ", system('/no/such/file'), "\n";
P
result=$(perl a.pl 2>/dev/null)
is perl "${result% *}" '1009 110454 15 1'
