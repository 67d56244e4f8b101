import { expect, test } from 'vitest'
import { featureDocs } from './feature-docs.ts'

test('docs/features.md is what the catalogue says; `vitest run -u src/cli` writes it anew', async () => {
  await expect(featureDocs()).toMatchFileSnapshot('../../docs/features.md')
})
