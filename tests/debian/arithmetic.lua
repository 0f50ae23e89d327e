-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Computations of every kind that Lua has, printed so that each bit shows.
local function hex(x) return string.format("%a", x) end

local state = 88172645463325252
local function random()
	state = state ~ (state << 13)
	state = state ~ (state >> 7)
	state = state ~ (state << 17)
	return state
end
local function double()
	return string.unpack("<d", string.pack("<i8", random()))
end

-- Arithmetic on doubles of all sizes, and their conversions.
local sum = 0
for i = 1, 20000 do
	local a, b = double(), double()
	for _, r in ipairs { a + b, a - b, a * b, a / b, a % b, a // b, -a, math.abs(a),
		math.fmod(a, b), math.max(a, b), math.min(a, b), (a < 0 and -a or a) ^ 0.5 } do
		local bits = r ~= r and 0 or string.unpack("<i8", string.pack("<d", r))
		sum = (sum * 31 + bits) & 0x7fffffffffffffff
	end
	local s = string.format("%.17g", a)
	if a == a then assert(tonumber(s) == a, s) end
	sum = (sum * 31 + (math.tointeger(a) or 7) + (a < b and 1 or 0) + (a == b and 2 or 0)) &
		0x7fffffffffffffff
	if i % 1000 == 0 then print(i, sum, s, hex(a)) end
end

-- Integers.
local n = 0
for _ = 1, 20000 do
	local a, b, c = random(), random(), random() & 127
	n = n ~ (a * b) ~ (a // (b | 1)) ~ (a % (b | 1)) ~ (a << c) ~ (a >> c) ~ (a & b) ~ (~a)
	n = n + (math.ult(a, b) and 1 or 0) + math.tointeger(a // 3) + (a < b and 5 or 0)
end
print("integers", n, string.format("%x", n))

-- Rounding and text.
for _, x in ipairs { 0.5, 1.5, -0.5, 2^53, 2^63, -2^63, 1e308 * 10, -1e308 * 10, 0.1, 1 / 3,
	5e-324, 2.2250738585072011e-308, 123456789012345678, 1e15, 1e16, 1e17, 1e100 } do
	print(x, hex(x), math.floor(x), math.ceil(x), math.type(math.floor(x)),
		string.format("%.3f %10.4e %g %i", x, x, x, math.tointeger(x // 1) or -1))
end
print(0 / 0 ~= 0 / 0, 1 / 0, -1 / 0, math.huge // 1, 5.3 % math.huge, -5.3 % math.huge)
print(math.sqrt(2), math.pi, hex(math.sqrt(2)), 7 // 2, -7 // 2, 7 % -3, -7 % 3, 7.5 // 2, 2^0.5)

-- A spectral norm, an n-body system and a Mandelbrot set, after the usual formulas.
local function a(i, j) return 1 / ((i + j) * (i + j + 1) / 2 + i + 1) end
local u, v = {}, {}
for i = 0, 59 do u[i] = 1 end
local function times(from, to, f)
	for i = 0, 59 do
		local t = 0
		for j = 0, 59 do t = t + f(i, j) * from[j] end
		to[i] = t
	end
end
for _ = 1, 8 do
	local w = {}
	times(u, w, a)
	times(w, v, function(i, j) return a(j, i) end)
	times(v, w, a)
	times(w, u, function(i, j) return a(j, i) end)
end
local uv, vv = 0, 0
for i = 0, 59 do uv, vv = uv + u[i] * v[i], vv + v[i] * v[i] end
print("norm", hex(math.sqrt(uv / vv)))

local bodies = {}
for i = 1, 5 do
	bodies[i] = { x = i * 1.3, y = i * i * 0.7 - 2, z = 3 - i, vx = 0.01 * i, vy = -0.02 * i,
		vz = 0.005, m = 10 / i }
end
for _ = 1, 3000 do
	for i = 1, 5 do
		for j = i + 1, 5 do
			local p, q = bodies[i], bodies[j]
			local dx, dy, dz = p.x - q.x, p.y - q.y, p.z - q.z
			local d = dx * dx + dy * dy + dz * dz
			local m = 0.001 / (d * math.sqrt(d))
			p.vx, p.vy, p.vz = p.vx - dx * q.m * m, p.vy - dy * q.m * m, p.vz - dz * q.m * m
			q.vx, q.vy, q.vz = q.vx + dx * p.m * m, q.vy + dy * p.m * m, q.vz + dz * p.m * m
		end
	end
	for _, p in ipairs(bodies) do
		p.x, p.y, p.z = p.x + 0.001 * p.vx, p.y + 0.001 * p.vy, p.z + 0.001 * p.vz
	end
end
for i, p in ipairs(bodies) do print("body", i, hex(p.x), hex(p.y), hex(p.z)) end

for y = 0, 23 do
	local line = {}
	for x = 0, 63 do
		local cr, ci, zr, zi, k = x / 24 - 2, y / 12 - 1, 0, 0, 0
		while k < 60 and zr * zr + zi * zi < 4 do
			zr, zi, k = zr * zr - zi * zi + cr, 2 * zr * zi + ci, k + 1
		end
		line[#line + 1] = string.char(32 + k)
	end
	print(table.concat(line))
end

-- Tables, closures, coroutines, strings, collection of garbage.
local words, count = {}, {}
for i = 1, 30000 do
	local w = "w" .. (random() & 1023)
	count[w] = (count[w] or 0) + 1
	words[#words + 1] = w
end
table.sort(words)
local keys = {}
for k in pairs(count) do keys[#keys + 1] = k end
table.sort(keys, function(p, q)
	return count[p] > count[q] or count[p] == count[q] and p < q
end)
for i = 1, 20 do print(keys[i], count[keys[i]]) end
print(#words, words[1], words[#words], #keys)

local function generate(m)
	return coroutine.wrap(function()
		for i = 1, m do coroutine.yield(i * i) end
	end)
end
local total = 0
for s in generate(5000) do total = total + s end
print("coroutines", total)

local text = ("The quick brown fox jumps over the lazy dog. "):rep(500)
print(text:gsub("%w+", function(w) return w:reverse():upper() end):sub(1, 60))
print(select(2, text:gsub("o", "0")), text:find("lazy", 9000, true), #text:rep(10))
print(string.pack(">i3 s2 z <d f", -77, "abc", "zero", 1.25, 0.1):byte(1, -1))
print(pcall(error, { 1 }), select(2, pcall(function() return 1 // 0 end)))
print(select(2, pcall(function() return nil + 1 end)))
local function deep(i) return i == 0 and 0 or 1 + deep(i - 1) end
print(deep(10000), pcall(function() local function f() return f() + 1 end return f() end))
local weak = setmetatable({}, { __mode = "k" })
for _ = 1, 1000 do weak[{}] = ("x"):rep(100) end
collectgarbage() collectgarbage()
print("weak", next(weak))
for _ = 1, 20 do
	local t = {}
	for i = 1, 5000 do t[i] = { i, tostring(i) } end
end
print(collectgarbage("count") < 100000, utf8.char(228, 8364, 128512), utf8.len("äö€"))
