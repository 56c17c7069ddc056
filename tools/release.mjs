// A release of the packages that changed: versions by the commits since the last one, changelogs, a commit, tags, and
// the packages on the registry. Without --yes it says what it would do and changes nothing.
//
//   node tools/release.mjs [--yes] [--first-release | --publish-only] [--projects a,b] [--specifier patch|minor|major|x.y.z]
//                          [--registry URL] [--provenance]
//
// --first-release   packages without a tag: released as their package.json and CHANGELOG.md say, no commits are counted
// --publish-only    versions and tags are there: publishes what the registry lacks, as after a publication that failed
// --provenance      says on the registry from which commit and build a package comes; in CI only
//
// docs/publishing.md says more.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { releaseChangelog, releasePublish, releaseVersion } from 'nx/release';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    yes: { type: 'boolean', default: false },
    'first-release': { type: 'boolean', default: false },
    'publish-only': { type: 'boolean', default: false },
    provenance: { type: 'boolean', default: false },
    projects: { type: 'string' },
    specifier: { type: 'string' },
    registry: { type: 'string' },
  },
});
const dryRun = !options.yes;

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const words = (text, separator) => text.split(separator).filter(Boolean);

/** What stops a release is said in one line, without a stack. */
class ReleaseError extends Error {}

/** The packages asked for, by their names in the workspace, with their manifests and tags. */
function chosenPackages() {
  const all = readdirSync(join(root, 'packages')).map((name) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    return { name, manifest, tags: words(git('tag', '--list', `${name}@*`), '\n') };
  });
  if (!options.projects) return all;
  const wanted = words(options.projects, ',');
  const unknown = wanted.filter((name) => !all.some((each) => each.name === name));
  if (unknown.length > 0)
    throw new ReleaseError(
      `Expected names of folders in packages/. Received: ${unknown.join(', ')}.`,
    );
  return all.filter(({ name }) => wanted.includes(name));
}

/** npm compares the address in package.json with the one the build was started from, and asks the CI for a token. */
function assertProvenance(packages) {
  const { GITHUB_ACTIONS, ACTIONS_ID_TOKEN_REQUEST_URL, GITLAB_CI, SIGSTORE_ID_TOKEN } =
    process.env;
  const trusted =
    (GITHUB_ACTIONS && ACTIONS_ID_TOKEN_REQUEST_URL) || (GITLAB_CI && SIGSTORE_ID_TOKEN);
  if (!trusted)
    throw new ReleaseError(
      'Expected GitHub Actions with the permission id-token: write, or GitLab CI with SIGSTORE_ID_TOKEN, for ' +
        '--provenance. Received: neither. Release without it, or as docs/publishing.md says.',
    );
  const without = packages.filter(({ manifest }) => !manifest.repository?.url);
  if (without.length > 0)
    throw new ReleaseError(
      'Expected "repository": { "type", "url", "directory" } in each package.json for --provenance. ' +
        `Received: none in ${without.map(({ name }) => name).join(', ')}.`,
    );
}

/** The packages that were never released, with a changelog that tells of their version. */
function neverReleased(packages) {
  const untagged = packages.filter(({ tags }) => tags.length === 0);
  if (untagged.length === 0)
    throw new ReleaseError(
      'Expected packages without a tag for --first-release. Received: none; release without it.',
    );
  for (const { name, manifest } of untagged) {
    const changelog = readFileSync(join(root, 'packages', name, 'CHANGELOG.md'), 'utf8');
    if (!changelog.includes(`## ${manifest.version}`))
      throw new ReleaseError(
        `Expected "## ${manifest.version}" in packages/${name}/CHANGELOG.md. Received: nothing of that version.`,
      );
  }
  return untagged;
}

/** There must be a tag to count commits from. */
function assertTagged(packages) {
  const untagged = packages.filter(({ tags }) => tags.length === 0).map(({ name }) => name);
  if (untagged.length > 0)
    throw new ReleaseError(
      `Expected a tag NAME@VERSION of every package. Received: none of ${untagged.join(', ')}. ` +
        'Fetch them (git fetch --tags), or release these first: --first-release.',
    );
}

/** Tags packages at the versions they have. */
function tagAsTheyAre(packages) {
  return packages.map(({ name, manifest }) => {
    const tag = `${name}@${manifest.version}`;
    console.log(dryRun ? `would tag ${tag}` : `tag ${tag}`);
    if (!dryRun) git('tag', '--annotate', tag, '--message', tag);
    return name;
  });
}

/** Decides the versions by the commits, writes manifests, lock file and changelogs, commits and tags. */
async function nextVersions(packages) {
  const { projects, specifier } = options;
  const filter = projects ? { projects: packages.map(({ name }) => name) } : {};
  const { projectsVersionData, releaseGraph } = await releaseVersion({
    dryRun,
    specifier,
    ...filter,
  });
  const changed = Object.keys(projectsVersionData).filter(
    (name) => projectsVersionData[name].newVersion,
  );
  if (changed.length > 0)
    await releaseChangelog({ versionData: projectsVersionData, releaseGraph, dryRun, ...filter });
  return changed;
}

async function release() {
  if (options['first-release'] && (options['publish-only'] || options.specifier))
    throw new ReleaseError('--first-release goes with neither --publish-only nor --specifier.');
  const chosen = chosenPackages();
  const packages = options['first-release'] ? neverReleased(chosen) : chosen;
  if (!options['first-release'] && !options['publish-only']) assertTagged(packages);
  if (options.provenance) {
    assertProvenance(packages);
    process.env.NPM_CONFIG_PROVENANCE = 'true';
  }
  const dirt = git('status', '--porcelain');
  if (!dryRun && dirt !== '')
    throw new ReleaseError(
      `Expected a clean tree: what is published must be in a commit. Received:\n${dirt}`,
    );

  // Before anything is written: a build that fails must leave no tag.
  if (!dryRun) {
    const build = ['--no-install', 'nx', 'run-many', '-t', 'build', '-p', 'tag:type:lib'];
    execFileSync('npx', [...build, '--output-style=static'], { cwd: root, stdio: 'inherit' });
  }
  let projects = packages.map(({ name }) => name);
  if (options['first-release']) projects = tagAsTheyAre(packages);
  else if (!options['publish-only']) projects = await nextVersions(packages);
  if (projects.length === 0) {
    console.log('\nNothing to release: no commit since the last tags changes a package.');
    return;
  }
  if (dryRun) {
    console.log(
      `\nWould publish ${projects.join(', ')}. A dry run: nothing was changed; --yes does it.`,
    );
    return;
  }
  const results = await releasePublish({ projects, registry: options.registry });
  const failed = Object.keys(results).filter((name) => results[name].code !== 0);
  if (failed.length > 0)
    throw new ReleaseError(
      `Not published: ${failed.join(', ')}. Mend what npm says above, then run this again with --publish-only.`,
    );
  console.log('\nReleased. Send commit and tags along: git push --follow-tags');
}

try {
  await release();
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
