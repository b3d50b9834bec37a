/**
 * The statements of the paper as data: what is said, how it has to be corrected, and how it is computed on a law and a model.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (arXiv 2507.19247, second version), by its numbers.
 */
import type { Decomposition } from '../decomposition.js'
import type { ForwardPass } from '../forward.js'
import type { Law } from '../law.js'
import type { ModelParameters, ModelShape } from '../model.js'
import type { Figure } from '../../information/figure.js'

/** What claims are computed on. */
export interface ClaimData {
  readonly law: Law
  readonly decomposition: Decomposition
  readonly shape: ModelShape
  /** Trained on the law, and as it was before. */
  readonly parameters: ModelParameters
  readonly untrained: ModelParameters
  /** The trained model on all contexts, in float64. */
  readonly pass: ForwardPass
  readonly seed: number
}

/** How a statement fares. The first three are only given where every identity and bound of the finding holds. */
export type Verdict = 'holds' | 'holds as corrected' | 'false as stated' | 'measured' | 'FAILS'

export interface Finding {
  /** What was computed. */
  readonly figures: readonly Figure[]
  /** Numbers that refute the statement as it stands; required where the claim is false as stated. */
  readonly counterexample?: string
}

export interface Claim {
  /** Its number in the paper, such as 'Thm 5.1'. */
  readonly number: string
  /** In our words. */
  readonly statement: string
  /** The form in which it is true, where that is not the paper's. */
  readonly correction?: string
  /** What is to be expected: the verdict, if the figures bear it out. */
  readonly expected: Exclude<Verdict, 'FAILS'>
  readonly check: (data: ClaimData) => Finding | Promise<Finding>
}

/** A claim that has been checked. */
export interface CheckedClaim extends Omit<Claim, 'check' | 'expected'>, Finding {
  readonly verdict: Verdict
}

/** Computes a claim. A statement that is expected to be false needs its counterexample, and holding figures for what is put in its place. */
export const checkClaim = async ({ check, expected, ...claim }: Claim, data: ClaimData): Promise<CheckedClaim> => {
  const finding = await check(data)
  const holds = finding.figures.every((figure) => figure.kind === 'measurement' || figure.holds)
  const isRefuted = expected !== 'false as stated' || finding.counterexample !== undefined
  return { ...claim, ...finding, verdict: holds && isRefuted ? expected : 'FAILS' }
}
