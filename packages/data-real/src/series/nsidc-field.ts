import { MAX_CONCENTRATION_CODE, NSIDC_FLAG, type NsidcField } from '../nsidc-file.js';
import { gridShape } from '../polar-stereographic.js';
import { CELL, type SicField } from './sic-field.js';

/** The bits of each byte of a file. */
const CELL_OF_CODE = Uint8Array.from({ length: 256 }, (_, code) => {
  if (code <= MAX_CONCENTRATION_CODE) return CELL.ocean;
  if (code === NSIDC_FLAG.coast) return CELL.coast;
  if (code === NSIDC_FLAG.land) return CELL.land;
  if (code === NSIDC_FLAG.unused) return CELL.unused;
  return code === NSIDC_FLAG.poleHole ? CELL.poleHole : CELL.ocean | CELL.missing;
});

/** The concentration of each byte of a file; NaN for flags. */
const VALUE_OF_CODE = Float32Array.from({ length: 256 }, (_, code) =>
  code <= MAX_CONCENTRATION_CODE ? code / MAX_CONCENTRATION_CODE : NaN,
);

/** A binary file of NSIDC as a field; its bytes stay as they are until decoded. */
export function nsidcField(field: NsidcField): SicField {
  const { codes, hemisphere } = field;
  const { name, crs, transform, height, width } = gridShape(hemisphere);
  return {
    path: field.path,
    codes,
    source: field.source,
    kind: field.kind,
    hemisphere,
    day: field.day,
    sensor: field.sensor,
    version: field.version,
    observed: codes.reduce((count, code) => count + (code <= MAX_CONCENTRATION_CODE ? 1 : 0), 0),
    grid: { name, crs, transform, height, width },
    decodeInto(sic, cells) {
      for (let i = 0; i < sic.length; i++) {
        const code = codes[i] ?? NSIDC_FLAG.missing;
        sic[i] = VALUE_OF_CODE[code] ?? NaN;
        cells[i] = CELL_OF_CODE[code] ?? CELL.unused;
      }
    },
  };
}
