// SPDX-License-Identifier: LGPL-2.1-or-later
// For soak: functions that get optimised, given up and made anew; doubles, strings, maps, workers.
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const { createHash } = require('crypto');

function mix(a, b) { return (a * 31 + b) | 0; }
function work(seed) {
	let h = seed;
	for (let i = 0; i < 300000; i++) h = mix(h, i);
	// Other types than before: the optimised code is given up.
	const s = mix(`${h}`, 'x');
	const d = [];
	for (let i = 0; i < 20000; i++) d.push(Math.fround(i * 1.1) + i / 3);
	d.sort((a, b) => b % 7 - a % 7 || a - b);
	const m = new Map();
	for (let i = 0; i < 20000; i++) m.set(`k${i % 997}`, (m.get(`k${i % 997}`) || 0) + i);
	const f = new Function('n', `let t = 0; for (let i = 0; i < n; i++) t += i ^ ${seed}; return t;`);
	const text = JSON.stringify([h, s, d.slice(0, 99), [...m].slice(0, 99), f(100000)]);
	return createHash('sha256').update(text.replace(/[0-9]{3}/g, x => x + seed)).digest('hex');
}
if (isMainThread) {
	const out = [];
	let left = 3;
	for (let n = 0; n < 3; n++)
		new Worker(__filename, { workerData: n }).on('message', x => {
			out[n] = x;
			if (!--left) console.log(out.join('\n'), work(9));
		});
} else {
	parentPort.postMessage(work(workerData));
}
