import { expect, it } from 'vitest';
import { compileTargets, compilerArguments, findCompiler, nodeHeaders } from '../src/compiler.js';
import type { System } from '../src/index.js';
import type { BuildTarget } from '../src/targets.js';
import { fakeSystem } from './fake-system.js';

const target: BuildTarget = {
  output: 'out.node',
  sources: ['/t/one.cc', '/t/two.cc'],
  includes: ['/t'],
  links: ['api'],
};
const library = { folder: '/tf', origin: 'python', cuda: false } as const;

const on = (system: System, words: string[] = []) => ({
  system,
  onProgress: (word: string) => void words.push(word),
});

it('honours CXX, with arguments', async () => {
  const answer = (command: string) => (command === 'ccache' ? 'g++ 12\nmore' : undefined);
  const compiler = await findCompiler(fakeSystem({ answer, env: { CXX: 'ccache g++' } }));
  expect(compiler).toEqual({ command: 'ccache', args: ['g++'], version: 'g++ 12' });
});

it('builds for Node-API 8 and links the libraries by path, with an rpath', () => {
  const args = compilerArguments(target, library, '/out.node', fakeSystem());
  expect(args.filter((arg) => !arg.includes('node'))).toEqual([
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-I/t', '-I/tf/include'],
    ...['/t/one.cc', '/t/two.cc', '/tf/libtensorflow_cc.so.2', '-Wl,-rpath,/tf', '-o'],
  ]);
});

it('links nothing where nothing is asked for, and late where macOS wants it', () => {
  const alone = { ...target, links: [] };
  const args = compilerArguments(alone, library, '/out', fakeSystem({ platform: 'darwin' }));
  expect(args.join(' ')).not.toContain('tensorflow_cc');
  expect(args).toContain('dynamic_lookup');
  const mac = compilerArguments(target, library, '/out', fakeSystem({ platform: 'darwin' }));
  expect(mac).toContain('/tf/libtensorflow_cc.2.dylib');
});

it("takes Node's own headers, else those of node-api-headers", () => {
  expect(nodeHeaders(fakeSystem({ files: ['/usr/include/node/node_api.h'] }))).toBe(
    '/usr/include/node',
  );
  expect(nodeHeaders(fakeSystem())).toMatch(/node-api-headers\/include$/);
});

it('says that there is no compiler and how to get one', async () => {
  const failure = compileTargets([target], library, '/to', on(fakeSystem()));
  await expect(failure).rejects.toMatchObject({
    kind: 'compiler',
    message: 'No C++ compiler found (looked for c++, g++, clang++ and the variable CXX).',
    remedy: expect.stringContaining('apt-get install -y g++'),
  });
});

it("passes on the compiler's first error", async () => {
  const answer = (_: string, args: readonly string[]) =>
    args.includes('--version')
      ? 'g++ 12'
      : { code: 1, stdout: '', stderr: 'note\nx.cc:1: error: bad\n' };
  const failure = compileTargets([target], library, '/to', on(fakeSystem({ answer })));
  await expect(failure).rejects.toMatchObject({
    kind: 'build',
    message: expect.stringContaining('x.cc:1: error: bad'),
  });
});

it('goes on with a word without a target that is optional', async () => {
  const words: string[] = [];
  const answer = (_: string, args: readonly string[]) =>
    args.includes('--version') ? 'g++ 12' : { code: 1, stdout: '', stderr: 'x.cc:1: error: bad' };
  const optional = { ...target, optional: true };
  await compileTargets([optional], library, '/to', on(fakeSystem({ answer }), words));
  expect(words).toEqual([expect.stringContaining('error: bad')]);
});
