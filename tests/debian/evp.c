/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every digest, cipher, AEAD and MAC of libcrypto over many sizes, alignments and ways to cut the
 * input, one line with a checksum of all results for each; then keys, derivation and big numbers.
 *
 *   evp [NAME]      only this algorithm, with a line for each size
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIZE = 20000, MAX_NAMES = 400 };

static unsigned char plain[MAX_SIZE + 64], cipher[MAX_SIZE + 256], back[MAX_SIZE + 256];
static unsigned char key[128], iv[32], aad[300];
static const char *only;
static int failures;

static uint64_t random_state;

static uint64_t random_word(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void random_bytes(unsigned char *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = (unsigned char)(random_word() >> 24);
}

/* FNV-1a: computed without anything that is under test. */
static uint64_t mix(uint64_t sum, const unsigned char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ data[i]) * 0x100000001b3;
	return sum;
}

static const uint64_t mix_start = 0xcbf29ce484222325;

static void line(const char *kind, const char *name, uint64_t sum)
{
	printf("%s %s %016llx\n", kind, name, (unsigned long long)sum);
}

static void failed(const char *kind, const char *name, int size)
{
	printf("%s %s FAILED at size %d\n", kind, name, size);
	failures++;
}

/* All small sizes, then those around powers of two. */
static int next_size(int size)
{
	int power;

	if (size < 130)
		return size + 1;
	for (power = 256; power + 1 <= size; power *= 2)
		;
	if (size < power - 1)
		return power - 1;
	return size + 1;
}

#define FOR_SIZES(size) for (int size = 0; size <= 16385; size = next_size(size))

/* Names are collected first, since the order of providers' tables is not that of names. */
static const char *names[MAX_NAMES];
static int name_count;

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_name(const char *name)
{
	if (name_count < MAX_NAMES && (!only || !strcmp(only, name)))
		names[name_count++] = strdup(name);
}

static void add_digest(EVP_MD *md, void *context)
{
	(void)context;
	add_name(EVP_MD_get0_name(md));
}

static void add_cipher(EVP_CIPHER *c, void *context)
{
	(void)context;
	/*
	 * Left out: what is stitched with a MAC for old TLS, since x86 has more of them; and what
	 * draws its own random vector.
	 */
	if (!strstr(EVP_CIPHER_get0_name(c), "HMAC") &&
	    strcmp(EVP_CIPHER_get0_name(c), "DES3-WRAP"))
		add_name(EVP_CIPHER_get0_name(c));
}

static void digest(const char *name)
{
	EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint64_t sum = mix_start;
	unsigned char out[EVP_MAX_MD_SIZE], again[EVP_MAX_MD_SIZE];

	FOR_SIZES(size)
	{
		const unsigned char *from = plain + size % 17;
		unsigned len = 0, len2 = 0;
		int done = 0;

		if (!EVP_Digest(from, size, out, &len, md, NULL)) {
			failed("digest", name, size);
			break;
		}
		EVP_DigestInit_ex(ctx, md, NULL);
		while (done < size) {
			int part = 1 + random_word() % 333;

			if (part > size - done)
				part = size - done;
			EVP_DigestUpdate(ctx, from + done, part);
			done += part;
		}
		EVP_DigestFinal_ex(ctx, again, &len2);
		if (len != len2 || memcmp(out, again, len))
			failed("digest", name, size);
		sum = mix(sum, out, len);
		if (only)
			printf("%d %016llx\n", size, (unsigned long long)sum);
	}
	line("digest", name, sum);
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
}

static int is_aead(const EVP_CIPHER *c)
{
	return (EVP_CIPHER_get_flags(c) & EVP_CIPH_FLAG_AEAD_CIPHER) != 0;
}

