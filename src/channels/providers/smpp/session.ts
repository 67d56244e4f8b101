import { failed, type Unaccepted } from '../../../domain/send.ts'
import type { Platform } from '../../../platform/platform.ts'
import { bindOutcomeOf, isTooFast } from './answers.ts'
import { type Link, openLink, type Reply } from './link.ts'
import { type Frame, newPdu, type Pdu } from './pdu.ts'
import type { SmppSettings } from './settings.ts'
import { openWindow } from './window.ts'

const VERSION_3_4 = 0x34
const DELIVER_SM = 0x05
const UNKNOWN_COMMAND = 0x03
const TEMPORARY_ERROR = 0x64
const REBIND_MAX_MS = 60_000
const UNBIND_MS = 2_000
const MISSES_MAX = 2

type Fields = Readonly<Record<string, unknown>>

export type SessionParts = {
  readonly id: string
  readonly settings: SmppSettings
  readonly platform: Pick<Platform, 'nowMs' | 'log'>
  /** What came by itself. The SMSC hears that we have it when this resolves, and to send it again when it rejects. */
  readonly onDeliver: (pdu: Pdu) => Promise<void>
}

/**
 * One transceiver session for the life of a provider: bound when it is opened or by the first send, and tried again with growing pauses
 * when that failed or it was lost, since receipts come by it too.
 */
