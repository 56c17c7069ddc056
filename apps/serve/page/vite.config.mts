import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const compress = promisify(brotliCompress);
const output = join(import.meta.dirname, '..', 'dist', 'page');

/** Writes each file packed beside it, once: the server sends that to browsers that take it. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    async closeBundle() {
      for (const entry of await readdir(output, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(html|js|css|json|svg|wasm)$/.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        await writeFile(`${path}.br`, await compress(await readFile(path)));
      }
    },
  };
}

// The workspace's packages are taken from their sources, so that none needs to be built before.
const conditions = ['@arctic/source', ...defaultClientConditions];

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  resolve: { conditions },
  worker: { format: 'es' },
  plugins: [packed()],
  build: {
    outDir: output,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600, // the map's own library is half a megabyte
  },
});
