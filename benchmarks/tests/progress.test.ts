import { describe, expect, it } from 'vitest';
import { createProgress, duration } from '../src/progress.js';

describe('createProgress', () => {
  const start = (isTTY: boolean) => {
    const written: string[] = [];
    let time = 0;
    const screen = { isTTY, columns: 60, write: (text: string) => written.push(text) };
    const progress = createProgress(screen, 4, () => time);
    return { written, progress, pass: (ms: number) => (time += ms) };
  };

  it('tells a terminal how long it will take', () => {
    const { written, progress, pass } = start(true);
    progress.step('a');
    pass(10_000);
    progress.step('b');
    expect(written.at(-1)).toBe('25 %, about 30 s to go: b');
  });

  it('writes nothing but notes elsewhere', () => {
    const { written, progress } = start(false);
    progress.step('a');
    progress.note('done');
    progress.end();
    expect(written).toEqual(['done\n']);
  });
});

describe('duration', () => {
  it('has the unit people would take', () => {
    expect([duration(800), duration(89_000), duration(150_000)]).toEqual(['1 s', '89 s', '3 min']);
  });
});