/* One way through a cipher. Returns the output's length or -1. */
static int crypt(EVP_CIPHER *c, int encrypt, const unsigned char *in, int len,
		 unsigned char *out, unsigned char tag[16], int aad_len, int whole)
{
	int mode = EVP_CIPHER_get_mode(c), total = 0, n = 0, done = 0, ok = 1;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	ok = EVP_CipherInit_ex(ctx, c, NULL, NULL, NULL, encrypt);
	if (ok && mode == EVP_CIPH_CCM_MODE)
		ok = EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, 12,
					 encrypt ? NULL : tag);
	else if (ok && is_aead(c) && !encrypt)
		ok = EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, 16, tag);
	ok = ok && EVP_CipherInit_ex(ctx, NULL, NULL, key, iv, encrypt);
	if (ok && is_aead(c) && mode == EVP_CIPH_CCM_MODE)
		ok = EVP_CipherUpdate(ctx, NULL, &n, NULL, len);
	if (ok && is_aead(c) && aad_len)
		ok = EVP_CipherUpdate(ctx, NULL, &n, aad, aad_len);
	do {
		int part = whole ? len : 1 + (int)(random_word() % 333);

		if (part > len - done)
			part = len - done;
		if (!ok || (part == 0 && mode != EVP_CIPH_CCM_MODE))
			break;
		ok = EVP_CipherUpdate(ctx, out + total, &n, in + done, part);
		total += ok ? n : 0;
		done += part;
	} while (done < len);
	/* Decryption of CCM is whole after the one update. */
	if (ok && !(mode == EVP_CIPH_CCM_MODE && !encrypt)) {
		ok = EVP_CipherFinal_ex(ctx, out + total, &n);
		total += ok ? n : 0;
	}
	if (ok && is_aead(c) && encrypt)
		ok = EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG,
					 mode == EVP_CIPH_CCM_MODE ? 12 : 16, tag);
	EVP_CIPHER_CTX_free(ctx);
	return ok ? total : -1;
}

static void cipher_all(const char *name)
{
	EVP_CIPHER *c = EVP_CIPHER_fetch(NULL, name, NULL);
	int mode = EVP_CIPHER_get_mode(c), used = 0;
	uint64_t sum = mix_start;
	/* Those that take all of a message in one call. */
	int whole = mode == EVP_CIPH_CCM_MODE || mode == EVP_CIPH_XTS_MODE ||
		    mode == EVP_CIPH_WRAP_MODE || mode == EVP_CIPH_SIV_MODE ||
		    strstr(name, "CTS") != NULL;

	FOR_SIZES(size)
	{
		const unsigned char *from = plain + size % 17;
		unsigned char tag[16] = {0}, tag2[16] = {0};
		int aad_len = size % (int)sizeof(aad), len, len2;

		/* What the mode does not take: too short, or not whole blocks. */
		if ((mode == EVP_CIPH_XTS_MODE || strstr(name, "CTS")) && size < 16)
			continue;
		if (mode == EVP_CIPH_WRAP_MODE && !strstr(name, "PAD") &&
		    !strstr(name, "INV") && (size % 8 || size < 16))
			continue;
		if (mode == EVP_CIPH_WRAP_MODE && (size < 16 || size % 8))
			continue;
		if (mode == EVP_CIPH_SIV_MODE && size == 0)
			continue;
		len = crypt(c, 1, from, size, cipher, tag, aad_len, 1);
		if (len < 0) {
			failed("cipher", name, size);
			break;
		}
		sum = mix(mix(sum, cipher, len), tag, 16);
		len2 = crypt(c, 0, cipher, len, back, tag, aad_len, whole);
		if (len2 != size || memcmp(back, from, size))
			failed("decrypt", name, size);
		if (!whole) {
			len2 = crypt(c, 1, from, size, back, tag2, aad_len, 0);
			if (len2 != len || memcmp(back, cipher, len) ||
			    memcmp(tag, tag2, 16))
				failed("parts", name, size);
		}
		if (is_aead(c) && size) {
			cipher[random_word() % len] ^= 4;
			if (crypt(c, 0, cipher, len, back, tag, aad_len, 1) >= 0)
				failed("forgery", name, size);
		}
		used++;
		if (only)
			printf("%d %016llx\n", size, (unsigned long long)sum);
	}
	printf("%d sizes, ", used);
	line("cipher", name, sum);
	EVP_CIPHER_free(c);
}

