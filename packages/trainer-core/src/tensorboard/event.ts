import type { Histogram } from './histogram.js';
import { pngHead } from './png.js';
import {
  bytesField,
  doubleField,
  doublesField,
  floatField,
  join,
  textField,
  wholeField,
} from './protobuf.js';

// Numbers of fields as in tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.

/** A value of a summary under a name. */
export type SummaryValue = { readonly tag: string } & (
  | { readonly scalar: number }
  | { readonly histogram: Histogram }
  /** PNG bytes, whose header says how large it is. */
  | { readonly png: Uint8Array }
);

/** Which format the file has: the first event of every file. */
export function versionEvent(seconds: number): Uint8Array {
  return join([doubleField(1, seconds), textField(3, 'brain.Event:2')]);
}

/** Values of a step. */
export function summaryEvent(
  seconds: number,
  step: number,
  values: readonly SummaryValue[],
): Uint8Array {
  const summary = join(values.map((value) => bytesField(1, summaryValue(value))));
  return join([doubleField(1, seconds), wholeField(2, step), bytesField(5, summary)]);
}

/** Says that training goes on with this step: what earlier files hold of it and later ones is void. */
export function sessionEvent(seconds: number, step: number): Uint8Array {
  const START = 1;
  return join([doubleField(1, seconds), wholeField(2, step), bytesField(7, wholeField(1, START))]);
}

function summaryValue(value: SummaryValue): Uint8Array {
  const tag = textField(1, value.tag);
  if ('scalar' in value) return join([tag, floatField(2, value.scalar)]);
  if ('histogram' in value) return join([tag, bytesField(5, histogramProto(value.histogram))]);
  return join([tag, bytesField(4, imageProto(value.png, value.tag))]);
}

function histogramProto(histogram: Histogram): Uint8Array {
  const { min, max, count, sum, sumOfSquares, limits, counts } = histogram;
  return join([
    ...[min, max, count, sum, sumOfSquares].map((value, i) => doubleField(i + 1, value)),
    doublesField(6, limits),
    doublesField(7, counts),
  ]);
}

function imageProto(png: Uint8Array, tag: string): Uint8Array {
  const { width, height, channels } = pngHead(png, tag);
  return join([
    wholeField(1, height),
    wholeField(2, width),
    wholeField(3, channels),
    bytesField(4, png),
  ]);
}
