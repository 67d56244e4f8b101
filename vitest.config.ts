import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { WORKER_SECRETS } from './test/workers/key.ts'
import { openOutside } from './test/workers/outside.ts'

/** Three kinds of machine: Node for almost everything, workerd with D1 for the edge, and real server processes. */
export default defineConfig({
  test: {
    // What a Worker logs is shown for tests that fail.
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'node',
          include: [
            'src/**/*.test.ts',
            'test/{arch,http,stores,providers,golden,sim,contract,cli,flows}/**/*.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: WORKER_SECRETS, outboundService: openOutside() },
          }),
        ],
        test: {
          name: 'workers',
          include: ['test/workers/**/*.test.ts'],
          globalSetup: ['test/workers/rules.setup.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/build.setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
