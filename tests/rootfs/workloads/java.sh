#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# needs: java javac
# Java under every collector, interpreted and compiled: four threads allocate, null pointers and
# stack overflows become exceptions, a stack dump by SIGQUIT.
. "${0%/*}/functions"
cat >G.java <<'J'
import java.util.*;
import java.util.concurrent.*;

public class G {
	static int depth;

	static void recurse()
	{
		depth++;
		recurse();
	}

	static long work(int seed)
	{
		Map<Integer, byte[]> map = new HashMap<>();
		long sum = 0;
		for (int i = 0; i < 60000; i++) {
			byte[] b = new byte[(i * 37 + seed) % 2000 + 16];
			b[3] = (byte) i;
			map.put(i % 5000, b);
			sum += map.get((i * 7) % 5000 <= i ? 0 : 0)[3] & 255;
		}
		return sum + map.size();
	}

	public static void main(String[] args) throws Exception
	{
		ExecutorService pool = Executors.newFixedThreadPool(4);
		List<Future<Long>> results = new ArrayList<>();
		for (int t = 0; t < 4; t++) {
			final int seed = t;
			results.add(pool.submit(() -> work(seed)));
		}
		long sum = 0;
		for (Future<Long> f : results)
			sum += f.get();
		pool.shutdown();
		int caught = 0;
		for (int i = 0; i < 20000; i++) {
			try {
				String s = i % 2 == 0 ? null : "x";
				s.length();
			} catch (NullPointerException e) {
				caught++;
			}
		}
		boolean overflow = false;
		try {
			recurse();
		} catch (StackOverflowError e) {
			overflow = true;
		}
		System.gc();
		System.out.println(sum + " " + caught + " " + overflow);
		if (args.length > 0)
			Thread.sleep(20000);
	}
}
J
step javac javac G.java
for collector in Serial Parallel G1 Z Shenandoah; do
	wanted '25940000 10000 true' java -Xmx200m "-XX:+Use${collector}GC" G
done
wanted '25940000 10000 true' java -Xint -Xmx200m G
wanted '25940000 10000 true' java -Xcomp -XX:TieredStopAtLevel=1 -Xmx200m G

java -Xmx200m G wait >out 2>&1 &
pid=$!
until_true 60 grep -q true out
kill -QUIT $pid
until_true 20 grep -q 'Full thread dump' out
until_true 20 grep -q 'at G.main' out
kill $pid
status=0
wait $pid || status=$?
is 'status after SIGTERM' $status 143
