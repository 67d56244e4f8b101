import type { Phone } from '../../../../domain/phone.ts'

/** Mainland numbers without their country code, as the query wants them too; others in digits with it. */
export const domesticNumber = (phone: Phone): string => phone.replace(/^\+(?:86(?=1\d{10}$))?/, '')