static void mac(const char *name, const char *sub, const char *what, int key_len)
{
	OSSL_PARAM params[2] = {OSSL_PARAM_END, OSSL_PARAM_END};
	uint64_t sum = mix_start;
	unsigned char out[256];
	size_t len;

	if (only && strcmp(only, name))
		return;
	if (!strcmp(name, "GMAC"))
		params[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_IV, iv, 12);
	FOR_SIZES(size)
	{
		if (!EVP_Q_mac(NULL, name, NULL, sub, params, key, key_len,
			       plain + size % 17, size, out, sizeof(out), &len)) {
			failed("mac", name, size);
			break;
		}
		sum = mix(sum, out, len);
	}
	line(name, what, sum);
}

static void raw_keys(void)
{
	static const struct {
		const char *name;
		int id, size, sign;
	} types[] = {
		{"X25519", EVP_PKEY_X25519, 32, 0},
		{"X448", EVP_PKEY_X448, 56, 0},
		{"Ed25519", EVP_PKEY_ED25519, 32, 1},
		{"Ed448", EVP_PKEY_ED448, 57, 1},
	};

	for (size_t t = 0; t < sizeof(types) / sizeof(*types); t++) {
		uint64_t sum = mix_start;

		for (int round = 0; round < 20; round++) {
			unsigned char secret[2][64], out[256], public[64];
			size_t len = sizeof(out), public_len = sizeof(public);
			EVP_PKEY *pair[2];

			for (int i = 0; i < 2; i++) {
				random_bytes(secret[i], sizeof(secret[i]));
				pair[i] = EVP_PKEY_new_raw_private_key(
					types[t].id, NULL, secret[i], types[t].size);
			}
			EVP_PKEY_get_raw_public_key(pair[0], public, &public_len);
			sum = mix(sum, public, public_len);
			if (types[t].sign) {
				EVP_MD_CTX *ctx = EVP_MD_CTX_new();

				if (!EVP_DigestSignInit(ctx, NULL, NULL, NULL, pair[0]) ||
				    !EVP_DigestSign(ctx, out, &len, plain, 50 * round))
					failed("sign", types[t].name, round);
				sum = mix(sum, out, len);
				EVP_MD_CTX_free(ctx);
				ctx = EVP_MD_CTX_new();
				if (!EVP_DigestVerifyInit(ctx, NULL, NULL, NULL,
							  pair[0]) ||
				    EVP_DigestVerify(ctx, out, len, plain, 50 * round) !=
					    1)
					failed("verify", types[t].name, round);
				out[3] ^= 1;
				if (EVP_DigestVerify(ctx, out, len, plain, 50 * round) ==
				    1)
					failed("forgery", types[t].name, round);
				EVP_MD_CTX_free(ctx);
			} else {
				EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pair[0], NULL);

				if (EVP_PKEY_derive_init(ctx) <= 0 ||
				    EVP_PKEY_derive_set_peer(ctx, pair[1]) <= 0 ||
				    EVP_PKEY_derive(ctx, out, &len) <= 0)
					failed("derive", types[t].name, round);
				sum = mix(sum, out, len);
				EVP_PKEY_CTX_free(ctx);
			}
			EVP_PKEY_free(pair[0]);
			EVP_PKEY_free(pair[1]);
		}
		line("key", types[t].name, sum);
	}
}

/* Products with a point's coordinates, for every named curve. */
static void curves(void)
{
	static EC_builtin_curve list[200];
	size_t count = EC_get_builtin_curves(list, 200);

	for (size_t i = 0; i < count; i++) {
		EC_GROUP *group = EC_GROUP_new_by_curve_name(list[i].nid);
		EC_POINT *point = EC_POINT_new(group);
		BIGNUM *k = BN_new();
		unsigned char bytes[80], out[256];
		uint64_t sum = mix_start;
		size_t len;

		for (int round = 0; round < 4; round++) {
			random_bytes(bytes, sizeof(bytes));
			BN_bin2bn(bytes, BN_num_bytes(EC_GROUP_get0_order(group)), k);
			if (!EC_POINT_mul(group, point, round % 2 ? k : NULL,
					  round % 2 ? NULL
						    : EC_GROUP_get0_generator(group),
					  round % 2 ? NULL : k, NULL))
				failed("curve", OBJ_nid2sn(list[i].nid), round);
			len = EC_POINT_point2oct(group, point,
						 POINT_CONVERSION_UNCOMPRESSED, out,
						 sizeof(out), NULL);
			sum = mix(sum, out, len);
		}
		line("curve", OBJ_nid2sn(list[i].nid), sum);
		BN_free(k);
		EC_POINT_free(point);
		EC_GROUP_free(group);
	}
}

