/**
 * Kernels as text. Nothing is ever read back from a compiled function, so bundlers, minifiers and coverage tools cannot break them.
 *
 * Sizes are literals (gpu.js cuts other loops short), everything is inlined, subtraction of negative constants and infinities are
 * avoided. `this.thread.y` is the row of the result, `this.thread.x` its column.
 */
import type { CategoricalEntropyName } from '../../information/categorical-entropy.js'
import { type Access, type Operation, resultShape, type Term } from '../operation.js'

export interface KernelSource {
  readonly source: string
  readonly rows: number
  readonly columns: number
}

/** The text and the output shape of the kernel of an operation; operands are its arguments, in order. */
export const kernelSource = (operation: Operation): KernelSource => {
  const { rows, columns } = resultShape(operation)
  return { source: textOf(operation), rows, columns }
}

const kernel = (parameters: readonly string[], lines: readonly string[]): string =>
  `function(${parameters.join(', ')}) {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`

const textOf = (operation: Operation): string => {
  switch (operation.kind) {
    case 'embed': {
      const { dimension, offset } = operation
      return kernel(
        ['digits', 'table'],
        [
          `const place = Math.floor(this.thread.x / ${dimension});`,
          `const k = this.thread.x - place * ${dimension};`,
          `const symbol = digits[this.thread.y][${offset} + place];`,
          'return table[symbol][k];',
        ],
      )
    }
    case 'affine':
      return kernel(
        ['x', 'weights', 'bias'],
        [
          'let sum = bias[0][this.thread.x];',
          `for (let k = 0; k < ${operation.inputs}; k++) {`,
          '  sum += x[this.thread.y][k] * weights[this.thread.x][k];',
          '}',
          operation.activation === 'tanh' ? 'return Math.tanh(sum);' : 'return sum;',
        ],
      )
    case 'concatenate':
      return kernel(
        ['a', 'b'],
        [
          'let result = 0.0;',
          `if (this.thread.x < ${operation.left}) {`,
          '  result = a[this.thread.y][this.thread.x];',
          '} else {',
          `  result = b[this.thread.y][this.thread.x - ${operation.left}];`,
          '}',
          'return result;',
        ],
      )
    case 'log-sum-exp':
      return kernel(
        ['x'],
        [
          'let largest = -1e30;',
          `for (let k = 0; k < ${operation.columns}; k++) {`,
          '  largest = Math.max(largest, x[this.thread.y][k]);',
          '}',
          'let sum = 0.0;',
          `for (let k = 0; k < ${operation.columns}; k++) {`,
          '  sum += Math.exp(x[this.thread.y][k] - largest);',
          '}',
          'return largest + Math.log(sum);',
        ],
      )
    case 'normalise':
      return kernel(
        ['x', 'normaliser'],
        ['return Math.exp(x[this.thread.y][this.thread.x] - normaliser[this.thread.y][0]);'],
      )
    case 'gather': {
      const { sizes, terms, digits } = operation
      const operands = Math.max(0, ...digits.map(({ operand }) => operand))
      const digitTerms = digits.map(({ operand, column, stride }) => `${stride} * digits${operand}[i0][${column}]`)
      return kernel(
        ['table', ...Array.from({ length: operands }, (_, k) => `digits${k + 1}`)],
        [
          ...decodeRow(sizes),
          `const row = ${[linear(terms), ...digitTerms].filter((term) => term !== '0').join(' + ') || '0'};`,
          'return table[row][this.thread.x];',
        ],
      )
    }
    case 'contract': {
      const { sizes, summed, left, right } = operation
      const first = sizes.length + 1
      const at = (name: string, { row, column }: Access): string => `${name}[${linear(row)}][${linear(column)}]`
      const indent = (depth: number): string => '  '.repeat(depth)
      return kernel(
        ['a', 'b'],
        [
          ...decodeRow(sizes),
          `const i${sizes.length} = this.thread.x;`,
          'let sum = 0.0;',
          ...summed.map((size, k) => {
            const name = `i${first + k}`
            return `${indent(k)}for (let ${name} = 0; ${name} < ${size}; ${name}++) {`
          }),
          `${indent(summed.length)}sum += ${at('a', left)} * ${at('b', right)};`,
          ...summed.map((_, k) => `${indent(summed.length - 1 - k)}}`),
          'return sum;',
        ],
      )
    }
    case 'categorical-entropy': {
      const { measure, group, columns } = operation
      const { start, accumulate, finish } = entropyText[measure]
      return kernel(
        ['p'],
        [
          ...start,
          `for (let g = 0; g < ${group}; g++) {`,
          `  for (let k = 0; k < ${columns}; k++) {`,
          `    const q = p[this.thread.y * ${group} + g][k];`,
          ...accumulate.map((line) => `    ${line}`),
          '  }',
          '}',
          finish,
        ],
      )
    }
  }
}

/** `const i0 = ...`: the row-major indices of the row. Division of numbers of this size is exact in float32. */
const decodeRow = (sizes: readonly number[]): readonly string[] => {
  if (sizes.length === 1) return ['const i0 = this.thread.y;']
  const lines = ['const r0 = this.thread.y;']
  let stride = sizes.reduce((product, size) => product * size, 1)
  sizes.forEach((size, place) => {
    stride /= size
    if (place === sizes.length - 1) lines.push(`const i${place} = r${place};`)
    else
      lines.push(
        `const i${place} = Math.floor(r${place} / ${stride});`,
        `const r${place + 1} = r${place} - i${place} * ${stride};`,
      )
  })
  return sizes.length === 0 ? [] : lines
}

const linear = (terms: readonly Term[]): string =>
  terms.length === 0
    ? '0'
    : terms.map(({ index, stride }) => (stride === 1 ? `i${index}` : `${stride} * i${index}`)).join(' + ')

interface EntropyText {
  readonly start: readonly string[]
  /** For one probability q. */
  readonly accumulate: readonly string[]
  readonly finish: string
}

/** The closed forms of math on one distribution p: sums over its entries q. */
const entropyText: Readonly<Record<CategoricalEntropyName, EntropyText>> = {
  shannon: {
    start: ['let sum = 0.0;'],
    accumulate: ['if (q > 0.0) {', '  sum -= q * Math.log(q);', '}'],
    finish: 'return sum;',
  },
  'total-variation': {
    start: ['let sum = 0.0;'],
    accumulate: ['sum += q * (1.0 - q);'],
    finish: 'return sum;',
  },
  'renyi-1/2': {
    start: ['let sum = 0.0;'],
    accumulate: ['sum += q * Math.sqrt(q);'],
    finish: 'return -2.0 * Math.log(sum);',
  },
  'squared-hellinger': {
    start: ['let sum = 0.0;'],
    accumulate: ['sum += q * (1.0 - Math.sqrt(q));'],
    finish: 'return sum;',
  },
  'jensen-shannon': {
    start: ['let sum = 0.0;'],
    accumulate: [
      'if (q > 0.0) {',
      '  sum += 0.5 * q * Math.log(2.0 / (1.0 + q)) + 0.5 * q * q * Math.log(2.0 * q / (1.0 + q));',
      `  sum += 0.5 * q * (1.0 - q) * ${Math.LN2};`,
      '}',
    ],
    finish: 'return sum;',
  },
}
