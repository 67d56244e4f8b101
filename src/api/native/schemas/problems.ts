import * as z from 'zod'
import { PROBLEMS, type ProblemCode } from '../../../domain/problems.ts'

const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]

/** RFC 9457. Loose, because `blocked` and `challenge_required` bring members of their own. */
export const problemAnswer = z
  .looseObject({
    type: z.string().meta({ example: 'urn:tollgate:problem:invalid_request' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().meta({ description: 'Names the request; quote it when you ask us.' }),
    code: z.enum(codes).meta({ description: 'Stable; decide by this.' }),
    errors: z
      .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'JSON pointers into the body, or `query:name`.' }),
  })
  .meta({ id: 'Problem' })
