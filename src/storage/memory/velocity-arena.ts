const PAGE_BITS = 16
const PAGE_WORDS = 1 << PAGE_BITS
const PAGE_MASK = PAGE_WORDS - 1
const CLASSES = 8
const NONE = -1

/**
 * Copies a few words, forwards: what is copied within one page moves towards its front. The methods of typed arrays cost more
 * for calling them than it takes to copy a row.
 */
export function copyWords(
  from: { readonly page: Int32Array; readonly at: number },
  to: { readonly page: Int32Array; readonly at: number },
  words: number,
): void {
  for (let word = 0; word < words; word++) {
    to.page[to.at + word] = from.page[from.at + word] as number
  }
}

/**
 * Blocks of 32-bit words in a few large pages, so that a million subjects are no work for the garbage collector. A block of
 * class c has `unit` times 2^c words, lies within one page, and is found by its address; a page is never given back.
 */
export class Arena {
  private readonly unit: number
  private readonly pages: Int32Array[] = []
  private readonly realPages: Float64Array[] = []
  private readonly free = new Int32Array(CLASSES).fill(NONE)
  private top = PAGE_WORDS

  /** `unit` is even, so that a block can hold 64-bit numbers as well. */
  constructor(unit: number) {
    this.unit = unit
  }

  /** A block with anything in it. */
  take(sizeClass: number): number {
    const reused = this.free[sizeClass] as number
    if (reused !== NONE) {
      this.free[sizeClass] = this.page(reused)[this.offset(reused)] as number
      return reused
    }
    const words = this.unit << sizeClass
    if (this.top + words > PAGE_WORDS) this.addPage()
    const at = ((this.pages.length - 1) << PAGE_BITS) + this.top
    this.top += words
    return at
  }

  give(at: number, sizeClass: number): void {
    this.page(at)[this.offset(at)] = this.free[sizeClass] as number
    this.free[sizeClass] = at
  }

  page(at: number): Int32Array {
    return this.pages[at >>> PAGE_BITS] as Int32Array
  }

  /** The same page as 64-bit numbers; divide offsets by two. */
  realPage(at: number): Float64Array {
    return this.realPages[at >>> PAGE_BITS] as Float64Array
  }

  offset(at: number): number {
    return at & PAGE_MASK
  }

  /** Where a block is, for `copyWords`. */
  placeOf(at: number): { readonly page: Int32Array; readonly at: number } {
    return { page: this.page(at), at: this.offset(at) }
  }

  private addPage(): void {
    const page = new Int32Array(PAGE_WORDS)
    this.pages.push(page)
    this.realPages.push(new Float64Array(page.buffer))
    this.top = 0
  }
}
