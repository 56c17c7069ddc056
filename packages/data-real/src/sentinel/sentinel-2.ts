import { basename, join } from 'node:path';
import {
  openRaster,
  redecode,
  type Placement,
  type RasterFile,
  type RasterVariable,
  type Transform,
} from '@arctic/raster';
import { DataRealError } from '../errors.js';
import { filesBelow, safeFolderAt } from './safe-folder.js';
import { childrenAt, numberAt, readXml, textAt, type XmlNode } from './xml.js';

/** Bands in the order of their numbers in the metadata. */
const BANDS = [
  ...['B01', 'B02', 'B03', 'B04', 'B05', 'B06', 'B07', 'B08', 'B8A', 'B09', 'B10', 'B11', 'B12'],
];

/** Metres a pixel of level 1C, whose file names do not say. */
const METRES: Readonly<Record<string, number>> = {
  ...{ B01: 60, B02: 10, B03: 10, B04: 10, B05: 20, B06: 20, B07: 20, B08: 10, B8A: 20 },
  ...{ B09: 60, B10: 60, B11: 20, B12: 20, TCI: 10 },
};

const IMAGE = /_(B\d[0-9A]|SCL|TCI|AOT|WVP)(?:_(\d\d)m)?\.(jp2|tiff?)$/i;

/** Stored numbers that are no reflectance. */
const NO_DATA = 0;
const SATURATED = 65_535;

/** What turns numbers into reflectance, by band. */
interface Radiometry {
  readonly quantification: number;
  readonly offsets: ReadonlyMap<string, number>;
  /** Of the maps of the air of level 2A: aerosol optical thickness and water vapour. */
  readonly air: ReadonlyMap<string, number>;
}

/** Units of the maps of the air. */
const AIR_UNITS: Readonly<Record<string, string>> = { AOT: '1', WVP: 'cm' };

/**
 * Opens a Sentinel-2 product of level 1C or 2A (SAFE folder or its `MTD_MSIL….xml`): a variable per
 * band and resolution, `B02` … (2A: `B02_10m` …), [H,W] reflectance 0..1 and above, NaN where there
 * is no data or the detector was saturated: `(DN + offset) / quantification`, with the offset that
 * products have since baseline 04.00. `SCL` holds its classes, `TCI` colours 0 to 255, `AOT` the
 * aerosol optical thickness, `WVP` the water vapour in cm.
 *
 * @throws DataRealError `MissingInput`, `DamagedFile`; RasterError of the images.
 */
export async function openSentinel2(path: string): Promise<RasterFile> {
  const safe = await safeFolderAt(path);
  const [description] =
    safe?.kind === 'sentinel-2'
      ? (await filesBelow(safe.folder, /^MTD_MSIL(1C|2A)\.xml$/i)).filter(
          (file) => join(safe.folder, basename(file)) === file,
        )
      : [];
  if (!safe || description === undefined) {
    throw new DataRealError(
      'MissingInput',
      `${path}: expected a Sentinel-2 product folder with MTD_MSIL1C.xml or MTD_MSIL2A.xml. Received: something else. Unpack the product and name its folder.`,
    );
  }
  const product = await readXml(description);
  const granules = await filesBelow(join(safe.folder, 'GRANULE'), /^MTD_TL\.xml$/i);
  const granule = granules[0] === undefined ? null : await readXml(granules[0]);
  const radiometry = radiometryOf(description, product);
  const places = granule && granules[0] !== undefined ? placesOf(granules[0], granule) : new Map();
  const time =
    (granule && textAt(granule, 'General_Info', 'SENSING_TIME')) ??
    textAt(product, 'General_Info', 'Product_Info', 'PRODUCT_START_TIME');
  const times = time && /^\d{4}-\d\d-\d\dT/.test(time) ? [`${time.slice(0, 19)}Z`] : [];
  const images = await filesBelow(join(safe.folder, 'GRANULE'), IMAGE);
  const opened: RasterFile[] = [];
  try {
    const variables: RasterVariable[] = [];
    for (const image of images.filter((file) => /IMG_DATA/i.test(file)).sort(byBand)) {
      const file = await openRaster(image);
      opened.push(file);
      variables.push(...decodedBands(image, file, radiometry, places, times));
    }
    if (variables.length === 0) {
      throw new DataRealError(
        'MissingInput',
        `${path}: expected images in GRANULE/…/IMG_DATA. Received: none. Download the product again.`,
      );
    }
    const [first] = variables;
    return {
      path,
      format: opened[0]?.format ?? 'jp2',
      crs: first?.placement?.crs ?? null,
      transform: first?.placement?.transform ?? null,
      times,
      variables,
      attributes: {
        product:
          textAt(product, 'General_Info', 'Product_Info', 'PRODUCT_URI') ?? basename(safe.folder),
        processing_baseline:
          textAt(product, 'General_Info', 'Product_Info', 'PROCESSING_BASELINE') ?? '',
      },
      async close() {
        for (const file of opened) await file.close();
      },
    };
  } catch (error) {
    for (const file of opened) await file.close();
    throw error;
  }
}

