import type { Outcome } from '../../domain/decision.ts'
import type { IssueEvent, SimEvent } from '../simulate/event.ts'

/** A request with what everybody who sends messages knows of it. */
export type Asked = {
  readonly event: IssueEvent
  /** ISO code of the number, or the calling code where no country is known. */
  readonly country: string
}

export type Judged = {
  readonly decision: Outcome
  /** What spoke for it; caps have codes that begin with `phone_` or `service_`. */
  readonly reasons?: readonly string[]
  /** Where the detector sends itself; otherwise allowed, or challenged and solved. */
  readonly sent?: boolean
}

/** Anything that decides about requests while they happen. It may know what it was told, and never the truth. */
export type Detector = {
  readonly decide: (asked: Asked) => Judged | Promise<Judged>
  /** Every event after it happened; `sent` is what became of an issue. */
  readonly learn: (event: SimEvent, sent: boolean) => void | Promise<void>
}

export type DetectorKind = {
  readonly name: string
  readonly about: string
  /** A new one that knows nothing yet. */
  readonly open: () => Detector | Promise<Detector>
}
