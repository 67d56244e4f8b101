import type { Detector } from '../detector.ts'
import { CalendarCount, DAY, HOUR, MINUTE } from './windows.ts'

/**
 * Alibaba Cloud's published caps on one number: 1 a minute, 5 an hour and 10 a day from one sender, 40 a day from all, in
 * calendar windows (help.aliyun.com, document 44335). The days here are those of UTC.
 */
export function openAliyunCaps(): Detector {
  const caps = [
    { code: 'phone_minute_cap', most: 1, count: new CalendarCount(MINUTE), everybody: false },
    { code: 'phone_hour_cap', most: 5, count: new CalendarCount(HOUR), everybody: false },
    { code: 'phone_day_cap', most: 10, count: new CalendarCount(DAY), everybody: false },
    { code: 'phone_day_cap_all', most: 40, count: new CalendarCount(DAY), everybody: true },
  ]
  return {
    decide: ({ event: { t, to, tenant } }) => {
      const full = caps.find(
        ({ most, count, everybody }) => count.at(everybody ? to : `${tenant}|${to}`, t) >= most,
      )
      return full === undefined
        ? { decision: 'allow' }
        : { decision: 'block', reasons: [full.code] }
    },
    learn: (event, sent) => {
      if (event.type !== 'issue' || !sent) return
      const { t, to, tenant } = event
      for (const { count, everybody } of caps) count.add(everybody ? to : `${tenant}|${to}`, t)
    },
  }
}
