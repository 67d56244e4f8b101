import { MARK } from '../../risk/slots/slots.ts'

/** Words of a subject's slot after its fingerprint. */
export const SEEN_MINUTE = MARK
export const ROWS_AT = 3
export const ROWS_HEAD = 4
export const FIRST_SET = 5
export const SETS_PER_SUBJECT = 3
/** A 64-bit number; not a number where nothing was asked. */
export const LAST_ASK = 8
export const SLOT_WORDS = 10
