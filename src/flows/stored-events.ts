import type { Verification } from '../domain/verification.ts'
import { wholeRecord } from '../risk/feature-record.ts'
import type { FraudLabel } from '../risk/reports.ts'
import { openWaitingRoom } from './in-order.ts'
import type { ReplayEvent } from './replay.ts'
import { labelOf, type StoredBooks, type StoredRequest, storedTraffic } from './stored-traffic.ts'

/** `truth` is what the books say of the request that an event belongs to. */
export type ToldEvent = {
  readonly event: ReplayEvent
  readonly truth: FraudLabel | undefined
}

/**
 * Stored requests as events of a replay, in the order of their time: issue, check where the code came back, completed where it was
 * ended otherwise, and the report of the request itself. Numbers and addresses stay in this process. What was never stored is
 * missing: user agents, client hints, wrong guesses and resends. Devices and clients are told apart by their keyed hashes.
 */
export async function* storedEvents(books: StoredBooks, fromMs: number): AsyncGenerator<ToldEvent> {
  const later = openWaitingRoom<ToldEvent>(({ event }) => event.t)
  for await (const request of storedTraffic(books, fromMs)) {
    const issued = issueOf(request.verification)
    yield* later.until(issued.t)
    const truth = labelOf(request)
    yield { event: issued, truth }
    for (const event of afterwards(request)) later.add({ event, truth })
  }
  yield* later.until(Number.POSITIVE_INFINITY)
}

function issueOf(verification: Verification): ReplayEvent {
  const { id, accountId, phone, channel, purpose, createdAtMs, decision, state } = verification
  return {
    type: 'issue',
    t: createdAtMs,
    ref: id,
    tenant: accountId,
    to: phone,
    channel,
    purpose,
    client: clientOf(verification),
    solvesChallenge: decision.challengePassed || state === 'approved',
  }
}

function clientOf({ ip, subjects, traffic, decision }: Verification) {
  const known = wholeRecord(decision.features)
  const age = known['session.known'] === true ? known['session.age_ms'] : undefined
  const country = known['network.country']
  return {
    ip,
    userAgent: undefined,
    acceptLanguage: undefined,
    clientHints: undefined,
    deviceId: subjects.device,
    ja4: subjects.client,
    sessionAgeMs: typeof age === 'number' ? age : undefined,
    network: {
      country: typeof country === 'string' && country !== '' ? country : undefined,
      asn: traffic.asn,
    },
  }
}

function afterwards({ verification, report }: StoredRequest): readonly ReplayEvent[] {
  const { id: ref, state, closedAtMs } = verification
  const events: ReplayEvent[] = []
  if (closedAtMs !== undefined && state === 'approved')
    events.push({ type: 'check', t: closedAtMs, ref, correct: true, ip: undefined })
  if (closedAtMs !== undefined && state === 'canceled')
    events.push({ type: 'completed', t: closedAtMs, ref })
  if (report?.verificationId === ref)
    events.push({ type: 'report', t: report.createdAtMs, ref, label: report.label })
  return events
}
