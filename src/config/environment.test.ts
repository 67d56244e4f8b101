import { expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

test('an empty environment is enough to start', () => {
  const read = readEnvironment({ PATH: '/bin', PORT: '' })
  expect(read).toMatchObject({
    kind: 'ok',
    environment: {
      HOST: '127.0.0.1',
      PORT: 8787,
      TOLLGATE_DATA_DIR: '.data',
      TOLLGATE_RULES_DIR: 'rules',
    },
  })
})

test('every mistake is named at once, and no secret is repeated', () => {
  const read = readEnvironment({
    PORT: 'eighty',
    TOLLGATE_MASTER_KEY: 'c2hvcnQ=',
    TOLLGATE_BOOTSTRAP_KEY: 'SKnope:tell-nobody-about-this',
  })
  expect(read).toEqual({
    kind: 'wrong',
    mistakes: [
      'PORT must be a whole number',
      'TOLLGATE_MASTER_KEY must be 32 bytes in base64',
      'TOLLGATE_BOOTSTRAP_KEY must be SK and 32 hex digits, a colon, and a secret of at least 16 visible characters',
    ],
  })
})

test('keys come out parsed', () => {
  const key = btoa('k'.repeat(32))
  const read = readEnvironment({
    TOLLGATE_MASTER_KEY: key,
    TOLLGATE_OLD_MASTER_KEYS: `${key},${key}`,
    TOLLGATE_BOOTSTRAP_KEY: `SK${'a'.repeat(32)}:a-secret-of-some-length`,
  })
  expect(read).toMatchObject({
    kind: 'ok',
    environment: {
      TOLLGATE_MASTER_KEY: new Uint8Array(32).fill(107),
      TOLLGATE_BOOTSTRAP_KEY: { id: `SK${'a'.repeat(32)}`, secret: 'a-secret-of-some-length' },
    },
  })
})
