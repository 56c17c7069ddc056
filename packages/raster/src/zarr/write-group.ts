import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderStore } from '../zarr-store.js';

/**
 * Writes the metadata of a group (format 3), that of its arrays copied in, as zarr-python
 * consolidates it for xarray; to be called when the arrays are there.
 */
export async function writeConsolidatedGroup(
  store: FolderStore,
  attributes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const metadata: Record<string, unknown> = {};
  for (const entry of (await readdir(store.folder)).sort()) {
    metadata[entry] = JSON.parse(await readFile(join(store.folder, entry, 'zarr.json'), 'utf8'));
  }
  const group = {
    zarr_format: 3,
    node_type: 'group',
    attributes,
    consolidated_metadata: { kind: 'inline', must_understand: false, metadata },
  };
  await store.set('/zarr.json', new TextEncoder().encode(JSON.stringify(group, null, 2)));
}
