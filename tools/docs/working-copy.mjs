// A copy of the working tree that commands of the docs may write in: HEAD and what is not committed yet.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

const git = (cwd, args, input) =>
  execFileSync('git', args, { cwd, input, encoding: 'utf8', maxBuffer: 2 ** 30 });

/** Never the tree's own: links of the workspace to itself, and what tools write. */
const OWN = new Set(['@arctic', '.cache', '.vite', '.vite-temp', '.package-lock.json']);

/** Links what is installed, entry by entry, so that packages of the workspace are those of the copy. */
function linkModules(root, copy) {
  const manifests = git(root, ['ls-files', '--', 'package.json', '*/package.json'])
    .trim()
    .split('\n');
  for (const folder of manifests.map(dirname)) {
    const from = join(root, folder, 'node_modules');
    if (!existsSync(from) || !existsSync(join(copy, folder))) continue;
    const to = join(copy, folder, 'node_modules');
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from))
      if (!OWN.has(name)) symlinkSync(join(from, name), join(to, name));
  }
  const scope = join(copy, 'node_modules', '@arctic');
  mkdirSync(scope);
  for (const folder of manifests.map(dirname)) {
    const {
      name,
      private: unpublished,
      workspaces,
    } = JSON.parse(git(copy, ['show', `:${join(folder, 'package.json')}`]));
    if (name?.startsWith('@arctic/') && (!unpublished || !workspaces))
      symlinkSync(join(copy, folder), join(scope, name.slice('@arctic/'.length)));
  }
}

/** Makes the copy at `copy`; `install` leaves the modules to `npm ci`. */
export function makeCopy(root, copy, { install }) {
  git(root, ['clone', '--quiet', '--shared', root, copy]);
  const changes = git(root, ['diff', 'HEAD', '--binary']);
  if (changes !== '') git(copy, ['apply', '--whitespace=nowarn', '-'], changes);
  const others = git(root, ['ls-files', '--others', '--exclude-standard', '-z']).split('\0');
  for (const file of others.filter((name) => name !== '' && statSync(join(root, name)).isFile())) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(root, file), join(copy, file));
  }
  git(copy, ['add', '--all']);
  const name = ['-c', 'user.name=docs', '-c', 'user.email=docs@example.org'];
  git(copy, [...name, 'commit', '--quiet', '--allow-empty', '--message', 'what is checked']);
  if (install) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: copy, stdio: 'pipe' });
  else linkModules(root, copy);
}

/** Takes away what the commands of a page left behind. */
export function cleanCopy(copy) {
  git(copy, ['checkout', '--quiet', '.']);
  const kept = ['node_modules', '.nx', 'docs-check'].flatMap((name) => ['--exclude', name]);
  git(copy, ['clean', '-fdxq', ...kept]);
  rmSync(join(copy, 'docs-check', 'folder'), { recursive: true, force: true });
}
