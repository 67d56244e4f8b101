import type { MessageKind } from '../../../domain/message-kind.ts'
import { failed } from '../../../domain/send.ts'
import { defineProvider, type OutboundMessage } from '../../provider.ts'
import { namedValues, templateFor } from '../../template-choice.ts'
import { readAnswer } from './answers.ts'
import { callBird, REFERENCE } from './call.ts'
import { queryBird } from './query.ts'
import { readBirdReceipts } from './receipts.ts'
import { type BirdSettings, birdSettings } from './settings.ts'

/** Bird's current API: text messages, as text or by a stored template. README.md has the settings. */
export const birdProvider = defineProvider({
  kind: 'bird',
  settings: birdSettings,
  create: (id, settings, { platform }) => ({
    id,
    channels: ['sms'],
    async send(message, deadlineMs) {
      const body = bodyOf(message, settings)
      if (body === undefined) return failed('template_refused', 'no_template')
      const post = { idempotencyKey: message.id, body }
      const answer = await callBird({ platform, settings }, { post }, deadlineMs)
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: async (request) =>
      readBirdReceipts(request, { settings, nowMs: platform.nowMs() }),
    query: (sent, deadlineMs) => queryBird({ platform, settings }, sent, deadlineMs),
  }),
})

const CATEGORIES: Readonly<Record<MessageKind, string>> = {
  otp: 'authentication',
  notice: 'transactional',
  bulk: 'marketing',
}

/** A template brings sender and category with it; where none fits the text goes out, if there is a sender for it. */
function bodyOf(message: OutboundMessage, settings: BirdSettings) {
  const { to, body: text, id } = message
  const metadata = { [REFERENCE]: id }
  const template = templateFor(settings.templates ?? [], message.template)
  if (template !== undefined) {
    const parameters = namedValues(template, message.template)
    return { to, template: { slug: template.id, parameters }, metadata }
  }
  const from = message.from ?? settings.from
  const category = CATEGORIES[message.kind]
  return from === undefined ? undefined : { to, from, text, category, metadata }
}
