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
  /** Required where the claim is false as stated. */
  readonly counterexample?: Counterexample
}

/** Numbers against the statement as it stands. */
export interface Counterexample {
  readonly text: string
  /** Whether the numbers, as computed, do refute it. */
  readonly refutes: boolean
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
export interface CheckedClaim extends Omit<Claim, 'check' | 'expected'>, Omit<Finding, 'counterexample'> {
  readonly verdict: Verdict
  readonly counterexample?: string
}

/**
 * Computes a claim. It fails without a figure, and where a counterexample refutes nothing; a statement that is expected to be false needs
 * one, and holding figures for what is put in its place.
 */
export const checkClaim = async ({ check, expected, ...claim }: Claim, data: ClaimData): Promise<CheckedClaim> => {
  const { figures, counterexample } = await check(data)
  const holds = figures.length > 0 && figures.every((figure) => figure.kind === 'measurement' || figure.holds)
  const isRefuted = counterexample?.refutes ?? expected !== 'false as stated'
  return {
    ...claim,
    figures,
    ...(counterexample === undefined ? {} : { counterexample: counterexample.text }),
    verdict: holds && isRefuted ? expected : 'FAILS',
  }
}
