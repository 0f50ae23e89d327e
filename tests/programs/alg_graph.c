/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Graphs: Dijkstra with a heap, breadth first, union-find spanning tree, all pairs.
 */
#include "guest.h"

enum { NODES = 120, EDGES = 900 };

static struct edge {
	u16 a, b;
	u32 cost;
} edges[EDGES];

static u32 distance[NODES][NODES];

static u64 dijkstra(int from)
{
	u32 best[NODES];
	u64 heap[EDGES * 2 + 2], h = 0;
	int size = 0;

	memset(best, 0xff, sizeof(best));
	best[from] = 0;
	heap[size++] = from;
	while (size) {
		u64 top = heap[0];
		int n = (u32)top;
		u64 x = heap[--size];
		int at = 0;
		for (int kid; (kid = 2 * at + 1) < size; at = kid) {
			kid += kid + 1 < size && heap[kid + 1] < heap[kid];
			if (x <= heap[kid])
				break;
			heap[at] = heap[kid];
		}
		heap[at] = x;
		if (top >> 32 != best[n])
			continue;
		for (int e = 0; e < EDGES; e++) {
			int to = edges[e].a == n   ? edges[e].b
				 : edges[e].b == n ? edges[e].a
						   : -1;
			if (to < 0 || best[n] + edges[e].cost >= best[to])
				continue;
			best[to] = best[n] + edges[e].cost;
			int i = size++;
			u64 v = (u64)best[to] << 32 | to;
			for (; i && heap[(i - 1) / 2] > v; i = (i - 1) / 2)
				heap[i] = heap[(i - 1) / 2];
			heap[i] = v;
		}
	}
	for (int i = 0; i < NODES; i++) {
		h = mix(h, best[i]);
		if (best[i] != distance[from][i])
			printf("wrong %d %d\n", from, i);
	}
	return h;
}

static int root(int *parent, int n)
{
	return parent[n] == n ? n : (parent[n] = root(parent, parent[n]));
}

static u64 spanning(void)
{
	int parent[NODES];
	u64 cost = 0;

	for (int i = 0; i < NODES; i++)
		parent[i] = i;
	for (u32 c = 0; c <= 1000; c++)
		for (int e = 0; e < EDGES; e++) {
			int a = root(parent, edges[e].a), b = root(parent, edges[e].b);
			if (edges[e].cost == c && a != b)
				parent[a] = b, cost += c;
		}
	return cost;
}

int main(void)
{
	memset(distance, 0x3f, sizeof(distance));
	for (int e = 0; e < EDGES; e++) {
		struct edge *x = &edges[e];
		*x = (struct edge){random_u64() % NODES,
				   e < NODES ? e : random_u64() % NODES,
				   1 + random_u64() % 1000};
		if (x->cost < distance[x->a][x->b])
			distance[x->a][x->b] = distance[x->b][x->a] = x->cost;
	}
	for (int i = 0; i < NODES; i++)
		distance[i][i] = 0;
	for (int k = 0; k < NODES; k++)
		for (int i = 0; i < NODES; i++)
			for (int j = 0; j < NODES; j++)
				if (distance[i][k] + distance[k][j] < distance[i][j])
					distance[i][j] = distance[i][k] + distance[k][j];
	for (int i = 0; i < NODES; i++)
		for (int j = 0; j < NODES; j++)
			if (distance[i][j] == 0x3f3f3f3f)
				distance[i][j] = ~0u;
	for (int i = 0; i < NODES; i += 13)
		printf("%016" PRIx64 "\n", dijkstra(i));
	printf("%" PRIu64 "\n", spanning());
	return 0;
}
