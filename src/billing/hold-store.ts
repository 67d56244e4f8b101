export interface HoldStore {
  /**
   * Gives back what is held for sends that are billed on delivery, were made before `madeBeforeMs` and have no receipt yet; at most
   * `limit` of them. A receipt that comes later moves no money. Resolves with how many there were.
   */
  releaseUnheard(madeBeforeMs: number, atMs: number, limit: number): Promise<number>
}
