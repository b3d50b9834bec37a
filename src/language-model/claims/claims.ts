/** All statements of the paper, in its order. */
import { categoryClaims } from './category-claims.js'
import type { CheckedClaim, Claim, ClaimData } from './claim.js'
import { checkClaim } from './claim.js'
import { geometryClaims } from './geometry-claims.js'
import { modelClaims } from './model-claims.js'
import { operatorClaims } from './operator-claims.js'

export const claims: readonly Claim[] = [...categoryClaims, ...modelClaims, ...geometryClaims, ...operatorClaims]

/** Every claim, checked on a law and a model. */
export const checkClaims = async (
  data: ClaimData,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<readonly CheckedClaim[]> => {
  const checked: CheckedClaim[] = []
  for (const claim of claims) {
    onProgress(checked.length, claims.length)
    checked.push(await checkClaim(claim, data))
  }
  onProgress(claims.length, claims.length)
  return checked
}
