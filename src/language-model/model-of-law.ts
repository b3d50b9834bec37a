/**
 * A model of any architecture on a law: how it is trained, what its figures are computed from, and which diagram of it is compiled.
 *
 *                  k_emb                       k_bb                          compiled
 *     mlp          embeddings side by side     a tanh layer, a linear map    k_head . k_bb . k_emb
 *     table        a free row of each context  the identity                  k_head . k_bb . k_emb, the context as one of n
 *     transformer  embeddings side by side     causal layers, a last norm    k_head; the states are given, made in float64
 */
import { type Either, right } from 'fp-ts/lib/Either.js'

import { box, copy, type Diagram, id, par, seq } from '../../dsl/diagram.js'
import { finite, type Wires } from '../../dsl/object.js'
import type { Problem } from '../../dsl/problem.js'
import { embedding, layers, type NumericMeanings, softmaxHead } from '../compile/meaning.js'
import { identityMatrix, type Matrix, matrix } from '../linear-algebra/matrix.js'
import type { DataKernel } from './data-kernel.js'
import { type Decomposition, meaningsOf, withHiddenState } from './decomposition.js'
import { forward } from './forward.js'
import { parametersOver } from './initialise.js'
import type { Law } from './law.js'
import type { LawModel } from './law-model.js'
import type { Architecture, MlpShape, TableShape, TransformerShape } from './model.js'
import { forwardOnLaw, type TrainingData } from './objective.js'
import { namedParameters, parameterNamed } from './parameter-layout.js'
import { type BatchShape, processSequences, shuffledSequences, textSequences } from './sequences.js'
import { shuffleTargets } from './shuffled-targets.js'

/** The part of a model that is compiled, as a diagram whose meaning its parameters are. */
export interface CompiledPart {
  readonly diagram: Diagram<Wires, Wires>
  /** What of k_gen it is, for people. */
  readonly note: string
  /** Whether its first output is the hidden state, which is given to it otherwise. */
  readonly givesHidden: boolean
  readonly meanings: (parameters: Float64Array) => NumericMeanings
  readonly inputs: (model: LawModel) => readonly ArrayLike<number>[]
}

export interface ModelOfLaw {
  /** D. */
  readonly hidden: number
  /** What it learns from, and what its shuffled baseline does. */
  readonly data: Either<Problem, TrainingData>
  readonly shuffled: Either<Problem, TrainingData>
  readonly model: (parameters: Float64Array) => LawModel
  readonly compiled: CompiledPart
}

/** D of an architecture. */
export const hiddenSize = (architecture: Architecture): number =>
  architecture.kind === 'transformer' ? architecture.width : architecture.hidden

/** A model of a law whose diagram is the decomposition; their sizes fit. */
export const modelOfLaw = (
  law: Law,
  architecture: Architecture,
  decomposition: Decomposition,
  seed: number,
): ModelOfLaw => {
  const { kernel } = law
  const fromLaw = { data: right(lawData(kernel)), shuffled: right(lawData(shuffleTargets(kernel, seed))) }
  switch (architecture.kind) {
    case 'mlp':
      return { hidden: architecture.hidden, ...fromLaw, ...mlpOfLaw(kernel, architecture, decomposition) }
    case 'table':
      return { hidden: architecture.hidden, ...fromLaw, ...tableOfLaw(kernel, architecture, decomposition) }
    case 'transformer':
      return {
        hidden: architecture.width,
        ...sequencesOf(law, seed),
        ...transformerOfLaw(kernel, architecture, decomposition),
      }
  }
}

const lawData = (kernel: DataKernel): TrainingData => ({ kind: 'law', kernel })

/** How many sequences a transformer's step sees. */
const sequencesOfStep = 64

const sequencesOf = ({ kernel, source }: Law, seed: number): Pick<ModelOfLaw, 'data' | 'shuffled'> => {
  const shape: BatchShape = { sequences: sequencesOfStep, length: kernel.contextLength }
  const made = source.kind === 'text' ? textSequences(source.corpus, shape) : processSequences(source.process, shape)
  if (made._tag === 'Left') return { data: made, shuffled: made }
  const data = (from: typeof made.right): TrainingData => ({ kind: 'sequences', source: from })
  return { data: right(data(made.right)), shuffled: right(data(shuffledSequences(made.right, seed))) }
}

