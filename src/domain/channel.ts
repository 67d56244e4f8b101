/** How a code travels. */
export const CHANNELS = ['sms', 'voice'] as const
export type Channel = (typeof CHANNELS)[number]
