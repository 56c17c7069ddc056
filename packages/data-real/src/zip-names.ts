import { openPromise } from 'yauzl';

/** The names of what a .zip holds, in its order; null where it cannot be read. */
export async function zipNames(path: string): Promise<readonly string[] | null> {
  try {
    const zip = await openPromise(path);
    const names: string[] = [];
    for await (const { fileName } of zip.eachEntry()) names.push(fileName);
    return names;
  } catch {
    return null;
  }
}
