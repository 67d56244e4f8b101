import { Problem } from '../domain/problems.ts'

/** Somebody booked something under this name before; it is not booked again. */
export function referenceTaken(): Problem {
  const detail = 'was booked before'
  return new Problem('conflict', {
    detail: `This reference ${detail}.`,
    errors: [{ pointer: '/reference', detail }],
  })
}
