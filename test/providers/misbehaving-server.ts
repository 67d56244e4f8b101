import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (_request, response) =>
    void response.writeHead(code, headers).end('<html>no</html>')

/** What each path does. */
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  '/ok': (_request, response) => void response.end('{"id":"m-1","segments":1}'),
  '/refused': status(400),
  '/throttled': status(429),
  '/error': status(500),
  '/redirect': status(302, { location: '/ok' }),
  '/garbage': (_request, response) => void response.end('<html>'),
  '/silent': () => {},
  '/huge': (_request, response) => pour(response),
  '/slow': (_request, response) => drip(response),
  '/reset': (request) => void request.socket.resetAndDestroy(),
  '/half': (request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"id":', () => {
      request.socket.destroy()
    })
  },
}

export type MisbehavingServer = {
  readonly url: string
  readonly paths: readonly string[]
  readonly close: () => Promise<void>
}

/** A real server on this machine that does what upstreams do on bad days; it notes the paths it was asked for. */
export async function openMisbehavingServer(): Promise<MisbehavingServer> {
  const paths: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    paths.push(path)
    request.resume()
    BEHAVIOURS[path]?.(request, response)
  })
  const port = await listening(server)
  return { url: `http://127.0.0.1:${port}`, paths, close: () => closed(server) }
}

/** An address that nobody listens at: a server had it and is gone. */
export async function deadUrl(): Promise<string> {
  const server = createServer()
  const port = await listening(server)
  await closed(server)
  return `http://127.0.0.1:${port}`
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Sends without end, as fast as the reader takes it. */
function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536, ' ')
  const more = (): void => {
    while (!response.destroyed && response.write(chunk)) {}
  }
  response.on('drain', more)
  more()
}

/** One byte every few milliseconds, without end. */
function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 5)
  response.on('close', () => clearInterval(timer))
}
