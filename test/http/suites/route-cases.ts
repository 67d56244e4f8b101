import {
  call,
  codeFor,
  type DoorHouse,
  issue,
  type KeyName,
  PERSON,
  phoneOf,
} from './door-house.ts'

/** What a good call to one route is, and one that must be refused. */
export type RouteCase = {
  /** A key without `admin` that may, where there is one. */
  readonly key: KeyName
  /** A key of the same account that may not; undefined where every key may. */
  readonly strangerKey: KeyName | undefined
  /** Makes what the call is about and answers the path below /v1. */
  readonly path: (house: DoorHouse) => Promise<string>
  readonly json?: (house: DoorHouse, path: string) => Promise<unknown>
  /** Wrong in exactly the place that `names` names. */
  readonly bad: { readonly query?: string; readonly json?: unknown; readonly names: string }
  /** What another account sees: nothing at this id, an empty list, or a body in which nothing of ours appears. */
  readonly otherTenant: 'not_found' | 'field' | 'empty' | 'own'
}

const fixed = (path: string) => async () => path
const given = (json: unknown) => async () => json
const TO = phoneOf(1)

const onVerification = (tail: string) => async (house: DoorHouse) =>
  `/verifications/${await issue(house, TO)}${tail}`

async function madeAt(house: DoorHouse, path: string, json: unknown): Promise<string> {
  const { body } = await call(house, `POST /v1${path}`, { json })
  return `${path}/${String(body.id)}`
}

const WEBHOOK = {
  url: 'https://hooks.example.com/tollgate',
  types: ['verification.*', 'message.delivered'],
  description: 'The login service.',
}
const onWebhook = (tail: string) => async (house: DoorHouse) =>
  `${await madeAt(house, '/webhooks', WEBHOOK)}${tail}`

/** A webhook with one event. */
async function testedWebhook(house: DoorHouse) {
  const path = await madeAt(house, '/webhooks', WEBHOOK)
  const { body } = await call(house, `POST /v1${path}/test`)
  await house.settle()
  return { deliveries: `${path}/deliveries`, event: String(body.event) }
}

const UNKNOWN_QUERY = { query: '?colour=red', names: 'query:colour' }
const UNKNOWN_FIELD = { json: { colour: 'red' }, names: '/colour' }
const LIMIT_TOO_HIGH = { query: '?limit=2000', names: 'query:limit' }

const PACKAGE = {
  market: 'international',
  segments: 100,
  expires_at: '2099-01-01T00:00:00Z',
  reference: 'ORDER-1',
}

const BUDGET = {
  country: 'GB',
  period: 'day',
  kind: 'hard',
  limit_micros: 5_000_000,
  alerts: [0.5],
}
async function onBudget(house: DoorHouse): Promise<string> {
  const { body } = await call(house, 'PUT /v1/budgets', { json: BUDGET })
  return `/budgets/${String(body.id)}`
}

async function deadLetter(house: DoorHouse): Promise<string> {
  house.loseNextSend()
  const id = await issue(house, TO)
  await house.settle()
  const { body } = await call(house, `GET /v1/verifications/${id}`)
  return (body.send as { id: string }).id
}

const SALE = { kind: 'bulk', template: 'sale', messages: [{ to: TO }] }

async function withTemplate(house: DoorHouse): Promise<void> {
  const message_templates = { sale: { template: 'Everything for less today.' } }
  for (const key of ['admin', 'other'] as const) {
    const { body } = await call(house, 'GET /v1/account', { key })
    const path = `/v1/services/${String(body.default_service)}`
    await call(house, `PATCH ${path}`, { key, json: { message_templates } })
  }
}
const onBatch = (tail: string) => async (house: DoorHouse) => {
  await withTemplate(house)
  return `${await madeAt(house, '/batches', SALE)}${tail}`
}
const onScheduledBatch = (tail: string) => async (house: DoorHouse) => {
  await withTemplate(house)
  const send_at = new Date(house.clock.nowMs() + 60_000).toISOString()
  return `${await madeAt(house, '/batches', { ...SALE, send_at })}${tail}`
}

