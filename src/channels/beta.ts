import type { Estimate } from './decayed-share.ts'

/** Uniform in (0, 1). */
export type Unit = () => number

/**
 * A draw from the Beta distribution that an estimate stands for, as Thompson sampling needs it. A ratio of two gamma draws
 * by Marsaglia and Tsang, "A simple method for generating gamma variables" (2000).
 */
export function drawShare({ mean, weight }: Estimate, unit: Unit): number {
  const good = drawGamma(Math.max(mean * weight, LEAST), unit)
  const bad = drawGamma(Math.max((1 - mean) * weight, LEAST), unit)
  return good / (good + bad)
}

const LEAST = 1e-3

function drawGamma(shape: number, unit: Unit): number {
  // Shapes under one are drawn one higher and scaled down, as the paper says.
  if (shape < 1) return drawGamma(shape + 1, unit) * unit() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = drawNormal(unit)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Box and Muller; one of the pair is enough. */
const drawNormal = (unit: Unit): number =>
  Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit())
