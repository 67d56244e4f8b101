/** Scores at which the model may challenge and block by itself. */
export type Thresholds = { readonly challenge: number; readonly block: number }
export const DEFAULT_THRESHOLDS: Thresholds = { challenge: 0.35, block: 0.92 }

/** The policy's two knobs: the shares of an account's own ordinary traffic that the score may challenge and block. */
export type OwnTraffic = { readonly challengeShare: number; readonly blockShare: number }
