import { expect, it } from 'vitest';
import { compileAddon, compilerArguments, findCompiler, nodeHeaders } from '../src/compiler.js';
import { findTfjsNode } from '../src/tfjs-node.js';
import { fakeSystem } from './fake-system.js';

const tfjsNode = {
  name: '@tensorflow/tfjs-node',
  version: '4.22.0',
  folder: '/t',
  main: '/t/main.js',
};
const library = { folder: '/tf', origin: 'python', cuda: false } as const;

it('honours CXX, with arguments', async () => {
  const answer = (command: string) => (command === 'ccache' ? 'g++ 12\nmore' : undefined);
  const compiler = await findCompiler(fakeSystem({ answer, env: { CXX: 'ccache g++' } }));
  expect(compiler).toEqual({ command: 'ccache', args: ['g++'], version: 'g++ 12' });
});

it('links the two libraries by path, with an rpath', () => {
  const args = compilerArguments(tfjsNode, library, '/out.node', fakeSystem());
  expect(args).toEqual(
    expect.arrayContaining([
      '-std=c++17',
      '-DNAPI_VERSION=8',
      '-I/tf/include',
      '/t/binding/tfjs_backend.cc',
      '/tf/libtensorflow_cc.so.2',
      '-Wl,-rpath,/tf',
    ]),
  );
});

it("takes Node's own headers, else those of node-api-headers", () => {
  expect(nodeHeaders(fakeSystem({ files: ['/usr/include/node/node_api.h'] }))).toBe(
    '/usr/include/node',
  );
  expect(nodeHeaders(fakeSystem())).toMatch(/node-api-headers\/include$/);
});

it('says that there is no compiler and how to get one', async () => {
  const failure = compileAddon(findTfjsNode(), library, '/out.node', fakeSystem());
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
  const failure = compileAddon(tfjsNode, library, '/out.node', fakeSystem({ answer }));
  await expect(failure).rejects.toMatchObject({
    kind: 'build',
    message: expect.stringContaining('x.cc:1: error: bad'),
  });
});
