import { type AccountId, newId, type VerificationId } from '../domain/ids.ts'
import { addressOf, parseIp } from '../domain/ip.ts'
import { ZERO } from '../domain/money.ts'
import type { Subjects } from '../domain/subjects.ts'
import type { Verification } from '../domain/verification.ts'
import type { ListEntry, ListKind } from '../risk/lists.ts'
import type { FraudLabel, FraudReport } from '../risk/reports.ts'
import type { House } from './house.ts'

/** What a report puts on a list stays there so long: numbers and addresses change hands. */
const LISTED_MS = 30 * 24 * 3_600_000

type NamedSubject = { readonly kind: 'phone' | 'range' | 'ip'; readonly value: string }
export type ReportSubject =
  | { readonly kind: 'verification'; readonly id: VerificationId }
  | NamedSubject

export type ReportCommand = {
  readonly accountId: AccountId
  readonly author: string
  readonly label: FraudLabel
  readonly note: string | undefined
  readonly subject: ReportSubject
}

type ReportHouse = Pick<
  House,
  'platform' | 'hash' | 'verifications' | 'velocity' | 'reports' | 'lists'
>

/**
 * Keeps what an operator knows, counts it against whom it names, and lists the number, range or address for 30 days: fraud on
 * the block list, legit on the allow list, which beats it. Values are canonical already. `missing`: no such verification.
 */
export async function reportFraud(
  house: ReportHouse,
  command: ReportCommand,
): Promise<FraudReport | 'missing'> {
  const { accountId, subject } = command
  const verification = await verificationOf(house, command)
  if (verification === 'missing') return 'missing'
  const report = draftReport(house, command)
  await house.reports.add(report)
  await house.lists.put(draftEntry(report, listedOf(subject, verification)))
  if (command.label === 'fraud') {
    const subjects = verification?.subjects ?? subjectsNamed(house, accountId, subject)
    const atMs = report.createdAtMs
    const sentAtMs = verification?.createdAtMs ?? atMs
    await house.velocity.record({ kind: 'fraud', atMs, sentAtMs, subjects, price: ZERO })
  }
  return report
}

async function verificationOf(
  house: ReportHouse,
  { accountId, subject }: ReportCommand,
): Promise<Verification | undefined | 'missing'> {
  if (subject.kind !== 'verification') return undefined
  return (await house.verifications.find({ accountId, id: subject.id })) ?? 'missing'
}

function draftReport(house: ReportHouse, command: ReportCommand): FraudReport {
  const { accountId, author, label, note, subject } = command
  const named = (kind: ReportSubject['kind']) =>
    subject.kind !== 'verification' && subject.kind === kind ? subject.value : undefined
  return {
    id: newId('FR', house.platform),
    accountId,
    label,
    verificationId: subject.kind === 'verification' ? subject.id : undefined,
    phone: named('phone'),
    range: named('range'),
    ip: named('ip'),
    note,
    author,
    createdAtMs: house.platform.nowMs(),
  }
}

/** Of a verification its number is listed: its address may be shared by a whole office. */
function listedOf(
  subject: ReportSubject,
  verification: Verification | undefined,
): { kind: ListKind; value: string } {
  if (subject.kind !== 'verification') return subject
  return { kind: 'phone', value: verification?.phone ?? '' }
}

function draftEntry(report: FraudReport, listed: { kind: ListKind; value: string }): ListEntry {
  return {
    id: `LI${report.id.slice(2)}` as ListEntry['id'],
    accountId: report.accountId,
    list: report.label === 'fraud' ? 'block' : 'allow',
    ...listed,
    note: report.note ?? `reported as ${report.label}`,
    author: report.author,
    createdAtMs: report.createdAtMs,
    expiresAtMs: report.createdAtMs + LISTED_MS,
  }
}

/** The counters' own words for what a report names; the same as `risk/subjects-of` makes them. */
function subjectsNamed(house: ReportHouse, accountId: AccountId, subject: ReportSubject): Subjects {
  if (subject.kind === 'verification') return {}
  if (subject.kind === 'phone') {
    const hashed = house.hash(`phone:${subject.value}`)
    const range = (digits: number) => `${accountId}:${subject.value.slice(0, -digits)}`
    return {
      phone: `${accountId}:${hashed}`,
      phone_any: hashed,
      range2: range(2),
      range3: range(3),
    }
  }
  if (subject.kind === 'ip') {
    const ip = parseIp(subject.value)
    const address = ip === undefined ? subject.value : addressOf(ip)
    return { ip: `${accountId}:${house.hash(`ip:${address}`)}` }
  }
  return { range3: `${accountId}:${subject.value}` }
}
