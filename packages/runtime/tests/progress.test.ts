import { expect, it } from 'vitest';
import { formatTransfer, progressWriter } from '../src/progress.js';

const transfer = {
  file: 'a.whl',
  receivedBytes: 101e6,
  totalBytes: 274e6,
  bytesPerSecond: 12.34e6,
  secondsLeft: 14.02,
};

it('says share, amount, speed and time to go, as far as they are known', () => {
  expect(formatTransfer(transfer)).toBe('36 %, 101 of 274 MB, 12.3 MB/s, 15 s left');
  expect(formatTransfer({ ...transfer, secondsLeft: 600 })).toMatch(/10 min left$/);
  const unknown = { file: 'a.whl', receivedBytes: 5e6, totalBytes: 0, bytesPerSecond: 0 };
  expect(formatTransfer(unknown)).toBe('5 MB');
});

function writer({ terminal = false, json = false } = {}) {
  const lines: string[] = [];
  const status: string[] = [];
  const clock = { now: 0 };
  const output = {
    out: () => undefined,
    err: (line: string) => lines.push(line),
    ...(terminal && { status: (text: string) => status.push(text) }),
  };
  return { lines, status, clock, ...progressWriter(output, () => clock.now, json) };
}

it('writes over one line of a terminal', () => {
  const { lines, status, onProgress, onTransfer } = writer({ terminal: true });
  onTransfer(transfer);
  onTransfer(transfer);
  onProgress('Done.');
  expect(status).toEqual([formatTransfer(transfer), formatTransfer(transfer), '']);
  expect(lines).toEqual(['Done.']);
});

it('writes a line every ten seconds elsewhere', () => {
  const { lines, clock, onTransfer } = writer();
  for (let second = 0; second <= 25; second += 1) {
    clock.now = second * 1000;
    onTransfer(transfer);
  }
  expect(lines).toEqual(Array(2).fill(`Fetched ${formatTransfer(transfer)}.`));
});

it('writes events as lines of JSON', () => {
  const { lines, clock, onProgress, onTransfer } = writer({ json: true });
  onProgress('Unpacking.');
  clock.now = 10_000;
  onTransfer(transfer);
  expect(lines.map((line) => JSON.parse(line))).toEqual([{ step: 'Unpacking.' }, { transfer }]);
});
