import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** The lines of a stream, as many at a time as came in together, each as soon as it is whole; the last may lack its newline. */
export async function* linesOf(input: Readable): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of input) {
    rest += decoder.write(chunk as Buffer)
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield lines
  }
  rest += decoder.end()
  if (rest !== '') yield [rest]
}
