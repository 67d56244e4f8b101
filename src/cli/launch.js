#!/usr/bin/env node
// Starts the command line. The sources are TypeScript, which Node runs as they are from 22.18 on; an older one hands over
// to the Node that the project pins. This file is JavaScript so that any Node can read it. Variables that are set win over .env.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

const entry = new URL('../node.ts', import.meta.url)
const pinned = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))

if (existsSync('.env')) process.loadEnvFile?.('.env')
if (process.features.typescript) {
  nodeModule.enableCompileCache?.()
  await import(entry.href)
} else if (existsSync(pinned)) {
  const child = spawn(pinned, process.argv.slice(1), { stdio: 'inherit' })
  // Ctrl-C reaches both processes by itself; what is sent to this one alone is passed on.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
} else {
  process.stderr.write(
    `tollgate: this is Node ${process.versions.node}, and the sources need 22.18 or newer. The Node that the project\n` +
      'pins is not installed, because install scripts were skipped. Run: npm rebuild node && npm run data\n',
  )
  process.exitCode = 1
}
