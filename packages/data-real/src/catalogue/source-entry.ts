import type { LoginName } from '../download/login.js';

/** The names by which sources are asked for. */
export type SourceName =
  | 'nsidc-0081'
  | 'nsidc-0051'
  | 'g02202'
  | 'g10016'
  | 'sea-ice-index'
  | 'osi-saf'
  | 'esa-cci-sic'
  | 'sentinel-1-grd'
  | 'sentinel-2'
  | 'modis'
  | 'nic-charts'
  | 'cis-charts'
  | 'dmi-charts'
  | 'aari-charts';

/** Steps of time: daily or monthly fields, single scenes, charts drawn every few days. */
export type SourceKind = 'daily' | 'monthly' | 'scene' | 'chart';

/** One product of a source: a version, a grid, a processing level, an area. */
export interface SourceProduct {
  /** The name by which it is asked for. */
  readonly name: string;
  readonly title: string;
  /** First and last year; null where it still grows. */
  readonly years: readonly [number, number | null];
  /** How to cite it; add the dates used and the date of access. */
  readonly citation: string;
  /** DOI or landing page. */
  readonly link: string;
}

/** What there is to know about a source before getting it. */
export interface SourceEntry {
  readonly name: SourceName;
  readonly title: string;
  /** What it is, where it comes from, what to mind. */
  readonly what: string;
  /** What the values are after reading. */
  readonly variable: string;
  /** UDUNITS text of the values; null for images without units and for polygons. */
  readonly units: string | null;
  /** Side of a pixel in metres, the finest where there are several; null for polygons. */
  readonly pixelSizeM: number | null;
  readonly kinds: readonly SourceKind[];
  /** First and last year of the record; null where it still grows. */
  readonly years: readonly [number, number | null];
  readonly grids: readonly string[];
  /** The first one is taken unless another is asked for. */
  readonly products: readonly SourceProduct[];
  /** Areas of which there are separate charts; the first one is taken unless others are asked for. */
  readonly areas?: readonly string[];
  readonly licence: string;
  /** Of the first product. */
  readonly citation: string;
  /** How one gets the files. */
  readonly access: string;
  /** Account that the files need; null where they are open to all. */
  readonly login: LoginName | null;
  /** Of the first product. */
  readonly link: string;
  /** The file formats that come. */
  readonly formats: readonly string[];
  /** Whether a download needs a region to search in. */
  readonly needsRegion: boolean;
  /** Since when, and why, the agency no longer gives it out. */
  readonly retired?: string;
}

type Facts = Omit<SourceEntry, 'citation' | 'link' | 'years' | 'needsRegion'> & {
  readonly products: readonly [SourceProduct, ...SourceProduct[]];
  readonly needsRegion?: boolean;
};

/** An entry whose summary comes from its products. */
export function entryOf(facts: Facts): SourceEntry {
  const [{ citation, link }] = facts.products;
  const ends = facts.products.map(({ years }) => years[1]);
  const last = ends.includes(null) ? null : Math.max(...ends.map(Number));
  const first = Math.min(...facts.products.map(({ years }) => years[0]));
  return { needsRegion: false, ...facts, citation, link, years: [first, last] };
}
