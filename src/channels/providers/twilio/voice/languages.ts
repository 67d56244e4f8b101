import type { VoiceLanguages } from '../../../spoken.ts'

/** What `<Say>` speaks, by the vendor's own list; a language's first region is its default. */
export const TWILIO_LANGUAGES: VoiceLanguages = {
  spoken: [
    ...['en-US', 'en-GB', 'en-AU', 'en-CA', 'en-IE', 'en-IN', 'en-NZ', 'en-ZA', 'en-GB-WLS'],
    ...['es-ES', 'es-MX', 'es-US', 'fr-FR', 'fr-CA', 'fr-BE', 'de-DE', 'de-AT', 'it-IT'],
    ...['pt-BR', 'pt-PT', 'nl-NL', 'nl-BE', 'ca-ES', 'da-DK', 'fi-FI', 'is-IS', 'nb-NO', 'sv-SE'],
    ...['bg-BG', 'cs-CZ', 'hu-HU', 'lv-LV', 'pl-PL', 'ro-RO', 'ru-RU', 'sk-SK', 'sr-RS', 'uk-UA'],
    ...['el-GR', 'tr-TR', 'he-IL', 'ar-XA', 'ar-AE', 'cy-GB', 'af-ZA', 'am-ET'],
    ...['hi-IN', 'bn-IN', 'gu-IN', 'kn-IN', 'ml-IN', 'mr-IN', 'pa-IN', 'ta-IN', 'te-IN'],
    ...['ja-JP', 'ko-KR', 'cmn-CN', 'cmn-TW', 'yue-HK', 'fil-PH', 'id-ID', 'ms-MY'],
    ...['th-TH', 'vi-VN'],
  ],
  calledOtherwise: {
    zh: 'cmn-CN',
    'zh-hant': 'cmn-TW',
    'zh-tw': 'cmn-TW',
    'zh-hk': 'yue-HK',
    'zh-mo': 'yue-HK',
    'zh-hant-hk': 'yue-HK',
    'zh-hant-mo': 'yue-HK',
    no: 'nb-NO',
    nn: 'nb-NO',
    tl: 'fil-PH',
    iw: 'he-IL',
    in: 'id-ID',
  },
}
