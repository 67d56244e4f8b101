import { parseArgs } from 'node:util'
import { type Command, type Hands, type Invocation, UsageError } from './command.ts'
import { COMMANDS } from './commands.ts'

const EXIT_REFUSED = 1
const EXIT_USAGE = 2

/** Errors of the rooms above and below whose message is all that an operator needs. */
const FOR_OPERATORS: ReadonlySet<string> = new Set([
  'UsageError',
  'StartError',
  'ModelRefused',
  'DataFilesError',
  'MasterKeyError',
])

const isForOperator = (error: unknown): error is Error =>
  error instanceof Error && FOR_OPERATORS.has(error.name)

/** Runs one command line; resolves with the exit code. Mistakes in it are one line on stderr and code 2. */
export async function runCli(args: readonly string[], hands: Hands): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    hands.out(overview())
    return 0
  }
  const command = COMMANDS.find((each) => each.name === name)
  if (command === undefined) {
    hands.err(`tollgate: there is no command '${name}'. 'tollgate help' lists them.\n`)
    return EXIT_USAGE
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    hands.out(helpOf(command))
    return 0
  }
  return runCommand(command, rest, hands)
}

async function runCommand(
  command: Command,
  args: readonly string[],
  hands: Hands,
): Promise<number> {
  try {
    const invocation = readArguments(command, args, hands)
    const run = await command.load()
    return await run(invocation)
  } catch (error) {
    if (!isForOperator(error)) throw error
    hands.err(`tollgate ${command.name}: ${error.message}\n`)
    return error instanceof UsageError ? EXIT_USAGE : EXIT_REFUSED
  }
}

function readArguments(command: Command, args: readonly string[], hands: Hands): Invocation {
  const { positionals, values } = parsed(command, args)
  const [least, most] = command.positionals
  if (positionals.length < least || positionals.length > most) {
    throw new UsageError(`usage: tollgate ${command.name} ${command.usage}`.trimEnd())
  }
  return { positionals, values: values as Invocation['values'], hands }
}

function parsed(command: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: command.options,
      allowPositionals: true,
      strict: true,
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length)) + 2
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`)
  return [
    'tollgate: verification codes that let people in and keep toll fraud out',
    '',
    'Usage: tollgate COMMAND [OPTIONS]',
    '',
    ...lines,
    '',
    "'tollgate COMMAND --help' tells more.",
    '',
  ].join('\n')
}

function helpOf({ name, summary, usage, help }: Command): string {
  const lines = help.map((line) => `  ${line}`)
  return [
    summary,
    '',
    `Usage: tollgate ${name} ${usage}`.trimEnd(),
    ...(lines.length > 0 ? ['', ...lines] : []),
    '',
  ].join('\n')
}
