const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
}
const escaped = (text: string): string => text.replace(/[&<>\r]/g, (char) => ESCAPES[char] ?? char)

const PAUSE = '<Pause length="1"/>'

/** A call that says its text twice, with a second of silence before each: people lift the phone to the ear, then fetch a pen. */
export function sayTwice(text: string, language: string): string {
  const said = `${PAUSE}<Say language="${language}">${escaped(text)}</Say>`
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${said}${said}</Response>`
}
