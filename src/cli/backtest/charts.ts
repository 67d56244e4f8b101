/** One line of a bar chart: what A and B have of it. */
export type Bar = { readonly name: string; readonly a: number; readonly b: number }

const WIDTH = 720
const NAME_WIDTH = 250
const VALUE_WIDTH = 90
const BAR_HEIGHT = 12
const ROW_HEIGHT = 36

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

/** Two bars a line, A above B, all to one scale. */
export function barChart(title: string, bars: readonly Bar[], show: (value: number) => string) {
  const most = Math.max(1e-9, ...bars.flatMap(({ a, b }) => [a, b]))
  const room = WIDTH - NAME_WIDTH - VALUE_WIDTH
  const bar = (side: 'a' | 'b', value: number, y: number) => {
    const width = Math.max(value > 0 ? 1 : 0, (value / most) * room)
    const textX = NAME_WIDTH + width + 6
    return `<rect class="${side}" x="${NAME_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/><text class="value" x="${textX.toFixed(1)}" y="${y + BAR_HEIGHT - 2}">${escapeHtml(show(value))}</text>`
  }
  const lines = bars.map(({ name, a, b }, at) => {
    const y = at * ROW_HEIGHT + 4
    const label = `<text class="name" x="${NAME_WIDTH - 8}" y="${y + BAR_HEIGHT + 4}">${escapeHtml(name)}</text>`
    return label + bar('a', a, y) + bar('b', b, y + BAR_HEIGHT + 2)
  })
  return svg(title, bars.length * ROW_HEIGHT + 8, lines.join(''))
}

const PLOT_HEIGHT = 200
const PLOT_LEFT = 70
const PLOT_BOTTOM = 24

/** Two lines over time, in the order of `points`; the names of the first and the last stand below. */
export function lineChart(title: string, points: readonly Bar[], show: (value: number) => string) {
  const most = Math.max(1e-9, ...points.flatMap(({ a, b }) => [a, b]))
  const x = (at: number) =>
    PLOT_LEFT + (at / Math.max(1, points.length - 1)) * (WIDTH - PLOT_LEFT - 10)
  const y = (value: number) => 10 + (1 - value / most) * (PLOT_HEIGHT - 10)
  const path = (side: 'a' | 'b') =>
    `<polyline class="${side}" points="${points.map((point, at) => `${x(at).toFixed(1)},${y(point[side]).toFixed(1)}`).join(' ')}"/>`
  const marks = [0, most / 2, most].map(
    (value) =>
      `<line class="grid" x1="${PLOT_LEFT}" x2="${WIDTH - 10}" y1="${y(value)}" y2="${y(value)}"/><text class="name" x="${PLOT_LEFT - 8}" y="${y(value) + 4}">${escapeHtml(show(value))}</text>`,
  )
  const below = PLOT_HEIGHT + PLOT_BOTTOM - 4
  const ends = [
    `<text class="value" x="${PLOT_LEFT}" y="${below}">${escapeHtml(points[0]?.name ?? '')}</text>`,
    `<text class="name" x="${WIDTH - 10}" y="${below}">${escapeHtml(points.at(-1)?.name ?? '')}</text>`,
  ]
  return svg(
    title,
    PLOT_HEIGHT + PLOT_BOTTOM + 4,
    [...marks, path('a'), path('b'), ...ends].join(''),
  )
}

const svg = (title: string, height: number, body: string): string =>
  `<svg role="img" aria-label="${escapeHtml(title)}" viewBox="0 0 ${WIDTH} ${height}" width="100%"><title>${escapeHtml(title)}</title>${body}</svg>`
