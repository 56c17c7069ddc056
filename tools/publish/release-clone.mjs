import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { must, run } from './run.mjs';

const root = join(import.meta.dirname, '..', '..');

/** A clone of HEAD without its tags, with what is installed here: links of the workspace lead into the clone. */
export function makeClone(clone) {
  const git = (...args) => must('git', args, { cwd: clone }).trim();
  must('git', ['clone', '--quiet', '--no-tags', root, clone], { cwd: root });
  git('config', 'user.name', 'Release check');
  git('config', 'user.email', 'release@localhost');
  const inside = (folder) => readdirSync(join(root, folder)).map((name) => join(folder, name));
  const folders = ['.', ...inside('packages'), ...inside('apps'), 'benchmarks'];
  for (const folder of folders.map((each) => join(each, 'node_modules'))) {
    const [from, to] = [join(root, folder), join(clone, folder)];
    if (!existsSync(from) || !existsSync(dirname(to))) continue;
    // Hard links where both are on one disk: nothing of it is written to.
    if (run('cp', ['-al', from, to], { cwd: root }).code === 0) continue;
    rmSync(to, { recursive: true, force: true });
    must('cp', ['-a', from, to], { cwd: root });
  }

  const packages = () =>
    readdirSync(join(clone, 'packages')).map((name) => ({
      folder: name,
      ...JSON.parse(readFileSync(join(clone, 'packages', name, 'package.json'), 'utf8')),
    }));

  /** The packages that are released with a change of one: itself and all that build on it. */
  function releasedWith(folder) {
    const all = packages();
    const names = new Set([`@arctic/${folder}`]);
    for (let before = 0; before < names.size;) {
      before = names.size;
      for (const { name, dependencies = {} } of all)
        if (Object.keys(dependencies).some((each) => names.has(each))) names.add(name);
    }
    return [...names].sort();
  }

  return {
    git,
    folder: clone,
    /** Manifests of the packages, with their folders. */
    packages,
    releasedWith,
    state: () => [git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('tag')].join(),
    /** One invocation of tools/release.mjs, outside of any CI. */
    release: (registry, ...args) =>
      run(process.execPath, ['tools/release.mjs', ...args], {
        cwd: clone,
        env: { ...registry.env, GITHUB_ACTIONS: '', GITLAB_CI: '' },
      }),
    /** The newest manifest of each package on the registry, null where there is none. */
    newest: async (registry) =>
      Object.fromEntries(
        await Promise.all(packages().map(async ({ name }) => [name, await registry.newest(name)])),
      ),
  };
}
