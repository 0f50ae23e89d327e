#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# needs: redis-server redis-benchmark nginx ab sqlite3 pgbench
# Redis saves and rewrites its log while it is used; nginx reloads and stops gracefully under
# load; PostgreSQL under pgbench, and after a crash; SQLite from several processes.
. "${0%/*}/functions"

# Redis
redis-server --port 0 --unixsocket "$work/redis" --daemonize yes --dir "$work" --appendonly yes \
	--save '' --pidfile "$work/redis.pid" --logfile "$work/redis.log" >/dev/null
at_exit() { kill -9 "$(cat "$work/redis.pid" 2>/dev/null)" 2>/dev/null; }
redis() { redis-cli -s "$work/redis" "$@"; }
until_true 30 redis ping
# An Arm kernel's bug that it looks for at the start.
if grep -i 'COW\|ARM64' redis.log; then fail 'redis warns'; fi
redis-benchmark -s "$work/redis" -n "${REDIS_REQUESTS:-20000}" -c 20 -P 8 -q -r 1000 -t set,get,incr,lpush,zadd >bench.log 2>&1 &
bench=$!
for _ in 1 2 3; do
	redis bgsave >/dev/null
	until_true 60 sh -c "redis-cli -s '$work/redis' info persistence | grep -q rdb_bgsave_in_progress:0"
	is bgsave "$(redis info persistence | tr -d '\r' | grep rdb_last_bgsave_status)" rdb_last_bgsave_status:ok
	redis bgrewriteaof >/dev/null
	until_true 60 sh -c "redis-cli -s '$work/redis' info persistence | grep -q aof_rewrite_in_progress:0"
	is bgrewriteaof "$(redis info persistence | tr -d '\r' | grep aof_last_bgrewrite_status)" aof_last_bgrewrite_status:ok
done
wait $bench || fail "redis-benchmark: $(cat bench.log)"
is 'kinds of requests' "$(tr '\r' '\n' <bench.log | grep -c 'requests per second, p50')" 5
redis eval 'for i = 1, 1000 do redis.call("set", "n" .. i, i * i) end' 0 >/dev/null
before=$(redis debug digest)
pid=$(cat redis.pid)
redis shutdown
until_true 30 sh -c "! kill -0 $pid 2>/dev/null"
redis-server --port 0 --unixsocket "$work/redis" --daemonize yes --dir "$work" --appendonly yes \
	--save '' --pidfile "$work/redis.pid" --logfile "$work/redis.log" >/dev/null
until_true 30 redis ping
until_true 30 sh -c "redis-cli -s '$work/redis' info persistence | grep -q loading:0"
is 'what was loaded' "$(redis get n777)" 603729
[ "$before" ] && is 'digest' "$(redis debug digest)" "$before"
redis shutdown nosave || :

# nginx
mkdir -p www logs
head -c 100000 /dev/zero | tr '\0' x >www/file
echo hello >www/index.html
cat >nginx.conf <<N
user root;
worker_processes 2;
pid $work/nginx.pid;
error_log $work/logs/error.log;
events { worker_connections 256; }
http {
	access_log $work/logs/access.log;
	server {
		listen 127.0.0.1:${NGINX_PORT:-18931};
		root $work/www;
	}
}
N
url=http://127.0.0.1:${NGINX_PORT:-18931}
nginx -c "$work/nginx.conf" 2>/dev/null
at_exit() { kill -9 "$(cat "$work/nginx.pid" 2>/dev/null)" 2>/dev/null; }
requests=${NGINX_REQUESTS:-4000}
ab -q -n "$requests" -c 20 $url/file >ab.log 2>&1 &
bench=$!
for _ in 1 2 3; do
	sleep 0.3
	nginx -c "$work/nginx.conf" -s reload 2>/dev/null
done
wait $bench || fail "ab: $(cat ab.log)"
is 'complete requests' "$(awk '/^Complete requests/ { print $3 }' ab.log)" "$requests"
is 'failed requests' "$(awk '/^Failed requests/ { print $3 }' ab.log)" 0
step 'ab, kept alive' ab -q -k -n "$requests" -c 20 $url/
is 'failed requests' "$(awk '/^Failed requests/ { print $3 }' "$log")" 0
pid=$(cat nginx.pid)
nginx -c "$work/nginx.conf" -s quit 2>/dev/null
until_true 30 sh -c "! kill -0 $pid 2>/dev/null"
is 'lines of the log' "$(wc -l <logs/access.log)" $((2 * requests))
if grep -E 'emerg|alert|crit|exited on signal' logs/error.log; then fail 'nginx complains'; fi
at_exit() { :; }

# SQLite
sqlite3 t.db 'pragma journal_mode=wal; create table t(who int, n int); create table c(n int); insert into c values(0);' >/dev/null
pids=
for who in 1 2 3 4; do
	{
		echo '.timeout 60000'
		for n in $(seq 100); do
			echo "begin immediate; insert into t values($who, $n); update c set n = n + 1; commit;"
		done
	} | sqlite3 t.db >"sqlite.$who" 2>&1 &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid" || fail "sqlite3: $(cat sqlite.?)"
done
is 'rows, counter, check' "$(sqlite3 t.db 'select count(*), sum(n) from t; select n from c; pragma integrity_check' | tr '\n' ' ')" \
	'400|20200 400 ok '

# PostgreSQL
bin=$(ls -d /usr/lib/postgresql/*/bin)
mkdir pg
chown postgres pg
pg() { su postgres -s /bin/sh -c "cd $work/pg && PATH=$bin:\$PATH && export PGHOST=$work/pg && $1"; }
at_exit() { pg 'pg_ctl -D d -m immediate stop' >/dev/null 2>&1; }
step initdb su postgres -s /bin/sh -c "cd $work/pg && $bin/initdb -D d"
start='pg_ctl -w -t 120 -s -D d -o "-h \"\" -k $PWD -c jit=on" -l log start'
pg "$start" || fail "pg_ctl start: $(tail -n 5 pg/log)"
pg 'createdb b && pgbench -q -i -s 1 b' >bench.log 2>&1 || fail "pgbench -i: $(tail -n 5 bench.log)"
pg "pgbench -c 4 -j 2 -t ${PGBENCH_TRANSACTIONS:-200} b" >bench.log 2>&1 || fail "pgbench: $(tail -n 5 bench.log)"
grep -q 'number of failed transactions: 0 ' bench.log || fail "pgbench: $(cat bench.log)"
check='select (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history),
	(select sum(bbalance) from pgbench_branches) = (select sum(tbalance) from pgbench_tellers)'
is 'balances' "$(pg "psql -Atc \"$check\" b")" 't|t'
# All processes but the first die; the others start again and repair.
kill -9 "$(pg "psql -Atc \"select pid from pg_stat_activity where backend_type = 'checkpointer'\" b")"
until_true 60 su postgres -s /bin/sh -c "psql -h $work/pg -Atc 'select 1' b | grep -q 1"
is 'balances after a crash' "$(pg "psql -Atc \"$check\" b")" 't|t'
pg 'pg_ctl -w -s -D d stop' || fail 'pg_ctl stop'
