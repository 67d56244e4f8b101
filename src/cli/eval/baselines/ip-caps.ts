import type { Detector } from '../detector.ts'
import { HOUR, orMake } from './windows.ts'

const PER_HOUR = 10

/** No more than ten requests from one address within any hour, at one tenant. */
export function openIpCaps(): Detector {
  const asked = new Map<string, number[]>()
  return {
    decide: ({ event: { t, ip, tenant } }) => {
      if (ip === null) return { decision: 'allow' }
      const times = orMake(asked, `${tenant}|${ip}`, () => [])
      while ((times[0] ?? t) <= t - HOUR) times.shift()
      if (times.length >= PER_HOUR) return { decision: 'block', reasons: ['ip_hour_cap'] }
      times.push(t)
      return { decision: 'allow' }
    },
    learn: () => {},
  }
}
