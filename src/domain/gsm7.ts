/** The default alphabet of 3GPP TS 23.038 section 6.2.1, without the escape. One septet each. */
const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** The extension table of section 6.2.1.1: an escape and a septet. */
const GSM_EXTENSION = new Set('\f^{}\\[~]|€')

/** Septets of one character; 0 for what GSM-7 cannot say. */
export function gsmUnits(character: string): number {
  if (GSM_BASIC.has(character)) return 1
  return GSM_EXTENSION.has(character) ? 2 : 0
}

/** Whether the whole text can go in GSM-7; one character outside it makes it UCS-2. */
export const isGsm7 = (text: string): boolean => [...text].every((one) => gsmUnits(one) > 0)
