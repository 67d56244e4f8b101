import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
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
    ],
  },
})
