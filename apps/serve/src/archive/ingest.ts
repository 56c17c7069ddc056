import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { catalogue, openSource, type SourceName } from '@arctic/data-real';
import { saveReference, statisticsFromMonthly, uniformDamping } from '@arctic/inference';
import { isoDate, readCube, writeCube, type SicCube } from '@arctic/raster';
import { ServeError } from '../errors.js';
import type { ModelInfo } from '../models/model-info.js';
import type { Archive, Domain, Hemisphere } from './archive.js';

/** A source that is no file of an agency: a Zarr store of our own. */
export interface IngestOptions {
  /** A source of concentration; none for a Zarr store. */
  readonly source?: string;
  readonly input: string;
  readonly hemisphere?: Hemisphere;
  /** First and last day taken, ISO dates. */
  readonly from?: string;
  readonly to?: string;
}

/** Where a generated sea is shown: it has no place of its own. Beaufort Sea, on the grid of EPSG:3411. */
const NOMINAL_PLACE = { crs: 'EPSG:3411', left: -2_400_000, top: 900_000 } as const;

/** Opens the days of a source. @throws ServeError, DataRealError, RasterError */
export async function openDays(options: IngestOptions): Promise<SicCube> {
  const { source, input, from, to } = options;
  if (!existsSync(input))
    throw new ServeError(
      400,
      'ingest',
      `--input ${input}: expected a file or folder. Received: nothing there`,
    );
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  if (['zarr.json', '.zgroup'].some((name) => existsSync(join(input, name))))
    return readCube(input, period);
  const names = catalogue
    .filter(({ kinds }) => kinds.includes('daily'))
    .map(({ name }) => name as string);
  if (source === undefined || !names.includes(source))
    throw new ServeError(
      400,
      'ingest',
      `--source: expected one of ${names.join(', ')} for files, or a Zarr store as --input. Received: ${source ?? 'none'}`,
    );
  return openSource({
    source: source as SourceName, // one of the names
    input,
    kind: 'daily',
    ...period,
    ...(options.hemisphere === undefined ? {} : { hemisphere: options.hemisphere }),
  });
}

/**
 * Adds the days of a cube to the archive, each as a store of its own; a day that was there is replaced.
 *
 * @returns the domain and the days added; days without any value are left out.
 */
export async function ingest(
  archive: Archive,
  cube: SicCube,
  onDay: (date: string) => void = () => undefined,
): Promise<{ readonly domain: Domain; readonly days: readonly number[] }> {
  const { height, width, attrs } = cube;
  const grid = placed(cube);
  const hemisphere: Hemisphere = attrs['hemisphere'] === 'south' ? 'south' : 'north';
  const { citation } = attrs;
  const domain: Domain = {
    id: attrs.synthetic ? 'synthetic' : `${hemisphere}-${grid.name}`.replace(/[^\w.-]/g, '_'),
    hemisphere,
    synthetic: attrs.synthetic,
    grid,
    height,
    width,
    attribution: attrs.synthetic
      ? ['Generated data of no real place or time.']
      : typeof citation === 'string'
        ? [citation]
        : [attrs.source],
  };
  const known = archive.domains().find(({ id }) => id === domain.id);
  if (known && (known.height !== height || known.width !== width))
    throw new ServeError(
      422,
      'ingest',
      `${grid.name}: expected the grid that is there, ${known.height} × ${known.width} cells. Received: ${height} × ${width}`,
    );
  const cells = height * width;
  const days: number[] = [];
  for (const [t, day] of cube.days.entries()) {
    const sic = cube.sic.slice(t * cells, (t + 1) * cells);
    if (sic.every(Number.isNaN)) continue;
    let missing = 0;
    for (let i = 0; i < cells; i++) if (cube.ocean[i] && Number.isNaN(sic[i])) missing += 1;
    const observation = {
      day,
      source: attrs.source,
      missing,
      addedAt: new Date().toISOString(),
    };
    const path = archive.places.observation(domain.id, isoDate(day));
    await mkdir(dirname(path), { recursive: true });
    await writeCube(path, {
      sic,
      ocean: cube.ocean,
      area: cube.area,
      ...(cube.poleHole && { poleHole: cube.poleHole }),
      height,
      width,
      grid,
      days: Int32Array.of(day),
      attrs: { ...attrs, served: { domain, observation } },
    });
    archive.putDomain(domain);
    archive.putObservation(domain.id, observation);
    days.push(day);
    onDay(isoDate(day));
  }
  if (days.length === 0)
    throw new ServeError(422, 'ingest', 'Expected a day with values. Received: none');
  return { domain, days };
}

function placed({ grid, attrs }: SicCube): SicCube['grid'] {
  if (grid.crs !== null || !attrs.synthetic || grid.transform === null) return grid;
  const [, dx, , , , dy] = grid.transform;
  const { crs, left, top } = NOMINAL_PLACE;
  return { ...grid, crs, transform: [left, dx, 0, top, 0, dy] };
}

/**
 * Keeps climatology and active cells of a domain that the forecaster was not trained on, with the mean damping of
 * its training domain.
 *
 * @param monthly a monthly record of the same grid.
 */
export async function ingestClimatology(
  archive: Archive,
  domain: Domain,
  daily: SicCube,
  monthly: SicCube,
  model: { readonly meta: Readonly<Record<string, unknown>> } & ModelInfo,
): Promise<void> {
  const { climatologyYears, activeYears, meanDamping } = model.meta as {
    climatologyYears: [number, number];
    activeYears: [number, number];
    meanDamping: number[];
  }; // written by train-all:export
  const normal = statisticsFromMonthly(daily, monthly, { climatologyYears, activeYears });
  const folder = archive.places.reference(domain.id);
  await mkdir(folder, { recursive: true });
  await saveReference(folder, {
    ...normal,
    damping: uniformDamping(meanDamping, normal.climatology),
    height: domain.height,
    width: domain.width,
  });
}

/** Opens a monthly record. */
export async function openMonths(path: string, hemisphere: Hemisphere): Promise<SicCube> {
  if (['zarr.json', '.zgroup'].some((name) => existsSync(join(path, name)))) return readCube(path);
  return openSource({ source: 'nsidc-0051', input: path, kind: 'monthly', hemisphere });
}