type Parts = Pick<ModelOfLaw, 'model' | 'compiled'>

const whole = 'k_head . k_bb . k_emb'

const mlpOfLaw = (kernel: DataKernel, shape: MlpShape, decomposition: Decomposition): Parts => {
  const over = (parameters: Float64Array) => parametersOver(shape, parameters).parameters
  return {
    model: (parameters) => ({ head: over(parameters), ...forward(over(parameters), shape, kernel.contexts) }),
    compiled: {
      diagram: withHiddenState(decomposition),
      note: whole,
      givesHidden: true,
      meanings: (parameters) => meaningsOf(shape, over(parameters)),
      inputs: () => [kernel.contexts],
    },
  }
}

const tableOfLaw = (kernel: DataKernel, shape: TableShape, { Embedding, Hidden, kBb, kHead }: Decomposition): Parts => {
  const count = kernel.weights.length
  const lookUp = box('k_emb', [finite('Context', count)], [Embedding], { deterministic: true })
  const part = (parameters: Float64Array, name: string): Matrix =>
    parameterNamed(namedParameters(shape, parameters), name)
  const identity = identityMatrix(shape.hidden)
  return {
    model: (parameters) => {
      const { hidden, logProbabilities } = forwardOnLaw(shape, parameters, kernel)
      const head = {
        headWeights: part(parameters, 'headWeights').entries,
        headBias: part(parameters, 'headBias').entries,
      }
      return { head, embeddings: hidden, hidden, logProbabilities }
    },
    compiled: {
      diagram: seq(lookUp, kBb, copy(Hidden), par(id(Hidden), kHead)),
      note: `${whole}, where k_emb looks up the row of a context and k_bb is the identity`,
      givesHidden: true,
      meanings: (parameters) => ({
        k_emb: embedding(part(parameters, 'states')),
        k_bb: layers({ weights: identity, bias: new Float64Array(shape.hidden), activation: 'identity' }),
        k_head: softmaxHead(part(parameters, 'headWeights'), part(parameters, 'headBias').entries),
      }),
      inputs: () => [Int32Array.from({ length: count }, (_, context) => context)],
    },
  }
}

const transformerOfLaw = (kernel: DataKernel, shape: TransformerShape, { kHead }: Decomposition): Parts => {
  const headOf = (parameters: Float64Array) => {
    const named = namedParameters(shape, parameters)
    return {
      weights: parameterNamed(named, shape.tied ? 'embedding' : 'headWeights'),
      bias: named.get('headBias')?.entries ?? new Float64Array(shape.symbols),
    }
  }
  return {
    model: (parameters) => {
      const { weights, bias } = headOf(parameters)
      const table = parameterNamed(namedParameters(shape, parameters), 'embedding')
      const { hidden, logProbabilities } = forwardOnLaw(shape, parameters, kernel)
      return {
        head: { headWeights: weights.entries, headBias: bias },
        embeddings: rowsAt(table, kernel.contexts),
        hidden,
        logProbabilities,
      }
    },
    compiled: {
      diagram: kHead,
      note: 'k_head alone: the layers of a transformer are no boxes that the compiler knows, so its hidden states are computed in float64 and handed to the compiled head',
      givesHidden: false,
      meanings: (parameters) => {
        const { weights, bias } = headOf(parameters)
        return { k_head: softmaxHead(matrix(weights.rows, weights.columns, weights.entries), bias) }
      },
      inputs: ({ hidden }) => [hidden],
    },
  }
}

const rowsAt = ({ columns, entries }: Matrix, rows: Int32Array): Float64Array => {
  const result = new Float64Array(rows.length * columns)
  rows.forEach((row, at) => result.set(entries.subarray(row * columns, (row + 1) * columns), at * columns))
  return result
}
