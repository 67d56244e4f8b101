/**
 * So many tokens a second, of which at most `burst` are saved up. What is kept of a bucket is one number: the instant at which it
 * will be full again (the virtual scheduling form of the generic cell rate algorithm, ITU-T I.371). Pure.
 */
export type Pace = { readonly perSecond: number; readonly burst: number }

/** Saves up a tenth of a second, and always one token. */
export const paceOf = (perSecond: number): Pace => ({
  perSecond,
  burst: Math.max(1, Math.floor(perSecond / 10)),
})

/** From one token to the next. */
export const stepMs = ({ perSecond }: Pace): number => 1000 / perSecond

type Asked = { readonly nowMs: number; readonly count?: number }

/** When so many tokens will have come by; `nowMs` when they are there. */
export const tokensAtMs = (pace: Pace, fullAtMs: number, { nowMs, count = 1 }: Asked): number =>
  Math.max(nowMs, Math.max(nowMs, fullAtMs) + (count - pace.burst) * stepMs(pace))

/** How many are there now, in whole ones. */
export const tokensThere = (pace: Pace, fullAtMs: number, nowMs: number): number =>
  Math.max(0, Math.floor((nowMs - Math.max(nowMs, fullAtMs)) / stepMs(pace) + pace.burst + 1e-9))

/** When the bucket is full after one token was taken, which only they may do whose `tokensAtMs` is now. */
export const takeToken = (pace: Pace, fullAtMs: number, nowMs: number): number =>
  Math.max(nowMs, fullAtMs) + stepMs(pace)
