import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Frame, frameCutter, newPdu, type Pdu, readFrame } from './pdu.ts'
import type { SmppSettings } from './settings.ts'

const PORT = 2775
const TLS_PORT = 3550
const SEQUENCE_MAX = 0x7fff_ffff

/** How a request ended. `unsent`: it was never written; `lost`: the connection went away before the answer, it may have been read. */
export type Reply =
  | { readonly kind: 'answered'; readonly status: number; readonly pdu: Pdu | undefined }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'lost' | 'unsent'; readonly code: string }

/** One connection. Answers find their requests by number; what the other side asks goes to `onRequest`. */
export type Link = {
  readonly request: (
    command: string,
    fields: Readonly<Record<string, unknown>>,
    timeoutMs: number,
  ) => Promise<Reply>
  /** Answers a request of the other side, whatever the connection is by then. */
  readonly reply: (pdu: Pdu) => void
  /** Whether anything came since it was asked the last time. */
  readonly wasHeard: () => boolean
  /** Hangs up; `onLost` is told `code`. */
  readonly drop: (code: string) => void
}

export type LinkEvents = {
  readonly onRequest: (frame: Frame) => void
  readonly onLost: (code: string) => void
}

/** Connects in bounded time; answers an error's code, in small letters, where that failed. */
export async function openLink(
  settings: SmppSettings,
  events: LinkEvents,
  timeoutMs: number,
): Promise<Link | { readonly code: string }> {
  const socket = socketTo(settings)
  const code = await connected(socket, settings.tls ? 'secureConnect' : 'connect', timeoutMs)
  if (code === undefined) return linkOver(socket, events)
  socket.destroy()
  return { code }
}

function socketTo({ host, port, tls, tls_ca: ca }: SmppSettings): Socket {
  if (!tls) return connectPlain({ host, port: port ?? PORT, noDelay: true })
  const servername = isIP(host) === 0 ? { servername: host } : {}
  const trusted = ca === undefined ? {} : { ca }
  return connectTls({ host, port: port ?? TLS_PORT, ...servername, ...trusted })
}

/** Errors after the end are nobody's business, but unheard they would end the process. */
const connected = (socket: Socket, event: string, timeoutMs: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve('connect_timeout'), timeoutMs)
    const end = (code: string | undefined) => {
      clearTimeout(timer)
      resolve(code)
    }
    socket.on('error', (error) => end(codeOf(error)))
    socket.once('close', () => end('connection_closed'))
    socket.once(event, () => end(undefined))
  })

const codeOf = (error: Error): string =>
  'code' in error ? String(error.code).toLowerCase() : 'connection_error'

type Waiting = Map<number, (reply: Reply) => void>

function linkOver(socket: Socket, { onRequest, onLost }: LinkEvents): Link {
  const waiting: Waiting = new Map()
  const cut = frameCutter()
  let sequence = 0
  let heard = true
  let lostBy = 'connection_lost'
  const drop = (code: string) => {
    lostBy = code
    socket.destroy()
  }
  socket.on('data', (chunk) => {
    heard = true
    const frames = cut(chunk)
    if (frames === undefined) drop('out_of_step')
    for (const frame of frames?.map(readFrame) ?? []) {
      if (frame.isResponse) answer(waiting, frame)
      else onRequest(frame)
    }
  })
  const lose = () => {
    for (const end of [...waiting.values()]) end({ kind: 'lost', code: lostBy })
    onLost(lostBy)
  }
  if (socket.destroyed) queueMicrotask(lose)
  else socket.once('close', lose)
  const write = (pdu: Pdu) => {
    if (socket.writable) socket.write(pdu.toBuffer())
  }
  return {
    request: (command, fields, timeoutMs) => {
      if (!socket.writable) return Promise.resolve({ kind: 'unsent', code: lostBy })
      sequence = sequence === SEQUENCE_MAX ? 1 : sequence + 1
      const answered = awaitReply(waiting, sequence, timeoutMs)
      write(newPdu(command, { ...fields, sequence_number: sequence }))
      return answered
    },
    reply: write,
    wasHeard: () => {
      const before = heard
      heard = false
      return before
    },
    drop,
  }
}

const awaitReply = (waiting: Waiting, sequence: number, timeoutMs: number): Promise<Reply> =>
  new Promise((resolve) => {
    const end = (reply: Reply) => {
      clearTimeout(timer)
      waiting.delete(sequence)
      resolve(reply)
    }
    const timer = setTimeout(() => end({ kind: 'timeout' }), timeoutMs)
    waiting.set(sequence, end)
  })

const answer = (waiting: Waiting, { sequence, status, pdu }: Frame): void =>
  waiting.get(sequence)?.({ kind: 'answered', status, pdu })
