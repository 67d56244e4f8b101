/** What the run of events is about; `truth` and `scenario` are for training and evaluation, a replay ignores them. */
type Told = {
  /** Unix milliseconds; a stream never goes back. */
  readonly t: number
  readonly ref: string
  readonly truth: Truth
  readonly scenario: string
  /** Which of the attacks of its scenario. */
  readonly campaign?: string
}
export type Truth = 'fraud' | 'legit'

export type ClientHints = { readonly mobile: string; readonly platform: string }

/** What a server is told of the end user with a request to send. */
export type Origin = {
  readonly ip: string | null
  readonly network: { readonly country: string; readonly asn: number } | null
  readonly user_agent: string | null
  readonly accept_language: string | null
  readonly client_hints: ClientHints | null
  readonly device_id: string | null
  readonly ja4: string | null
}

export type IssueEvent = Told &
  Origin & {
    readonly type: 'issue'
    readonly tenant: string
    readonly to: string
    readonly channel: 'sms' | 'voice'
    readonly purpose: string
    readonly session_age_ms: number | null
    readonly solves_challenge: boolean
    /** The tenant has it among its test numbers. */
    readonly test_number?: true
  }
export type CheckEvent = Told & {
  readonly type: 'check'
  readonly correct: boolean
  /** Absent where the server does not tell. */
  readonly ip?: string
}
export type DeliveryEvent = Told & {
  readonly type: 'delivery'
  readonly status: 'delivered' | 'undelivered'
}
export type CompletedEvent = Told & { readonly type: 'completed'; readonly by: 'other_factor' }
export type ReportEvent = Told & { readonly type: 'report'; readonly label: Truth }

/** One line of the replay format. */
export type SimEvent = IssueEvent | CheckEvent | DeliveryEvent | CompletedEvent | ReportEvent

/** What the service said to an issue. Whoever sent it acts on this; without an answer it counts as sent. */
export type Answer = {
  readonly sent: boolean
  /** Absent where the service does not say why. */
  readonly decision?: 'allow' | 'challenge' | 'block'
}
