/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AES-128 and AES-256 with a computed S-box, in counter and chained mode, both directions.
 * levels: O3
 */
#include "guest.h"

static u8 sbox[256], inverse[256];

static u8 twice(u8 v)
{
	return v << 1 ^ (v & 0x80 ? 0x1b : 0);
}

static u8 times(u8 a, u8 b)
{
	u8 r = 0;

	for (; b; b >>= 1, a = twice(a))
		if (b & 1)
			r ^= a;
	return r;
}

static void make_sbox(void)
{
	for (int i = 0; i < 256; i++) {
		u8 v = 0;
		for (int j = 1; j < 256 && i; j++)
			if (times(i, j) == 1)
				v = j;
		u8 s = v;
		for (int j = 1; j < 5; j++)
			s ^= (u8)(v << j | v >> (8 - j));
		sbox[i] = s ^ 0x63;
		inverse[sbox[i]] = i;
	}
}

struct key {
	int rounds;
	u8 k[15][16];
};

static void expand(struct key *key, const u8 *k, int words)
{
	u8 *w = key->k[0], r = 1;

	key->rounds = words + 6;
	memcpy(w, k, words * 4);
	for (int i = words; i < 4 * (key->rounds + 1); i++) {
		u8 t[4];
		memcpy(t, w + 4 * i - 4, 4);
		if (i % words == 0) {
			u8 first = t[0];
			t[0] = sbox[t[1]] ^ r, t[1] = sbox[t[2]], t[2] = sbox[t[3]],
			t[3] = sbox[first];
			r = twice(r);
		} else if (words > 6 && i % words == 4) {
			for (int j = 0; j < 4; j++)
				t[j] = sbox[t[j]];
		}
		for (int j = 0; j < 4; j++)
			w[4 * i + j] = w[4 * (i - words) + j] ^ t[j];
	}
}

static void add_key(u8 *s, const u8 *k)
{
	for (int i = 0; i < 16; i++)
		s[i] ^= k[i];
}

static void encrypt(const struct key *key, u8 *s)
{
	u8 t[16];

	add_key(s, key->k[0]);
	for (int r = 1; r <= key->rounds; r++) {
		for (int i = 0; i < 16; i++)
			t[i] = sbox[s[(i + 4 * (i % 4)) % 16]];
		for (int c = 0; c < 16; c += 4)
			for (int i = 0; i < 4; i++)
				s[c + i] =
					r == key->rounds
						? t[c + i]
						: twice(t[c + i]) ^
							  times(t[c + (i + 1) % 4], 3) ^
							  t[c + (i + 2) % 4] ^
							  t[c + (i + 3) % 4];
		add_key(s, key->k[r]);
	}
}

static void decrypt(const struct key *key, u8 *s)
{
	u8 t[16];

	for (int r = key->rounds; r >= 1; r--) {
		add_key(s, key->k[r]);
		for (int c = 0; c < 16; c += 4)
			for (int i = 0; i < 4; i++)
				t[c + i] =
					r == key->rounds
						? s[c + i]
						: times(s[c + i], 14) ^
							  times(s[c + (i + 1) % 4], 11) ^
							  times(s[c + (i + 2) % 4], 13) ^
							  times(s[c + (i + 3) % 4], 9);
		for (int i = 0; i < 16; i++)
			s[(i + 4 * (i % 4)) % 16] = inverse[t[i]];
	}
	add_key(s, key->k[0]);
}

static void print_block(const u8 *s)
{
	for (int i = 0; i < 16; i++)
		printf("%02x", s[i]);
	putchar('\n');
}

int main(void)
{
	struct key key;
	u8 k[32], s[16], chain[16] = {0};

	make_sbox();
	for (int i = 0; i < 32; i++)
		k[i] = i;
	for (int words = 4; words <= 8; words += 4) {
		expand(&key, k, words);
		for (int i = 0; i < 16; i++)
			s[i] = i * 0x11;
		encrypt(&key, s);
		print_block(s);
		decrypt(&key, s);
		print_block(s);
		for (int i = 0; i < 300; i++) {
			add_key(chain, s);
			encrypt(&key, chain);
			s[i % 16] ^= chain[(i * 7) % 16];
		}
		print_block(chain);
	}
	return 0;
}
