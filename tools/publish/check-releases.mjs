import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { npmRun } from './check-examples.mjs';
import { must, seconds, tail } from './run.mjs';

const CHANGED = 'metrics';
const SUBJECT = 'a change that a release tells of';

/** The first release of every package: refused without the right options, tried dry, done. */
export async function checkFirstRelease({ clone, registry, check }) {
  const before = clone.state();
  const refused = clone.release(registry, '--yes');
  check(
    'a release without tags is refused',
    refused.code === 1,
    tail(refused.output).slice(0, 120),
  );
  const untrusted = clone.release(registry, '--first-release', '--yes', '--provenance');
  check(
    'provenance outside of CI is refused',
    untrusted.code === 1,
    tail(untrusted.output).slice(0, 120),
  );
  const dry = clone.release(registry, '--first-release');
  check(
    'a dry run of the first release succeeds',
    dry.code === 0,
    tail(dry.output).split('\n').at(-1),
  );
  const nothing = Object.values(await clone.newest(registry)).every(
    (manifest) => manifest === null,
  );
  check('none of them changed anything', nothing && before === clone.state());

  const started = performance.now();
  const { code, output } = clone.release(registry, '--first-release', '--yes');
  if (code !== 0) throw new Error(`The first release ended with ${code}:\n${output}`);
  const published = await clone.newest(registry);
  const all = clone.packages();
  const right = all.filter(({ name, version }) => published[name]?.version === version);
  check('the first release publishes every package', right.length === all.length, seconds(started));
  const tags = all.map(({ folder, version }) => `${folder}@${version}`).sort();
  check(
    'a tag of each',
    clone.git('tag').split('\n').sort().join() === tags.join(),
    `${tags.length}`,
  );
  const again = clone.release(registry, '--publish-only', '--yes', '--projects', CHANGED);
  check('--publish-only leaves what is published', again.code === 0);
}

/** A release of one changed package, and what it brings to a project that uses it. */
export async function checkSecondRelease({ clone, registry, work, majors, check }) {
  appendFileSync(join(clone.folder, 'packages', CHANGED, 'README.md'), '\nA line more.\n');
  clone.git('commit', '--quiet', '--all', '--message', `fix(${CHANGED}): ${SUBJECT}`);
  const before = await clone.newest(registry);
  const state = clone.state();
  const dry = clone.release(registry);
  check('a dry run of the next release changes nothing', dry.code === 0 && state === clone.state());

  const started = performance.now();
  const expected = clone.releasedWith(CHANGED);
  const { code, output } = clone.release(registry, '--yes');
  if (code !== 0) throw new Error(`The second release ended with ${code}:\n${output}`);
  const after = await clone.newest(registry);
  const changed = Object.keys(after).filter((name) => after[name].version !== before[name].version);
  const moves = changed.map((name) => `${name} ${before[name].version} → ${after[name].version}`);
  check(
    'the next release holds the changed package and its dependents alone',
    changed.sort().join() === expected.join(),
    `${moves.join(', ')}, ${seconds(started)}`,
  );
  const version = after[`@arctic/${CHANGED}`].version;
  const tagged = changed.every((name) =>
    clone
      .git('tag', '--points-at', 'HEAD')
      .includes(`${name.split('/')[1]}@${after[name].version}`),
  );
  check(
    'its commit carries their tags',
    tagged && clone.git('status', '--porcelain') === '',
    clone.git('log', '-1', '--format=%s'),
  );
  const changelog = readFileSync(join(clone.folder, 'packages', CHANGED, 'CHANGELOG.md'), 'utf8');
  check(
    'the changelog tells of it',
    changelog.startsWith(`## ${version} `) && changelog.includes(SUBJECT),
  );
  const ranges = changed
    .map((name) => after[name].dependencies?.[`@arctic/${CHANGED}`])
    .filter(Boolean);
  check(
    'dependents ask for the new version',
    ranges.every((range) => range === `^${version}`),
    ranges.join(', '),
  );

  const folder = join(work, 'examples', 'express-metrics');
  must('npm', ['update', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    env: registry.env,
  });
  const installed = JSON.parse(
    readFileSync(join(folder, 'node_modules', '@arctic', CHANGED, 'package.json'), 'utf8'),
  );
  const tried = npmRun(['try'], { folder, major: majors.at(-1), registry });
  check(
    'npm update brings it to an example, which still runs',
    tried.code === 0 && installed.version === version,
    installed.version,
  );

  const nothing = clone.release(registry, '--yes');
  check(
    'a release without changes does nothing',
    nothing.code === 0 && nothing.output.includes('Nothing to release'),
  );
}
