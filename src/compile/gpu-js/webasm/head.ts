/**
 * The softmax head for WebAssembly. The four cells that run together are four rows of x, whose entries are the vector; rows of eight
 * weights take it in turn, so that it is read once for eight products.
 */
import { exponential } from '../exponential.js'
import { type HeadText, sums } from '../head.js'
import { nextMultipleOfFour, repeat, wholeNumbers } from './text.js'

export interface Head {
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
  /** Where x is read: by rows of this stride, or in panels of four rows. */
  readonly xStride: number | 'panels'
  readonly weightStride: number
}

const together = 8

export const webAssemblyHead = ({ rows, inputs, outputs, xStride, weightStride }: Head): HeadText => {
  const count = Math.min(together, outputs)
  const step = xStride === 'panels' ? 4 : 1
  const row =
    xStride === 'panels' ? `(this.thread.x >> 2) * ${4 * inputs} + (this.thread.x & 3)` : `this.thread.x * ${xStride}`

  const group = (logits: readonly string[], lines: readonly string[]): readonly string[] => [
    ...logits.map((logit, u) => `${logit} = bias[item + ${u}];`),
    ...logits.map((_, u) => (u === 0 ? 'w0 = weight;' : `w${u} = w${u - 1} + ${weightStride};`)),
    'at = row;',
    ...repeat('k', inputs, [
      'const h = x[at];',
      ...logits.map((logit, u) => `${logit} += h * weights[w${u}];`),
      `at += ${step};`,
      ...logits.map((_, u) => `w${u} += 1;`),
    ]),
    ...lines,
    `item += ${logits.length};`,
    `weight += ${logits.length * weightStride};`,
  ]
  return {
    together: count,
    declarations: [
      ...wholeNumbers('row', 'at', 'item', 'weight', ...Array.from({ length: count }, (_, u) => `w${u}`)),
      `row = ${row};`,
    ],
    overLogits: (lines) => {
      const whole = Math.floor(outputs / together)
      const rest = outputs - whole * together
      return [
        'item = 0;',
        'weight = 0;',
        ...(whole === 0
          ? []
          : [`for (let v = 0; v < ${whole}; v++) {`, ...group(sums(together), lines(together)), '}']),
        ...(rest === 0 ? [] : ['{', ...group(sums(rest), lines(rest)), '}']),
      ]
    },
    exponential,
    output: [nextMultipleOfFour(rows)],
  }
}
