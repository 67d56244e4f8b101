import { type Invocation, numberOption, textOption } from './command.ts'

export function serveCommand(invocation: Invocation): Promise<number> {
  const port = numberOption(invocation, 'port', { least: 0, most: 65_535 })
  return invocation.hands.serve({ port, host: textOption(invocation, 'host') })
}
