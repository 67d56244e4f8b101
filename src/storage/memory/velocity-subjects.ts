import { SUBJECT_KINDS, type SubjectKind, type Subjects } from '../../domain/subjects.ts'
import { type Fingerprint, takeFingerprint } from '../../risk/slots/fingerprint.ts'
import { hash32 } from '../../risk/velocity/distinct.ts'

const EMPTY = -1

const placeOf = (kind: SubjectKind): number => SUBJECT_KINDS.indexOf(kind)
const PHONE = placeOf('phone')
const PHONE_ANY = placeOf('phone_any')
const IP = placeOf('ip')
const ACCOUNT = placeOf('account')

/** Read by name and not in a loop over names: requests come in one or two shapes, and there are many of them. */
const keysOf = (subjects: Subjects): readonly (string | undefined)[] => [
  subjects.phone,
  subjects.phone_any,
  subjects.ip,
  subjects.net,
  subjects.device,
  subjects.client,
  subjects.range2,
  subjects.range3,
  subjects.range4,
  subjects.carrier,
  subjects.country,
  subjects.asn,
  subjects.account,
]

/**
 * The fingerprints of a request's subjects, and the slots where they were last found. Remembers the last request, because what
 * is counted next is most often that it was sent.
 */
export class Fingerprints {
  readonly left = new Int32Array(SUBJECT_KINDS.length)
  readonly right = new Int32Array(SUBJECT_KINDS.length)
  /** -1: not looked for yet. A slot may have been given to another subject since. */
  readonly slots = new Int32Array(SUBJECT_KINDS.length)
  private readonly one: Fingerprint = { left: 0, right: 0 }
  private of: Subjects | undefined
  private keys: readonly (string | undefined)[] = []

  take(subjects: Subjects): void {
    if (subjects === this.of) return
    this.of = subjects
    this.slots.fill(EMPTY)
    this.keys = keysOf(subjects)
    for (let kind = 0; kind < SUBJECT_KINDS.length; kind++) {
      const key = this.keys[kind]
      if (key !== undefined) this.takeOne(kind, key)
    }
  }

  /** Whether the request has a subject of this kind. */
  has(kind: number): boolean {
    return this.keys[kind] !== undefined
  }

  /** What sets of members learn from the request, in the order of DISTINCT_NAMES: hashes that are here anyway. */
  members(country: string): readonly (number | undefined)[] {
    return [
      this.leftOf(this.has(PHONE) ? PHONE : PHONE_ANY),
      this.leftOf(IP),
      country === '' ? undefined : hash32(country),
      this.leftOf(ACCOUNT),
    ]
  }

  private leftOf(kind: number): number | undefined {
    return this.has(kind) ? this.left[kind] : undefined
  }

  private takeOne(kind: number, key: string): void {
    takeFingerprint(kind, key, this.one)
    this.left[kind] = this.one.left
    this.right[kind] = this.one.right
  }
}
