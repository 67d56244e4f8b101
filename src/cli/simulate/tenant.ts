/** A business that sends codes; its traffic has a shape of its own. */
export type Tenant = {
  readonly id: string
  /** Where its customers are, with weights; the first one sets its day. */
  readonly countries: Weighted<string>
  /** Ordinary visits a day at scale 1. */
  readonly visitsPerDay: number
  /** Share of delivered codes that nobody types in. */
  readonly givesUp: number
  readonly purposes: Weighted<string>
  /** Share of visits from its own app instead of a browser. */
  readonly appShare: number
  /** What its server passes on. */
  readonly tells: { readonly device: boolean; readonly ja4: boolean; readonly session: boolean }
}

/** Choices with their weights. */
export type Weighted<Item> = readonly (readonly [Item, number])[]
