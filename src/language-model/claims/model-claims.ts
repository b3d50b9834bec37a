/** Sections 3 to 5 of the paper: the model as a composite of kernels, its surplus, its entropies, its likelihood. */
import { isLeft } from 'fp-ts/lib/Either.js'

import { valueOrThrow } from '../../../dsl/value-or-throw.js'
import { compile } from '../../compile/evaluate.js'
import { categoricalEntropy, entropyDivergence, headlineEntropies } from '../../information/categorical-entropy.js'
import {
  type Divergence,
  divergence,
  jensenShannon,
  kullbackLeibler,
  renyi,
  squaredHellinger,
  totalVariation,
} from '../../information/divergence.js'
import { kernelEntropyGap } from '../../information/entropy-bounds.js'
import { bound, type Figure, identity, type Unit } from '../../information/figure.js'
import { chainLedger } from '../chain-ledger.js'
import { meaningsOf } from '../decomposition.js'
import { draftLaw } from '../draft-law.js'
import { assessDrafter, draftLedger, optimalDrafter } from '../drafter.js'
import { classesOf, givenClass } from '../encoding-classes.js'
import { headEntropies } from '../head-entropy.js'
import { wordsOfLaw } from '../law.js'
import { nllIdentities } from '../nll-identities.js'
import { acceptanceCeiling, informationSurplus, surplusBounds } from '../surplus.js'
import { threeEntropies, type ThreeEntropies } from '../three-entropies.js'
import type { Claim, ClaimData } from './claim.js'
import { overContexts, predictionsOf, rowAt } from './rows.js'

/** The three entropies of the next token that must not be confused, in nats. */
const entropiesOf = ({ law: { kernel }, pass }: ClaimData): ThreeEntropies =>
  threeEntropies(kernel, classesOf(pass.hidden, kernel.weights.length), pass.logProbabilities)

/** How far the model's mean entropies can be from the data's at their mean total variation T. */
const gaps: readonly (readonly [Divergence, string, Unit])[] = [
  [kullbackLeibler, '|H̄ - H_data| <= T log(V - 1) + h(T), T the mean total variation', 'nats'],
  [totalVariation, '|mean Gini-Simpson of the model - of the data| <= 2 T - T^2 V / (V - 1)', '1'],
  [squaredHellinger, 'the same of 1 - BC <= its value at (1 - T, T/(V-1), ...)', '1'],
  [jensenShannon, 'the same of Jensen-Shannon <= its value at (1 - T, T/(V-1), ...)', 'nats'],
]

