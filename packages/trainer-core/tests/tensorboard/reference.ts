import { readFileSync } from 'node:fs';

/** Messages and records as TensorBoard's own code makes them; bytes are in hexadecimal. */
export interface Reference {
  readonly maskedCrc32c: readonly { readonly hex: string; readonly crc: number }[];
  readonly version: string;
  readonly sessionStart: string;
  readonly scalars: readonly {
    readonly tag: string;
    readonly step: number;
    readonly value: number | 'Infinity';
    readonly record: string;
  }[];
  readonly histograms: readonly {
    readonly tag: string;
    readonly values: number[];
    readonly record: string;
  }[];
  readonly images: readonly {
    readonly tag: string;
    readonly png: string;
    readonly record: string;
  }[];
}

/** What `tools/fixtures/make_tensorboard_reference.py` made. */
export function readReference(): Reference {
  const url = new URL('../fixtures/tensorboard-reference.json', import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Reference;
}

/** Seconds since 1970 of every event in the reference. */
export const WALL_TIME = 1_700_000_000.25;

/** A PNG from the reference: 5 pixels wide, 3 high, grey. */
export function greyPng(): Uint8Array {
  return Buffer.from(readReference().images[0]?.png ?? '', 'hex');
}
