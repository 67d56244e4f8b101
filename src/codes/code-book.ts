import type { Verification } from '../domain/verification.ts'
import type { Vault } from '../platform/vault.ts'
import { deriveCode } from './derive-code.ts'

/** Where codes come from: derived on a server; a replay knows only whether what was typed was right. */
export interface CodeBook {
  /** The code of a verification's send `generation`, for what the caller says it is spent on. */
  codeOf(verification: Verification, generation: number, spentOn: SpentOn): string
}

/** PSD2: given at the check, they must be those of the issue. */
export type SpentOn = { readonly amount: string | undefined; readonly payee: string | undefined }

export const derivedCodes = (vault: Vault): CodeBook => ({
  codeOf: (verification, generation, spentOn) =>
    deriveCode(
      vault,
      { ...verification, ...spentOn },
      { generation, length: verification.codeLength, keyId: verification.keyId },
    ),
})
