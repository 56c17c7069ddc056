import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { nodeOf } from '../node-of.mjs';
import { checkPage } from './check-page.mjs';
import { install, run, seconds, tail } from './run.mjs';

/** What each example is told to do, in order, and what it says of it. */
const EXAMPLES = {
  'node-esm': { runs: [['start']], says: /best a week ahead: (dampedA|a)nomalyPersistence/ },
  'node-require': { runs: [['start']], says: /EPSG:3413, 0 of 65536 pixels differ/ },
  'typescript-nodenext': {
    runs: [['check'], ['build'], ['start']],
    says: /threshold 0\.\d+ of the validation pairs: .* F1 0\.[5-9]/,
  },
  'typescript-bundler': {
    runs: [['check'], ['build'], ['start']],
    says: /default +259600 parameters, 30 days in, 7 out/,
  },
  'express-metrics': { runs: [['try']], says: /ice edge: 1250 km² wrong/ },
  'custom-model': {
    runs: [
      ['start', '--', '--stop-after', '2'],
      ['start', '--'],
    ],
    says: /goes on from its checkpoint[^]*test, 3 days ahead: RMSE (?<ours>0\.\d+), persistence (?<theirs>0\.\d+)/,
  },
};
const IN_TARBALL = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts'];

/** A folder with all packages installed: what is in them, and that they load on each Node.js. */
export function checkAll({ clone, registry, work, majors, check }) {
  const folder = join(work, 'all');
  mkdirSync(folder);
  const names = clone.packages().map(({ name }) => name);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  install(registry, folder, [...names, '@tensorflow/tfjs-core@4.22.0']);
  const lacking = names.flatMap((name) =>
    IN_TARBALL.filter((file) => !existsSync(join(folder, 'node_modules', name, file))).map(
      (file) => `${name}/${file}`,
    ),
  );
  check('every package holds what it should', lacking.length === 0, lacking.join(', '));
  const list = JSON.stringify(names);
  const ways = {
    import: `let n = 0; for (const x of ${list}) n += Object.keys(await import(x)).length; console.log(n)`,
    require: `let n = 0; for (const x of ${list}) n += Object.keys(require(x)).length; console.log(n)`,
  };
  for (const major of majors)
    for (const [way, program] of Object.entries(ways)) {
      const type = way === 'import' ? 'module' : 'commonjs';
      const args = [`--input-type=${type}`, '-e', program];
      const { code, output } = run(nodeOf(major), args, { cwd: folder });
      const holds = code === 0 && Number(output.trim()) > names.length;
      check(`Node ${major}: ${way} of ${names.length} packages`, holds, tail(output));
    }
}

/** Copies an example out of the workspace and installs it. */
function installExample({ clone, registry, work, check }, name) {
  const folder = join(work, 'examples', name);
  cpSync(join(clone.folder, 'examples', name), folder, { recursive: true });
  const started = performance.now();
  install(registry, folder);
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const ours = Object.entries(lock.packages).filter(([path]) => path.includes('@arctic/'));
  const local = ours.every(([, { resolved }]) => resolved.startsWith(registry.url));
  check(`${name} installs`, local, `${ours.length} packages of @arctic, ${seconds(started)}`);
  return folder;
}

/** A script of an example on one Node.js. */
export const npmRun = (args, { folder, major, registry }) =>
  run('npm', ['run', '--silent', ...args], { cwd: folder, node: nodeOf(major), env: registry.env });

/** Every example, installed once, on each Node.js. */
export async function checkExamples(context) {
  const { registry, majors, check } = context;
  for (const [name, { runs, says }] of Object.entries(EXAMPLES)) {
    const folder = installExample(context, name);
    for (const major of majors) {
      const started = performance.now();
      for (const left of ['dist', 'runs'])
        rmSync(join(folder, left), { recursive: true, force: true });
      const answers = runs.map((args) => npmRun(args, { folder, major, registry }));
      const output = answers.map((answer) => answer.output).join('\n');
      const found = says.exec(output);
      const { ours = 0, theirs = 1 } = found?.groups ?? {};
      const better = found !== null && Number(ours) < Number(theirs);
      const holds = answers.every(({ code }) => code === 0) && better;
      const shown = holds ? found[0].split('\n').at(-1) : tail(output);
      check(`Node ${major}: ${name}, ${seconds(started)}`, holds, shown);
    }
  }
  const folder = installExample(context, 'vite-page');
  const trained = npmRun(['train'], { folder, major: majors[0], registry });
  const [made] = /^public\/: .*/m.exec(trained.output) ?? [];
  check('vite-page trains its model', trained.code === 0, made ?? tail(trained.output));
  for (const major of majors) {
    const built = npmRun(['build'], { folder, major, registry });
    check(
      `Node ${major}: vite-page builds`,
      built.code === 0,
      built.code ? tail(built.output) : '',
    );
    if (built.code === 0) await checkPage({ folder, node: nodeOf(major), major, check });
  }
}
