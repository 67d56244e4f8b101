import smpp from 'smpp'

export type Pdu = InstanceType<typeof smpp.PDU>

// Some senders leave out the zero at the end of this field; read as a C-string it would run on into the next one.
smpp.tlvs.receipted_message_id.type = smpp.types.tlv.string
// Its filter assigns to a variable that nobody declared, which throws in a module; without it the field is plain bytes.
smpp.tlvs.message_payload.filter = undefined

const HEADER_BYTES = 16
const RESPONSE = 0x8000_0000
const COMMAND_AT = 4
const STATUS_AT = 8
const SEQUENCE_AT = 12

export const newPdu = (command: string, fields: Readonly<Record<string, unknown>> = {}): Pdu =>
  new smpp.PDU(command, fields)

/** What of a PDU can be told even where its body makes no sense. */
export type Frame = {
  readonly commandId: number
  readonly status: number
  readonly sequence: number
  readonly isResponse: boolean
  /** Undefined where the body cannot be read. */
  readonly pdu: Pdu | undefined
}

export function readFrame(bytes: Buffer): Frame {
  const commandId = bytes.readUInt32BE(COMMAND_AT)
  return {
    commandId,
    status: bytes.readUInt32BE(STATUS_AT),
    sequence: bytes.readUInt32BE(SEQUENCE_AT),
    isResponse: commandId >= RESPONSE,
    pdu: readPdu(bytes),
  }
}

function readPdu(bytes: Buffer): Pdu | undefined {
  try {
    return new smpp.PDU(bytes)
  } catch {
    return undefined
  }
}

/** More than any message needs; a longer length is a stream out of step. */
const PDU_BYTES_MAX = 16_384

/** Cuts a stream into PDUs. Takes the next bytes, answers the whole PDUs in them; undefined when the stream is out of step. */
export function frameCutter(): (chunk: Buffer) => readonly Buffer[] | undefined {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const frames: Buffer[] = []
    while (rest.length >= 4) {
      const length = rest.readUInt32BE(0)
      if (length < HEADER_BYTES || length > PDU_BYTES_MAX) return undefined
      if (rest.length < length) break
      frames.push(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
    return frames
  }
}
