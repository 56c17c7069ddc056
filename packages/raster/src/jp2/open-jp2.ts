import { ByteFile } from '../byte-file.js';
import { RasterError } from '../errors.js';
import { makeVariable, PLAIN } from '../make-variable.js';
import type { Placement, RasterFile, RasterVariable, Region } from '../raster-file.js';
import { affinePlacement } from '../picture/affine-placement.js';
import { readSidecar, type Sidecar } from '../picture/sidecar.js';
import { readMainHeader, type MainHeader, type Rectangle } from './codestream.js';
import { readGeoJp2 } from './geo-jp2.js';
import { readGmlGrid } from './gml-grid.js';
import { readJp2Header, type Jp2Header } from './jp2-header.js';
import { readWindow, sampleType } from './read-window.js';
import { atLevel, TileReader } from './tile-reader.js';

/** Components of one file; each is decoded with all others of its tile. */
const MOST_COMPONENTS = 1024;

/**
 * Opens a JPEG 2000 image: a JP2 file or a bare codestream of up to 16 bits per sample.
 *
 * Bands are `band1`, `band2` … [H,W], smaller resolutions of the codestream their `overviews`.
 * Palettes are not applied: such bands hold the numbers of colours, as class maps want them. Where
 * an opacity channel is 0, the other bands are missing. The place comes from an `.aux.xml` beside
 * the file, else its GeoJP2 box, else its GMLJP2 box, else a world file with `.prj`.
 *
 * Tiles are decoded one by one, the last ones kept: memory grows with the tiles, not the image.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`
 */
export async function openJp2(path: string): Promise<RasterFile> {
  const file = await ByteFile.open(path);
  try {
    return await openImage(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openImage(file: ByteFile): Promise<RasterFile> {
  const { path } = file;
  const boxes = await readJp2Header(file);
  const { start, end } = boxes.codestream;
  const header = await readMainHeader(file, start, end);
  assertReadable(path, header);
  const { image, components } = header;
  const sidecar = await readSidecar(path);
  const place = await placementOf(file, boxes, sidecar, image);
  const tiles = new TileReader(file, header, end);
  const opacity = components.length > 1 && components[boxes.opacity ?? -1] ? boxes.opacity : null;
  const levels = Math.min(...header.styles.map((style) => style.levels));

  const bandAt = (component: number, level: number): RasterVariable => {
    const { x0, y0, x1, y1 } = atLevel(image, level);
    const said = sidecar.bands.get(component + 1);
    const load = (which: number) => (region: Region) =>
      readWindow(tiles, header, level, which, region);
    const alpha = opacity === null || opacity === component ? null : load(opacity);
    return makeVariable({
      path,
      name: `band${component + 1}`,
      dims: ['y', 'x'],
      shape: [y1 - y0, x1 - x0],
      dtype: sampleType(components[component]),
      units: said?.units ?? null,
      attributes: component === opacity ? { colour_interpretation: 'alpha' } : {},
      ...(said && {
        decoding: {
          ...PLAIN,
          scale: said.scale,
          offset: said.offset,
          missing: said.nodata === null ? [] : [said.nodata],
        },
      }),
      placement: halved(place, level),
      overviews:
        level === 0 ? Array.from({ length: levels }, (_, i) => bandAt(component, i + 1)) : [],
      chunkShape: chunkOf(header, level),
      load: load(component),
      ...(alpha && {
        loadMask: async (region: Region) =>
          Uint8Array.from(await alpha(region), (value) => (value === 0 ? 0 : 1)),
      }),
    });
  };

  return {
    path,
    format: 'jp2',
    crs: place.crs,
    transform: place.transform,
    times: [],
    variables: components.map((_, component) => bandAt(component, 0)),
    attributes: {},
    close: () => file.close(),
  };
}

function assertReadable(path: string, { components }: MainHeader): void {
  const deep = components.find(({ bits }) => bits > 16);
  if (!deep && components.length <= MOST_COMPONENTS) return;
  throw new RasterError(
    'UnsupportedFormat',
    `${path}: expected up to ${MOST_COMPONENTS} components of up to 16 bits. Received: ${components.length}${deep ? `, one of ${deep.bits} bits` : ''}. Convert the file to GeoTIFF with gdal_translate.`,
  );
}

/** The first of the places that give pixels a position, with the CRS of the first that names one. */
async function placementOf(
  file: ByteFile,
  { geoTiff, gml }: Jp2Header,
  sidecar: Sidecar,
  image: Rectangle,
): Promise<Placement> {
  const height = image.y1 - image.y0;
  const width = image.x1 - image.x0;
  const geo = geoTiff ? await readGeoJp2(file, geoTiff, height, width) : null;
  const grid = gml === null ? null : readGmlGrid(gml);
  const crs = sidecar.crs ?? geo?.crs ?? grid?.crs ?? sidecar.worldCrs;
  const points = geo?.controlPoints ?? [];
  if (!sidecar.affine && geo && (geo.transform || points.length > 0)) {
    const { transform, rowsFromSouth, columnsFromEast } = geo;
    const placement = { rowAxis: 0, columnAxis: 1, crs, transform, rowsFromSouth, columnsFromEast };
    return points.length > 0 ? { ...placement, controlPoints: points } : placement;
  }
  const affine = sidecar.affine ?? grid?.affine ?? sidecar.worldAffine;
  return affinePlacement(affine, crs, height, width);
}

/** Samples of a smaller resolution stand on every 2^level-th point of the reference grid. */
function halved(place: Placement, level: number): Placement {
  const down = 2 ** level;
  const { transform: t, controlPoints } = place;
  return {
    ...place,
    transform: t && [t[0], t[1] * down, 0, t[3], 0, t[5] * down],
    ...(controlPoints && {
      controlPoints: controlPoints.map((point) => ({
        ...point,
        row: point.row / down,
        column: point.column / down,
      })),
    }),
  };
}

function chunkOf({ firstTile, image }: MainHeader, level: number): readonly number[] {
  const whole = atLevel(image, level);
  const down = 2 ** level;
  return [
    Math.min(whole.y1 - whole.y0, Math.ceil((firstTile.y1 - firstTile.y0) / down)),
    Math.min(whole.x1 - whole.x0, Math.ceil((firstTile.x1 - firstTile.x0) / down)),
  ];
}
