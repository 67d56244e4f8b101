import * as z from 'zod'
import { SEND_ERROR_KINDS } from '../../../domain/send-error.ts'

export const errorKind = z.enum(SEND_ERROR_KINDS).meta({
  description: 'Why it did not go or did not arrive, in one word for all vendors.',
})

/** Why a message did not go, or did not arrive; the same wherever a message is told of. */
export const sendErrorAnswer = z
  .strictObject({
    kind: errorKind,
    code: z.string().meta({ description: "The provider's own code, else ours.", example: '30007' }),
    text: z
      .string()
      .optional()
      .meta({ description: "The provider's own words, with longer numbers starred out." }),
  })
  .meta({ id: 'SendError' })
