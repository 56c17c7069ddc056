import type { HttpSession } from './http-session.js';
import { at, searchAnswer } from './json-field.js';
import { regionWkt, type Region } from './region.js';
import { isSafeName } from './remote-list.js';
import type { RemoteFile } from './transfer.js';

/** A question to the catalogue of the Copernicus Data Space. */
export interface CopernicusQuery {
  readonly collection: 'SENTINEL-1' | 'SENTINEL-2';
  /** Product type of the catalogue (`S2MSI2A`), or undefined for all. */
  readonly productType?: string | undefined;
  /** What the product's name must contain (`_GRDM_`). */
  readonly nameParts?: readonly string[] | undefined;
  /** Most cloud in percent. */
  readonly maxCloud?: number | undefined;
  readonly from: string;
  readonly to: string;
  readonly region: Region;
}

const SEARCH = 'https://catalogue.dataspace.copernicus.eu/odata/v1/Products';
const DOWNLOAD = 'https://download.dataspace.copernicus.eu/odata/v1/Products';
const PAGE_SIZE = 100;

/**
 * The products that answer a query, each as a zip file of its SAFE folder.
 *
 * The size and MD5 that the catalogue states are those of the product as archived; the zip is made
 * when asked for, so that neither is used to refuse a file.
 *
 * @throws DataRealError `DownloadFailed` where the answer is not understood, or as any request
 */
export async function searchCopernicus(
  session: HttpSession,
  query: CopernicusQuery,
): Promise<RemoteFile[]> {
  const files: RemoteFile[] = [];
  let address: string | undefined = `${SEARCH}?${new URLSearchParams({
    $filter: filterOf(query),
    $orderby: 'ContentDate/Start asc',
    $top: String(PAGE_SIZE),
  })}`;
  const seen = new Set<string>();
  while (address !== undefined && !seen.has(address)) {
    seen.add(address);
    const { body } = await session.text(address);
    const { items, answer } = searchAnswer(SEARCH, body, 'value');
    files.push(...items.flatMap(fileOf));
    const next = at(answer, '@odata.nextLink');
    address = typeof next === 'string' ? next.replace(/^http:/, 'https:') : undefined;
  }
  return files;
}

function filterOf(query: CopernicusQuery): string {
  const { collection, productType, nameParts = [], maxCloud, from, to, region } = query;
  const attribute = (kind: string, name: string, rest: string) =>
    `Attributes/OData.CSC.${kind}Attribute/any(att:att/Name eq '${name}' and att/OData.CSC.${kind}Attribute/Value ${rest})`;
  return [
    `Collection/Name eq '${collection}'`,
    `ContentDate/Start ge ${from}T00:00:00.000Z`,
    `ContentDate/Start le ${to}T23:59:59.999Z`,
    `OData.CSC.Intersects(area=geography'SRID=4326;${regionWkt(region)}')`,
    ...nameParts.map((part) => `contains(Name,'${part}')`),
    ...(productType ? [attribute('String', 'productType', `eq '${productType}'`)] : []),
    ...(maxCloud === undefined
      ? []
      : [attribute('Double', 'cloudCover', `le ${maxCloud.toFixed(2)}`)]),
  ].join(' and ');
}

function fileOf(product: unknown): RemoteFile[] {
  const [id, name] = [at(product, 'Id'), at(product, 'Name')];
  const [start, bytes] = [at(at(product, 'ContentDate'), 'Start'), at(product, 'ContentLength')];
  if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/i.test(id)) return [];
  if (typeof name !== 'string' || !isSafeName(name)) return [];
  // Products that are not online have to be ordered first, and are not to be had here.
  if (at(product, 'Online') === false) return [];
  return [
    {
      name: `${name.replace(/\.SAFE$/, '')}.zip`,
      url: `${DOWNLOAD}(${id})/$value`,
      date: typeof start === 'string' ? start.slice(0, 10) : null,
      bytes: typeof bytes === 'number' && bytes > 0 ? bytes : undefined,
      login: 'copernicus',
    },
  ];
}
