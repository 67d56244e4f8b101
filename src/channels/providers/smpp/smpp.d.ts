/** The part of the package that is used here and in its tests; it has no types of its own. */
declare module 'smpp' {
  import type { Server as NetServer, Socket } from 'node:net'

  type Fields = Readonly<Record<string, unknown>>
  class PDU {
    constructor(command: string | Buffer, fields?: Fields)
    readonly command: string
    readonly command_status: number
    sequence_number: number
    isResponse(): boolean
    response(fields?: Fields): PDU
    toBuffer(): Buffer
    [field: string]: unknown
  }
  class Session {
    readonly socket: Socket
    on(event: string, listener: (pdu: PDU) => void): this
    send(pdu: PDU, onResponse?: (pdu: PDU) => void): boolean
    close(): void
    destroy(): void
  }
  type Server = NetServer & { readonly sessions: readonly Session[] }
  type Tlv = { type: unknown; filter?: unknown }

  const smpp: {
    readonly PDU: typeof PDU
    readonly encodings: Readonly<
      Record<'ASCII' | 'UCS2', { encode(text: string): Buffer; decode(bytes: Buffer): string }>
    >
    readonly tlvs: Readonly<Record<'message_payload' | 'receipted_message_id', Tlv>>
    readonly types: { readonly tlv: Readonly<Record<'string', unknown>> }
    createServer(options: Fields, listener: (session: Session) => void): Server
  }
  export default smpp
}
