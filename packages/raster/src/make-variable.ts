import { RasterError } from './errors.js';
import type {
  Block,
  Decoding,
  RasterVariable,
  Region,
  StoredArray,
  StoredType,
} from './raster-file.js';

/** Stored numbers as they are: nothing missing but NaN. */
export const PLAIN: Decoding = {
  scale: 1,
  offset: 0,
  missing: [],
  validMin: -Infinity,
  validMax: Infinity,
};

const BYTES: Readonly<Record<StoredType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

/** First code and number of codes of the types that are decoded by table. */
const TABLE_SPAN: Readonly<Partial<Record<StoredType, readonly [first: number, count: number]>>> = {
  int8: [-128, 256],
  uint8: [0, 256],
  int16: [-32_768, 65_536],
  uint16: [0, 65_536],
};

/** Bytes of one stored element. */
export function bytesPerElement(dtype: StoredType): number {
  return BYTES[dtype];
}

/** What a reader knows about a variable; the rest has defaults. */
export type VariableParts = Pick<RasterVariable, 'name' | 'dims' | 'shape' | 'dtype'> &
  Partial<
    Pick<
      RasterVariable,
      | 'units'
      | 'attributes'
      | 'decoding'
      | 'placement'
      | 'timeAxis'
      | 'times'
      | 'overviews'
      | 'chunkShape'
    >
  > & {
    /** The file, for messages. */
    readonly path: string;
    /** Stored numbers of a region that is known to lie inside. */
    readonly load: (region: Region) => Promise<StoredArray>;
    /** [count] 0 where a mask of the file (alpha, mask band) says missing. @default no such mask */
    readonly loadMask?: (region: Region) => Promise<Uint8Array>;
  };

/** A variable over a loader of stored numbers: regions are checked, values decoded here. */
export function makeVariable(parts: VariableParts): RasterVariable {
  const { path, load, loadMask, shape, name, dtype, decoding = PLAIN } = parts;
  const whole: Region = { start: shape.map(() => 0), count: shape };
  const readStored = async (region: Region = whole): Promise<StoredArray> => {
    assertRegion(path, name, shape, region);
    return load(region);
  };
  return {
    name,
    dims: parts.dims,
    shape,
    dtype,
    units: parts.units ?? null,
    attributes: parts.attributes ?? {},
    decoding,
    placement: parts.placement ?? null,
    timeAxis: parts.timeAxis ?? null,
    times: parts.times ?? [],
    overviews: parts.overviews ?? [],
    chunkShape: parts.chunkShape ?? shape,
    readStored,
    async read(region: Region = whole): Promise<Block> {
      const data = decodeStored(await readStored(region), dtype, decoding);
      const mask = await loadMask?.(region);
      if (mask) for (let i = 0; i < data.length; i++) if (mask[i] === 0) data[i] = NaN;
      return { data, shape: region.count };
    },
  };
}

/**
 * The same stored numbers under another meaning: for products whose files do not say what their
 * codes mean. Overviews follow.
 */
export function redecode(
  variable: RasterVariable,
  parts: Partial<Pick<RasterVariable, 'name' | 'units' | 'times' | 'attributes' | 'decoding'>>,
): RasterVariable {
  const decoding = parts.decoding ?? variable.decoding;
  return {
    ...variable,
    ...parts,
    overviews: variable.overviews.map((overview) => redecode(overview, parts)),
    async read(region) {
      const data = decodeStored(await variable.readStored(region), variable.dtype, decoding);
      return { data, shape: region?.count ?? variable.shape };
    },
  };
}

/** Values of stored numbers; see `Block.data` for their type. */
export function decodeStored(
  stored: StoredArray,
  dtype: StoredType,
  decoding: Decoding,
): Float32Array | Float64Array {
  const { scale, offset, validMin, validMax } = decoding;
  const wide = BYTES[dtype] > 4 || dtype === 'int32' || dtype === 'uint32';
  const out = wide ? new Float64Array(stored.length) : new Float32Array(stored.length);
  // Compared in the file's own precision: a fill of -3.4e38 is often given as a double.
  const single = dtype === 'float32';
  const missing = decoding.missing.map((code) => (single ? Math.fround(code) : code));
  const low = single ? Math.fround(validMin) : validMin;
  const high = single ? Math.fround(validMax) : validMax;
  const [only] = missing;
  if (missing.length <= 1 && low === -Infinity && high === Infinity) {
    const plain = scale === 1 && offset === 0;
    if (plain && only === undefined) {
      out.set(stored);
      return out;
    }
    for (let i = 0; i < out.length; i++) {
      const value = stored[i] as number; // i is below its length
      out[i] = value === only ? NaN : plain ? value : value * scale + offset;
    }
    return out;
  }
  const codes = new Set(missing);
  const valueOf = (code: number) =>
    code >= low && code <= high && !codes.has(code) ? code * scale + offset : NaN;
  const span = TABLE_SPAN[dtype];
  if (span && out.length >= span[1]) {
    // Far more elements than codes: each code is decoded once.
    const [first, count] = span;
    const table = Float32Array.from({ length: count }, (_, i) => valueOf(first + i));
    for (let i = 0; i < out.length; i++) out[i] = table[(stored[i] as number) - first] as number; // i is below its length
    return out;
  }
  for (let i = 0; i < out.length; i++) out[i] = valueOf(stored[i] as number); // i is below its length
  return out;
}

/** Product of lengths; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** @throws RasterError `WrongShape` unless the region lies inside `shape`. */
export function assertRegion(
  path: string,
  name: string,
  shape: readonly number[],
  { start, count }: Region,
): void {
  const fits =
    start.length === shape.length &&
    count.length === shape.length &&
    shape.every((length, axis) => {
      const from = start[axis] ?? -1;
      const many = count[axis] ?? -1;
      return (
        Number.isInteger(from) &&
        Number.isInteger(many) &&
        from >= 0 &&
        many >= 0 &&
        from + many <= length
      );
    });
  if (fits) return;
  throw new RasterError(
    'WrongShape',
    `${path}: expected a region inside ${name} [${shape.join(', ')}]. Received: start [${start.join(', ')}], count [${count.join(', ')}]. Cut it to the variable.`,
  );
}
