import { join } from 'node:path';

/** Where things lie in the archive's folder. */
export function layout(root: string) {
  return {
    root,
    database: join(root, 'archive.db'),
    observations: join(root, 'observations'),
    observation: (domain: string, date: string) =>
      join(root, 'observations', domain, `${date}.zarr`),
    forecasts: join(root, 'forecasts'),
    forecast: (domain: string, version: string, date: string) =>
      join(root, 'forecasts', domain, version, `${date}.zarr`),
    /** Climatology and active cells of a domain that the models were not trained on. */
    reference: (domain: string) => join(root, 'references', domain),
    models: join(root, 'models'),
    cache: join(root, 'cache'),
    uploads: join(root, 'uploads'),
  };
}

export type Layout = ReturnType<typeof layout>;
