import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputFiles } from '../input-files.js';

/** A temporary folder for what lies in archives; made when first used. */
export class Unpacked {
  #folder: Promise<string> | undefined;
  #count = 0;

  /**
   * The files of an input that lie in .tar archives or are gzipped, written out; `isWanted` is asked
   * with their names.
   *
   * @throws DataRealError as `inputFiles`
   */
  async files(input: string, isWanted: (name: string) => boolean): Promise<readonly string[]> {
    const paths: string[] = [];
    const packed = (path: string) => /\.gz$/i.test(path) || /\.(tar|tgz|tar\.gz):/i.test(path);
    const nameOf = (path: string) => path.replace(/^.*[/\\:]/s, '').replace(/\.gz$/i, '');
    const wanted = (path: string) => packed(path) && isWanted(nameOf(path));
    for await (const { path, bytes } of inputFiles(input, wanted)) {
      this.#folder ??= mkdtemp(join(tmpdir(), 'arctic-unpacked-'));
      // A folder for each, as archives may hold equal names.
      const own = await mkdtemp(join(await this.#folder, `${this.#count++}-`));
      paths.push(join(own, nameOf(path)));
      await writeFile(join(own, nameOf(path)), bytes);
    }
    return paths;
  }

  async remove(): Promise<void> {
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }
}
