/** Section 2 of the paper: Markov categories, divergences, categorical entropy and mutual information. */

import { box, copy, type Diagram, discard, par, seq } from '../../../dsl/diagram.js'
import { finite } from '../../../dsl/object.js'
import { valueOrThrow } from '../../../dsl/value-or-throw.js'
import { FinStoch, type Rows, type StochasticMatrix } from '../../category/fin-stoch.js'
import {
  categoricalEntropy,
  entropyDivergence,
  headlineEntropies,
  shannonEntropy,
} from '../../information/categorical-entropy.js'
import {
  chiSquared,
  type Divergence,
  divergence,
  jensenShannon,
  kullbackLeibler,
  renyi,
  showDivergence,
  squaredHellinger,
  totalVariation,
} from '../../information/divergence.js'
import { bound, type Figure, identity, type Unit } from '../../information/figure.js'
import { mutualInformation } from '../../information/mutual-information.js'
import { interpret } from '../../interpret.js'
import type { Claim } from './claim.js'
import { overContexts, rowAt } from './rows.js'

const Coin = finite('Coin', 2)
const meaning = (diagram: Diagram, rows: Readonly<Record<string, Rows>>): StochasticMatrix =>
  valueOrThrow(interpret(FinStoch, rows)(diagram))
const distance = (f: StochasticMatrix, g: StochasticMatrix): number =>
  f.entries.reduce((sum, entry, place) => sum + Math.abs(entry - g.entries[place]!) / 2, 0)

/** Divergences with the data-processing inequality, as f-divergences or Renyi divergences. */
const processed: readonly (readonly [Divergence, Unit])[] = [
  [kullbackLeibler, 'nats'],
  [totalVariation, '1'],
  [squaredHellinger, '1'],
  [jensenShannon, 'nats'],
  [chiSquared, '1'],
  [renyi(0.5), 'nats'],
  [renyi(2), 'nats'],
  [renyi(3), 'nats'],
]

