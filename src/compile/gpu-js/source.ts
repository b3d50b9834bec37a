/**
 * Kernels as text. Nothing is ever read back from a compiled function, so bundlers, minifiers and coverage tools cannot break them.
 *
 * Sizes are literals (gpu.js cuts other loops short), everything is inlined, subtraction of negative constants and infinities are
 * avoided. `this.thread.y` is the row of the result, `this.thread.x` its column.
 */
import { type Access, type KernelOperation, resultShape, type Term } from '../operation.js'
import { entropyText } from './entropy.js'
import { hyperbolicTangent } from './exponential.js'
import { type HeadText, jensenShannonKernel, onePassKernel, sums } from './head.js'
import type { Kernel } from './kernel.js'
import { exponentOfTwo, inversePowerOfTwo } from './power-of-two.js'
import { accumulated, kernelText as kernel } from './text.js'

/** The kernel of an operation; operands are its arguments, in order. */
export const kernelSource = (operation: KernelOperation): Kernel => {
  const { rows, columns } = resultShape(operation)
  const source = textOf(operation)
  return { source, output: [columns, rows], result: { kind: 'matrix', layout: { stride: columns } } }
}

/** Logits that are computed together. */
const together = 4

const headText = ({ rows, inputs, outputs }: { rows: number; inputs: number; outputs: number }): HeadText => {
  const group = (first: string, lines: (count: number) => readonly string[], count: number): readonly string[] => {
    const at = (u: number): string => (first === '' ? `${u}` : `${first} + ${u}`)
    return [
      ...sums(count).map((sum, u) => `${sum} = bias[0][${at(u)}];`),
      `for (let k = 0; k < ${inputs}; k++) {`,
      '  const h = x[this.thread.y][k];',
      ...sums(count).map((sum, u) => `  ${sum} += h * weights[${at(u)}][k];`),
      '}',
      ...lines(count),
    ]
  }
  const whole = Math.floor(outputs / together)
  const rest = outputs - whole * together
  return {
    declarations: [],
    together: Math.min(together, outputs),
    overLogits: (lines) => [
      ...(whole === 0
        ? []
        : [`for (let g = 0; g < ${whole}; g++) {`, ...group(`g * ${together}`, lines, together), '}']),
      ...(rest === 0 ? [] : ['{', ...group(whole === 0 ? '' : `${whole * together}`, lines, rest), '}']),
    ],
    exponential: (exponent, name) => [`const ${name} = Math.exp(${exponent});`],
    output: [1, rows],
  }
}

const textOf = (operation: KernelOperation): string => {
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
          // Some GPUs take tanh to be (exp(2x) - 1) / (exp(2x) + 1), which is not a number for large x.
          ...(operation.activation === 'tanh'
            ? [...hyperbolicTangent('sum', 'bent'), 'return bent;']
            : ['return sum;']),
        ],
      )
    case 'affine-softmax':
      return kernel(
        ['x', 'weights', 'bias', 'normaliser'],
        [
          'let sum = bias[0][this.thread.x];',
          `for (let k = 0; k < ${operation.inputs}; k++) {`,
          '  sum += x[this.thread.y][k] * weights[this.thread.x][k];',
          '}',
          'return Math.exp(sum - normaliser[this.thread.y][0]);',
        ],
      )
    case 'affine-log-sum-exp':
      return onePassKernel(headText(operation), ['log-sum-exp']).source
    case 'affine-entropy':
      return operation.measure === 'jensen-shannon'
        ? jensenShannonKernel(headText(operation)).source
        : onePassKernel(headText(operation), [operation.measure]).source
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
      const { sizes, terms, digits, at } = operation
      const place = at === undefined ? 'i0' : linear(at)
      const operands = Math.max(0, ...digits.map(({ operand }) => operand))
      const digitTerms = digits.map(
        ({ operand, column, stride }) => `${stride} * digits${operand}[${place}][${column}]`,
      )
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
      const { reduction, sizes, summed, left, right } = operation
      const first = sizes.length + 1
      const at = (name: string, { row, column }: Access): string => `${name}[${linear(row)}][${linear(column)}]`
      const indent = (depth: number): string => '  '.repeat(depth)
      return kernel(
        ['a', 'b'],
        [
          ...decodeRow(sizes),
          `const i${sizes.length} = this.thread.x;`,
          'let total = 0.0;',
          ...summed.map((size, k) => {
            const name = `i${first + k}`
            return `${indent(k)}for (let ${name} = 0; ${name} < ${size}; ${name}++) {`
          }),
          `${indent(summed.length)}${accumulated(reduction, 'total', `${at('a', left)} * ${at('b', right)}`)}`,
          ...summed.map((_, k) => `${indent(summed.length - 1 - k)}}`),
          'return total;',
        ],
      )
    }
    case 'exponent': {
      const { group, columns } = operation
      return kernel(
        ['x'],
        [
          'let largest = 0.0;',
          `for (let g = 0; g < ${group}; g++) {`,
          `  for (let k = 0; k < ${columns}; k++) {`,
          `    largest = Math.max(largest, x[this.thread.y * ${group} + g][k]);`,
          '  }',
          '}',
          ...exponentOfTwo('largest', 'e'),
          'return e;',
        ],
      )
    }
    case 'scale': {
      const { rows, group } = operation
      return kernel(
        ['x', 'exponents'],
        [
          ...decodeRow(group === 1 ? [rows] : [rows, group]),
          'const e = exponents[i0][0];',
          ...inversePowerOfTwo('e', 'first', 'second'),
          'const scaled = x[this.thread.y][this.thread.x] * first;',
          'return scaled * second;',
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
          ...finish,
        ],
      )
    }
  }
}

/**
 * `const i0 = ...`: the row-major indices of the row. A GPU may divide with an error of some units in the last place; half a unit more
 * in the numerator keeps the quotient of whole numbers away from the next one.
 */
const decodeRow = (sizes: readonly number[]): readonly string[] => {
  if (sizes.length === 1) return ['const i0 = this.thread.y;']
  const lines = ['const r0 = this.thread.y;']
  let stride = sizes.reduce((product, size) => product * size, 1)
  sizes.forEach((size, place) => {
    stride /= size
    if (place === sizes.length - 1) lines.push(`const i${place} = r${place};`)
    else
      lines.push(
        `const i${place} = Math.floor((r${place} + 0.5) / ${stride});`,
        `const r${place + 1} = r${place} - i${place} * ${stride};`,
      )
  })
  return sizes.length === 0 ? [] : lines
}

const linear = (terms: readonly Term[]): string =>
  terms.length === 0
    ? '0'
    : terms.map(({ index, stride }) => (stride === 1 ? `i${index}` : `${stride} * i${index}`)).join(' + ')
