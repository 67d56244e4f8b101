/** What a message is for: a code, news of something of one's own, or advertising. Prices, packages and queues go by it. */
export const MESSAGE_KINDS = ['otp', 'notice', 'bulk'] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]
