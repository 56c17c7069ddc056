import type {
  AttributeValue,
  Attributes,
  Region,
  StoredArray,
  StoredType,
} from '../raster-file.js';

/** An attribute with the type that the file gives it, which CF's rules ask for. */
export interface TypedAttribute {
  readonly value: AttributeValue;
  readonly type: StoredType | 'text';
}

export type TypedAttributes = ReadonlyMap<string, TypedAttribute>;

/** A dimension: variables share a grid where they share these. */
export interface Dimension {
  readonly name: string;
  /** Tells dimensions of one name in different groups apart. */
  readonly id: string;
  readonly length: number;
}

/** A variable as its file has it, before CF's conventions are looked at. */
export interface FileVariable {
  /** Names of the groups above it. */
  readonly group: readonly string[];
  readonly name: string;
  readonly dims: readonly Dimension[];
  /** Null where it holds text or something else that is no number. */
  readonly type: StoredType | null;
  readonly attributes: TypedAttributes;
  /** Stored number that means missing where no attribute says so; null where none does. */
  readonly fill: number | null;
  readonly chunkShape: readonly number[];
  readonly load: (region: Region) => Promise<StoredArray>;
}

/** What netCDF fills elements with that were never written. */
const DEFAULT_FILL: Readonly<Record<StoredType, number | null>> = {
  // Every value of a byte may be data.
  int8: null,
  uint8: null,
  int16: -32767,
  uint16: 65535,
  int32: -2147483647,
  uint32: 4294967295,
  int64: Number(-9223372036854775806n),
  uint64: Number(18446744073709551614n),
  float32: 9.969209968386869e36,
  float64: 9.969209968386869e36,
};

/** The fill of a type that means missing without being named; null for bytes. */
export function defaultFill(type: StoredType): number | null {
  return DEFAULT_FILL[type];
}

/** `group/name`, or the name alone at the root. */
export function pathOf({ group, name }: Pick<FileVariable, 'group' | 'name'>): string {
  return [...group, name].join('/');
}

/** Values without their types. */
export function plainAttributes(attributes: TypedAttributes): Attributes {
  return Object.fromEntries(Array.from(attributes, ([name, { value }]) => [name, value]));
}

/** A text attribute, trimmed; null where it is absent or something else. */
export function textAttribute(attributes: TypedAttributes, name: string): string | null {
  const value = attributes.get(name)?.value;
  const text = Array.isArray(value) ? value[0] : value;
  return typeof text === 'string' ? text.trim() : null;
}

/** A number, a list of them, or such as text; none where it is absent or something else. */
export function numberAttribute(attributes: TypedAttributes, name: string): readonly number[] {
  const value = attributes.get(name)?.value;
  if (value === undefined) return [];
  const parts = (Array.isArray(value) ? value : [value]).flatMap((part: string | number) =>
    typeof part === 'number' ? [part] : numbersIn(part),
  );
  return parts.every((part) => !Number.isNaN(part)) ? parts : [];
}

/** Numbers between blanks and commas; the letters that CDL puts after them are let pass. */
function numbersIn(text: string): readonly number[] {
  return text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => Number(part.replace(/(?<=\d)(u?[bsl]|[fd])$/i, '')));
}
