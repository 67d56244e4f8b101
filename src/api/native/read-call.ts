import type { Context } from 'hono'
import * as z from 'zod'
import { type FieldError, Problem } from '../../domain/problems.ts'
import { readJson } from '../body.ts'
import type { ApiEnv } from '../env.ts'
import { fieldErrorsOf, invalidFields, pointerOf } from '../field-errors.ts'
import type { Call, Route } from './route.ts'

export const BODY_BYTES_MAX = 65_536

const NO_QUERY = z.strictObject({})

/** The call with its body as it was sent, for the idempotency hash. */
export type ReadCall = {
  readonly call: Omit<Call<unknown, unknown, unknown>, 'once'>
  readonly text: string
}

/** Validates path, query and body in one go. Throws `not_found` for a misshapen id, `invalid_request` with every wrong field. */
export async function readCall(c: Context<ApiEnv>, route: Route): Promise<ReadCall> {
  const params = parseParams(c, route)
  const query = parseQuery(new URL(c.req.url).searchParams, route.query ?? NO_QUERY)
  const { text, value } =
    route.body === undefined
      ? { text: '', value: undefined }
      : await readJson(c.req.raw, route.bodyBytesMax ?? BODY_BYTES_MAX)
  const body = parseBody(value, route)
  const errors = [...query.errors, ...body.errors]
  if (errors.length > 0) throw invalidFields(errors)
  const { services, key } = c.var
  const call = {
    services,
    house: services.house,
    key,
    params,
    query: query.value,
    body: body.value,
  }
  return { call, text }
}

type Parsed = { readonly value: unknown; readonly errors: readonly FieldError[] }

/** An id of the wrong shape is an id that nothing has. */
function parseParams(c: Context<ApiEnv>, route: Route): unknown {
  if (route.params === undefined) return undefined
  const parsed = route.params.safeParse(c.req.param())
  if (!parsed.success) throw new Problem('not_found')
  return parsed.data
}

function parseBody(value: unknown, { body, bodyOptional }: Route): Parsed {
  if (body === undefined) return { value: undefined, errors: [] }
  const given = value === undefined && bodyOptional === true ? {} : value
  return parsed(body.safeParse(given, { reportInput: true }), pointerOf)
}

function parseQuery(given: URLSearchParams, schema: z.ZodObject): Parsed {
  const errors: FieldError[] = []
  const values: Record<string, string> = {}
  for (const [name, value] of given) {
    const pointer = queryPointer([name])
    if (!Object.hasOwn(schema.shape, name))
      errors.push({ pointer, detail: 'is not a known parameter' })
    else if (Object.hasOwn(values, name)) errors.push({ pointer, detail: 'is given twice' })
    else values[name] = value
  }
  const { value, errors: found } = parsed(
    schema.safeParse(values, { reportInput: true }),
    queryPointer,
  )
  return { value, errors: [...errors, ...found] }
}

const queryPointer = (path: readonly PropertyKey[]): string =>
  `query:${String(path[0] ?? '').slice(0, 64)}`

function parsed(
  result: z.ZodSafeParseResult<unknown>,
  toPointer: (path: readonly PropertyKey[]) => string,
): Parsed {
  if (result.success) return { value: result.data, errors: [] }
  return { value: undefined, errors: fieldErrorsOf(result.error.issues, toPointer) }
}
