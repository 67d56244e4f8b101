import type { Hands } from '../command.ts'
import { openAliyunCaps } from './baselines/aliyun.ts'
import { openAuthgear } from './baselines/authgear.ts'
import { openConstant } from './baselines/constant.ts'
import { openIpCaps } from './baselines/ip-caps.ts'
import { openPrefixGuard } from './baselines/prefix-guard.ts'
import type { DetectorKind } from './detector.ts'
import { openHouse, withoutRules } from './house-detector.ts'

export const CANDIDATE = 'tollgate'
export const REFERENCE = 'allow_all'

export type OwnFiles = { readonly rules: string; readonly model: string | undefined }

/** Tollgate, its two halves, and what is published elsewhere; the first one is what the goals are about. */
export function detectorKinds(
  hands: Pick<Hands, 'openReplay'>,
  { rules, model }: OwnFiles,
): readonly DetectorKind[] {
  return [
    {
      name: CANDIDATE,
      about: 'rules and model, as the server runs them',
      open: () => openHouse(hands, { rules, model }),
    },
    {
      name: 'rules_only',
      about: 'the same without the model',
      open: () => openHouse(hands, { rules, model: false }),
    },
    {
      name: 'model_only',
      about: 'the same without a single rule; caps on a number stay',
      open: () => withoutRules(rules, (folder) => openHouse(hands, { rules: folder, model })),
    },
    {
      name: REFERENCE,
      about: 'no protection at all',
      open: () => openConstant('allow'),
    },
    {
      name: 'aliyun_caps',
      about:
        'Alibaba Cloud: 1 a minute, 5 an hour, 10 a day on a number, 40 a day from all tenants',
      open: openAliyunCaps,
    },
    {
      name: 'ip_caps',
      about: 'ten requests an hour from an address',
      open: openIpCaps,
    },
    {
      name: 'authgear',
      about: 'Authgear’s formulas for unverified codes by address and country, as denials',
      open: openAuthgear,
    },
    {
      name: 'prefix_guard',
      about:
        'in the manner of Twilio: a prefix with volume and few verified codes is blocked for 12 hours',
      open: openPrefixGuard,
    },
    {
      name: 'challenge_all',
      about: 'a challenge before every code',
      open: () => openConstant('challenge'),
    },
  ]
}
