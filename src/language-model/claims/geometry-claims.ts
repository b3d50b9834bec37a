/** Section 6 and the first part of section 7: the geometry that the head induces on hidden states. */
import {
  divergence,
  jensenShannon,
  kullbackLeibler,
  squaredHellinger,
  totalVariation,
} from '../../information/divergence.js'
import { bound, type Figure, identity } from '../../information/figure.js'
import { matrix, matrixProduct, transpose } from '../../linear-algebra/matrix.js'
import { headDistribution, headJeffreys, headKullbackLeibler, integrateMetric } from '../head-divergence.js'
import { curvatureBound, headRank, pullbackMetric, pullbackSpectrum } from '../pullback.js'
import type { Claim, ClaimData } from './claim.js'
import { contextPairs, overContexts, predictionsOf, rowAt } from './rows.js'

const hiddenAt = ({ pass, shape }: ClaimData, context: number): Float64Array =>
  rowAt(pass.hidden, context, shape.hidden)
const quadratic = (g: Float64Array, v: Float64Array): number =>
  v.reduce((sum, x, i) => sum + v.reduce((inner, y, j) => inner + x * g[i * v.length + j]! * y, 0), 0)
const manyPairs = 60

/** Squared Hellinger distance in the paper's normalisation, 2 (1 - BC). */
const paperHellinger = (p: ArrayLike<number>, q: ArrayLike<number>): number => 2 * divergence(squaredHellinger, p, q)

/** The worst of some pairs: the one where the inequality has the least room. */
const tightest = (
  statement: string,
  cases: readonly { readonly value: number; readonly limit: number }[],
  unit: 'nats' | '1',
): Figure => {
  const [worst] = [...cases].sort((a, b) => a.limit - a.value - (b.limit - b.value))
  if (worst === undefined) throw new Error('tightest: there is no pair of contexts with different hidden states')
  return bound(statement, worst.value, 'at most', worst.limit, unit)
}

/** The pair for which the two sides differ most. */
const widest = (
  statement: string,
  cases: readonly { readonly left: number; readonly right: number }[],
  unit: 'nats' | '1',
  tolerance?: number,
): Figure => {
  const [worst] = [...cases].sort((a, b) => Math.abs(b.left - b.right) - Math.abs(a.left - a.right))
  if (worst === undefined) throw new Error('widest: there is no pair of contexts with different hidden states')
  return identity(statement, worst.left, worst.right, unit, tolerance)
}

const pairsOf = (data: ClaimData) =>
  contextPairs(data, manyPairs).map(([a, b]) => [hiddenAt(data, a), hiddenAt(data, b)] as const)

