declare const brand: unique symbol
/** An E.164 number, `+` and 7 to 15 digits. Made only by `risk/phone-facts`. */
export type Phone = string & { readonly [brand]: 'Phone' }

/** What logs, answers and the console may show: `+447******123`. The last three digits, never more. */
export function maskPhone(phone: string): string {
  const shown = Math.min(4, Math.max(1, phone.length - 6))
  const hidden = Math.max(0, phone.length - shown - 3)
  return `${phone.slice(0, shown)}${'*'.repeat(hidden)}${phone.slice(shown + hidden)}`
}