export const modelClaims: readonly Claim[] = [
  {
    number: 'Rem 2.6',
    statement: 'the categorical entropy of a kernel is distinct from its average conditional entropy',
    correction: 'pointwise it is H(p_h), its mean is H(W | H) under the model’s law, its supremum is a third number',
    expected: 'holds as corrected',
    check: (data) => {
      const { modelGivenHidden, dataGivenHidden, dataGivenContext } = entropiesOf(data)
      const [entropy] = headEntropies([kullbackLeibler], data.parameters, data.pass.hidden, data.law.kernel.weights)
      const { mean, supremum } = entropy!
      return {
        figures: [
          identity('mean of H(p_h) = H(W | H) under the model', mean, modelGivenHidden, 'nats'),
          bound('sup H(p_h) >= mean H(p_h)', supremum, 'at least', mean, 'nats'),
          bound('H_data(W | H) >= H_data(W | X)', dataGivenHidden, 'at least', dataGivenContext, 'nats'),
        ],
      }
    },
  },
  {
    number: '3.1-3.3',
    statement: 'k_gen = k_head . k_bb . k_emb: two Dirac kernels and a softmax, composed',
    expected: 'holds',
    check: async (data) => {
      const { decomposition, law, shape, parameters, pass } = data
      const evaluator = valueOrThrow(
        await compile(decomposition.kGen, meaningsOf(shape, parameters), { backend: 'cpu' }),
      )
      const { distribution } = valueOrThrow(evaluator.reference([law.kernel.contexts]))
      await evaluator.dispose()
      let largest = 0
      pass.logProbabilities.forEach((log, place) => {
        largest = Math.max(largest, Math.abs(Math.exp(log) - distribution!.entries[place]!))
      })
      return {
        figures: [
          identity(
            'the diagram k_gen, evaluated, is the forward pass: largest difference over all contexts',
            largest,
            0,
            '1',
          ),
        ],
      }
    },
  },
  {
    number: '(4.1)',
    statement: 'I(H; W_t..W_t+K-1) = I(H; W_t) + I(H; W_t+1..W_t+K-1 | W_t)',
    expected: 'holds',
    check: ({ law: { kernel, entropies } }) => ({
      figures: surplusSizes(kernel.contextLength, entropies.longest).map((tokens): Figure => {
        const n = kernel.contextLength
        const surplus = valueOrThrow(informationSurplus(entropies, n, tokens))
        // The information of the context about K tokens at once, and about the first of them.
        const whole = entropies.of(n) + entropies.of(tokens) - entropies.of(n + tokens)
        const one = entropies.of(n) + entropies.of(1) - entropies.of(n + 1)
        return identity(`I(X; W_t..) = I(X; W_t) + Surplus_K, K = ${tokens}`, whole, one + surplus, 'nats')
      }),
    }),
  },
  {
    number: '(4.2)',
    statement: '0 <= Surplus_K <= H(W_t+1..t+K-1 | W_t) <= (K - 1) log V, and drafting exploits exactly this',
    correction:
      'bounds hold, with H(X | W_t) beside them; what drafting gains is bounded by it: acceptance >= 1 - sqrt(S/2), exp(-S)/2',
    expected: 'holds as corrected',
    check: (data) => {
      const { kernel, entropies } = data.law
      const n = kernel.contextLength
      const figures = surplusSizes(n, entropies.longest).flatMap((tokens): readonly Figure[] => {
        const surplus = valueOrThrow(informationSurplus(entropies, n, tokens))
        const limits = valueOrThrow(surplusBounds(entropies, n, tokens, kernel.symbols.length))
        return [
          bound(`Surplus_${tokens} >= 0`, surplus, 'at least', -1e-12, 'nats'),
          bound(`Surplus_${tokens} <= H(future | W_t)`, surplus, 'at most', limits.future, 'nats'),
          bound(`Surplus_${tokens} <= (K - 1) log V`, surplus, 'at most', limits.alphabet, 'nats'),
          bound(`Surplus_${tokens} <= H(X | W_t)`, surplus, 'at most', limits.context, 'nats'),
        ]
      })
      if (n < 2) return { figures }
      // The contexts of the kernel are x followed by w: the surplus of two tokens at contexts of one symbol less.
      const short = informationSurplus(entropies, n - 1, 2)
      const words = wordsOfLaw(data.law, n + 1)
      if (isLeft(short) || isLeft(words)) return { figures }
      const drafts = valueOrThrow(draftLaw(words.right, n - 1))
      const { leastCrossEntropy } = draftLedger(drafts)
      const { divergence: cost, acceptance, atLeast } = assessDrafter(drafts, optimalDrafter(drafts, 'token'))
      const ceiling = acceptanceCeiling(short.right, kernel.symbols.length)
      return {
        figures: [
          ...figures,
          identity(
            'Surplus_2 = H(F | W_t) - H(F | X, W_t), what a drafter that sees X saves in cross-entropy',
            leastCrossEntropy.token - leastCrossEntropy.context,
            short.right,
            'nats',
          ),
          identity('the divergence of the best drafter that sees W_t alone = Surplus_2', cost, short.right, 'nats'),
          bound(
            'its acceptance >= 1 - sqrt(S/2), 1 - sqrt(1 - exp(-S))',
            acceptance,
            'at least',
            atLeast.sharpest,
            '1',
          ),
          bound('the same >= exp(-S)/2', acceptance, 'at least', atLeast.bretagnolleHuber, '1'),
          bound('the same <= 1 - T, T log(V - 1) + h(T) = S', acceptance, 'at most', ceiling, '1'),
        ],
      }
    },
  },
  {
    number: '4.1 text',
    statement: 'a drafting head has a larger mean categorical entropy than the verifying head',
    correction: 'true of K tokens against one whatever the heads are: H(W_t, ..) >= H(W_t); no evidence of anything',
    expected: 'holds as corrected',
    check: ({ law: { kernel, entropies } }) => {
      const n = kernel.contextLength
      const [draft, verify] = [entropies.of(n + 2) - entropies.of(n), entropies.of(n + 1) - entropies.of(n)]
      return { figures: [bound('H(two tokens | X) >= H(one token | X)', draft, 'at least', verify, 'nats')] }
    },
  },
  {
    number: 'Def 4.1, 4.4',
    statement: 'the categorical entropy of the head at h, and its mean over the law of h',
    expected: 'holds',
    check: (data) => {
      const width = data.law.kernel.symbols.length
      const uniform = new Float64Array(width).fill(1 / width)
      return {
        figures: headlineEntropies.flatMap((name): readonly Figure[] => {
          const d = entropyDivergence(name)
          const { mean } = headEntropies([d], data.parameters, data.pass.hidden, data.law.kernel.weights)[0]!
          const unit = d.kind === 'total-variation' || d.kind === 'squared-hellinger' ? '1' : 'nats'
          return [
            identity(
              `mean ${name} entropy of the logits = that of the probabilities`,
              mean,
              overContexts(data, (_, q) => categoricalEntropy(d, q)),
              unit,
            ),
            bound(
              `mean ${name} entropy <= that of the uniform law`,
              mean,
              'at most',
              categoricalEntropy(d, uniform),
              unit,
            ),
          ]
        }),
      }
    },
  },
  {
    number: 'Prop 4.2',
    statement: 'for Kullback-Leibler it is the Shannon entropy of p_h; the mean is H(W | H) under the model’s law',
    correction: 'three entropies are kept apart: H_model(W | H), H_data(W | H), H_data(W | X)',
    expected: 'holds as corrected',
    check: (data) => {
      const pointwise = overContexts(data, (_, q) => categoricalEntropy(kullbackLeibler, q))
      const { modelGivenHidden, dataGivenHidden, dataGivenContext } = entropiesOf(data)
      const { kernel } = data.law
      const classes = classesOf(data.pass.hidden, kernel.weights.length)
      const { features } = givenClass(kernel.next, kernel.weights, classes)
      const information = overContexts(data, (p, _, context) =>
        divergence(kullbackLeibler, p, rowAt(features, classes.of[context]!, p.length)),
      )
      return {
        figures: [
          identity('mean H_KL(head) = H_model(W | H)', pointwise, modelGivenHidden, 'nats'),
          identity(
            'H_data(W | H) - H_data(W | X) = I(W; X | H)',
            dataGivenHidden - dataGivenContext,
            information,
            'nats',
          ),
        ],
      }
    },
  },
  {
    number: 'Thm 5.1',
    statement: 'cross-entropy = mean Kullback-Leibler divergence + H_data: same minimisers, zero divergence iff equal',
    expected: 'holds',
    check: (data) => {
      const { kernel } = data.law
      const terms = nllIdentities(kernel, data.shape, data.parameters)
      const stages = Object.entries({ embeddings: data.pass.embeddings, 'hidden state': data.pass.hidden }).map(
        ([name, rows]) => ({ name, classes: classesOf(rows, kernel.weights.length).of }),
      )
      const ledger = valueOrThrow(chainLedger(kernel, stages, data.pass.logProbabilities))
      const lines = ledger.lines.reduce((sum, { loss }) => sum + loss, ledger.headLoss)
      return {
        figures: [
          identity('E KL = I(W; X | E) + I(W; E | H) + head loss', ledger.divergence, lines, 'nats'),
          bound('head loss >= 0', ledger.headLoss, 'at least', 0, 'nats'),
          identity('NLL = E KL(P_x || q_x) + H_data(W | X)', terms.nll, terms.divergence + terms.dataEntropy, 'nats'),
          bound('E KL(P_x || q_x) >= 0', terms.divergence, 'at least', 0, 'nats'),
        ],
      }
    },
  },
  {
    number: 'Thm 5.2',
    statement: 'along a minimising sequence the mean categorical entropy converges to the data’s',
    correction:
      'NLL - Hbar = <W, grad_W> + <b, grad_b> always; |Hbar - H_data| <= T log(V-1) + h(T); false for discontinuous D',
    expected: 'false as stated',
    check: (data) => {
      const terms = nllIdentities(data.law.kernel, data.shape, data.parameters)
      const { weights, next } = data.law.kernel
      const predictions = predictionsOf(data)
      const jump = (e: number): number => categoricalEntropy(renyi(2), Float64Array.of(0.5, 0.5 - e, e))
      return {
        figures: [
          identity('NLL - H̄ = <W, grad_W> + <b, grad_b>', terms.nll - terms.modelEntropy, terms.calibration, 'nats'),
          ...gaps.map(([d, statement, unit]) => {
            const { gap, bound: limit } = valueOrThrow(kernelEntropyGap(d, weights, next, predictions))
            return bound(statement, Math.abs(gap), 'at most', limit, unit)
          }),
        ],
        counterexample: {
          text: `Renyi 2 entropy at (1/2, 1/2 - e, e): ${jump(1e-9).toFixed(4)} for e = 1e-9, ${jump(0).toFixed(4)} at e = 0`,
          refutes: jump(1e-9) - jump(0) > 0.1,
        },
      }
    },
  },
]

/** The numbers of tokens for which a law's blocks are known. */
const surplusSizes = (contextLength: number, longest: number): readonly number[] =>
  [2, 3, 4].filter((tokens) => contextLength + tokens <= longest)
