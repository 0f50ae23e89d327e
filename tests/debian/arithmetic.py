# SPDX-License-Identifier: LGPL-2.1-or-later
"""Results of arithmetic in Python, printed so that every bit shows."""
import decimal
import fractions
import hashlib
import math
import random
import struct
import zlib

rng = random.Random(20261128)


def double():
    """A double with random bits, or one of the special ones."""
    if rng.random() < 0.1:
        return rng.choice([0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 5e-324,
                           2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 2.0 ** 53])
    return struct.unpack('<d', rng.randbytes(8))[0]


def bits(x):
    """A number as text; the sign and payload of a NaN are the processor's."""
    if isinstance(x, float):
        return 'nan' if x != x else x.hex()
    return repr(x)


def attempt(function, *arguments):
    try:
        return bits(function(*arguments))
    except (ArithmeticError, ValueError) as error:
        return type(error).__name__


OPERATIONS = [
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b,
    lambda a, b: a % b, lambda a, b: a // b, lambda a, b: math.fmod(a, b),
    lambda a, b: math.remainder(a, b), lambda a, b: math.copysign(a, b),
    lambda a, b: math.nextafter(a, b), lambda a, b: math.sqrt(abs(a)), lambda a, b: math.floor(a),
    lambda a, b: math.ceil(b), lambda a, b: math.trunc(a), lambda a, b: round(a, 3),
    lambda a, b: math.frexp(a)[0], lambda a, b: math.ulp(a), lambda a, b: math.fsum([a, b, -a]),
    lambda a, b: math.ldexp(a, int(rng.random() * 100) - 50), lambda a, b: hash(a if a == a else 7),
    lambda a, b: float(repr(a)), lambda a, b: struct.pack('<f', a), lambda a, b: (a < b, a == b),
    lambda a, b: struct.pack('<e', a / 2.0 ** 900), lambda a, b: '%.3e %g %r' % (a, b, a),
    lambda a, b: complex(a, b) * complex(b, a) != 0, lambda a, b: a.as_integer_ratio(),
]
for number, operation in enumerate(OPERATIONS):
    digest = hashlib.sha256()
    for _ in range(1500):
        digest.update(attempt(operation, double(), double()).encode())
    print('operation', number, digest.hexdigest())

# Every half, and what it becomes on the way back.
halves = hashlib.sha256()
for n in range(65536):
    x = struct.unpack('<e', struct.pack('<H', n))[0]
    halves.update(bits(x).encode())
    if x == x:
        assert struct.pack('<e', x) == struct.pack('<H', n), n
print('halves', halves.hexdigest())

# Integers of many digits.
for size in (1, 10, 100, 1000, 5000):
    a, b = rng.getrandbits(size * 8) | 1, rng.getrandbits(size * 5) | 1
    values = [a * b, a // b, a % b, a ** 3, math.isqrt(a), math.gcd(a, b), pow(a, b % 1000, b),
              a << 77, a >> 13, a ^ b, a & b, -a // b, -a % b, pow(b, -1, a) if
              math.gcd(a, b) == 1 else 0, a.bit_count(), int(str(a % 10 ** 4000))]
    print('integers', size, [zlib.crc32(hex(v).encode()) for v in values])

# The decimal module in C, and fractions.
decimal.getcontext().prec = 60
x = decimal.Decimal(2)
print(x.sqrt(), x.ln(), x.exp(), x ** decimal.Decimal('0.1'), decimal.Decimal(1) / 7)
third = fractions.Fraction(1, 3)
print(sum((third ** n for n in range(50)), fractions.Fraction(0)))

# Random numbers, shuffles, checksums.
print(rng.random().hex(), rng.getrandbits(200), rng.sample(range(1000), 10))
data = rng.randbytes(100000)
print(zlib.crc32(data), zlib.adler32(data), len(zlib.compress(data[:50] * 1000)))
for name in ('md5', 'sha1', 'sha512', 'sha3_256', 'blake2b', 'blake2s', 'shake_128'):
    digest = hashlib.new(name, data)
    print(name, digest.hexdigest(16) if name.startswith('shake') else digest.hexdigest())

# Text to double and back: the shortest form, and many digits.
text = hashlib.sha256()
for _ in range(3000):
    digits = str(rng.getrandbits(rng.randrange(1, 200)))
    literal = '%s.%se%d' % (digits[:5], digits[5:], rng.randrange(-330, 310))
    text.update(bits(float(literal)).encode())
print('literals', text.hexdigest())
