import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** The vitest settings shared by every package; tests run on sources, without a build. */
export function defineProject(name: string, test: ViteUserConfig['test'] = {}): ViteUserConfig {
  return defineConfig({
    root: undefined,
    ssr: { resolve: { conditions: ['@arctic/source', 'module', 'node', 'import', 'default'] } },
    test: {
      name,
      include: ['tests/**/*.test.ts'],
      pool: 'forks',
      maxWorkers: 1,
      testTimeout: 60_000,
      ...test,
    },
  });
}
