// The server under load on the loopback device: the highest rate that it sustains for a minute, then twice that for a
// minute. No 5xx but 503 with Retry-After, health answered within 100 ms throughout, memory flat. Requests come from a
// process of their own at even intervals, whether earlier ones are answered or not.
//
//   node tools/check-load.mjs --work DIR [--seconds 60] [--rate N]
//
// --work DIR   a folder with data/ and models/ of a run, such as of: npm start -- --profile smoke --out DIR
// --rate N     requests a second to begin with, instead of looking for the highest
import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { clearInterval, setInterval, setTimeout } from 'node:timers';
import { parseArgs } from 'node:util';
import { startServer } from './serve-process.mjs';

/** Share of requests for boxes that were never asked for. */
const FRESH = 0.01;
/** Boxes that are asked for again and again. */
const BOXES = 40;
const HEALTH_MS = 100;
/** A rate is sustained where so many are answered with 200, and 99 of 100 of these within so many ms. */
const SUSTAINED = 0.99;
const SUSTAINED_MS = 500;

function pathOf(serial) {
  const fresh = (serial * FRESH) % 1 < FRESH - 1e-9;
  const place = fresh ? 1000 + serial : serial % BOXES;
  const west = -180 + (place % 50);
  const south = 65 + ((place * 7919) % 9973) / 9973;
  const box = `min_lon=${west}&min_lat=${south.toFixed(4)}&max_lon=-130&max_lat=80`;
  return serial % 3 === 0 ? `/api/v1/ice/current?${box}` : `/api/v1/predictions/7day?${box}`;
}

/** In a child process: asks at an even rate and reports what came. */
function load({ base, rate, seconds, first }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const times = [];
  const statuses = {};
  let withoutRetry = 0;
  let open = 0;
  let sent = 0;
  const start = performance.now();
  const timer = setInterval(() => {
    const due = Math.min(rate * seconds, ((performance.now() - start) / 1000) * rate);
    while (sent < due) {
      const begun = performance.now();
      open += 1;
      const done = (status) => {
        open -= 1;
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status === 200) times.push(performance.now() - begun);
        if (open === 0 && sent >= rate * seconds) finish();
      };
      get(
        `${base}${pathOf(first + sent)}`,
        { agent, headers: { 'accept-encoding': 'gzip' } },
        (answer) => {
          if (answer.statusCode === 503 && !answer.headers['retry-after']) withoutRetry += 1;
          answer.on('error', () => undefined);
          answer.resume().once('close', () => done(answer.statusCode));
        },
      ).once('error', (error) => done(error.code));
      sent += 1;
    }
  }, 5);
  const finish = () => {
    clearInterval(timer);
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.floor(share * (times.length - 1))] ?? Infinity;
    const took = (performance.now() - start) / 1000;
    process.send({ sent, statuses, withoutRetry, took, p50: at(0.5), p99: at(0.99), max: at(1) });
    process.exit();
  };
}

if (process.argv[2] === '--child') {
  process.once('message', load);
} else {
  await main();
}

function run(base, rate, seconds, first) {
  const child = fork(import.meta.filename, ['--child']);
  child.send({ base, rate, seconds, first });
  return new Promise((resolve) => child.once('message', resolve));
}

/** Resident memory of a process and its children, MiB. */
function memoryOf(pid) {
  const own = (id) => {
    try {
      return (
        Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024
      );
    } catch {
      return 0;
    }
  };
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      try {
        return (
          Number(readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ')[1]) === pid
        );
      } catch {
        return false;
      }
    });
  return { server: own(pid), all: own(pid) + children.reduce((sum, id) => sum + own(id), 0) };
}

