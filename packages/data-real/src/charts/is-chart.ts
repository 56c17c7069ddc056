import { readdir, stat } from 'node:fs/promises';
import { inputFiles } from '../input-files.js';
import { zipNames } from '../zip-names.js';

const CHART_FILE = /\.(shp|shx|dbf|prj|cpg|gpkg)$/i;

/**
 * Whether there are polygons at a path that `openChart` would try: one of a shapefile's files, a
 * GeoPackage, a folder with one of these in it, or an archive that holds one (a damaged zip may).
 */
export async function isChart(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => null);
  if (!entry) return false;
  if (entry.isDirectory()) return (await readdir(path)).some((name) => /\.(shp|gpkg)$/i.test(name));
  if (/\.zip$/i.test(path)) {
    const names = await zipNames(path);
    return names === null || names.some((name) => CHART_FILE.test(name) || /\.zip$/i.test(name));
  }
  if (!/\.(tar|tgz|tar\.gz)$/i.test(path)) return CHART_FILE.test(path);
  let found = false;
  const look = (name: string) => {
    found ||= CHART_FILE.test(name);
    return false;
  };
  const walk = inputFiles(path, look);
  while (!found && !(await walk.next()).done);
  return found;
}
