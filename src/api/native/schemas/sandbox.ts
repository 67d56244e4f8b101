import * as z from 'zod'
import { CHANNELS } from '../../../domain/channel.ts'
import { countParameter, idText, instant, phoneParameter } from './texts.ts'

export const sandboxQuery = z.strictObject({
  to: phoneParameter.optional(),
  limit: countParameter(100, 20),
})

export const sandboxAnswer = z
  .strictObject({
    messages: z.array(
      z
        .strictObject({
          id: z.string(),
          to: z.string().meta({ example: '+447400123456' }),
          body: z.string().meta({ example: 'Your code is 123456. It is valid for 10 minutes.' }),
          channel: z.enum(CHANNELS),
          send: idText('VL'),
          provider: z.string(),
          created_at: instant,
        })
        .meta({ id: 'SandboxMessage' }),
    ),
  })
  .meta({ id: 'SandboxMessages', description: 'Newest first.' })
