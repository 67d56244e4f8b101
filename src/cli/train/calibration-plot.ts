import type { CalibrationBin } from '../../risk/model/metrics.ts'

const SIZE = 420
const MARGIN = 50
const SIDE = SIZE - 2 * MARGIN

/** A reliability diagram as SVG: a point a bin, its area by the logarithm of its rows; the diagonal is perfect. */
export function calibrationPlot(bins: readonly CalibrationBin[]): string {
  const points = bins.map(pointOf)
  const line = points.map(({ x, y }) => `${x},${y}`).join(' ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" font-family="sans-serif" font-size="12">`,
    '<title>Calibration: predicted probability against share of fraud</title>',
    `<rect width="${SIZE}" height="${SIZE}" fill="#ffffff"/>`,
    `<path d="M${MARGIN} ${MARGIN}V${SIZE - MARGIN}H${SIZE - MARGIN}" fill="none" stroke="#444444"/>`,
    `<path d="M${MARGIN} ${SIZE - MARGIN}L${SIZE - MARGIN} ${MARGIN}" stroke="#bbbbbb" stroke-dasharray="4 4"/>`,
    ...[0, 0.5, 1].flatMap(ticksAt),
    `<polyline points="${line}" fill="none" stroke="#1f6feb" stroke-width="1.5"/>`,
    ...points.map(
      ({ x, y, r, title }) =>
        `<circle cx="${x}" cy="${y}" r="${r}" fill="#1f6feb"><title>${title}</title></circle>`,
    ),
    `<text x="${SIZE / 2}" y="${SIZE - 12}" text-anchor="middle">predicted probability of fraud</text>`,
    `<text x="16" y="${SIZE / 2}" text-anchor="middle" transform="rotate(-90 16 ${SIZE / 2})">share that was fraud</text>`,
    '</svg>',
    '',
  ].join('\n')
}

function pointOf({ rows, meanProbability, fraudShare }: CalibrationBin) {
  return {
    x: round(MARGIN + meanProbability * SIDE),
    y: round(SIZE - MARGIN - fraudShare * SIDE),
    r: round(2 + Math.sqrt(Math.log10(rows + 1)) * 2),
    title: `${rows} requests: predicted ${meanProbability.toFixed(3)}, was ${fraudShare.toFixed(3)}`,
  }
}

function ticksAt(share: number): readonly string[] {
  const along = MARGIN + share * SIDE
  return [
    `<text x="${along}" y="${SIZE - MARGIN + 16}" text-anchor="middle">${share}</text>`,
    `<text x="${MARGIN - 6}" y="${SIZE - along + 4}" text-anchor="end">${share}</text>`,
  ]
}

function round(value: number): number {
  return Number(value.toFixed(1))
}
