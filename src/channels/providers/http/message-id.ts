import * as z from 'zod'

/** The provider's name for a message: printable ASCII, since it goes into rows, log lines and answers. */
export const PROVIDER_MESSAGE_ID = z.string().regex(/^[\x20-\x7e]{1,200}$/)
