/** Numbers of the TIFF tags that this package reads or writes. */
export const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  documentName: 269,
  imageDescription: 270,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  software: 305,
  dateTime: 306,
  artist: 315,
  predictor: 317,
  colourMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  copyright: 33_432,
  pixelScale: 33_550,
  tiePoints: 33_922,
  transformation: 34_264,
  geoKeys: 34_735,
  geoDoubles: 34_736,
  geoText: 34_737,
  gdalMetadata: 42_112,
  gdalNodata: 42_113,
  lercParameters: 50_674,
} as const;

/** Values of the Compression tag. */
export const COMPRESSION = {
  none: 1,
  lzw: 5,
  jpeg: 7,
  deflate: 8,
  packBits: 32_773,
  oldDeflate: 32_946,
  lerc: 34_887,
  zstd: 50_000,
  webp: 50_001,
} as const;

/** Values of the PhotometricInterpretation tag. */
export const PHOTOMETRIC = { blackIsZero: 1, rgb: 2, palette: 3, ycbcr: 6 } as const;

/** Values of the SampleFormat tag. */
export const SAMPLE_FORMAT = { unsigned: 1, signed: 2, float: 3, untyped: 4 } as const;

/** Bits of the NewSubfileType tag. */
export const SUBFILE = { reduced: 1, mask: 4 } as const;

/** Types of TIFF values: number and bytes of each. */
export const FIELD_TYPE = {
  byte: 1,
  ascii: 2,
  short: 3,
  long: 4,
  rational: 5,
  signedByte: 6,
  undefined: 7,
  signedShort: 8,
  signedLong: 9,
  signedRational: 10,
  float: 11,
  double: 12,
  ifd: 13,
  long8: 16,
  signedLong8: 17,
  ifd8: 18,
} as const;

const FIELD_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** Bytes of one value of a field type; 0 for types that are not known. */
export function fieldBytes(type: number): number {
  return FIELD_BYTES[type] ?? 0;
}