/** By operationId. A route without a case here fails the suite. */
export const ROUTE_CASES: Readonly<Record<string, RouteCase>> = {
  startVerification: {
    key: 'verify',
    strangerKey: 'report',
    path: fixed('/verifications'),
    json: given({ to: TO, client: PERSON }),
    bad: { json: { to: TO, client: { ip: '300.1.1.1' } }, names: '/client/ip' },
    otherTenant: 'own',
  },
  checkVerification: {
    key: 'verify',
    strangerKey: 'report',
    path: onVerification('/check'),
    json: async (house) => ({ code: await codeFor(house, TO) }),
    bad: { json: { code: 123456 }, names: '/code' },
    otherTenant: 'not_found',
  },
  resendVerification: {
    key: 'verify',
    strangerKey: 'report',
    path: async (house) => {
      const id = await issue(house, TO)
      house.clock.advance(61_000)
      return `/verifications/${id}/resend`
    },
    json: given({ client: PERSON }),
    bad: { json: { client: { session_age_ms: -1 } }, names: '/client/session_age_ms' },
    otherTenant: 'not_found',
  },
  cancelVerification: {
    key: 'verify',
    strangerKey: 'report',
    path: onVerification('/cancel'),
    bad: UNKNOWN_FIELD,
    otherTenant: 'not_found',
  },
  listVerifications: {
    key: 'report',
    strangerKey: undefined,
    path: fixed('/verifications'),
    bad: { query: '?status=nearly', names: 'query:status' },
    otherTenant: 'empty',
  },
  readVerification: {
    key: 'report',
    strangerKey: undefined,
    path: onVerification(''),
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  readDecision: {
    key: 'report',
    strangerKey: undefined,
    path: onVerification('/decision'),
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  createBatch: {
    key: 'admin',
    strangerKey: 'verify',
    path: async (house) => {
      await withTemplate(house)
      return '/batches'
    },
    json: given(SALE),
    bad: { json: { ...SALE, messages: [{ to: TO, text: 'Hello' }] }, names: '/messages/0/text' },
    otherTenant: 'own',
  },
  listBatches: {
    key: 'report',
    strangerKey: 'verify',
    path: async (house) => {
      await onBatch('')(house)
      return '/batches'
    },
    bad: LIMIT_TOO_HIGH,
    otherTenant: 'empty',
  },
  readBatch: {
    key: 'report',
    strangerKey: 'verify',
    path: onBatch(''),
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  listBatchMessages: {
    key: 'report',
    strangerKey: 'verify',
    path: onBatch('/messages'),
    bad: { query: '?status=nearly', names: 'query:status' },
    otherTenant: 'not_found',
  },
  cancelBatch: {
    key: 'admin',
    strangerKey: 'report',
    path: onScheduledBatch('/cancel'),
    bad: UNKNOWN_FIELD,
    otherTenant: 'not_found',
  },
  reportFraud: {
    key: 'report',
    strangerKey: 'verify',
    path: fixed('/fraud-reports'),
    json: async (house) => ({
      verification: await issue(house, TO),
      label: 'fraud',
      note: 'Seen.',
    }),
    bad: { json: { to: TO, label: 'awful' }, names: '/label' },
    otherTenant: 'field',
  },
  listFraudReports: {
    key: 'report',
    strangerKey: 'verify',
    path: async (house) => {
      await madeAt(house, '/fraud-reports', { ip: '198.51.100.9', label: 'fraud' })
      return '/fraud-reports'
    },
    bad: LIMIT_TOO_HIGH,
    otherTenant: 'empty',
  },
  listRangeBlocks: {
    key: 'report',
    strangerKey: 'verify',
    path: async (house) => {
      await house.closeRange('AZ')
      return '/range-blocks'
    },
    bad: LIMIT_TOO_HIGH,
    otherTenant: 'empty',
  },
  liftRangeBlock: {
    key: 'admin',
    strangerKey: 'report',
    path: async (house) => `/range-blocks/${await house.closeRange('AZ')}`,
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  explainRoute: {
    key: 'admin',
    strangerKey: 'report',
    path: fixed(`/routes/explain?to=${encodeURIComponent(TO)}`),
    bad: { query: '&channel=pigeon', names: 'query:channel' },
    otherTenant: 'own',
  },
  listDeadLetters: {
    key: 'admin',
    strangerKey: 'report',
    path: async (house) => {
      await deadLetter(house)
      return '/dead-letters'
    },
    bad: { query: '?reason=bored', names: 'query:reason' },
    otherTenant: 'empty',
  },
  requeueDeadLetter: {
    key: 'admin',
    strangerKey: 'verify',
    path: async (house) => `/dead-letters/${await deadLetter(house)}/requeue`,
    bad: UNKNOWN_FIELD,
    otherTenant: 'not_found',
  },
  readTrafficReport: {
    key: 'report',
    strangerKey: 'verify',
    path: async (house) => {
      await issue(house, TO)
      return '/reports/fraud'
    },
    bad: { query: '?group_by=colour', names: 'query:group_by' },
    otherTenant: 'empty',
  },
  readShadowReport: {
    key: 'report',
    strangerKey: 'verify',
    path: async (house) => {
      await issue(house, TO)
      return '/shadow'
    },
    bad: { query: '?from=yesterday', names: 'query:from' },
    otherTenant: 'empty',
  },
  readAccount: {
    key: 'verify',
    strangerKey: undefined,
    path: fixed('/account'),
    bad: UNKNOWN_QUERY,
    otherTenant: 'own',
  },
  listServices: {
    key: 'admin',
    strangerKey: 'verify',
    path: fixed('/services'),
    bad: LIMIT_TOO_HIGH,
    otherTenant: 'own',
  },
  createService: {
    key: 'admin',
    strangerKey: 'verify',
    path: fixed('/services'),
    json: given({ name: 'Sign-up', code_length: 8 }),
    bad: { json: { name: 'Sign-up', countries: ['ZZ'] }, names: '/countries/0' },
    otherTenant: 'own',
  },
  readService: {
    key: 'admin',
    strangerKey: 'report',
    path: (house) => madeAt(house, '/services', { name: 'Sign-up' }),
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  updateService: {
    key: 'admin',
    strangerKey: 'verify',
    path: (house) => madeAt(house, '/services', { name: 'Sign-up' }),
    json: given({ daily_budget_micros: 5_000_000 }),
    bad: { json: { template: 'No code in it' }, names: '/template' },
    otherTenant: 'not_found',
  },
  createKey: {
    key: 'admin',
    strangerKey: 'verify',
    path: fixed('/keys'),
    json: given({
      name: 'Login',
      scopes: ['verify'],
      allowed_ips: ['198.51.100.7', '2001:db8::/32'],
    }),
    bad: { json: { name: 'Login', scopes: ['everything'] }, names: '/scopes/0' },
    otherTenant: 'own',
  },
  listKeys: {
    key: 'admin',
    strangerKey: 'report',
    path: fixed('/keys'),
    bad: LIMIT_TOO_HIGH,
    otherTenant: 'own',
  },
  revokeKey: {
    key: 'admin',
    strangerKey: 'verify',
    path: (house) => madeAt(house, '/keys', { name: 'Old', scopes: ['verify'] }),
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  addListEntry: {
    key: 'admin',
    strangerKey: 'report',
    path: fixed('/lists/block'),
    json: given({ kind: 'cidr', value: '198.51.100.77/24', note: 'Bots.' }),
    bad: { json: { kind: 'cidr', value: '198.51.100.0/64' }, names: '/value' },
    otherTenant: 'own',
  },
  readList: {
    key: 'admin',
    strangerKey: 'verify',
    path: async (house) => {
      await madeAt(house, '/lists/allow', { kind: 'country', value: 'GB' })
      return '/lists/allow'
    },
    bad: { query: '?cursor=LI1', names: 'query:cursor' },
    otherTenant: 'empty',
  },
  removeListEntry: {
    key: 'admin',
    strangerKey: 'report',
    path: (house) => madeAt(house, '/lists/allow', { kind: 'ip', value: '2001:DB8::1' }),
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  readBalance: {
    key: 'admin',
    strangerKey: 'report',
    path: fixed('/balance'),
    bad: UNKNOWN_QUERY,
    otherTenant: 'own',
  },
  topUpBalance: {
    key: 'admin',
    strangerKey: 'verify',
    path: fixed('/balance/top-ups'),
    json: given({ amount_micros: 5_000_000, currency: 'USD', reference: 'INV-7' }),
    bad: {
      json: { amount_micros: 0.5, currency: 'USD', reference: 'INV-7' },
      names: '/amount_micros',
    },
    otherTenant: 'own',
  },
  adjustBalance: {
    key: 'admin',
    strangerKey: 'report',
    path: fixed('/balance/adjustments'),
    json: given({ amount_micros: 5000, currency: 'USD', reference: 'T-8', reason: 'Goodwill' }),
    bad: {
      json: { amount_micros: 0, currency: 'USD', reference: 'T-8', reason: 'Goodwill' },
      names: '/amount_micros',
    },
    otherTenant: 'own',
  },
  grantPackage: {
    key: 'admin',
    strangerKey: 'report',
    path: fixed('/packages'),
    json: given(PACKAGE),
    bad: { json: { ...PACKAGE, segments: 0 }, names: '/segments' },
    otherTenant: 'own',
  },
  listPackages: {
    key: 'admin',
    strangerKey: 'verify',
    path: async (house) => {
      await call(house, 'POST /v1/packages', { json: PACKAGE })
      return '/packages'
    },
    bad: LIMIT_TOO_HIGH,
    otherTenant: 'empty',
  },
  putBudget: {
    key: 'admin',
    strangerKey: 'report',
    path: fixed('/budgets'),
    json: given(BUDGET),
    bad: { json: { ...BUDGET, period: 'week' }, names: '/period' },
    otherTenant: 'own',
  },
  listBudgets: {
    key: 'report',
    strangerKey: 'verify',
    path: async (house) => {
      await call(house, 'PUT /v1/budgets', { json: BUDGET })
      return '/budgets'
    },
    bad: LIMIT_TOO_HIGH,
    otherTenant: 'empty',
  },
  readBudget: {
    key: 'report',
    strangerKey: 'verify',
    path: onBudget,
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  deleteBudget: {
    key: 'admin',
    strangerKey: 'report',
    path: onBudget,
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  readStatement: {
    key: 'report',
    strangerKey: 'verify',
    path: async (house) => {
      await issue(house, TO)
      await house.settle()
      return `/statements/${new Date(house.clock.nowMs()).toISOString().slice(0, 7)}`
    },
    bad: UNKNOWN_QUERY,
    otherTenant: 'own',
  },
  listPrices: {
    key: 'report',
    strangerKey: 'verify',
    path: fixed('/prices'),
    bad: { query: '?country=ZZ', names: 'query:country' },
    otherTenant: 'own',
  },
  readLedger: {
    key: 'admin',
    strangerKey: 'verify',
    path: async (house) => {
      await issue(house, TO)
      return '/ledger'
    },
    bad: LIMIT_TOO_HIGH,
    otherTenant: 'own',
  },
  createWebhook: {
    key: 'admin',
    strangerKey: 'report',
    path: fixed('/webhooks'),
    json: given(WEBHOOK),
    bad: { json: { ...WEBHOOK, url: 'https://10.0.0.8/hook' }, names: '/url' },
    otherTenant: 'own',
  },
  listWebhooks: {
    key: 'admin',
    strangerKey: 'report',
    path: async (house) => {
      await madeAt(house, '/webhooks', WEBHOOK)
      return '/webhooks'
    },
    bad: UNKNOWN_QUERY,
    otherTenant: 'empty',
  },
  readWebhook: {
    key: 'admin',
    strangerKey: 'verify',
    path: onWebhook(''),
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  updateWebhook: {
    key: 'admin',
    strangerKey: 'verify',
    path: onWebhook(''),
    json: given({ types: ['*'], description: null, enabled: false }),
    bad: { json: { types: ['message.read'] }, names: '/types/0' },
    otherTenant: 'not_found',
  },
  deleteWebhook: {
    key: 'admin',
    strangerKey: 'report',
    path: onWebhook(''),
    bad: UNKNOWN_QUERY,
    otherTenant: 'not_found',
  },
  rotateWebhookSecret: {
    key: 'admin',
    strangerKey: 'report',
    path: onWebhook('/rotate-secret'),
    json: given({ overlap_seconds: 60 }),
    bad: { json: { overlap_seconds: -1 }, names: '/overlap_seconds' },
    otherTenant: 'not_found',
  },
  testWebhook: {
    key: 'admin',
    strangerKey: 'verify',
    path: onWebhook('/test'),
    bad: UNKNOWN_FIELD,
    otherTenant: 'not_found',
  },
  listDeliveries: {
    key: 'admin',
    strangerKey: 'report',
    path: async (house) => (await testedWebhook(house)).deliveries,
    bad: { query: '?status=lost', names: 'query:status' },
    otherTenant: 'not_found',
  },
  replayDelivery: {
    key: 'admin',
    strangerKey: 'report',
    path: async (house) => {
      const { deliveries, event } = await testedWebhook(house)
      return `${deliveries}/${event}/replay`
    },
    bad: UNKNOWN_FIELD,
    otherTenant: 'not_found',
  },
  replayWindow: {
    key: 'admin',
    strangerKey: 'verify',
    path: onWebhook('/replay'),
    json: given({ from: '2026-01-01T00:00:00Z', delivered: true }),
    bad: { json: { from: '2999-01-01T00:00:00Z' }, names: '/from' },
    otherTenant: 'not_found',
  },
  listSandboxMessages: {
    key: 'verify',
    strangerKey: 'report',
    path: async (house) => {
      await issue(house, TO)
      await house.settle()
      return '/sandbox/messages'
    },
    bad: { query: '?to=12', names: 'query:to' },
    otherTenant: 'empty',
  },
}
