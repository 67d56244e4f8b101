import { failed } from '../../../domain/send.ts'
import { defineProvider, type OutboundMessage } from '../../provider.ts'
import { templateFor } from '../../template-choice.ts'
import { callVendor } from '../../vendor-call.ts'
import { readAnswer } from './answers.ts'
import { readMetaReceipts } from './receipts.ts'
import { type MetaSettings, metaSettings } from './settings.ts'

/** WhatsApp by Meta's Cloud API, authentication templates. README.md has the settings. */
export const metaProvider = defineProvider({
  kind: 'meta',
  settings: metaSettings,
  create: (id, settings, { platform }) => ({
    id,
    channels: ['whatsapp'],
    receiptMethods: ['GET', 'POST'],
    async send(message, deadlineMs) {
      const body = bodyOf(message, settings)
      if (body === undefined) return failed('template_refused', 'no_template')
      const { endpoint, version, phone_number_id, access_token, timeout_ms } = settings
      const request = {
        url: `${endpoint}/${version}/${phone_number_id}/messages`,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${access_token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      }
      const answer = await callVendor(request, { platform, deadlineMs, timeoutMs: timeout_ms })
      return answer.kind === 'answered' ? readAnswer(answer) : answer
    },
    readReceipts: async (request) => readMetaReceipts(request, settings),
  }),
})

/** The code goes in twice: into the text, and into the button that copies it. Undefined where no template fits. */
function bodyOf({ id, to, template }: OutboundMessage, { templates }: MetaSettings) {
  const chosen = templateFor(templates, template)
  const { code } = template.variables
  if (chosen === undefined || code === undefined) return undefined
  const parameters = [{ type: 'text', text: code }]
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: to.slice(1),
    type: 'template',
    template: {
      name: chosen.id,
      language: { code: chosen.language },
      components: [
        { type: 'body', parameters },
        { type: 'button', sub_type: 'url', index: '0', parameters },
      ],
    },
    biz_opaque_callback_data: id,
  }
}
