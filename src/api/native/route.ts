import type * as z from 'zod'
import type { ProblemCode } from '../../domain/problems.ts'
import type { House } from '../../flows/house.ts'
import type { Key, Scope } from '../../tenancy/tenancy.ts'
import type { Services } from '../env.ts'

/** One authenticated, validated call. */
export type Call<Params, Query, Body> = {
  readonly services: Services
  readonly house: House
  readonly key: Key
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** A digest of the request and its Idempotency-Key; undefined without one. */
  readonly once: string | undefined
}

type Schema = z.ZodType

type Spec<P extends Schema, Q extends Schema, B extends Schema, A extends Schema> = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Below /v1, with OpenAPI's `{name}`. */
  readonly path: string
  readonly operationId: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Any one of them opens the route; `admin` always does. */
  readonly scopes: readonly Scope[]
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Without a body the schema sees `{}`. */
  readonly bodyOptional?: true
  /** Where it is not that of `BODY_BYTES_MAX`. */
  readonly bodyBytesMax?: number
  /** Takes `Idempotency-Key`. */
  readonly idempotent?: true
  readonly status: 200 | 201 | 202 | 204
  /** Absent for 204. */
  readonly answer?: A
  /** What this route may answer besides the problems that every route may. */
  readonly problems: readonly ProblemCode[]
  readonly handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<A>>
}

export type Route = Omit<Spec<Schema, Schema, Schema, Schema>, 'handle' | 'params' | 'query'> & {
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly handle: (call: Call<unknown, unknown, unknown>) => Promise<unknown>
}

/** Checks a route against its own schemas; routing, validation and the OpenAPI document are all made of what it answers. */
export function route<
  P extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Q extends z.ZodObject = z.ZodObject<Record<never, never>>,
  B extends Schema = z.ZodUndefined,
  A extends Schema = z.ZodVoid,
>(spec: Spec<P, Q, B, A>): Route {
  return spec as unknown as Route
}
