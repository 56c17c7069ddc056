import { describe, expect, it } from 'vitest';
import {
  sessionEvent,
  summaryEvent,
  versionEvent,
  type SummaryValue,
} from '../../src/tensorboard/event.js';
import { histogramOf } from '../../src/tensorboard/histogram.js';
import { frameRecord } from '../../src/tensorboard/record-file.js';
import { readReference, WALL_TIME } from './reference.js';

const record = (event: Uint8Array) => Buffer.from(frameRecord(event)).toString('hex');
const summary = (step: number, value: SummaryValue) =>
  record(summaryEvent(WALL_TIME, step, [value]));

describe('byte for byte what TensorBoard writes', () => {
  const { version, sessionStart, scalars, histograms, images } = readReference();

  it('version and start of a session', () => {
    expect(record(versionEvent(WALL_TIME))).toBe(version);
    expect(record(sessionEvent(WALL_TIME, 11))).toBe(sessionStart);
  });

  it.each(scalars)('scalar $tag', ({ tag, step, value, record: expected }) => {
    expect(summary(step, { tag, scalar: Number(value) })).toBe(expected);
  });

  it.each(histograms)('histogram $tag', ({ tag, values, record: expected }) => {
    const histogram = histogramOf(Float32Array.from(values));
    expect(histogram && summary(7, { tag, histogram })).toBe(expected);
  });

  it.each(images)('image $tag', ({ tag, png, record: expected }) => {
    expect(summary(7, { tag, png: Buffer.from(png, 'hex') })).toBe(expected);
  });
});
