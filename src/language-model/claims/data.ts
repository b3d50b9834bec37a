/** A law and a model trained on it, for claims to be computed on. */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../../dsl/problem.js'
import type { Decomposition } from '../decomposition.js'
import { forward } from '../forward.js'
import { initialise } from '../initialise.js'
import type { Law } from '../law.js'
import type { ModelShape } from '../model.js'
import { train } from '../train.js'
import type { ClaimData } from './claim.js'

export interface ClaimDataOptions {
  readonly shape: ModelShape
  readonly steps: number
  readonly seed: number
  readonly onProgress?: (share: number) => void
}

/** Trains a model for the claims; problems are those of training. */
export const claimData = async (
  law: Law,
  decomposition: Decomposition,
  { shape, steps, seed, onProgress = () => undefined }: ClaimDataOptions,
): Promise<Either<Problem, ClaimData>> => {
  const trained = await train(law.kernel, shape, {
    steps,
    seed,
    checkpoints: 2,
    onProgress: ({ step }) => onProgress(step / steps),
  })
  if (isLeft(trained)) return trained
  const { parameters } = trained.right[trained.right.length - 1]!
  return right({
    law,
    decomposition,
    shape,
    parameters,
    untrained: initialise(shape, seed),
    pass: forward(parameters, shape, law.kernel.contexts),
    seed,
  })
}
