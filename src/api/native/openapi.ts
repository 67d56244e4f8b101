import * as z from 'zod'
import { PROBLEMS, type ProblemCode } from '../../domain/problems.ts'
import { PROBLEM_TYPE } from '../problem-response.ts'
import type { Route } from './route.ts'
import { NATIVE_ROUTES } from './routes.ts'
import { DESCRIBED_TYPES, eventSchema } from './schemas/events.ts'
import { problemAnswer } from './schemas/problems.ts'

type Json = Record<string, unknown>
type Schemas = Record<string, unknown>

const EVERY_ROUTE: readonly ProblemCode[] = [
  'unauthenticated',
  'forbidden',
  'invalid_request',
  'internal',
]
const WITH_BODY: readonly ProblemCode[] = [
  'invalid_json',
  'unsupported_media_type',
  'body_too_large',
]
const IDEMPOTENT: readonly ProblemCode[] = ['idempotency_conflict', 'idempotency_in_flight']

/** OpenAPI 3.1 of the native API, made of the very schemas that validate. */
export function openApiDocument(version: string): Json {
  const schemas: Schemas = {}
  const paths: Record<string, Json> = {}
  for (const route of NATIVE_ROUTES) {
    const path = `/v1${route.path}`
    paths[path] = { ...paths[path], [route.method]: operation(route, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tollgate',
      version,
      description:
        'A verification-code service that lets people in and keeps toll fraud out. Problems are RFC 9457 bodies; decide by `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    paths,
    webhooks: webhooksOf(schemas),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'basic', description: 'Key id and secret.' },
      },
      schemas,
    },
  }
}

/** What is sent to webhooks, by its type. */
function webhooksOf(schemas: Schemas): Json {
  const described = DESCRIBED_TYPES.map((type) => {
    const schema = schemaOf(eventSchema(type), 'output', schemas)
    const post = {
      operationId: `on_${type.replace('.', '_')}`,
      tags: ['Events'],
      summary: type,
      description:
        'Signed by Standard Webhooks: check `webhook-signature` with the secret before anything else. Delivered at least once: `webhook-id` stays the same.',
      requestBody: { required: true, content: { 'application/json': { schema } } },
      responses: { '2XX': { description: 'Taken. Anything else is tried again for 24 hours.' } },
    }
    return [type, { post }]
  })
  return Object.fromEntries(described) as Json
}

function operation(route: Route, schemas: Schemas): Json {
  const { operationId, tag, summary, description, scopes } = route
  const needs = `Scope: ${[...new Set([...scopes, 'admin'])].join(' or ')}.`
  return {
    operationId,
    tags: [tag],
    summary,
    description: description === undefined ? needs : `${description} ${needs}`,
    parameters: parametersOf(route, schemas),
    ...(route.body === undefined ? {} : { requestBody: requestBodyOf(route, schemas) }),
    responses: { [route.status]: successOf(route, schemas), ...problemsOf(route, schemas) },
  }
}

function requestBodyOf({ body, bodyOptional }: Route, schemas: Schemas): Json {
  const schema = body === undefined ? {} : schemaOf(body, 'input', schemas)
  return { required: bodyOptional !== true, content: { 'application/json': { schema } } }
}

function successOf({ status, answer }: Route, schemas: Schemas): Json {
  if (answer === undefined) return { description: SUCCESS[status] }
  const schema = schemaOf(answer, 'output', schemas)
  return { description: SUCCESS[status], content: { 'application/json': { schema } } }
}

const SUCCESS: Readonly<Record<Route['status'], string>> = {
  200: 'Found.',
  201: 'Made.',
  202: 'Taken.',
  204: 'Done.',
}

function problemsOf(route: Route, schemas: Schemas): Json {
  const codes = [
    ...EVERY_ROUTE,
    ...(route.body === undefined ? [] : WITH_BODY),
    ...(route.idempotent === true ? IDEMPOTENT : []),
    ...route.problems,
  ]
  const schema = schemaOf(problemAnswer, 'output', schemas)
  const responses: Record<string, Json> = {}
  for (const code of codes) {
    const { status, title } = PROBLEMS[code]
    const others = responses[status]?.description
    const line = `\`${code}\`: ${title}`
    const description = others === undefined ? line : `${others}\n\n${line}`
    responses[status] = { description, content: { [PROBLEM_TYPE]: { schema } } }
  }
  return responses
}

function parametersOf(route: Route, schemas: Schemas): readonly Json[] {
  const header = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The first answer is given again for 24 hours to whoever repeats the request.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  }
  return [
    ...membersOf(route.params, 'path', schemas),
    ...membersOf(route.query, 'query', schemas),
    ...(route.idempotent === true ? [header] : []),
  ]
}

function membersOf(
  object: z.ZodObject | undefined,
  place: 'path' | 'query',
  schemas: Schemas,
): readonly Json[] {
  return Object.entries(object?.shape ?? {}).map(([name, member]) => {
    const { description, ...schema } = schemaOf(member as z.ZodType, 'output', schemas)
    const required = place === 'path' || !(member as z.ZodType).safeParse(undefined).success
    const about = description === undefined ? {} : { description }
    return { name, in: place, required, ...about, schema }
  })
}

/** JSON Schema of one schema; the named ones inside of it move to `components`. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Schemas): Json {
  const made = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' })
  const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')
  const { $schema: _, $defs, ...rest } = JSON.parse(text) as Json
  Object.assign(schemas, $defs)
  return rest
}
