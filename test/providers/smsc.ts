import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import smpp from 'smpp'
import { onTestFinished } from 'vitest'

export type Pdu = InstanceType<typeof smpp.PDU>
type Session = Parameters<Parameters<typeof smpp.createServer>[1]>[0]

/** What the SMSC does with a request; undefined: answers it well. */
export type Whim = (pdu: Pdu, session: Session) => 'handled' | undefined

/** An SMSC on this machine that keeps what it was asked and answers well unless `whim` wants otherwise. */
export async function openSmsc(
  whim: Whim = () => undefined,
  tls: { readonly key: string; readonly cert: string } | undefined = undefined,
) {
  const asked: Pdu[] = []
  const sessions: Session[] = []
  const waiting = new Set<() => void>()
  const server = smpp.createServer({ ...tls }, (session) => {
    sessions.push(session)
    session.on('error', () => {})
    session.on('pdu', (pdu) => {
      asked.push(pdu)
      if (!pdu.isResponse() && whim(pdu, session) === undefined) answerWell(pdu, session, asked)
      for (const look of waiting) look()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    for (const { socket } of sessions) socket.destroy()
  }
  onTestFinished(close)
  const of = (command: string) => asked.filter((pdu) => pdu.command === command)
  /** Resolves when so many of this kind have come. */
  const seen = (command: string, count = 1) =>
    new Promise<readonly Pdu[]>((resolve) => {
      const look = () => {
        if (of(command).length < count) return
        waiting.delete(look)
        resolve(of(command))
      }
      waiting.add(look)
      look()
    })
  return { port, of, seen, sessions, latest: () => sessions.at(-1)!, close }
}

function answerWell(pdu: Pdu, session: Session, asked: readonly Pdu[]): void {
  if (pdu.command === 'unbind') {
    session.send(pdu.response())
    session.close()
    return
  }
  const count = asked.filter(({ command }) => command === 'submit_sm').length
  session.send(pdu.response(pdu.command === 'submit_sm' ? { message_id: `M${count}` } : {}))
}

/** A receipt as the text of a deliver_sm. */
export const receiptOf = (id: string, stat: string, more: Record<string, unknown> = {}): Pdu => {
  const date = '2601020304'
  const text = `id:${id} sub:001 dlvrd:001 submit date:${date} done date:${date} stat:${stat} err:000 text:id:X stat:UNDELIV`
  return new smpp.PDU('deliver_sm', { esm_class: 4, short_message: Buffer.from(text), ...more })
}

export const rawBytes = (session: Session, hex: string): void => {
  const socket: Socket = session.socket
  socket.write(Buffer.from(hex, 'hex'))
}