export const geometryClaims: readonly Claim[] = [
  {
    number: '(6.1), (6.2)',
    statement: 'the Fisher-Rao metric of the simplex and its pullback along the head',
    expected: 'holds',
    check: (data) => {
      const { parameters, shape } = data
      const p = headDistribution(parameters, hiddenAt(data, 0))
      const w = matrix(shape.symbols, shape.hidden, parameters.headWeights)
      const sigma = matrix(
        p.length,
        p.length,
        Float64Array.from({ length: p.length ** 2 }, (_, place) => {
          const [i, j] = [Math.floor(place / p.length), place % p.length]
          return (i === j ? p[i]! : 0) - p[i]! * p[j]!
        }),
      )
      const direct = matrixProduct(transpose(w), matrixProduct(sigma, w)).entries
      const found = pullbackMetric(parameters.headWeights, p).entries
      const worst = found.reduce((most, entry, place) => Math.max(most, Math.abs(entry - direct[place]!)), 0)
      return { figures: [identity('g* = W^T (diag p - p p^T) W: largest difference of an entry', worst, 0, '1')] }
    },
  },
  {
    number: 'Thm 6.1',
    statement: 'KL(p_h+ev || p_h) = e^2/2 g*(v, v) + O(e^3); other f-divergences alike',
    correction:
      'the factor is f’’(1)/2: 1/2 for KL, 1/8 for Jensen-Shannon and 1 - BC; total variation has no such expansion',
    expected: 'holds as corrected',
    check: (data) => {
      const { parameters, shape } = data
      const h = hiddenAt(data, 0)
      const v = Float64Array.from({ length: shape.hidden }, (_, k) => Math.cos(1 + k))
      const p = headDistribution(parameters, h)
      const metric = quadratic(pullbackMetric(parameters.headWeights, p).entries, v)
      // Two steps, so that the error that is linear in the step is taken away.
      const ratio = (of: (p: Float64Array, q: Float64Array) => number): number => {
        const at = (e: number): number =>
          of(
            headDistribution(
              parameters,
              h.map((x, k) => x + e * v[k]!),
            ),
            p,
          ) /
          (e * e * metric)
        return 2 * at(1e-3) - at(2e-3)
      }
      return {
        figures: [
          identity(
            'KL / (e^2 g*(v, v)) -> 1/2',
            ratio((q, r) => divergence(kullbackLeibler, q, r)),
            0.5,
            '1',
            1e-4,
          ),
          identity(
            'Jensen-Shannon / (e^2 g*(v, v)) -> 1/8',
            ratio((q, r) => divergence(jensenShannon, q, r)),
            0.125,
            '1',
            1e-4,
          ),
          identity(
            '(1 - BC) / (e^2 g*(v, v)) -> 1/8',
            ratio((q, r) => divergence(squaredHellinger, q, r)),
            0.125,
            '1',
            1e-4,
          ),
        ],
      }
    },
  },
  {
    number: 'Rem 6.2',
    statement: 'g* is the expected outer product of the score in h',
    expected: 'holds',
    check: (data) => {
      const { parameters, shape } = data
      const p = headDistribution(parameters, hiddenAt(data, 0))
      const d = shape.hidden
      const w = parameters.headWeights
      const mean = Float64Array.from({ length: d }, (_, k) =>
        p.reduce((sum, mass, token) => sum + mass * w[token * d + k]!, 0),
      )
      const found = pullbackMetric(w, p).entries
      let worst = 0
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) {
          const score = p.reduce(
            (sum, mass, token) => sum + mass * (w[token * d + i]! - mean[i]!) * (w[token * d + j]! - mean[j]!),
            0,
          )
          worst = Math.max(worst, Math.abs(score - found[i * d + j]!))
        }
      return { figures: [identity('g* = E[score score^T]: largest difference of an entry', worst, 0, '1')] }
    },
  },
  {
    number: 'Prop 6.3',
    statement: 'rank g* <= min(d, V - 1)',
    correction: 'rank g*(h) = rank (C W), the same at every h',
    expected: 'holds as corrected',
    check: ({ parameters, shape }) => ({
      figures: [
        bound(
          'rank (C W) <= min(d, V - 1)',
          headRank(parameters.headWeights, shape.symbols),
          'at most',
          Math.min(shape.hidden, shape.symbols - 1),
          'count',
        ),
      ],
    }),
  },
  {
    number: '6.1 text',
    statement: 'because d is much smaller than V, the metric is necessarily degenerate',
    correction: 'its rank is that of the centred rows of W: generically d. Its anisotropy is to be measured',
    expected: 'false as stated',
    check: (data) => {
      const { parameters, shape } = data
      const { values, trace } = pullbackSpectrum(
        parameters.headWeights,
        headDistribution(parameters, hiddenAt(data, 0)),
      )
      const square = Float64Array.of(1, 0, 0, 1, -1, 0, 0, -1)
      return {
        figures: [
          identity(
            'trace of g* = sum of its eigenvalues',
            trace,
            values.reduce((sum, value) => sum + value, 0),
            '1',
          ),
          bound(
            'largest eigenvalue <= diameter^2 / 4',
            values[0] ?? 0,
            'at most',
            curvatureBound(parameters.headWeights, shape.symbols),
            '1',
          ),
        ],
        counterexample: `four tokens at (±1, 0), (0, ±1) in d = 2: rank g* = ${headRank(square, 4)} = d, far from degenerate`,
      }
    },
  },
  {
    number: 'Thm 7.1',
    statement: 'E d^k <= C E KL: Hellinger with C = 1/2, total variation with C = 1, k = 2',
    correction:
      'C = 1 for the paper’s d_H^2 = 2 (1 - BC); the sharp C for total variation is 1/2. Pairwise: 2 sqrt(C KL)',
    expected: 'false as stated',
    check: (data) => {
      const kl = overContexts(data, (p, q) => divergence(kullbackLeibler, p, q))
      const tv = overContexts(data, (p, q) => divergence(totalVariation, p, q) ** 2)
      const hellinger = overContexts(data, paperHellinger)
      const [p, q] = [Float64Array.of(1, 0), Float64Array.of(0.5, 0.5)]
      const { next, symbols } = data.law.kernel
      const predictions = predictionsOf(data)
      const width = symbols.length
      const between = (rows: Float64Array, a: number, others: Float64Array, b: number): number =>
        divergence(totalVariation, rowAt(rows, a, width), rowAt(others, b, width))
      const pairs = contextPairs(data, manyPairs).map(([a, b]) => ({
        value: Math.abs(between(predictions, a, predictions, b) - between(next, a, next, b)),
        limit: between(predictions, a, next, a) + between(predictions, b, next, b),
      }))
      const drift = overContexts(data, (data_, model) => divergence(totalVariation, data_, model))
      return {
        figures: [
          bound('E TV^2 <= 1/2 E KL', tv, 'at most', kl / 2, 'nats'),
          bound('E d_H^2 <= E KL, d_H^2 = 2 (1 - BC)', hellinger, 'at most', kl, 'nats'),
          bound('E TV <= sqrt(E KL / 2)', drift, 'at most', Math.sqrt(kl / 2), '1'),
          tightest('a pair’s TV differs under model and data by at most both errors', pairs, '1'),
        ],
        counterexample: `p = (1, 0), q = (1/2, 1/2): d_H^2 = ${paperHellinger(p, q).toFixed(4)} > ${(divergence(kullbackLeibler, p, q) / 2).toFixed(4)} = KL/2`,
      }
    },
  },
  {
    number: 'Cor 7.2',
    statement: 'predictively dissimilar contexts need a large integral of g* along the segment between their states',
    correction: 'the integral is exactly Jeffreys’ divergence: 4 TV^2 <= J <= TV times the range of W dl',
    expected: 'holds as corrected',
    check: (data) => {
      const { parameters, shape } = data
      const cases = pairsOf(data).map(([from, to]) => {
        const [p, q] = [headDistribution(parameters, from), headDistribution(parameters, to)]
        const steps = Float64Array.from({ length: shape.symbols }, (_, token) =>
          from.reduce((sum, x, k) => sum + parameters.headWeights[token * shape.hidden + k]! * (to[k]! - x), 0),
        )
        const range =
          steps.reduce((most, x) => Math.max(most, x), -Infinity) -
          steps.reduce((least, x) => Math.min(least, x), Infinity)
        return {
          integral: integrateMetric(parameters, from, to),
          jeffreys: headJeffreys(parameters, from, to),
          bregman: headKullbackLeibler(parameters, from, to),
          weighted: integrateMetric(parameters, from, to, (t) => 1 - t),
          distance: divergence(totalVariation, p, q),
          range,
        }
      })
      return {
        figures: [
          widest(
            'integral of g* along the segment = Jeffreys',
            cases.map(({ integral, jeffreys }) => ({ left: integral, right: jeffreys })),
            'nats',
          ),
          widest(
            'integral with weight 1 - t = KL',
            cases.map(({ weighted, bregman }) => ({ left: weighted, right: bregman })),
            'nats',
          ),
          tightest(
            '4 TV^2 <= J',
            cases.map(({ distance, jeffreys }) => ({ value: 4 * distance ** 2, limit: jeffreys })),
            'nats',
          ),
          tightest(
            'J <= TV range(W dl)',
            cases.map(({ distance, range, jeffreys }) => ({ value: jeffreys, limit: distance * range })),
            'nats',
          ),
        ],
      }
    },
  },
]
