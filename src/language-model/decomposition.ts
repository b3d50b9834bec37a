/**
 * A language model as a diagram in three stages, and the meaning that trained parameters give it.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (arXiv 2507.19247), section 3.
 */
import { copy, type Diagram, id, par, seq } from '../../dsl/diagram.js'
import type { Finite, Real, Sequence } from '../../dsl/object.js'
import { embedding, layers, type NumericMeanings, softmaxHead } from '../compile/meaning.js'
import { matrix } from '../linear-algebra/matrix.js'
import type { ModelParameters, ModelShape } from './model.js'

/** The three stages and the wires between them; k_gen is their composite. */
export interface Decomposition {
  readonly Context: Sequence
  readonly Embedding: Real
  readonly Hidden: Real
  readonly Token: Finite
  readonly kEmb: Diagram<[Sequence], [Real]>
  readonly kBb: Diagram<[Real], [Real]>
  readonly kHead: Diagram<[Real], [Finite]>
  readonly kGen: Diagram<[Sequence], [Finite]>
}

/** Context -> Hidden ⊗ Token: the next token beside the hidden state that it is drawn from. */
export const withHiddenState = ({ Hidden, kEmb, kBb, kHead }: Decomposition): Diagram<[Sequence], [Real, Finite]> =>
  seq(kEmb, kBb, copy(Hidden), par(id(Hidden), kHead))

/** What the boxes k_emb, k_bb and k_head mean under parameters. */
export const meaningsOf = (shape: ModelShape, parameters: ModelParameters): NumericMeanings => ({
  k_emb: embedding(matrix(shape.symbols, shape.embedding, parameters.embedding)),
  k_bb: layers(
    {
      weights: matrix(shape.width, shape.contextLength * shape.embedding, parameters.layerWeights),
      bias: parameters.layerBias,
      activation: 'tanh',
    },
    {
      weights: matrix(shape.hidden, shape.width, parameters.projectionWeights),
      bias: parameters.projectionBias,
      activation: 'identity',
    },
  ),
  k_head: softmaxHead(matrix(shape.symbols, shape.hidden, parameters.headWeights), parameters.headBias),
})
