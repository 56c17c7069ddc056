// Links of all markdown pages: files and headings of ours have to be there; addresses elsewhere have to look like one.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { wrongLinks } from './docs/blocks.mjs';

const root = join(import.meta.dirname, '..');
const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.md'];
const pages = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim().split('\n');
const wrong = pages.flatMap((file) => wrongLinks(file, readFileSync(join(root, file), 'utf8')));
if (wrong.length > 0) process.stdout.write(`${wrong.join('\n')}\n`);

const remark = ['--no-install', 'remark', '--frail', '--quiet', '--no-stdout'];
// There may be no remote, or one that is no address of a public host.
const { status } = spawnSync(
  'npx',
  [...remark, '--use', 'remark-validate-links=repository:false', ...pages],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status === 0 && wrong.length === 0 ? 0 : 1;
