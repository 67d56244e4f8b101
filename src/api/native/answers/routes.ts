import type * as z from 'zod'
import type { Plan } from '../../../channels/plan.ts'
import type { Ranked } from '../../../channels/rank.ts'
import type { RouteExplained } from '../../../flows/explain-route.ts'
import type { routesExplainAnswer } from '../schemas/routes.ts'

export function toRouteAnswer({
  country,
  carrier,
  plan,
  fallbacks,
  nowMs,
}: RouteExplained): z.input<typeof routesExplainAnswer> {
  const { route, order, ranked, leftOut }: Plan = plan
  return {
    country,
    carrier: carrier ?? null,
    route: route ?? null,
    order,
    fallbacks: [...fallbacks],
    candidates: ranked.map((one) => toCandidate(one, nowMs)),
    left_out: leftOut.map(({ providerId, why }) => ({ provider: providerId, why })),
  }
}

function toCandidate({ providerId, verdict, costMicros, ...one }: Ranked, nowMs: number) {
  const { accepted, delivered, converted, answerMs, arrivalMs } = one.view
  return {
    provider: providerId,
    verdict,
    cost_micros: costMicros,
    quality: one.quality,
    quality_at_best: one.qualityAtBest,
    accepted: accepted.mean,
    delivered: delivered.mean,
    converted: converted.mean,
    seen: delivered.weight,
    answer_ms: answerMs ?? null,
    arrival_ms: arrivalMs ?? null,
    rate_per_second: one.ratePerSecond ?? null,
    room_in_ms: Math.ceil(one.roomAtMs - nowMs),
  }
}