function decodedBands(
  path: string,
  file: RasterFile,
  { quantification, offsets, air }: Radiometry,
  places: ReadonlyMap<number, { readonly crs: string; readonly transform: Transform }>,
  times: readonly string[],
): RasterVariable[] {
  const [, band = '', said] = IMAGE.exec(basename(path)) ?? [];
  const metres = said === undefined ? METRES[band] : Number(said);
  const suffix = said === undefined ? '' : `_${said}m`;
  const place = metres === undefined ? undefined : places.get(metres);
  return file.variables.map((variable, i) => {
    const colour = ['red', 'green', 'blue'][i] ?? `band${i + 1}`;
    const name = file.variables.length > 1 ? `${band}${suffix}_${colour}` : `${band}${suffix}`;
    const divisor = band.startsWith('B') ? quantification : air.get(band);
    const decoded = redecode(variable, {
      name,
      times,
      units: divisor === undefined ? null : (AIR_UNITS[band] ?? '1'),
      decoding:
        divisor !== undefined
          ? {
              scale: 1 / divisor,
              offset: (offsets.get(band) ?? 0) / divisor,
              missing: [NO_DATA, SATURATED],
              validMin: -Infinity,
              validMax: Infinity,
            }
          : band === 'SCL'
            ? { ...variable.decoding, missing: [NO_DATA] }
            : variable.decoding,
    });
    const placement: Placement | null = place
      ? {
          rowAxis: 0,
          columnAxis: 1,
          rowsFromSouth: false,
          columnsFromEast: false,
          crs: place.crs,
          transform: place.transform,
        }
      : decoded.placement;
    return { ...decoded, placement };
  });
}

function radiometryOf(path: string, product: XmlNode): Radiometry {
  const at = ['General_Info', 'Product_Image_Characteristics'] as const;
  const isLevel2 = textAt(product, ...at, 'QUANTIFICATION_VALUES_LIST', 'BOA_QUANTIFICATION_VALUE');
  const quantification = isLevel2
    ? numberAt(path, product, ...at, 'QUANTIFICATION_VALUES_LIST', 'BOA_QUANTIFICATION_VALUE')
    : numberAt(path, product, ...at, 'QUANTIFICATION_VALUE');
  const list = isLevel2
    ? childrenAt(product, ...at, 'BOA_ADD_OFFSET_VALUES_LIST')
    : childrenAt(product, ...at, 'Radiometric_Offset_List');
  const name = isLevel2 ? 'BOA_ADD_OFFSET' : 'RADIO_ADD_OFFSET';
  const offsets = list.flatMap((node) =>
    childrenAt(node, name).map((entry) => {
      const band = BANDS[Number(entry['@band_id'])] ?? '';
      return [band, numberAt(path, entry, '#text')] as const;
    }),
  );
  const air = Object.keys(AIR_UNITS).flatMap((map) => {
    const names = [...at, 'QUANTIFICATION_VALUES_LIST', `${map}_QUANTIFICATION_VALUE`];
    const isStated = textAt(product, ...names) !== undefined;
    return isStated ? [[map, numberAt(path, product, ...names)] as const] : [];
  });
  return { quantification, offsets: new Map(offsets), air: new Map(air) };
}

/** CRS and transform of the tile, by metres a pixel. */
function placesOf(path: string, granule: XmlNode) {
  const geocoding = ['Geometric_Info', 'Tile_Geocoding'] as const;
  const crs = textAt(granule, ...geocoding, 'HORIZONTAL_CS_CODE') ?? '';
  return new Map(
    childrenAt(granule, ...geocoding, 'Geoposition').map((entry) => {
      const number = (name: string) => numberAt(path, entry, name);
      const transform: Transform = [
        number('ULX'),
        number('XDIM'),
        0,
        number('ULY'),
        0,
        number('YDIM'),
      ];
      return [Number(entry['@resolution']), { crs, transform }] as const;
    }),
  );
}

/** Bands in their own order, fine resolutions first. */
function byBand(a: string, b: string): number {
  const rank = (path: string) => {
    const [, band = '', metres = '0'] = IMAGE.exec(basename(path)) ?? [];
    const index = BANDS.indexOf(band);
    return Number(metres) * 100 + (index < 0 ? 50 : index);
  };
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
