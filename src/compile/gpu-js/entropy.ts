/** The closed forms of the categorical entropies as text: of stored probabilities, and of logits that are met one after another. */
import type { CategoricalEntropyName } from '../../information/categorical-entropy.js'
import { logarithm, logarithmNearOne, logarithmOfOnePlus } from './exponential.js'

interface EntropyText {
  readonly start: readonly string[]
  /** For one probability q. */
  readonly accumulate: readonly string[]
  readonly finish: readonly string[]
}

/** Logarithms are of at least this: what is lost is less than 1e-35. */
const positive = 'const r = Math.max(q, 1e-37);'

/** Declares `name` = -2 log(sum of q^(3/2)), from that sum and from `hellinger`, 1 less it, of which one is accurate. */
const renyiOf = (power: string, hellinger: string, name: string): readonly string[] => [
  `const ${name}h = Math.min(${hellinger}, 0.5) * -1.0;`,
  ...logarithmNearOne(`${name}h`, `${name}n`),
  `const ${name} = ${hellinger} < 0.5 ? ${name}n * -2.0 : Math.log(${power}) * -2.0;`,
]

/** Sums over the entries q of one distribution. */
export const entropyText: Readonly<Record<CategoricalEntropyName, EntropyText>> = {
  shannon: {
    start: ['let sum = 0.0;'],
    accumulate: [positive, ...logarithm('r', 'l'), 'sum = sum - q * l;'],
    finish: ['return sum;'],
  },
  'total-variation': {
    start: ['let sum = 0.0;'],
    accumulate: ['sum += q * (1.0 - q);'],
    finish: ['return sum;'],
  },
  'renyi-1/2': {
    start: ['let sum = 0.0;', 'let power = 0.0;'],
    accumulate: ['const root = Math.sqrt(q);', 'power += q * root;', 'sum += q * (1.0 - q) / (1.0 + root);'],
    finish: [...renyiOf('power', 'sum', 'renyi'), 'return renyi;'],
  },
  'squared-hellinger': {
    start: ['let sum = 0.0;'],
    accumulate: ['sum += q * (1.0 - q) / (1.0 + Math.sqrt(q));'],
    finish: ['return sum;'],
  },
  'jensen-shannon': {
    start: ['let sum = 0.0;'],
    accumulate: [
      positive,
      ...logarithm('r', 'l'),
      'const contrast = (1.0 - q) / (1.0 + q);',
      ...logarithmNearOne('contrast', 'c'),
      `sum += 0.5 * q * (c + q * (l + c) + (1.0 - q) * ${Math.LN2});`,
    ],
    finish: ['return sum;'],
  },
}

/**
 * A number of a softmax that is found in one pass over its logits. The largest logit is left out of all sums: with it they would be
 * 1 and a little, and the entropy of a distribution that is almost a point is that little.
 */
export interface OnePassText {
  /** Sums that are kept, beside `others`, the sum of the exponentials e of d = logit - largest. */
  readonly sums: readonly SumText[]
  /** Declares `name`. `whole` is 1 + others. */
  readonly finish: (name: string) => readonly string[]
}

interface SumText {
  readonly name: string
  /** What is added for one logit, from d and e. */
  readonly added: (d: string, e: string) => string
  /** The sum when the largest logit grows: by -d, and e is its exponential. */
  readonly scaled: (d: string, e: string) => string
}

const energy: SumText = {
  name: 'energy',
  added: (d, e) => `${d} * ${e}`,
  scaled: (d, e) => `${e} * (energy + ${d} * others)`,
}
const squares: SumText = { name: 'squares', added: (_, e) => `${e} * ${e}`, scaled: (_, e) => `${e} * ${e} * squares` }
const powers: SumText = {
  name: 'powers',
  added: (_, e) => `${e} * Math.sqrt(${e})`,
  scaled: (_, e) => `${e} * Math.sqrt(${e}) * powers`,
}

/** Declares `${name}p` = whole^(3/2) and `${name}h` = 1 - sum of p^(3/2), by a^3 - 1 = others (3 + 3 others + others^2) for a = whole. */
const hellingerOf = (name: string): readonly string[] => [
  `const ${name}p = whole * Math.sqrt(whole);`,
  `const ${name}h = (others * (3.0 + others * (3.0 + others)) / (1.0 + ${name}p) - powers) / ${name}p;`,
]

export const logSumExpText: OnePassText = {
  sums: [],
  finish: (name) => [...logarithmOfOnePlus('others', `${name}l`), `const ${name} = largest + ${name}l;`],
}

/** Jensen-Shannon needs all probabilities, so the sum of the exponentials first. */
export type OnePassEntropy = Exclude<CategoricalEntropyName, 'jensen-shannon'>

export const onePassText: Readonly<Record<OnePassEntropy, OnePassText>> = {
  shannon: {
    sums: [energy],
    finish: (name) => [...logarithmOfOnePlus('others', `${name}l`), `const ${name} = ${name}l - energy / whole;`],
  },
  'total-variation': {
    sums: [squares],
    finish: (name) => [`const ${name} = (others * (2.0 + others) - squares) / (whole * whole);`],
  },
  'renyi-1/2': {
    sums: [powers],
    finish: (name) => [
      ...hellingerOf(`${name}q`),
      `const ${name}s = (1.0 + powers) / ${name}qp;`,
      ...renyiOf(`${name}s`, `${name}qh`, name),
    ],
  },
  'squared-hellinger': {
    sums: [powers],
    finish: (name) => [...hellingerOf(`${name}q`), `const ${name} = ${name}qh;`],
  },
}

/** Twice the Jensen-Shannon term of a logit that is not the largest; `logarithmOfWhole` and `share`, 1 / whole, are known. */
export const jensenShannonTerm = (d: string, e: string, mark: string): readonly string[] => [
  `const q${mark} = ${e} * share;`,
  ...logarithmNearOne(`q${mark}`, `l${mark}`),
  `sum += q${mark} * (${2 * Math.LN2} - l${mark} + q${mark} * (${d} - logarithmOfWhole - l${mark}));`,
]

/** Declares `result`: half the sum with the term of the largest, whose probability is 1 / (1 + others). */
export const jensenShannonFinish: readonly string[] = [
  'const contrast = others / (2.0 + others);',
  ...logarithmNearOne('contrast', 'c'),
  'const half = others * 0.5;',
  ...logarithmOfOnePlus('half', 'h'),
  `const result = 0.5 * (sum + share * (c - share * h + others * share * ${Math.LN2}));`,
]
