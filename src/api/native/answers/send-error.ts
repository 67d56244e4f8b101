import type * as z from 'zod'
import type { SendError } from '../../../domain/send-error.ts'
import type { sendErrorAnswer } from '../schemas/send-error.ts'

/** Safe to show: `sendError` took the numbers out of it before it was kept. */
export const toSendErrorAnswer = ({
  kind,
  code,
  text,
}: SendError): z.input<typeof sendErrorAnswer> => ({
  kind,
  code,
  ...(text === undefined ? {} : { text }),
})
