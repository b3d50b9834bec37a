/**
 * The estimators of the theory on a published model: the stories of 260,000 parameters that it writes itself, so that the law is the
 * model's own. Every number says its kind; the model and its tokens are read from ../shared/data, and without them there is nothing to do.
 *
 * `--stories`, `--length` and `--seed` for other samples.
 */
import { parseArgs } from 'node:util'

import {
  draftingHeads,
  entropiesOfHead,
  frequentTokens,
  geometryAt,
  layerLedger,
  selfCalibration,
  surplusBySize,
  threeEntropiesOf,
  twoSidedSurplus,
  untrainedSample,
  usableByLayer,
} from '../test/support/real-model.js'
import { sampleStories, storiesAreAbsent, storiesFolder, storiesModel, storiesTexts } from '../test/support/stories.js'
import { table } from './language/table.js'

const { values: options } = parseArgs({
  options: {
    stories: { type: 'string', default: '96' },
    length: { type: 'string', default: '96' },
    seed: { type: 'string', default: '7' },
  },
})

const decimals = (value: number, count = 4): string => value.toFixed(count)
const interval = ({ lower, upper }: { readonly lower: number; readonly upper: number }): string =>
  `[${decimals(lower)}, ${decimals(upper)}]`
const section = (title: string, rows: readonly (readonly string[])[], head: readonly string[]): void =>
  console.log(
    `\n${title}\n\n${table(
      [...head],
      rows.map((row) => [...row]),
    )}`,
  )

const main = (): void => {
  if (storiesAreAbsent) return console.log(`the model is not in ${storiesFolder}: nothing is measured`)
  const [stories, length, seed] = [Number(options.stories), Number(options.length), Number(options.seed)]
  const start = performance.now()
  const sample = sampleStories(storiesModel(), stories, length, seed)
  const texts = storiesTexts()
  const shown = (token: number): string => JSON.stringify(texts[token])
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(
    `${stories} stories of ${length} tokens, seed ${seed}; written and read again in ${seconds} s. All in nats.`,
  )
  console.log(Array.from(sample.next.subarray(0, 40), (token) => texts[token]).join(''))

  const { nll, entropy, gap, standardError } = selfCalibration(sample)
  const half = 1.96 * standardError
  section(
    'Entropy calibration on its own tokens: E NLL = Hbar exactly; the interval is from the model’s own varentropy (measurement)',
    [[decimals(nll), decimals(entropy), decimals(gap), interval({ lower: gap - half, upper: gap + half })]],
    ['NLL', 'Hbar', 'gap', '95 in 100'],
  )
  section(
    'Categorical entropies of the head over these places (identities of the head, on sampled places)',
    entropiesOfHead(sample).map(({ name, mean, supremum }) => [name, decimals(mean), decimals(supremum)]),
    ['', 'mean', 'supremum'],
  )
  const three = threeEntropiesOf(sample)
  section(
    'Three entropies of the next token, the data being the model’s law at these places (identities)',
    Object.entries(three).map(([name, found]) => [
      name,
      decimals(found.modelGivenHidden),
      decimals(found.dataGivenHidden),
      decimals(found.dataGivenContext),
    ]),
    ['encoder', 'H_model(W | H)', 'H_data(W | H)', 'H_data(W | X)'],
  )

  const estimate = twoSidedSurplus(sample, Math.max(24, stories), 500)
  section(
    'Surplus_2 of the model’s law at frequent tokens: LOWER, jackknife, UPPER (measurements; bootstrap over stories)',
    [
      ...estimate.tokens.map((each, k) => [
        shown(estimate.names[k]!),
        String(estimate.contexts[k]),
        decimals(each.lower),
        decimals(each.point),
        decimals(each.upper),
        `${decimals(each.ceiling)}${each.nearCeiling ? ' NEAR' : ''}`,
      ]),
      [
        `all, ${(100 * estimate.coveredMass).toFixed(1)}% of places`,
        '',
        decimals(estimate.lower),
        decimals(estimate.point),
        decimals(estimate.upper),
        interval(estimate.interval),
      ],
    ],
    ['token', 'N', 'LOWER', 'jackknife', 'UPPER', 'log N; interval'],
  )
  const sizes = [2, 4, 8, 16, 32, 64, 128].filter((size) => size <= stories / 1.5)
  const token = texts.indexOf(' a')
  section(
    `By the number of contexts of ${shown(token)}, one of each story (LOWER rises, UPPER falls)`,
    surplusBySize(sample, token, sizes, seed).map((row) => [
      String(row.size),
      decimals(row.lower),
      decimals(row.point),
      decimals(row.upper),
      decimals(row.ceiling),
    ]),
    ['N', 'LOWER', 'jackknife', 'UPPER', 'log N'],
  )

  const kinds = 24
  section(
    `Usable surplus by layer, ${kinds} kinds of tokens, additive probes on held-out stories (measurements)`,
    usableByLayer(sample, untrainedSample(sample, 3), { kinds, layers: [0, 1, 2, 3, 4, 5], ridge: 1e-3 }).map((row) => [
      row.layer === 5 ? 'hidden state' : `layer ${row.layer + 1}`,
      decimals(row.usable),
      interval(row.interval),
      decimals(row.untrained!.usable),
      decimals(row.gain!.value),
      interval(row.gain!.interval),
    ]),
    ['', 'usable', '95 in 100', 'untrained', 'gain', '95 in 100'],
  )
  const ledger = layerLedger(sample)
  section(
    'The ledger layer by layer: by injectivity every layer has the whole Shannon information (identity)',
    ledger.lines.map(({ name, distinct, loss, information }) => [
      name,
      String(distinct),
      loss.toExponential(1),
      decimals(information, 8),
    ]),
    ['', 'contexts told apart', 'loss', 'I(W; stage)'],
  )

  section(
    'Drafting heads for the token after next, measured on held-out stories (bounds from the measured divergence)',
    draftingHeads(sample, kinds, 1e-3).map(({ name, acceptance, interval: band, divergence, atLeast }) => [
      name,
      decimals(acceptance),
      interval(band),
      decimals(divergence),
      decimals(atLeast.sharpest),
      decimals(atLeast.bretagnolleHuber),
    ]),
    ['drafter', 'accepted', '95 in 100', 'KL', 'at least', 'exp(-KL)/2'],
  )

  const place = 4
  const { directions, trace, remainder, lower, upper } = geometryAt(sample, place, 4, 60)
  const moved = (moves: readonly { readonly token: number }[]): string =>
    moves.map(({ token: w }) => shown(w)).join(' ')
  const before = Array.from(sample.tokens.subarray(1, place + 1), (each) => texts[each]).join('')
  section(
    `Leading directions after ${JSON.stringify(before)}, trace ${decimals(trace)}; brackets from 60 tokens, r = ${decimals(remainder)} (bounds)`,
    directions.map(({ value, cost, rising, falling }, k) => [
      decimals(value),
      interval({ lower: lower[k]!, upper: upper[k]! }),
      decimals(cost),
      moved(rising),
      moved(falling),
    ]),
    ['eigenvalue', 'certified', 'KL of a unit step', 'rising', 'falling'],
  )
  console.log(
    `\n${frequentTokens(sample, 1).length} different tokens; ${((performance.now() - start) / 1000).toFixed(1)} s`,
  )
}

main()
