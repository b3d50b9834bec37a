/**
 * What a training minimises: the mean NLL of an architecture, under an exact law or on batches of sequences.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { DataKernel } from './data-kernel.js'
import { forward } from './forward.js'
import { parametersOver } from './initialise.js'
import { mlpLoss } from './mlp.js'
import type { Architecture } from './model.js'
import type { WithProducts } from './products.js'
import type { SequenceSource } from './sequences.js'
import { tableForward, tableLoss } from './table.js'
import { transformerForward } from './transformer/forward.js'
import { transformerLoss } from './transformer/gradient.js'

/** What a model learns from: tables and MLPs from a law, all contexts at every step; transformers from sequences. */
export type TrainingData =
  | { readonly kind: 'law'; readonly kernel: DataKernel }
  | { readonly kind: 'sequences'; readonly source: SequenceSource }

/** The mean NLL (nats) at a step; its gradient is written over `gradient`. */
export type TrainingObjective = (step: number, parameters: Float64Array, gradient: Float64Array) => WithProducts<number>

/** The objective of an architecture. Errors: data of another kind, or of other sizes. */
export const objectiveOf = (
  architecture: Architecture,
  data: TrainingData,
  seed: number,
): Either<Problem, TrainingObjective> => {
  const misfit = misfitOf(architecture, data)
  if (misfit !== undefined) return left(misfit)
  if (architecture.kind === 'transformer' && data.kind === 'sequences') {
    const { source } = data
    return right(function* (step, parameters, gradient) {
      gradient.fill(0)
      const batch = source.batch(seed, step)
      return yield* transformerLoss(architecture, parameters, batch, batch.next, gradient)
    })
  }
  if (architecture.kind === 'table' && data.kind === 'law') {
    const { kernel } = data
    return right(function* (_step, parameters, gradient) {
      gradient.fill(0)
      return yield* tableLoss(kernel, architecture, parameters, gradient)
    })
  }
  if (architecture.kind === 'mlp' && data.kind === 'law') {
    const { kernel } = data
    return right(function* (_step, parameters, gradient) {
      gradient.fill(0)
      const over = (flat: Float64Array) => parametersOver(architecture, flat).parameters
      return yield* mlpLoss(kernel, architecture, over(parameters), over(gradient))
    })
  }
  throw new Error(`objective: a ${architecture.kind} has no objective on ${data.kind}`)
}

const misfitOf = (architecture: Architecture, data: TrainingData): Problem | undefined => {
  const wanted = architecture.kind === 'transformer' ? 'sequences' : 'law'
  const misfit = (what: string, remedy: string): Problem => problem('invalid-value', 'training data', what, remedy)
  if (data.kind !== wanted)
    return misfit(
      `a ${architecture.kind} learns from ${wanted}, not from ${data.kind}`,
      `give data of kind '${wanted}'`,
    )
  const symbols = data.kind === 'law' ? data.kernel.symbols.length : data.source.symbols
  if (symbols !== architecture.symbols)
    return misfit(`it has ${symbols} symbols, the model ${architecture.symbols}`, 'give them the same alphabet')
  if (data.kind === 'sequences') return undefined
  const { contextLength, weights } = data.kernel
  if (architecture.kind === 'table' && architecture.contexts !== weights.length)
    return misfit(`it has ${weights.length} contexts, the table ${architecture.contexts}`, 'make the table as long')
  if (architecture.kind === 'mlp' && architecture.contextLength !== contextLength)
    return misfit(
      `its contexts have ${contextLength} symbols, those of the model ${architecture.contextLength}`,
      'give them one length',
    )
  return undefined
}

/** Hidden states (n x D) and log-probabilities (n x V, nats) of the contexts of a law. */
export interface LawPass {
  readonly hidden: Float64Array
  readonly logProbabilities: Float64Array
}

/**
 * A model of any architecture on all contexts of a law, in their order: what every figure of a law is computed from.
 *
 * A transformer reads each context as one sequence, and its last place counts.
 */
export const forwardOnLaw = (architecture: Architecture, parameters: Float64Array, kernel: DataKernel): LawPass => {
  switch (architecture.kind) {
    case 'table':
      return tableForward(architecture, parameters)
    case 'mlp':
      return forward(parametersOver(architecture, parameters).parameters, architecture, kernel.contexts)
    case 'transformer': {
      const { contexts, contextLength: length } = kernel
      const { width, symbols } = architecture
      const { hidden, logProbabilities } = transformerForward(architecture, parameters, { tokens: contexts, length })
      return {
        hidden: lastPlaces(hidden, width, length),
        logProbabilities: lastPlaces(logProbabilities, symbols, length),
      }
    }
  }
}

/** Of each `length` rows the last. */
const lastPlaces = (rows: Float64Array, columns: number, length: number): Float64Array => {
  const count = rows.length / (columns * length)
  const last = new Float64Array(count * columns)
  for (let index = 0; index < count; index++) {
    const start = (index * length + length - 1) * columns
    last.set(rows.subarray(start, start + columns), index * columns)
  }
  return last
}
