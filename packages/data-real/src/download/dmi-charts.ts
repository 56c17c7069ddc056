import { dateOfName } from './calendar.js';
import { isInSpan } from './folder-files.js';
import type { HttpSession } from './http-session.js';
import { listFolder } from './remote-list.js';
import type { RemoteFile } from './transfer.js';

const ROOT = 'https://download.dmi.dk/public/ICESERVICE/SIGRID3';
/** A year holds a folder per chart: time, area, and a mark of the kind of chart. */
const CHART = /^(?<day>\d{8})\d{0,4}_(?<area>.+?)\d?_(?:RIC|WA)(?:_v\d+)?$/;
const PARTS = /\.(?:shp|shx|dbf|prj|cpg|zip)$/i;

/** The files of DMI's charts: one shapefile each, in a folder of its own on the server. */
export async function dmiCharts(
  session: HttpSession,
  query: {
    readonly areas: readonly string[];
    readonly years: readonly number[];
    readonly firstDay: number;
    readonly lastDay: number;
  },
): Promise<RemoteFile[]> {
  const files: RemoteFile[] = [];
  for (const year of query.years) {
    for (const chart of await listFolder(session, `${ROOT}/${year}/`)) {
      const date = chart.isFolder ? dateOfName(chart.name, CHART) : undefined;
      const area = CHART.exec(chart.name)?.groups?.['area'];
      if (!date || !isInSpan(date, query) || !area || !query.areas.includes(area)) continue;
      for (const { name, url, isFolder } of await listFolder(session, chart.url)) {
        if (!isFolder && PARTS.test(name)) files.push({ name, url, date });
      }
    }
  }
  return files;
}
