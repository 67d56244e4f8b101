import { expect, test } from 'vitest'
import { spokenText, type VoiceLanguages, voiceLanguageOf } from './spoken.ts'

const template = {
  name: 'verification',
  locale: 'en',
  variables: { code: '120456', minutes: '10', brand: 'Acme' },
}

test('a code is read digit by digit, everything else as it is', () => {
  const body = '120456 is your Acme code. It is valid for 10 min.'
  expect(spokenText({ body, template })).toBe(
    '1, 2, 0, 4, 5, 6 is your Acme code. It is valid for 10 min.',
  )
})

const VOICES: VoiceLanguages = {
  spoken: ['en-US', 'en-GB', 'pt-BR', 'pt-PT', 'cmn-CN', 'cmn-TW', 'ar'],
  calledOtherwise: { zh: 'cmn-CN', 'zh-tw': 'cmn-TW', 'zh-hant': 'cmn-TW' },
}

test.each([
  ['en', 'en-US'],
  ['en-gb', 'en-GB'],
  ['en_GB', 'en-GB'],
  ['en-NG', 'en-US'],
  ['pt', 'pt-BR'],
  ['pt-PT', 'pt-PT'],
  ['zh', 'cmn-CN'],
  ['zh-SG', 'cmn-CN'],
  ['zh-Hans-SG', 'cmn-CN'],
  ['zh-Hant-MO', 'cmn-TW'],
  ['zh-TW', 'cmn-TW'],
  ['ar-EG', 'ar'],
  ['tlh', undefined],
  ['e', undefined],
])('%s is spoken as %s', (locale, tag) => {
  expect(voiceLanguageOf(VOICES, locale)).toBe(tag)
})
