import { isoDate } from '@arctic/raster';
import type { SourceEntry, SourceProduct } from '../catalogue.js';
import type { Hemisphere } from '../polar-stereographic.js';
import { monthFolder, monthsBetween, yearsBetween } from './calendar.js';
import { dmiCharts } from './dmi-charts.js';
import { searchCmr } from './cmr.js';
import { searchCopernicus } from './copernicus-search.js';
import { filesOfFolders } from './folder-files.js';
import type { HttpSession } from './http-session.js';
import type { Region } from './region.js';
import type { RemoteFile } from './transfer.js';
import { worldviewFiles, WORLDVIEW_LAYERS } from './worldview.js';

/** What is wanted of a source, checked. */
export interface ResolveQuery {
  readonly entry: SourceEntry;
  readonly product: SourceProduct;
  readonly monthly: boolean;
  readonly hemisphere: Hemisphere;
  /** There where the entry needs one. */
  readonly region: Region | undefined;
  readonly areas: readonly string[];
  /** Most cloud in percent, of Sentinel-2. */
  readonly maxCloud: number | undefined;
  /** Days since 1970-01-01, both inclusive. */
  readonly firstDay: number;
  readonly lastDay: number;
}

const NOAA = 'https://noaadata.apps.nsidc.org/NOAA';
const OSI_SAF = 'https://thredds.met.no/thredds/catalog/osisaf/met.no';
const CCI = 'https://dap.ceda.ac.uk/neodc/esacci/sea_ice/data/sea_ice_concentration/L4';
const AARI = 'http://wdc.aari.ru/datasets';
const LAST_DAY_OF_OSI_450 = 18_627;

