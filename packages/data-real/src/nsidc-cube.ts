import { isoDate, type SicCube } from '@arctic/raster';
import { sourceEntry, type SourceName } from './catalogue.js';
import { DataRealError } from './errors.js';
import { MAX_CONCENTRATION_CODE, NSIDC_FLAG, type NsidcField } from './nsidc-file.js';
import type { NsidcKind } from './nsidc-name.js';
import type { NsidcSeries } from './nsidc-series.js';
import { polarStereographicGrid } from './polar-stereographic.js';

/** Values of `flags.surface`. */
const SURFACE = { ocean: 0, coast: 1, land: 2, unused: 3 } as const;

/** What a cell has been in any step, as bits; concentrations and missing count as ocean. */
const BIT = { ocean: 1, coast: 2, land: 4, unused: 8, poleHole: 16 } as const;

/** The bit of each byte of a file. */
const BIT_OF_CODE = Uint8Array.from({ length: 256 }, (_, code) => {
  if (code === NSIDC_FLAG.coast) return BIT.coast;
  if (code === NSIDC_FLAG.land) return BIT.land;
  if (code === NSIDC_FLAG.unused) return BIT.unused;
  return code === NSIDC_FLAG.poleHole ? BIT.poleHole : BIT.ocean;
});

/** The concentration of each byte of a file; NaN for flags. */
const VALUE_OF_CODE = Float32Array.from({ length: 256 }, (_, code) =>
  code <= MAX_CONCENTRATION_CODE ? code / MAX_CONCENTRATION_CODE : NaN,
);

/**
 * A series as one cube on a regular axis of days or months: dates without a file between the first
 * and the last become steps of NaN, listed in `attrs.insertedDates`.
 *
 * @throws DataRealError `InvalidOption` where the cube would not fit into memory.
 */
export function cubeOf(source: SourceName, series: NsidcSeries): SicCube {
  const { fields, kind, hemisphere, duplicates } = series;
  const { height, width, grid, area } = polarStereographicGrid(hemisphere);
  const plane = height * width;
  const days = regularDays(kind, fields[0]?.day ?? 0, fields.at(-1)?.day ?? 0);
  const fieldOf = new Map(fields.map((field) => [field.day, field]));
  const sic = allocate(days.length, plane);
  const been = new Uint8Array(plane);
  days.forEach((day, t) => {
    const field = fieldOf.get(day);
    const out = sic.subarray(t * plane, (t + 1) * plane);
    if (field) decodeInto(out, been, field);
    else out.fill(NaN);
  });
  // Land before coast: a cell that was ever land stays so where another version calls it coast.
  const surface = been.map((bits) => {
    if (bits & BIT.land) return SURFACE.land;
    if (bits & BIT.coast) return SURFACE.coast;
    return bits & (BIT.ocean | BIT.poleHole) ? SURFACE.ocean : SURFACE.unused;
  });
  const ocean = surface.map((cell) => (cell === SURFACE.ocean ? 1 : 0));
  const poleHole = been.map((bits, i) => (bits & BIT.poleHole && ocean[i] ? 1 : 0));
  const missing = Int32Array.from(days, (day) => countMissing(fieldOf.get(day), ocean, poleHole));
  const { title, citation, licence, link } = sourceEntry(source);
  return {
    sic,
    days,
    ocean,
    area: Float32Array.from(area),
    poleHole,
    flags: { surface, missing },
    height,
    width,
    grid,
    attrs: {
      source,
      synthetic: false,
      title,
      citation,
      licence,
      link,
      kind,
      hemisphere,
      sensors: [...new Set(fields.map(({ sensor }) => sensor))].sort(),
      versions: [...new Set(fields.map(({ version }) => version))].sort(),
      files: fields.length,
      insertedDates: Array.from(days)
        .filter((day) => !fieldOf.has(day))
        .map(isoDate),
      duplicates,
    },
  };
}

/** Writes the concentrations into `out` and adds to `been` what the cells are. */
function decodeInto(out: Float32Array, been: Uint8Array, { codes }: NsidcField): void {
  for (let i = 0; i < out.length; i++) {
    const code = codes[i] ?? NSIDC_FLAG.missing;
    out[i] = VALUE_OF_CODE[code] ?? NaN;
    been[i] = (been[i] ?? 0) | (BIT_OF_CODE[code] ?? 0);
  }
}

function countMissing(
  field: NsidcField | undefined,
  ocean: Uint8Array,
  poleHole: Uint8Array,
): number {
  let count = 0;
  for (let i = 0; i < ocean.length; i++) {
    if (!ocean[i]) continue;
    const code = field?.codes[i];
    if (code === undefined) count += poleHole[i] ? 0 : 1;
    else if (code > MAX_CONCENTRATION_CODE && code !== NSIDC_FLAG.poleHole) count += 1;
  }
  return count;
}

/** All days, or the first days of all months, from first to last. */
function regularDays(kind: NsidcKind, first: number, last: number): Int32Array {
  if (kind === 'daily') return Int32Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const date = new Date(isoDate(first));
  const days: number[] = [];
  for (let month = date.getUTCMonth(); ; month++) {
    const day = Date.UTC(date.getUTCFullYear(), month, 1) / 86_400_000;
    if (day > last) return Int32Array.from(days);
    days.push(day);
  }
}

function allocate(steps: number, plane: number): Float32Array {
  try {
    return new Float32Array(steps * plane);
  } catch (cause) {
    throw new DataRealError(
      'InvalidOption',
      `Expected a series that fits into memory. Received: ${steps} steps of ${plane} cells, ${Math.ceil((steps * plane * 4) / 2 ** 30)} GiB. Take a part of it with from and to.`,
      { cause },
    );
  }
}
