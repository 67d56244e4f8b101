/** The parts of one long text at a provider, of which each gets a receipt of its own. */
export type WholeText = {
  /** The id of its first part, by which the whole is known. */
  readonly id: string
  /** Parts that were not said to have arrived. */
  readonly missing: number
}

/** Which parts at one provider make up a long text; it outlives the process, since receipts come for days. */
export interface PartShelf {
  /** The ids of all parts, in their order. An id that the provider had given before is the new text's from now on. */
  keep(ids: readonly string[], atMs: number): Promise<void>
  /** Notes that a part arrived, if it did. Undefined for what is no part of a long text. */
  tell(id: string, hasArrived: boolean): Promise<WholeText | undefined>
}