/** Watches health and memory until it is stopped. */
function watch(base, pid) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const health = [];
  const memory = [];
  let failed = 0;
  const probe = setInterval(() => {
    const begun = performance.now();
    get(`${base}/health`, { agent }, (answer) => {
      if (answer.statusCode !== 200) failed += 1;
      answer.resume().once('end', () => health.push(performance.now() - begun));
    }).once('error', () => (failed += 1));
  }, 200);
  const weigh = setInterval(() => memory.push(memoryOf(pid)), 2000);
  return () => {
    clearInterval(probe);
    clearInterval(weigh);
    health.sort((a, b) => a - b);
    return {
      failed,
      most: health.at(-1) ?? Infinity,
      p99: health[Math.floor(0.99 * (health.length - 1))] ?? Infinity,
      n: health.length,
      memory,
    };
  };
}

async function main() {
  const { values } = parseArgs({
    options: {
      work: { type: 'string' },
      seconds: { type: 'string', default: '60' },
      rate: { type: 'string' },
    },
  });
  if (!values.work)
    throw new Error('--work DIR: expected a folder with data/ and models/ of a run');
  const seconds = Number(values.seconds);
  const temporary = mkdtempSync(join(tmpdir(), 'arctic-check-load-'));
  const server = await startServer(values.work, ['--archive', join(temporary, 'served')]);
  const { base } = server;
  let failures = 0;
  let first = 0;
  const say = (line) => process.stdout.write(`${line}\n`);
  try {
    await new Promise((resolve) => setTimeout(resolve, 20_000)); // forecasts of the generated series
    await run(base, 20, 5, 0); // warm
    let rate = Number(values.rate ?? 0);
    for (let next = 50; rate === 0; next = Math.ceil(next * 1.4)) {
      const stop = watch(base, server.pid);
      const { sent, statuses, p99 } = await run(base, next, 6, (first += 10_000));
      const health = stop();
      say(
        `look: ${next}/s, p99 ${p99.toFixed(0)} ms, health at most ${health.most.toFixed(0)} ms, ${JSON.stringify(statuses)}`,
      );
      const sustained =
        statuses[200] >= SUSTAINED * sent && p99 <= SUSTAINED_MS && health.most <= HEALTH_MS;
      if (!sustained || next > 20_000) rate = Math.floor(next / 1.4);
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
    for (const times of [1, 2]) {
      const stop = watch(base, server.child.pid);
      const result = await run(base, rate * times, seconds, (first += 100_000));
      const { failed, most, p99, n, memory } = stop();
      const part = memory.slice(Math.floor(memory.length / 4));
      const [begin, end] = [part[0], part.at(-1)];
      say(
        `${times} × ${rate}/s for ${result.took.toFixed(0)} s: ${JSON.stringify(result.statuses)}, p50 ${result.p50.toFixed(1)} ms, p99 ${result.p99.toFixed(0)} ms`,
      );
      say(
        `  health: ${n} answers, p99 ${p99.toFixed(1)} ms, most ${most.toFixed(1)} ms; memory ${begin.server.toFixed(0)} to ${end.server.toFixed(0)} MiB, with children ${begin.all.toFixed(0)} to ${end.all.toFixed(0)} MiB`,
      );
      const other = Object.keys(result.statuses).filter(
        (status) => !['200', '503'].includes(status),
      );
      const bad = [
        ...(other.length > 0 ? [`answers ${other.join(', ')}`] : []),
        ...(result.withoutRetry > 0 ? [`${result.withoutRetry} without Retry-After`] : []),
        ...(times === 1 && result.statuses[503] > (1 - SUSTAINED) * result.sent
          ? ['503 at the sustained rate']
          : []),
        ...(failed > 0 || most > HEALTH_MS ? ['slow or failed health'] : []),
        ...(end.server > 1.2 * begin.server + 20 ? ['memory grew'] : []),
      ];
      failures += bad.length;
      say(bad.length === 0 ? '  ok' : `  FAIL: ${bad.join('; ')}`);
    }
  } finally {
    await server.stop();
    rmSync(temporary, { recursive: true, force: true });
  }
  process.exitCode = failures === 0 ? 0 : 1;
}