static void numbers(void)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *a = BN_new(), *b = BN_new(), *m = BN_new(), *r = BN_new(), *q = BN_new();
	static unsigned char bytes[1024];

	for (int size = 8; size <= 512; size *= 2) {
		uint64_t sum = mix_start;

		for (int round = 0; round < 6; round++) {
			random_bytes(bytes, sizeof(bytes));
			BN_bin2bn(bytes, size, a);
			BN_bin2bn(bytes + 100, size - round, b);
			BN_bin2bn(bytes + 300, size, m);
			BN_set_bit(m, 0);
			BN_mod_exp(r, a, b, m, ctx);
			sum = mix(sum, bytes, BN_bn2bin(r, bytes));
			BN_set_flags(b, BN_FLG_CONSTTIME);
			BN_mod_exp(r, a, b, m, ctx);
			sum = mix(sum, bytes, BN_bn2bin(r, bytes));
			BN_mul(r, a, b, ctx);
			BN_add(r, r, m);
			BN_div(q, r, r, b, ctx);
			sum = mix(sum, bytes, BN_bn2bin(q, bytes));
			sum = mix(sum, bytes, BN_bn2bin(r, bytes));
			if (BN_mod_inverse(r, a, m, ctx))
				sum = mix(sum, bytes, BN_bn2bin(r, bytes));
			BN_gcd(r, a, b, ctx);
			sum = mix(sum, bytes, BN_bn2bin(r, bytes));
		}
		printf("numbers of %d bytes %016llx\n", size, (unsigned long long)sum);
	}
}

static void derivation(void)
{
	static const char *const digests[] = {"SHA1", "SHA256", "SHA512", "SHA3-256"};
	unsigned char out[100];

	for (int i = 0; i < 4; i++) {
		EVP_MD *md = EVP_MD_fetch(NULL, digests[i], NULL);

		PKCS5_PBKDF2_HMAC("password", -1, iv, 16, 1000, md, sizeof(out), out);
		line("PBKDF2", digests[i], mix(mix_start, out, sizeof(out)));
		EVP_MD_free(md);
	}
	EVP_PBE_scrypt("password", 8, iv, 16, 1024, 8, 2, 0, out, sizeof(out));
	line("scrypt", "1024", mix(mix_start, out, sizeof(out)));
}

int main(int argc, char **argv)
{
	only = argc > 1 ? argv[1] : NULL;
	OSSL_PROVIDER_load(NULL, "default");
	random_state = 20261128;
	random_bytes(plain, sizeof(plain));
	random_bytes(key, sizeof(key));
	random_bytes(iv, sizeof(iv));
	random_bytes(aad, sizeof(aad));

	EVP_MD_do_all_provided(NULL, add_digest, NULL);
	qsort(names, name_count, sizeof(*names), compare_names);
	for (int i = 0; i < name_count; i++)
		digest(names[i]);
	name_count = 0;
	EVP_CIPHER_do_all_provided(NULL, add_cipher, NULL);
	qsort(names, name_count, sizeof(*names), compare_names);
	for (int i = 0; i < name_count; i++)
		cipher_all(names[i]);
	mac("HMAC", "SHA1", "SHA1", 20);
	mac("HMAC", "SHA256", "SHA256", 100);
	mac("HMAC", "SHA512", "SHA512", 64);
	mac("CMAC", "AES-128-CBC", "AES-128", 16);
	mac("CMAC", "AES-256-CBC", "AES-256", 32);
	mac("GMAC", "AES-256-GCM", "AES-256", 32);
	mac("KMAC-128", NULL, "32", 32);
	mac("KMAC-256", NULL, "32", 32);
	mac("POLY1305", NULL, "32", 32);
	mac("SIPHASH", NULL, "16", 16);
	mac("BLAKE2BMAC", NULL, "32", 32);
	mac("BLAKE2SMAC", NULL, "32", 32);
	if (only)
		return failures != 0;
	raw_keys();
	curves();
	numbers();
	derivation();
	return failures != 0;
}
