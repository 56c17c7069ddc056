// A model that is not ours learns to read digits in a project outside the workspace, with the packed packages:
//     node tools/check-digits.mjs FOLDER
// FOLDER holds an IDX file of images and one of labels. Fails below 98 % on the test digits.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '..');
const [folder] = process.argv.slice(2);
const file = (part) => {
  const name = folder && readdirSync(folder).find((entry) => entry.includes(part));
  if (!name)
    throw new Error(`Expected a folder with a file *${part}*. Received: ${folder ?? 'none'}.`);
  return resolve(folder, name);
};
const files = [file('images-idx3'), file('labels-idx1')];
const work = mkdtempSync(join(tmpdir(), 'arctic-digits-'));
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const project = join(work, 'project');
  mkdirSync(join(work, 'packs'));
  cpSync(join(root, 'examples', 'digits'), project, { recursive: true });
  const names = ['runtime', 'trainer-core'];
  run('npx', ['--no-install', 'nx', 'run-many', '-t', 'build', '-p', ...names], root);
  const workspaces = names.flatMap((name) => ['--workspace', `@arctic/${name}`]);
  run('npm', ['pack', '--silent', '--pack-destination', join(work, 'packs'), ...workspaces], root);
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  for (const pack of readdirSync(join(work, 'packs'))) {
    const name = names.find((each) => pack.startsWith(`arctic-${each}-`));
    manifest.dependencies[`@arctic/${name}`] = `file:${join(work, 'packs', pack)}`;
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--no-audit', '--no-fund'], project);
  const answer = run(process.execPath, ['digits.mjs', ...files], project).trim();
  process.stdout.write(`${answer}\n`);
  const percent = Number(/([\d.]+) %$/.exec(answer)?.[1]);
  if (!(percent >= 98)) throw new Error(`Expected at least 98 %. Received: ${percent}.`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
