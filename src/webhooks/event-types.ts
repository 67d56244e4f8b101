/** What can happen that an account may be told of. A name is never changed and never used again for something else. */
export const EVENT_TYPES = [
  'verification.started',
  'verification.approved',
  'verification.failed',
  'verification.expired',
  'verification.canceled',
  'verification.challenged',
  'verification.blocked',
  'message.sent',
  'message.delivered',
  'message.undelivered',
  'message.failed',
  'batch.finished',
  'fraud.range_blocked',
  'budget.reached',
] as const

/** Sent to one webhook because somebody asked for it. */
export const TEST_EVENT_TYPE = 'webhook.test'

export type EventType = (typeof EVENT_TYPES)[number] | typeof TEST_EVENT_TYPE

/** What a webhook can ask for. A group takes in the types that later versions add to it. */
export const EVENT_PATTERNS = [
  '*',
  'verification.*',
  'message.*',
  'batch.*',
  'fraud.*',
  'budget.*',
  ...EVENT_TYPES,
] as const
export type EventPattern = (typeof EVENT_PATTERNS)[number]
