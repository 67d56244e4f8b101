import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import type { Hands } from './cli/command.ts'
import { runCli } from './cli/main.ts'

enableCompileCache()

/** A bundle has its files beside it, the sources have them one folder up. */
const beside = new URL('./', import.meta.url)
const home = existsSync(new URL('drizzle', beside)) ? beside : new URL('../', import.meta.url)

/** Heavy parts are loaded by the command that needs them. */
const hands: Hands = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  home,
  environment: process.env,
  serve: async (options) => (await import('./node-server.ts')).serveOnNode(hands, options),
  migrate: async () => (await import('./node-house.ts')).migrateOnNode(hands),
  openBooks: async () => (await import('./node-books.ts')).openBooks(hands),
  openReplay: async (options) => (await import('./wire-replay.ts')).wireReplay(hands, options),
}

process.exitCode = await runCli(process.argv.slice(2), hands)
