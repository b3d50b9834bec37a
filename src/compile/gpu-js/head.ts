/**
 * The softmax head: logits, their softmax and what is asked of it in one kernel, row by row; the logits are never stored.
 */
import {
  jensenShannonFinish,
  jensenShannonTerm,
  logSumExpText,
  type OnePassEntropy,
  onePassText,
  type OnePassText,
} from './entropy.js'
import { logarithmOfOnePlus, smallestExponent } from './exponential.js'
import type { Kernel, Result } from './kernel.js'
import { kernelText } from './text.js'

/** How a head is written for a backend. */
export interface HeadText {
  readonly declarations: readonly string[]
  /** The most logits that are computed together: s0, s1, ... */
  readonly together: number
  /** Computes all logits of a row, some at a time, and does `lines` with each group. */
  readonly overLogits: (lines: (count: number) => readonly string[]) => readonly string[]
  /** Declares `name`, the exponential of a number from -87 to 0. */
  readonly exponential: (exponent: string, name: string) => readonly string[]
  readonly output: readonly number[]
}

/** What a head gives of each row. */
export type HeadResult = 'log-sum-exp' | OnePassEntropy

const parameters = ['x', 'weights', 'bias']
const matrix: Result = { kind: 'matrix', layout: { stride: 1 } }

/** One pass over the logits for all of up to four results. */
export const onePassKernel = (text: HeadText, results: readonly HeadResult[]): Kernel => {
  const texts = results.map((result) => (result === 'log-sum-exp' ? logSumExpText : onePassText[result]))
  const sums = [...new Set(texts.flatMap(({ sums }) => sums))]
  const numbers = results.map((_, index) => `result${index}`)
  const lines = [
    ...declarations(text),
    ...sums.map(({ name }) => `let ${name} = 0.0;`),
    ...text.overLogits((count) => addGroup(text, texts, count)),
    'const whole = 1.0 + others;',
    ...texts.flatMap(({ finish }, index) => finish(numbers[index]!)),
    results.length === 1 ? 'return result0;' : `return [${numbers.join(', ')}];`,
  ]
  return {
    source: kernelText(parameters, lines),
    output: text.output,
    result: results.length === 1 ? matrix : { kind: 'components', count: results.length },
  }
}

/** Two passes over the logits: for the sum of the exponentials, and for the Jensen-Shannon entropy. */
export const jensenShannonKernel = (text: HeadText): Kernel => ({
  source: kernelText(parameters, [
    ...declarations(text),
    ...text.overLogits((count) => addGroup(text, [], count)),
    'const whole = 1.0 + others;',
    'const share = 1.0 / whole;',
    ...logarithmOfOnePlus('others', 'logarithmOfWhole'),
    'let sum = 0.0;',
    'next = -1e30;',
    ...text.overLogits((count) => [
      ...sortOut(count),
      ...sums(count).flatMap((low, u) => [
        ...exponentOf(low, 'largest', `d${u}`),
        ...text.exponential(`d${u}`, `e${u}`),
        ...jensenShannonTerm(`d${u}`, `e${u}`, `${u}`),
      ]),
    ]),
    ...jensenShannonFinish,
    'return result;',
  ]),
  output: text.output,
  result: matrix,
})

/** The names of logits that are computed together. */
export const sums = (count: number): readonly string[] => Array.from({ length: count }, (_, u) => `s${u}`)

const declarations = (text: HeadText): readonly string[] => [
  ...text.declarations,
  ...sums(text.together).map((sum) => `let ${sum} = 0.0;`),
  'let largest = -1e30;',
  'let next = -1e30;',
  'let others = 0.0;',
]

/**
 * Of the largest logit so far, `next`, and new ones: the largest to `next`, the others to s0, s1, ... Sums over the others need no
 * exception for the largest, however often the same logit comes.
 */
const sortOut = (count: number): readonly string[] =>
  sums(count).flatMap((sum, u) => [
    `const low${u} = Math.min(next, ${sum});`,
    `next = Math.max(next, ${sum});`,
    `${sum} = low${u};`,
  ])

const exponentOf = (logit: string, top: string, name: string): readonly string[] => [
  `const ${name} = Math.max(${smallestExponent}.0, ${logit} - ${top});`,
]

/** Adds a group of logits to the sums that are kept. */
const addGroup = (text: HeadText, texts: readonly OnePassText[], count: number): readonly string[] => {
  const kept = [...new Set(texts.flatMap(({ sums }) => sums))]
  return [
    ...sortOut(count),
    ...exponentOf('largest', 'next', 'd'),
    ...text.exponential('d', 'e'),
    ...kept.map(({ name, scaled }) => `${name} = ${scaled('d', 'e')};`),
    'others = e * others;',
    'largest = next;',
    ...sums(count).flatMap((low, u) => [
      ...exponentOf(low, 'next', `d${u}`),
      ...text.exponential(`d${u}`, `e${u}`),
      `others += e${u};`,
      ...kept.map(({ name, added }) => `${name} += ${added(`d${u}`, `e${u}`)};`),
    ]),
  ]
}
