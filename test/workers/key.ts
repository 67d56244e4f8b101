const ID = `SK${'5'.repeat(32)}`
const SECRET = 'a-secret-that-only-tests-know'

/** What the configuration of the tests gives the Worker as its secrets. */
export const WORKER_SECRETS = {
  TOLLGATE_MASTER_KEY: btoa(String.fromCharCode(...new Uint8Array(32).fill(7))),
  TOLLGATE_BOOTSTRAP_KEY: `${ID}:${SECRET}`,
}

export const AUTHORIZATION = `Basic ${btoa(`${ID}:${SECRET}`)}`
