// Runs the blocks of a page in order, in the folder that its readers would be in.
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { runCommand, runShell, startServer } from './commands.mjs';
import { linesOf, ownName, writeRunnable } from './programs.mjs';
import { STAND_INS } from './stand-ins.mjs';

const MINUTES = 20;
const NODE = ['--import', 'tsx', '--conditions=@arctic/source'];
/** The pages whose programs a quick check runs. */
const QUICK = /^packages\/[^/]+\/(README\.md|src\/index\.ts)$/;
const UNREACHED = /ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|ETIMEDOUT/g;

/** What the names that a page uses stand for, made when first asked for. */
function standIns({ copy, folder, data, env }) {
  const made = join(folder, 'made');
  const trained = join(folder, 'trained');
  const once = async (path, args) => {
    if (existsSync(path)) return;
    const { code, output } = await runCommand(process.execPath, [...NODE, ...args], {
      cwd: copy,
      env,
      minutes: MINUTES,
    });
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${output}`);
  };
  /** Where it lies; undefined where there is no such data. */
  return async (name) => {
    const entry = STAND_INS[name];
    if (entry?.data !== undefined) {
      const path = data === undefined ? '' : join(data, entry.data);
      return existsSync(path) ? path : undefined;
    }
    if (entry?.tree !== undefined) return join(copy, entry.tree, name);
    if (entry?.made !== undefined) {
      await once(made, ['tools/docs/stand-ins.mjs', made]);
      return join(made, entry.made);
    }
    if (entry?.trained !== undefined) {
      const run = ['apps/train-all/src/main.ts', 'run', '--profile', 'smoke', '--name', 'first'];
      await once(trained, [...run, '--out', trained]);
      return join(trained, entry.trained);
    }
    throw new Error(`needs ${name}: expected one of ${Object.keys(STAND_INS).join(', ')}, network`);
  };
}

/** The packages that programs of a README import and its `npm install` does not name. */
export function notInstalled(install, programs) {
  const named = [...install.matchAll(/(?<=\s)(@[\w-]+\/)?[a-z][\w.-]*(?=\s|$)/g)].map(
    ([name]) => name,
  );
  const imported = programs.flatMap(({ lines }) =>
    lines.flatMap(
      ({ code }) => /(?:from|^import) '(?!node:)((?:@[\w-]+\/)?[\w-]+)[^']*'/.exec(code)?.[1] ?? [],
    ),
  );
  return [...new Set(imported)].filter(
    (name) => !named.includes(name) && !builtinModules.includes(name),
  );
}

/** The folder in which a reader of the page is. */
function folderOf(copy, file) {
  if (/^examples\//.test(file)) return join(copy, dirname(file));
  if (/^packages\//.test(file)) return join(copy, 'docs-check', 'folder');
  return copy;
}

export function openPages({ copy, folder, data, types }) {
  const env = {
    ...process.env,
    ARCTIC_PROFILE: 'smoke',
    ARCTIC_COPY: copy,
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NODE_NO_WARNINGS: '1',
  };
  delete env.INIT_CWD;
  const find = standIns({ copy, folder, data, env });

  /** Sets up the folder of a page: what its commands name is there. */
  async function openPage(file, blocks) {
    const cwd = folderOf(copy, file);
    mkdirSync(cwd, { recursive: true });
    const servers = [];
    const put = async (name) => {
      const path = await find(name);
      if (path === undefined) return false;
      if (STAND_INS[name].trained !== undefined) {
        cpSync(path, join(cwd, name), { recursive: true });
        return true;
      }
      // A shapefile is several files.
      const [, stem] = /^(.*\.)shp$/.exec(path) ?? [];
      const parts =
        stem === undefined
          ? [[name, path]]
          : readdirSync(dirname(path))
              .filter((each) => each.startsWith(basename(stem)))
              .map((each) => [each, join(dirname(path), each)]);
      for (const [to, from] of parts)
        if (!existsSync(join(cwd, to))) symlinkSync(from, join(cwd, to));
      return true;
    };
    // Those of a trained run are asked for by a comment: most pages make their own.
    for (const block of blocks) {
      const { rules } = block;
      if (rules.notHere || rules.types || block.language === 'json') continue;
      const words = new Set(linesOf(block).flatMap(({ code }) => code.match(/[\w.-]+/g) ?? []));
      const named = Object.keys(STAND_INS).filter(
        (name) => STAND_INS[name].trained === undefined && words.has(name),
      );
      if (named.length > 0) rules.needs = [...new Set([...(rules.needs ?? []), ...named])];
    }
    const close = async () => {
      for (const server of servers) await server.stop();
    };
    return { file, cwd, blocks, put, servers, close };
  }

  /** Runs a program or only looks at its types. */
  async function runProgram(page, block, quick) {
    const wrong = types.get(block);
    if (wrong.length > 0) return { state: 'failed', output: wrong.join('\n') };
    if (quick && (!QUICK.test(page.file) || block.rules.needs?.includes('network')))
      return { state: 'ok', note: 'types' };
    if (block.rules.types) return { state: 'ok', note: 'types' };
    const name = ownName(block);
    if (name !== undefined)
      writeFileSync(
        join(page.cwd, name),
        linesOf(block)
          .map(({ code }) => code)
          .join('\n'),
      );
    const args = [...NODE, writeRunnable(block)];
    return judged(
      block,
      await runCommand(process.execPath, args, { cwd: page.cwd, env, minutes: MINUTES }),
    );
  }

  function judged({ rules: { expect, failure, needs } }, { code, output }, note) {
    if (code !== 0 && needs?.includes('network') && output.match(UNREACHED))
      return { state: 'left', note: 'no network' };
    const fail = (why) => ({ state: 'failed', output: `${output.trimEnd()}\n${why}` });
    if (expect !== undefined && !output.includes(expect))
      return fail(`expected in the output: ${expect}`);
    if (failure && code === 0) return fail('expected a failure. Received: code 0');
    if (!failure && code !== 0) return fail(`ended with code ${code}`);
    return { state: 'ok', output, note };
  }

  async function runCommands(page, block) {
    const { rules } = block;
    const code = [...rules.setUp, ...block.lines.map((line) => line.code)].join('\n');
    // A user of a package has it built; here its sources stand for it.
    const user = page.cwd !== copy;
    const options = {
      cwd: page.cwd,
      env: user ? { ...env, NODE_OPTIONS: `--require tsx/cjs ${NODE.join(' ')}` } : env,
      minutes: MINUTES,
    };
    if (rules.background) {
      const server = await startServer(code, options);
      page.servers.push(server);
      return judged(block, server);
    }
    const install = [...code.matchAll(/^npm install (?:.*\\\n)*.*/gm)].join('\n');
    if (install !== '' && page.file.startsWith('packages/')) {
      const missing = notInstalled(
        install,
        page.blocks.filter(({ language }) => /^[jt]s$/.test(language)),
      );
      if (missing.length > 0)
        return { state: 'failed', output: `programs of the page import ${missing.join(', ')} too` };
    }
    if (rules.needs?.includes('network')) {
      const counted = `set +e\ntrap 'echo "failed: $BASH_COMMAND"' ERR\n${code}\ntrue`;
      const { output, ...rest } = await runShell(counted, { ...options });
      const failed = (output.match(/^failed: /gm) ?? []).length;
      if (failed > 0 && failed === (output.match(UNREACHED) ?? []).length)
        return { state: 'left', note: 'no network; the commands were understood' };
      return judged(block, { output, code: failed > 0 ? 1 : rest.code });
    }
    const result = await runShell(code, options);
    const left = [...new Set(result.output.match(/(?<=^left out: )npm \w+/gm))];
    return judged(block, result, left.length > 0 ? `left out: ${left.join(', ')}` : undefined);
  }

  async function runBlock(page, block, { quick }) {
    const { language, rules, lines } = block;
    if (rules.faults.length > 0) return { state: 'failed', output: rules.faults.join('\n') };
    if (rules.notHere) return { state: 'left', note: rules.notHere };
    if (language === 'json') {
      try {
        JSON.parse(lines.map(({ code }) => code).join('\n'));
        return { state: 'ok' };
      } catch (error) {
        return { state: 'failed', output: String(error) };
      }
    }
    if (language === 'html') return { state: 'left', note: 'a page of a browser' };
    const missing = [];
    const run = !quick || QUICK.test(page.file);
    for (const name of run ? (rules.needs ?? []) : [])
      if (name !== 'network' && !(await page.put(name))) missing.push(name);
    if (missing.length > 0)
      return { state: 'left', note: `needs ${missing.join(', ')}: --data DIR` };
    return language === 'sh' ? runCommands(page, block) : runProgram(page, block, quick);
  }

  return { openPage, runBlock };
}
