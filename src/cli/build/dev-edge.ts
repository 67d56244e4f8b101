import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { realPlatform } from '../../platform/real.ts'
import { ROOT, wrangler } from './wrangler.ts'

const VARIABLES = join(ROOT, '.dev.vars')
const PORT = process.argv[2] ?? '8787'

if (!existsSync(VARIABLES)) writeFileSync(VARIABLES, freshVariables(), { mode: 0o600 })
const key = /^TOLLGATE_BOOTSTRAP_KEY=(.+)$/m.exec(readFileSync(VARIABLES, 'utf8'))?.[1]
const migrated = await wrangler(['d1', 'migrations', 'apply', 'tollgate', '--local'], 'ignore')
if (migrated !== 0) process.exit(migrated)
if (key !== undefined) process.stdout.write(greeting(key))
process.exitCode = await wrangler([
  'dev',
  '--local',
  '--port',
  PORT,
  '--show-interactive-dev-session=false',
])

/** Secrets for this machine alone; a deployed Worker gets its own by `wrangler secret put`. */
function freshVariables(): string {
  const { randomBytes } = realPlatform(() => undefined)
  const random = (bytes: number) => Buffer.from(randomBytes(bytes))
  return [
    '# Made by `npm run dev:edge` for local trials. Remove the file and .wrangler/ to start afresh.',
    `TOLLGATE_MASTER_KEY=${random(32).toString('base64')}`,
    `TOLLGATE_BOOTSTRAP_KEY=SK${random(16).toString('hex')}:${random(24).toString('base64url')}`,
    '',
  ].join('\n')
}

function greeting(credentials: string): string {
  const url = `http://127.0.0.1:${PORT}`
  return [
    '',
    'API key of the local Worker (.dev.vars):',
    `  ${credentials}`,
    '',
    'Issue a code:',
    `  curl -u ${credentials} ${url}/v1/verifications \\`,
    `    -H 'content-type: application/json' -d '{"to":"+447400123456"}'`,
    '',
    '',
  ].join('\n')
}
