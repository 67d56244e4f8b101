import type * as z from 'zod'
import { canonicalIp } from '../../../domain/ip.ts'
import { fieldProblem } from '../../../domain/problems.ts'
import type { StartCommand } from '../../../flows/commands.ts'
import type { ClientInput } from '../../../risk/signals.ts'
import type { Service } from '../../../tenancy/tenancy.ts'
import type { Call } from '../route.ts'
import type { clientSchema, startBody } from '../schemas/verifications.ts'

type Tenant = Pick<Call<unknown, unknown, unknown>, 'house' | 'key'>

export function toStartCommand(service: Service, body: z.output<typeof startBody>): StartCommand {
  return {
    accountId: service.accountId,
    service,
    to: body.to,
    channel: body.channel,
    purpose: body.purpose,
    locale: body.locale,
    codeLength: body.code_length,
    client: toClientInput(body.client),
    challenge: body.challenge,
    amount: body.amount,
    payee: body.payee,
    metadata: body.metadata,
  }
}

/** No client means no person whose network we know: the peer of this request is the tenant's own server. */
export function toClientInput(client: z.output<typeof clientSchema> | undefined): ClientInput {
  return {
    ip: client?.ip === undefined ? undefined : canonicalIp(client.ip),
    userAgent: client?.user_agent,
    acceptLanguage: client?.accept_language,
    clientHints: client?.client_hints,
    deviceId: client?.device_id,
    ja4: client?.ja4,
    sessionAgeMs: client?.session_age_ms,
    network: client?.network,
  }
}

/** The named service of the caller's account, or its default one. Throws `invalid_request` for one it does not have. */
export async function serviceOf(
  { house, key }: Tenant,
  id: Service['id'] | undefined,
): Promise<Service> {
  const wanted = id ?? (await house.tenancy.account(key.accountId))?.defaultServiceId
  const service =
    wanted === undefined ? undefined : await house.tenancy.service(key.accountId, wanted)
  if (service === undefined) throw fieldProblem('/service', 'There is no such service.')
  return service
}
