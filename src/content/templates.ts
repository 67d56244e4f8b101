import { DEFAULT_TEMPLATE } from '../domain/message-text.ts'

/**
 * One text per language, keyed by its BCP 47 tag. Latin ones use only letters of GSM-7: one accent outside it would
 * turn the whole text into UCS-2 and double its price. The others fit 70 characters with a service name of ten.
 */
const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ['en', DEFAULT_TEMPLATE],
  ['ar', '{code} هو رمز {service} وصالح لمدة {minutes} دقيقة. لا تشاركه.'],
  ['de', '{code} ist Ihr Code für {service}, {minutes} Min. gültig. Geben Sie ihn nicht weiter.'],
  ['es', '{code} es tu clave de {service}. Vale por {minutes} min. No la compartas con nadie.'],
  ['fr', '{code} est votre code {service}, valable {minutes} min. Ne le donnez à personne.'],
  ['hi', '{service} कोड: {code}। {minutes} मिनट तक मान्य। किसी को न बताएं।'],
  ['id', '{code} adalah kode {service} Anda, berlaku {minutes} menit. Jangan beri tahu siapa pun.'],
  ['it', '{code} è il tuo codice {service}, valido per {minutes} min. Non darlo a nessuno.'],
  ['ja', '{service}の認証コードは{code}です。{minutes}分間有効。他人に教えないでください。'],
  ['ko', '{service} 인증번호 {code}, {minutes}분간 유효. 타인에게 알려주지 마세요.'],
  ['ms', '{code} ialah kod {service} anda, sah selama {minutes} minit. Jangan kongsi kod ini.'],
  ['nl', '{code} is je code voor {service}, {minutes} min. geldig. Deel deze met niemand.'],
  ['pl', '{code} to Twoj kod {service}, wazny {minutes} min. Nikomu go nie podawaj.'],
  ['pt', '{code} é a sua chave {service}, por {minutes} min. Nunca passe a chave a outra pessoa.'],
  ['ru', '{code} — код {service}, действует {minutes} мин. Никому его не сообщайте.'],
  ['th', '{code} คือรหัส {service} ของคุณ ใช้ได้ {minutes} นาที ห้ามบอกผู้อื่น'],
  ['tr', '{code}, {service} kodunuz. {minutes} dakika gecerlidir. Kimseyle paylasmayin.'],
  ['vi', '{code} la ma xac thuc {service}, dung trong {minutes} phut. Khong cho ai biet.'],
  ['zh', '【{service}】验证码 {code}，{minutes} 分钟内有效，请勿告诉他人。'],
  ['zh-hant', '【{service}】驗證碼 {code}，{minutes} 分鐘內有效，請勿告訴他人。'],
])

export const BUILT_IN_LOCALES: readonly string[] = [...BUILT_IN.keys()]

/** Chinese regions that write traditional characters. */
const TRADITIONAL: ReadonlySet<string> = new Set(['tw', 'hk', 'mo', 'hant'])

/** What a service wrote itself: its one text, and texts by BCP 47 tag. */
export type OwnWords = {
  readonly template: string
  readonly templates?: Readonly<Record<string, string>>
}

/**
 * The service's own text for that locale, else for its language, else its one text; a service that wrote none gets ours
 * in that language, English where there are none.
 */
export function templateFor(own: OwnWords, locale: string | undefined): string {
  const written = locale === undefined ? undefined : ownWords(own.templates ?? {}, locale)
  if (written !== undefined) return written
  if (own.template !== DEFAULT_TEMPLATE || locale === undefined) return own.template
  return BUILT_IN.get(wordsOf(locale)) ?? DEFAULT_TEMPLATE
}

function ownWords(templates: Readonly<Record<string, string>>, locale: string): string | undefined {
  const wanted = locale.toLowerCase().split(/[-_]/)
  const byTag = new Map(Object.entries(templates).map(([tag, text]) => [tag.toLowerCase(), text]))
  // RFC 4647 section 3.4: the last subtag is dropped until something fits.
  for (let length = wanted.length; length > 0; length--) {
    const text = byTag.get(wanted.slice(0, length).join('-'))
    if (text !== undefined) return text
  }
  return undefined
}

function wordsOf(locale: string): string {
  const [language = '', ...subtags] = locale.toLowerCase().split(/[-_]/)
  const isTraditional = language === 'zh' && subtags.some((subtag) => TRADITIONAL.has(subtag))
  return isTraditional && !subtags.includes('hans') ? 'zh-hant' : language
}
