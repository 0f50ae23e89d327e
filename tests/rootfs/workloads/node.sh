#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# needs: node
# Node: optimised code, workers, WebAssembly, child processes, files, timers, interfaces, its own test runner.
. "${0%/*}/functions"
cat >all.js <<'J'
const assert = require('assert');
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
if (!isMainThread) {
	let x = workerData;
	for (let i = 0; i < 3e6; i++)
		x = (Math.imul(x, 1664525) + 1013904223) | 0;
	parentPort.postMessage(x);
	return;
}
const os = require('os'), fs = require('fs'), zlib = require('zlib'), crypto = require('crypto');
const child = require('child_process'), net = require('net');
function sieve(n)
{
	const a = new Uint8Array(n + 1);
	let count = 0;
	for (let i = 2; i <= n; i++) {
		if (a[i])
			continue;
		count++;
		for (let k = i * 2; k <= n; k += i)
			a[k] = 1;
	}
	return count;
}
function doubles(n)
{
	let s = 0;
	for (let i = 1; i <= n; i++)
		s += Math.sin(i) / i;
	return s.toFixed(9);
}
async function main()
{
	for (let i = 0; i < 5; i++)
		assert.strictEqual(sieve(300000), 25997);
	assert.strictEqual(doubles(500000), '1.070798306');
	const workers = [1, 2, 3, 4].map(seed => new Promise((done, failed) => {
		const w = new Worker(__filename, { workerData: seed });
		w.on('message', done);
		w.on('error', failed);
	}));
	console.log((await Promise.all(workers)).join(' '));
	/* (func (export "f") (param i32) (result i32): n < 2 ? n : f(n - 1) + f(n - 2)) */
	const wasm = new WebAssembly.Module(new Uint8Array([
		0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0, 7, 5, 1, 1, 0x66,
		0, 0, 0x0a, 0x1e, 1, 0x1c, 0, 0x20, 0, 0x41, 2, 0x48, 4, 0x7f, 0x20, 0, 5, 0x20, 0, 0x41, 1,
		0x6b, 0x10, 0, 0x20, 0, 0x41, 2, 0x6b, 0x10, 0, 0x6a, 0x0b, 0x0b ]));
	assert.strictEqual(new WebAssembly.Instance(wasm).exports.f(25), 75025);
	assert.ok(Object.keys(os.networkInterfaces()).length >= 0);
	assert.throws(() => child.execFileSync('/no/such/file'), { code: 'ENOENT' });
	assert.strictEqual(child.spawnSync('sh', ['-c', 'kill -9 $$']).signal, 'SIGKILL');
	assert.strictEqual(child.execSync('echo hello').toString(), 'hello\n');
	const text = crypto.createHash('sha256').update('abc').digest('hex');
	assert.ok(text.startsWith('ba7816bf'));
	const big = Buffer.alloc(1 << 20, 'abcdefg');
	assert.ok(zlib.brotliDecompressSync(zlib.brotliCompressSync(big)).equals(big));
	assert.ok(zlib.gunzipSync(zlib.gzipSync(big)).equals(big));
	await fs.promises.writeFile('file', big);
	assert.ok((await fs.promises.readFile('file')).equals(big));
	const echoed = await new Promise(done => {
		const server = net.createServer(s => s.pipe(s)).listen('sock', () => {
			const c = net.connect('sock'), parts = [];
			c.end(big);
			c.on('data', d => parts.push(d));
			c.on('end', () => { server.close(); done(Buffer.concat(parts)); });
		});
	});
	assert.ok(echoed.equals(big));
	assert.strictEqual(process.report.getReport().header.arch, process.arch);
	console.log('done');
}
main();
J
wanted '-650206015 297570242 1245346499 -2101844540
done' node all.js
step 'node --jitless' node --jitless -e 'let s = 0; for (let i = 0; i < 1e5; i++) s += i; console.log(s)'
grep -qx 4999950000 "$log" || fail 'node --jitless'
cat >one.test.js <<'J'
const test = require('node:test'), assert = require('assert');
for (let i = 1; i <= 20; i++)
	test('case ' + i, async () => {
		await new Promise(done => setTimeout(done, i));
		assert.strictEqual([...Array(i).keys()].reduce((a, b) => a + b, 0), i * (i - 1) / 2);
	});
J
step 'node --test' node --test one.test.js
grep -q '^# fail 0$' "$log" || fail 'node --test: failures'