export class SmppSession {
  readonly #parts: SessionParts
  readonly #window: ReturnType<typeof openWindow>
  readonly #underWay = new Set<Promise<unknown>>()
  #link: Link | undefined
  /** The connection that the other side may ask by, bound or about to be. */
  #asking: Link | undefined
  /** Receipts may come, whether or not anything is sent. */
  #isWanted = false
  #binding: Promise<Link | Unaccepted> | undefined
  #lastFailure: Unaccepted = failed('provider_down', 'unbound')
  #failures = 0
  #notBeforeMs = 0
  #misses = 0
  #enquiring: NodeJS.Timeout | undefined
  #rebinding: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.#window = openWindow(parts.settings.window)
  }

  /** Resolves with what the SMSC answered, or with why nothing was sent. `deadlineMs` is an instant. */
  submit(fields: Fields, deadlineMs: number): Promise<Reply | Unaccepted> {
    return this.#tracked(this.#submit(fields, deadlineMs))
  }

  /** Binds without waiting for a send. */
  open(): void {
    if (this.#isClosed) return
    this.#isWanted = true
    if (this.#link === undefined) void this.#bind()
  }

  /** Lets what is under way end, then takes leave. Nothing can be sent afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#rebinding)
    await this.#binding
    await Promise.allSettled(this.#underWay)
    await this.#link?.request('unbind', {}, UNBIND_MS)
    await Promise.allSettled(this.#underWay)
    this.#link?.drop('closed')
    this.#link = undefined
  }

  async #submit(fields: Fields, deadlineMs: number): Promise<Reply | Unaccepted> {
    const bound = await within(this.#bound(), this.#leftMs(deadlineMs))
    if (bound === undefined) return failed('provider_down', 'bind_timeout')
    if ('kind' in bound) return bound
    const entered = await this.#window.enter(this.#leftMs(deadlineMs))
    if (!entered) return failed('throttled', 'window_full')
    try {
      const reply = await bound.request('submit_sm', fields, this.#leftMs(deadlineMs))
      if (reply.kind === 'answered') this.#noteAnswer(reply.status)
      return reply
    } finally {
      this.#window.leave()
    }
  }

  #noteAnswer(status: number): void {
    this.#failures = 0
    this.#window.note(isTooFast(status) ? 'too_fast' : 'well')
  }

  #leftMs(deadlineMs: number): number {
    const { platform, settings } = this.#parts
    return Math.max(0, Math.min(settings.timeout_ms, deadlineMs - platform.nowMs()))
  }

  async #bound(): Promise<Link | Unaccepted> {
    if (this.#link !== undefined) return this.#link
    if (this.#isClosed) return failed('provider_down', 'session_closed')
    const isTooEarly = this.#parts.platform.nowMs() < this.#notBeforeMs
    if (this.#binding === undefined && isTooEarly) return this.#lastFailure
    return this.#bind()
  }

  #bind(): Promise<Link | Unaccepted> {
    clearTimeout(this.#rebinding)
    this.#binding ??= this.#open().finally(() => {
      this.#binding = undefined
    })
    return this.#binding
  }

  async #open(): Promise<Link | Unaccepted> {
    const { settings } = this.#parts
    const opened = await openLink(
      settings,
      { onRequest: (frame) => this.#onRequest(frame), onLost: (code) => this.#onLost(code) },
      settings.timeout_ms,
    )
    if (!('request' in opened)) return this.#unbound(failed('provider_down', opened.code))
    const { system_id, password, system_type, timeout_ms } = settings
    const bind = { system_id, password, system_type, interface_version: VERSION_3_4 }
    this.#asking = opened
    const reply = await opened.request('bind_transceiver', bind, timeout_ms)
    const refusal = bindRefusal(reply)
    if (refusal === undefined) return this.#onBound(opened)
    opened.drop('unbound')
    return this.#unbound(refusal)
  }

  #onBound(link: Link): Link {
    this.#link = link
    this.#isWanted = true
    this.#misses = 0
    const { settings } = this.#parts
    this.#enquiring = setInterval(() => this.#enquire(link), settings.enquire_link_ms).unref()
    this.#log('smpp.bound')
    return link
  }

  #unbound(why: Unaccepted): Unaccepted {
    const { platform, settings } = this.#parts
    const pauseMs = Math.min(settings.rebind_ms * 2 ** this.#failures, REBIND_MAX_MS)
    this.#failures = Math.min(this.#failures + 1, 16)
    this.#notBeforeMs = platform.nowMs() + pauseMs
    this.#lastFailure = why
    this.#log('smpp.unbound', why.error.code)
    if (this.#isWanted) this.#rebindIn(pauseMs)
    return why
  }

  #onLost(code: string): void {
    clearInterval(this.#enquiring)
    if (this.#link === undefined) return
    this.#link = undefined
    this.#log('smpp.lost', code)
    this.#rebindIn(this.#parts.settings.rebind_ms)
  }

  #rebindIn(pauseMs: number): void {
    if (this.#isClosed) return
    this.#rebinding = setTimeout(() => void this.#bind(), pauseMs).unref()
  }

  #enquire(link: Link): void {
    if (link.wasHeard()) {
      this.#misses = 0
      this.#failures = 0
    } else this.#misses += 1
    if (this.#misses > MISSES_MAX) link.drop('silent')
    else void link.request('enquire_link', {}, this.#parts.settings.enquire_link_ms)
  }

  #onRequest(frame: Frame): void {
    const { sequence: sequence_number, pdu } = frame
    const link = this.#asking
    const reply = (command: string, command_status = 0) =>
      link?.reply(newPdu(command, { sequence_number, command_status }))
    if (frame.commandId === DELIVER_SM) {
      const taken = pdu === undefined ? this.#unreadable() : this.#parts.onDeliver(pdu)
      void this.#tracked(
        taken.then(
          () => reply('deliver_sm_resp'),
          () => reply('deliver_sm_resp', TEMPORARY_ERROR),
        ),
      )
    } else if (pdu?.command === 'enquire_link') reply('enquire_link_resp')
    else if (pdu?.command === 'unbind') {
      reply('unbind_resp')
      link?.drop('unbound_by_smsc')
    } else reply('generic_nack', UNKNOWN_COMMAND)
  }

  /** Sent again it would be no better, so the SMSC hears that it has arrived. */
  async #unreadable(): Promise<void> {
    this.#log('smpp.unreadable')
  }

  #tracked<T>(task: Promise<T>): Promise<T> {
    this.#underWay.add(task)
    return task.finally(() => this.#underWay.delete(task))
  }

  #log(event: string, code?: string): void {
    const { id, platform } = this.#parts
    platform.log.info(event, { provider: id, ...(code === undefined ? {} : { code }) })
  }
}

/** Undefined where it is bound. */
function bindRefusal(reply: Reply): Unaccepted | undefined {
  if (reply.kind === 'timeout') return failed('provider_down', 'bind_timeout')
  if (reply.kind !== 'answered') return failed('provider_down', reply.code)
  return reply.status === 0 ? undefined : bindOutcomeOf(reply.status)
}

/** Undefined when it took longer; what was waited for goes on. */
async function within<T>(task: Promise<T>, waitMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), waitMs)
  })
  return Promise.race([task, late]).finally(() => clearTimeout(timer))
}
