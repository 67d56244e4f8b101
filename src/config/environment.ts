import * as z from 'zod'
import { MASTER_KEY_BYTES } from '../platform/vault.ts'
import { TARGET_POLICIES } from '../webhooks/target.ts'

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const BOOTSTRAP_KEY = /^(SK[0-9a-f]{32}):([\x21-\x7e]{16,200})$/

const masterKey = z
  .string()
  .regex(BASE64, 'must be base64')
  .transform((text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
  .refine(
    (bytes) => bytes.length === MASTER_KEY_BYTES,
    `must be ${MASTER_KEY_BYTES} bytes in base64`,
  )

const bootstrapKey = z
  .string()
  .regex(
    BOOTSTRAP_KEY,
    'must be SK and 32 hex digits, a colon, and a secret of at least 16 visible characters',
  )
  .transform((text) => {
    const [, id = '', secret = ''] = BOOTSTRAP_KEY.exec(text) ?? []
    return { id, secret }
  })

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be ${least} to ${most}`)

/** Without a slash at its end, so that a path can follow. */
const publicUrl = z
  .string()
  .refine(isPlainUrl, 'must be an http or https URL without credentials, query and fragment')
  .transform((text) => text.replace(/\/+$/, ''))

function isPlainUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return false
  return `${url.username}${url.password}` === '' && !/[?#]/.test(text)
}

/** Every variable Tollgate reads, and nothing else reads the environment. `.env.example` explains them one by one. */
const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(8787),
  TOLLGATE_PUBLIC_URL: publicUrl.optional(),
  TOLLGATE_DATA_DIR: z.string().min(1).default('.data'),
  TOLLGATE_DATABASE_URL: z
    .string()
    .regex(/^(file:|libsql:|https?:)/, 'must start with file:, libsql:, http: or https:')
    .optional(),
  TOLLGATE_DATABASE_TOKEN: z.string().min(1).optional(),
  TOLLGATE_MASTER_KEY: masterKey.optional(),
  TOLLGATE_OLD_MASTER_KEYS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(masterKey)),
  TOLLGATE_BOOTSTRAP_KEY: bootstrapKey.optional(),
  TOLLGATE_RULES_DIR: z.string().min(1).default('rules'),
  TOLLGATE_CHALLENGER_DIR: z.string().min(1).optional(),
  TOLLGATE_CLIENT_IP: z.enum(['socket', 'cf-connecting-ip', 'x-forwarded-for']).default('socket'),
  TOLLGATE_TRUSTED_HOPS: wholeNumber(1, 10).default(1),
  TOLLGATE_WEBHOOK_TARGETS: z.enum(TARGET_POLICIES).default('public'),
  TOLLGATE_WEBHOOK_LOG_DAYS: wholeNumber(2, 365).default(30),
  TOLLGATE_UNKNOWN_HOURS: wholeNumber(1, 168).default(24),
  TOLLGATE_RECEIPT_HOURS: wholeNumber(1, 168).default(72),
  TOLLGATE_COUNTERS: z.enum(['memory', 'database']).default('memory'),
  TOLLGATE_CUSTOMER_DAYS: wholeNumber(30, 3_650).default(400),
  TOLLGATE_SANDBOX_BALANCE_MICROS: wholeNumber(0, 1_000_000_000_000).default(1_000_000_000),
})

export type Environment = z.output<typeof environmentSchema>

const HOUR_MS = 3_600_000

/** How long money is held for what nobody tells. */
export const patienceOf = (environment: Environment) => ({
  unknownMs: environment.TOLLGATE_UNKNOWN_HOURS * HOUR_MS,
  receiptMs: environment.TOLLGATE_RECEIPT_HOURS * HOUR_MS,
})

export type ReadEnvironment =
  | { readonly kind: 'ok'; readonly environment: Environment }
  | { readonly kind: 'wrong'; readonly mistakes: readonly string[] }

/** Reads the variables; an empty one counts as absent. Every mistake is named at once, and no value is repeated. */
export function readEnvironment(variables: Readonly<Record<string, unknown>>): ReadEnvironment {
  const given = Object.fromEntries(
    Object.keys(environmentSchema.shape)
      .map((name) => [name, variables[name]])
      .filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = environmentSchema.safeParse(given)
  if (parsed.success) return { kind: 'ok', environment: parsed.data }
  const mistakes = parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`)
  return { kind: 'wrong', mistakes: [...new Set(mistakes)] }
}
