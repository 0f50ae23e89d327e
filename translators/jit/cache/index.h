/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the engine knows about the code it made: regions, blocks, link sites, fault maps,
 * and two hash tables (block by guest pc, regions by guest page). tags: jit/cache - index
 *
 * Records live in arrays that only grow until index_reset(). Writers hold the engine's
 * lock; index_find() may run without it: an entry is published after its record is
 * complete, and a record is never changed back to another address before the next reset.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INDEX_NONE 0xffffffffu

struct index_region {
	uint64_t page;	     /* guest page */
	uint32_t hot, hot_end; /* offsets in the code memory */
	uint32_t block, nblocks;
	uint32_t pcmap, npcmap;
	uint32_t next;	     /* region of the same page, INDEX_NONE */
	bool dead;
};

struct index_block {
	uint64_t pc;
	uint32_t host;	   /* offset in the code memory */
	uint32_t incoming; /* sites that lead here */
	uint16_t length;   /* bytes of guest code */
	uint8_t live_in;   /* NZCV bits that it reads before writing */
	bool dead;
};

struct index_site {
	uint64_t target; /* guest pc */
	uint32_t rel32;	 /* offsets in the code memory */
	uint32_t key;	 /* inline caches */
	uint32_t stub;
	uint32_t miss;	 /* inline caches: where the stub leads once there is a key */
	uint32_t next;	 /* in the target's incoming list */
	uint8_t kind;	 /* the back end's enum lower_site_kind */
	bool linked;
};

struct index_pcmap {
	uint32_t host; /* offset from the region's hot start */
	uint16_t at;   /* byte offset in the guest page */
	uint8_t flags, saved;
};

/* A guest page that has translations, or was looked into. Bitmaps are by two-byte unit of the page. */
struct index_page {
	uint64_t page;
	uint32_t region;     /* first of its regions (follow ->next), INDEX_NONE */
	bool peeked;	     /* code of other pages depends on what is there */
	uint64_t starts[32]; /* where live blocks begin */
};

/* A growing array in reserved address space. */
struct index_array {
	void *items;
	char *ready; /* see rt_ahead() */
	uint32_t count, max;
};

/* Slots: record number + 1 in the low half (0: empty), a part of the key's hash above, so
 * that a search rarely touches a record that it does not want. */
struct index_hash {
	uint64_t *slots;
	uint32_t mask, used;
};

struct index {
	struct index_array regions, blocks, sites, pcmap, pages;
	struct index_hash by_pc, by_page;
};

/* Room for the code of `code_size` bytes. 0 or -ENOMEM. */
int index_init(struct index *x, size_t code_size);
/* Forgets everything. Nobody may be in index_find(). */
void index_reset(struct index *x);

/* Block that starts at guest pc, or NULL. */
struct index_block *index_find(const struct index *x, uint64_t pc);
/* The record of a guest page, or NULL. */
struct index_page *index_page(const struct index *x, uint64_t page);
/* The same, made if need be; NULL when there is no room. */
struct index_page *index_page_make(struct index *x, uint64_t page);
/* Region whose hot code holds this offset, or NULL. */
struct index_region *index_region_at(const struct index *x, uint32_t host);

static inline struct index_region *index_region(const struct index *x, uint32_t n)
{
	return &((struct index_region *)x->regions.items)[n];
}

static inline struct index_block *index_block(const struct index *x, uint32_t n)
{
	return &((struct index_block *)x->blocks.items)[n];
}

static inline struct index_site *index_site(const struct index *x, uint32_t n)
{
	return &((struct index_site *)x->sites.items)[n];
}

static inline struct index_pcmap *index_pcmap(const struct index *x, uint32_t n)
{
	return &((struct index_pcmap *)x->pcmap.items)[n];
}

static inline uint32_t index_block_number(const struct index *x, const struct index_block *b)
{
	return (uint32_t)(b - (struct index_block *)x->blocks.items);
}

/* Is there room for these many more records? Has their memory ready. */
bool index_has_room(struct index *x, unsigned blocks, unsigned sites, unsigned pcmap);
/* Appends a region of the page, complete but for page and next. Its blocks are published by
 * index_publish(). */
struct index_region *index_add_region(struct index *x, struct index_page *page,
				      const struct index_region *data);
/* Makes the block findable. -ENOMEM when a table cannot grow. */
int index_publish(struct index *x, struct index_page *page, uint32_t block);
/* First set bit at or behind `from` in a bitmap of 2048, or 2048. */
unsigned index_next_bit(const uint64_t bits[32], unsigned from);
/* Takes all blocks of a page out of the tables and marks them and their regions dead. */
void index_kill_page(struct index *x, struct index_page *page);
