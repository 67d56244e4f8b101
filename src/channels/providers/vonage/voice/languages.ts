import type { VoiceLanguages } from '../../../spoken.ts'

/** What `talk` speaks, by the vendor's own list; a language's first region is its default. */
export const VONAGE_LANGUAGES: VoiceLanguages = {
  spoken: [
    ...['en-US', 'en-GB', 'en-AU', 'en-IE', 'en-IN', 'en-NZ', 'en-ZA', 'en-GB-SCT', 'en-GB-WLS'],
    ...['es-ES', 'es-MX', 'es-US', 'es-CO', 'fr-FR', 'fr-CA', 'de-DE', 'de-AT', 'it-IT'],
    ...['pt-BR', 'pt-PT', 'nl-NL', 'nl-BE', 'ca-ES', 'eu-ES', 'gl-ES'],
    ...['da-DK', 'fi-FI', 'is-IS', 'nb-NO', 'no-NO', 'sv-SE'],
    ...['bg-BG', 'cs-CZ', 'hu-HU', 'lv-LV', 'pl-PL', 'ro-RO', 'ru-RU', 'sk-SK', 'sr-RS', 'uk-UA'],
    ...['el-GR', 'tr-TR', 'he-IL', 'ar', 'cy-GB', 'af-ZA'],
    ...['hi-IN', 'bn-IN', 'gu-IN', 'kn-IN', 'ml-IN', 'pa-IN', 'ta-IN', 'te-IN'],
    ...['ja-JP', 'ko-KR', 'cmn-CN', 'cmn-TW', 'yue-CN', 'fil-PH', 'id-ID', 'ms-MY'],
    ...['th-TH', 'vi-VN'],
  ],
  calledOtherwise: {
    zh: 'cmn-CN',
    'zh-hant': 'cmn-TW',
    'zh-tw': 'cmn-TW',
    'zh-hk': 'yue-CN',
    'zh-mo': 'yue-CN',
    'zh-hant-hk': 'yue-CN',
    'zh-hant-mo': 'yue-CN',
    no: 'nb-NO',
    nn: 'nb-NO',
    tl: 'fil-PH',
    iw: 'he-IL',
    in: 'id-ID',
  },
}
