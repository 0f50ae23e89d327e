-- SPDX-License-Identifier: LGPL-2.1-or-later
-- sqlite3: integers, reals, text, indexes, windows, JSON, full text, recursion, integrity.
pragma page_size = 4096;
create table t(id integer primary key, a integer, b real, c text);
insert into t with recursive n(i, x) as (
	select 1, 12345 union all
	select i + 1, (x * 1103515245 + 12345) % 2147483648 from n where i < 30000)
	select i, x, x / 7.0 - 1e8, hex(x) || '-' || printf('%08d', i) from n;
create index t_a on t(a);
create index t_c on t(c collate nocase, b desc);
select count(*), sum(a), min(a), max(a), avg(a), total(b) from t;
select printf('%.17g', sum(b)), printf('%.17g', avg(b)), printf('%!.20g', max(b)) from t;
select id, a, b, c from t order by c desc limit 10;
select a % 97, count(*), sum(b) from t group by 1 order by 2 desc, 1 limit 12;
select id, sum(a) over (order by id rows between 3 preceding and current row),
	rank() over (partition by a % 5 order by b), ntile(7) over (order by c)
	from t where id % 3000 = 0;
select printf('%a', 0.1), 0.1 + 0.2, 1e308 * 10, -1e308 * 10, 9223372036854775807 + 1,
	-9223372036854775808, 7 / 2, -7 / 2, 7 % -3, 7.5 / 2, 1 / 0, 5 % 0, 1 << 62, -1 >> 3, ~5;
select cast('1e400' as real), cast('0x10' as integer), cast(1e19 as integer), cast('12abc' as int),
	round(2.5), round(-2.5), round(1.005, 2), abs(-3.5), typeof(1.0), 1.0 = 1, '1' = 1;
select sqrt(2), pow(2, 0.5), floor(-1.5), ceil(1.2), mod(7.5, 2), trunc(-2.7), sign(-3);
select length(zeroblob(100)), hex(x'00ff10'), quote(3.14), upper('äbc'), 'a' || 1.5, instr('hello', 'l');
select date('2026-02-28', '+1 day'), julianday('2000-01-01 12:00:00'), strftime('%j %W %s', '2024-12-31');
select json_extract('{"a":[1,2.5,{"b":null}]}', '$.a[1]'), json_group_array(id) from t where id < 6;
with recursive x(n, f) as (select 1, 1 union all select n + 1, f * (n + 1) from x where n < 20)
	select n, f from x;
with recursive
	xaxis(x) as (values(-2.0) union all select x + 0.05 from xaxis where x < 1.2),
	yaxis(y) as (values(-1.0) union all select y + 0.1 from yaxis where y < 1.0),
	m(iter, cx, cy, x, y) as (
		select 0, x, y, 0.0, 0.0 from xaxis, yaxis union all
		select iter + 1, cx, cy, x * x - y * y + cx, 2.0 * x * y + cy from m
			where x * x + y * y < 4.0 and iter < 28),
	m2(iter, cx, cy) as (select max(iter), cx, cy from m group by cx, cy),
	a(t) as (select group_concat(substr(' .+*#', 1 + min(iter / 7, 4), 1), '') from m2 group by cy)
	select group_concat(rtrim(t), x'0a') from a;
create virtual table words using fts5(body);
insert into words select 'number ' || a || ' of group ' || (a % 13) from t where id <= 3000;
select count(*) from words where words match 'group 7';
select rowid, printf('%.9f', bm25(words)) from words where words match 'number 12' order by rank limit 3;
create virtual table boxes using rtree(id, x0, x1, y0, y1);
insert into boxes select id, a % 1000, a % 1000 + 5, a / 1000 % 1000, a / 1000 % 1000 + 5 from t
	where id <= 4000;
select count(*), sum(id) from boxes where x0 > 100 and x1 < 400 and y0 > 200 and y1 < 300;
begin;
update t set b = b * 1.1, c = c || 'x' where id % 3 = 0;
delete from t where id % 7 = 0;
savepoint s;
delete from t;
rollback to s;
commit;
select count(*), printf('%.17g', sum(b)), max(length(c)) from t;
vacuum;
analyze;
explain query plan select * from t where a = 5 and c > 'a';
pragma integrity_check;
select * from t where id in (1, 100, 20000, 29999);
