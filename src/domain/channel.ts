/** How a code travels. */
export const CHANNELS = ['sms', 'voice', 'whatsapp'] as const
export type Channel = (typeof CHANNELS)[number]