/** The files of a source that answer a query, as its servers list them now. */
export async function resolveFiles(
  session: HttpSession,
  query: ResolveQuery,
): Promise<RemoteFile[]> {
  const { entry, product, monthly, hemisphere, areas, firstDay, lastDay } = query;
  const letter = hemisphere === 'north' ? 'N' : 'S';
  const years = yearsBetween(firstDay, lastDay);
  const months = monthsBetween(firstDay, lastDay);
  const folderFiles = (folders: readonly string[], pattern: RegExp) =>
    filesOfFolders(session, { folders, pattern, firstDay, lastDay, monthly });
  const dated = monthly ? '(?<month>\\d{6})' : '(?<day>\\d{8})';
  switch (entry.name) {
    case 'nsidc-0051':
    case 'nsidc-0081': {
      const name = entry.name.toUpperCase();
      const stem = name.replace('-', '');
      return searchCmr(session, {
        shortName: name,
        version: '2',
        firstDay,
        lastDay,
        monthly,
        pattern: new RegExp(`^${stem}_SEAICE_PS_${letter}25km_${dated}_v[\\d.]+\\.nc$`),
      });
    }
    case 'g02202':
    case 'g10016': {
      const version = `${entry.name.toUpperCase()}_${product.name.toUpperCase()}`;
      const root = `${NOAA}/${version}${version === 'G10016_V3' ? '/CDR' : ''}/${hemisphere}`;
      const stem = `(?:seaice_conc_(?:daily|monthly)(?:_icdr)?_${letter}h|sic_ps${letter}25)`;
      return folderFiles(
        monthly ? [`${root}/monthly/`] : years.map((year) => `${root}/daily/${year}/`),
        new RegExp(`^${stem}_${dated}_[a-z0-9_]+\\.nc$`, 'i'),
      );
    }
    case 'sea-ice-index': {
      const root = `${NOAA}/G02135/${hemisphere}`;
      if (product.name === 'csv') {
        return folderFiles(
          [`${root}/${monthly ? 'monthly' : 'daily'}/data/`],
          monthly ? /^[NS]_\d\d_extent_v[\d.]+\.csv$/ : /^[NS]_seaice_extent_daily_v[\d.]+\.csv$/,
        );
      }
      const folders = months.map(({ year, month }) =>
        monthly
          ? `${root}/monthly/geotiff/${monthFolder(month)}/`
          : `${root}/daily/geotiff/${year}/${monthFolder(month)}/`,
      );
      return folderFiles(
        [...new Set(folders)],
        new RegExp(`^${letter}_${dated}_${product.name}_v[\\d.]+\\.tif$`),
      );
    }
    case 'osi-saf': {
      const stem = `ice_conc_${letter.toLowerCase()}h`;
      if (product.name !== 'osi-450-a') {
        const [folder, sensor] =
          product.name === 'osi-408' ? ['ice/amsr2_conc', 'amsr2'] : ['ice/conc', 'multi'];
        return folderFiles(
          months.map(({ year, month }) => `${OSI_SAF}/${folder}/${year}/${month}/catalog.xml`),
          new RegExp(`^${stem}_polstere-100_${sensor}_(?<day>\\d{8})1200\\.nc$`),
        );
      }
      const folders = (first: number, last: number, name: string) =>
        first > last
          ? []
          : monthly
            ? yearsBetween(first, last).map(
                (year) => `${OSI_SAF}/reprocessed/ice/${name}/monthly/${year}/catalog.xml`,
              )
            : monthsBetween(first, last).map(
                ({ year, month }) =>
                  `${OSI_SAF}/reprocessed/ice/${name}/${year}/${month}/catalog.xml`,
              );
      const files = await folderFiles(
        [
          ...folders(firstDay, Math.min(lastDay, LAST_DAY_OF_OSI_450), 'conc_450a_files'),
          ...folders(Math.max(firstDay, LAST_DAY_OF_OSI_450 + 1), lastDay, 'conc_cra_files'),
        ],
        new RegExp(
          `^${stem}_ease2-250_(?:cdr|icdr|icdrft)-v3p\\d_${dated}${monthly ? '' : '1200'}\\.nc$`,
        ),
      );
      // The fast track of a day is a stopgap until its nominal file is there.
      const nominal = new Set(
        files.filter(({ name }) => !name.includes('_icdrft-')).map(({ date }) => date),
      );
      return files.filter(({ name, date }) => !name.includes('_icdrft-') || !nominal.has(date));
    }
    case 'esa-cci-sic': {
      const folder = {
        'ssmi-12.5km': 'ssmi_ssmis/12.5km/v3.0',
        'amsr-25km': 'amsr/25km/v2.1',
        'amsr-50km': 'amsr/50km/v2.1',
      }[product.name];
      return filesOfFolders(session, {
        folders: months.map(({ year, month }) => `${CCI}/${folder}/${letter}H/${year}/${month}/`),
        pattern: new RegExp(
          `^ESACCI-SEAICE-L4-SICONC-.*${letter}H.*-(?<day>\\d{8})-fv[\\d.]+\\.nc$`,
        ),
        firstDay,
        lastDay,
        login: 'ceda',
      });
    }
    case 'sentinel-1-grd':
    case 'sentinel-2':
    case 'modis':
      return resolveScenes(session, query);
    case 'nic-charts':
      return folderFiles(
        years.map((year) => `${NOAA}/G10013/${hemisphere}/${year}/`),
        /^[a-z_]*?(?:(?<day>(?:19|20)\d{6})|(?<shortDay>\d{6}))(?!\d).*\.zip$/i,
      );
    case 'cis-charts': {
      // A chart of the last days of a year may lie in the folder of the next.
      const folders = [...years, (years.at(-1) ?? 0) + 1];
      return folderFiles(
        areas.flatMap((area) => folders.map((year) => `${NOAA}/G02171/${area}/${year}/`)),
        /^cis_SGRD.*?_(?<day>\d{8})(?:T\d{4}Z?)?_pl_[a-z]\.(?:tar|zip|tar\.gz)$/i,
      );
    }
    case 'dmi-charts':
      return dmiCharts(session, { areas, years, firstDay, lastDay });
    case 'aari-charts': {
      const folders =
        product.name === 'seas'
          ? areas.flatMap((area) => years.map((year) => `${AARI}/d0004/${area}/sigrid/${year}/`))
          : years.map((year) => `${AARI}/d0015/arcice/${year}/`);
      return folderFiles(folders, /^aari_[a-z]+_(?<day>\d{8})_pl_[a-z]\.(?:zip|shp|shx|dbf|prj)$/i);
    }
  }
}

/** Scenes are searched by region. */
async function resolveScenes(session: HttpSession, query: ResolveQuery): Promise<RemoteFile[]> {
  const { entry, product, hemisphere, maxCloud, firstDay, lastDay } = query;
  const region: Region = query.region ?? [-180, -90, 180, 90];
  const span = { from: isoDate(firstDay), to: isoDate(lastDay), region };
  if (entry.name === 'sentinel-1-grd') {
    const part = `_${product.name.toUpperCase()}_GRD`;
    const files = await searchCopernicus(session, {
      collection: 'SENTINEL-1',
      nameParts: [part],
      ...span,
    });
    // The same scenes are there as cloud-optimised copies.
    return files.filter(({ name }) => !name.includes('_COG'));
  }
  if (entry.name === 'sentinel-2') {
    return searchCopernicus(session, {
      collection: 'SENTINEL-2',
      productType: product.name === 'l1c' ? 'S2MSI1C' : 'S2MSI2A',
      maxCloud,
      ...span,
    });
  }
  if (product.name in WORLDVIEW_LAYERS) {
    return worldviewFiles({ product: product.name, hemisphere, region, firstDay, lastDay });
  }
  return searchCmr(session, {
    shortName: product.name,
    version: product.name.endsWith('09GA') ? '061' : '61',
    pattern: new RegExp(`^${product.name}\\.A\\d{7}\\..*\\.hdf$`),
    region,
    firstDay,
    lastDay,
  });
}
