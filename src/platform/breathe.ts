/** Lets whatever else waits have its turn: a file's answers come at once, so a long row of them would hold everybody up. */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