export const categoryClaims: readonly Claim[] = [
  {
    number: 'Def 2.1',
    statement: 'copy and discard are natural in every object',
    correction: 'discard is natural for all morphisms; copy exactly for the deterministic ones',
    expected: 'holds as corrected',
    check: () => {
      const flip = box('flip', [], [Coin])
      const twice = (bias: number): readonly [StochasticMatrix, StochasticMatrix] => [
        meaning(seq(flip, copy(Coin)), { flip: [[bias, 1 - bias]] }),
        meaning(par(flip, flip), { flip: [[bias, 1 - bias]] }),
      ]
      const [copied, drawnTwice] = twice(0.5)
      const [sure, sureTwice] = twice(1)
      const discarded = meaning(seq(flip, discard(Coin)), { flip: [[0.3, 0.7]] })
      return {
        figures: [
          identity('flip ; discard = 1', discarded.entries[0]!, 1, '1'),
          identity('a sure coin is copied: the distance of both sides is 0', distance(sure, sureTwice), 0, '1'),
          identity('a fair coin is not: the distance of both sides is 1/2', distance(copied, drawnTwice), 0.5, '1'),
        ],
        counterexample: {
          text: 'a fair coin, copied: (1/2, 0, 0, 1/2); flipped twice: (1/4, 1/4, 1/4, 1/4)',
          refutes: distance(copied, drawnTwice) > 0.4,
        },
      }
    },
  },
  {
    number: 'Def 2.2',
    statement: 'Stoch: kernels between standard Borel spaces compose by Chapman-Kolmogorov; copy and discard are Dirac',
    expected: 'holds',
    check: ({ law }) => {
      // The law of a context's last symbol after one step of the law, by the interpreter and by a sum of products.
      const { symbols, next, weights } = law.kernel
      const Context = finite('Context', weights.length)
      const Token = finite('Token', symbols.length)
      const rows = Array.from(weights, (_, context) => Array.from(rowAt(next, context, symbols.length)))
      const composed = meaning(seq(box('mu', [], [Context]), box('next', [Context], [Token])), {
        mu: [normalised(weights)],
        next: rows.map(normalised),
      })
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const summed = weights.reduce((sum, weight, context) => sum + (weight / total) * rows[context]![0]!, 0)
      return {
        figures: [
          identity(
            '(mu ; k_data)(first token) = sum over contexts of mu(x) P(w | x)',
            composed.entries[0]!,
            summed,
            '1',
          ),
        ],
      }
    },
  },
  {
    number: 'Thm 2.4',
    statement: 'data processing: D(k p, k q) <= D(p, q), for f-divergences and Renyi divergences of any order',
    expected: 'holds',
    check: (data) => {
      // p and q: the data's and the model's next token at one context. k: the law of the token after that, a stochastic matrix.
      const width = data.law.kernel.symbols.length
      const kernel = tokenKernel(data.law.kernel)
      const push = (p: Float64Array): Float64Array =>
        Float64Array.from({ length: width }, (_, w) =>
          p.reduce((sum, mass, v) => sum + mass * kernel[v * width + w]!, 0),
        )
      const predictions = data.pass.logProbabilities.map(Math.exp)
      return {
        figures: processed.map(([d, unit]) => {
          let [after, before] = [0, 0]
          data.law.kernel.weights.forEach((weight, context) => {
            const [p, q] = [rowAt(data.law.kernel.next, context, width), rowAt(predictions, context, width)]
            const margin = divergence(d, p, q) - divergence(d, push(p), push(q))
            // Not a number is the least of all; two infinite sides have no margin and hold.
            if (context === 0 || (!(margin >= before - after) && divergence(d, push(p), push(q)) < Infinity))
              [before, after] = [divergence(d, p, q), divergence(d, push(p), push(q))]
          })
          return bound(
            `${showDivergence(d)} of the pushed laws <= before, at the context of the least margin`,
            after,
            'at most',
            before,
            unit,
          )
        }),
      }
    },
  },
  {
    number: 'Def 2.5(1)',
    statement: 'categorical entropy H_D(k) = D(copy k, (k x k) copy); zero where k is deterministic',
    correction: 'zero exactly at point masses for a strict D; each D has a closed form in the row alone',
    expected: 'holds as corrected',
    check: (data) => ({
      figures: headlineEntropies.flatMap((name): readonly Figure[] => {
        const d = entropyDivergence(name)
        const width = data.law.kernel.symbols.length
        const closed = overContexts(data, (_, q) => categoricalEntropy(d, q))
        const defined = overContexts(data, (_, q) => divergence(d, copied(q), product(q)))
        const point = new Float64Array(width)
        point[0] = 1
        return [
          identity(`mean ${name} entropy of the head: closed form = D(copy k, (k x k) copy)`, closed, defined, 'nats'),
          identity(`${name} entropy of a point mass = 0`, categoricalEntropy(d, point), 0, 'nats'),
        ]
      }),
    }),
  },
  {
    number: 'Def 2.5(2)',
    statement: 'categorical mutual information D(p, p_X x p_Y); for Kullback-Leibler it is Shannon’s',
    expected: 'holds',
    check: ({ law }) => {
      const { weights, next, symbols } = law.kernel
      const joint = next.map((p, place) => weights[Math.floor(place / symbols.length)]! * p)
      const marginal = new Float64Array(symbols.length)
      joint.forEach((mass, place) => (marginal[place % symbols.length]! += mass))
      const conditional = weights.reduce(
        (sum, weight, context) => sum + weight * shannonEntropy(rowAt(next, context, symbols.length)),
        0,
      )
      return {
        figures: [
          identity(
            'I(X; W) = H(W) - H(W | X)',
            mutualInformation(joint, weights.length, kullbackLeibler),
            shannonEntropy(marginal) - conditional,
            'nats',
          ),
        ],
      }
    },
  },
]

const normalised = (row: ArrayLike<number>): readonly number[] => {
  const entries = Array.from(row)
  const total = entries.reduce((sum, entry) => sum + entry, 0)
  return entries.map((entry) => entry / total)
}

/** p on the diagonal, and p (x) p. */
const copied = (p: Float64Array): Float64Array => {
  const joint = new Float64Array(p.length * p.length)
  p.forEach((mass, w) => (joint[w * p.length + w] = mass))
  return joint
}
const product = (p: Float64Array): Float64Array =>
  Float64Array.from(
    { length: p.length * p.length },
    (_, place) => p[Math.floor(place / p.length)]! * p[place % p.length]!,
  )

/** The law of the next token given the last one alone, V x V; uniform where a token never occurs. */
const tokenKernel = ({
  symbols,
  contextLength,
  contexts,
  weights,
  next,
}: Parameters<Claim['check']>[0]['law']['kernel']): Float64Array => {
  const width = symbols.length
  const rows = new Float64Array(width * width)
  const mass = new Float64Array(width)
  weights.forEach((weight, context) => {
    const last = contexts[(context + 1) * contextLength - 1]!
    mass[last]! += weight
    for (let w = 0; w < width; w++) rows[last * width + w]! += weight * next[context * width + w]!
  })
  return rows.map((entry, place) => {
    const total = mass[Math.floor(place / width)]!
    return total > 0 ? entry / total : 1 / width
  })
}
