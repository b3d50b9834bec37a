/** Kernels whose four cells are four rows of a matrix, for sums along the rows; and those that move numbers. */
import type { Operation, Term } from '../../operation.js'
import type { Kernel } from '../kernel.js'
import { kernelText } from '../text.js'
import { entropyText } from '../entropy.js'
import { exponential, logarithmOfOnePlus, smallestExponent } from '../exponential.js'
import { decodeRow, nextMultipleOfFour, productOf, repeat, sumOf, times, wholeNumbers } from './text.js'

type Of<Kind extends Operation['kind']> = Extract<Operation, { readonly kind: Kind }>

const vector = (rows: number, parameters: readonly string[], lines: readonly string[]): Kernel => ({
  source: kernelText(parameters, lines),
  output: [nextMultipleOfFour(rows)],
  result: { kind: 'matrix', layout: { stride: 1 } },
})

const matrix = (rows: number, columns: number, parameters: readonly string[], lines: readonly string[]): Kernel => {
  const stride = nextMultipleOfFour(columns)
  return {
    source: kernelText(parameters, lines),
    output: rows === 1 ? [stride] : [stride, rows],
    result: { kind: 'matrix', layout: { stride } },
  }
}

/** x -> log sum exp of each row, in two passes over the row. */
export const logSumExpKernel = ({ rows, columns }: Of<'log-sum-exp'>, stride: number): Kernel =>
  vector(
    rows,
    ['x'],
    [
      ...wholeNumbers('at'),
      `at = ${sumOf([times(stride, 'this.thread.x')])};`,
      'let largest = x[at];',
      ...repeat('j', columns, ['largest = Math.max(largest, x[at]);', 'at += 1;']),
      `at -= ${columns};`,
      // The largest entry is one, and the others are kept apart from it, so that log(1 + others) is right where they are small.
      'let others = 0.0;',
      'let top = largest;',
      'let kept = -1e30;',
      ...repeat('k', columns, [
        'const entry = x[at];',
        'const low = Math.min(kept, entry);',
        'kept = Math.max(kept, entry);',
        `const exponent = Math.max(${smallestExponent}.0, low - top);`,
        ...exponential('exponent', 'e'),
        'others += e;',
        'at += 1;',
      ]),
      ...logarithmOfOnePlus('others', 'excess'),
      'return largest + excess;',
    ],
  )

/** A matrix that was made four cells at a time, as whole rows: gpu.js gives back an array for each row of cells, and makes them slowly. */
export const copyKernel = (rows: number, columns: number, stride: number): Kernel => {
  if (columns === 1)
    return vector(rows, ['m'], [...wholeNumbers('at'), `at = ${times(stride, 'this.thread.x')!};`, 'return m[at];'])
  const at = rows === 1 ? 'this.thread.x' : `this.thread.y * ${stride} + this.thread.x`
  return matrix(rows, columns, ['m'], [...wholeNumbers('at'), `at = ${at};`, 'return m[at];'])
}

/** x, normaliser -> exp(x - normaliser). */
export const normaliseKernel = ({ rows, columns }: Of<'normalise'>, stride: number): Kernel =>
  matrix(
    rows,
    columns,
    ['x', 'normaliser'],
    [
      ...wholeNumbers('at'),
      `at = ${rows === 1 ? 'this.thread.x' : `this.thread.y * ${stride} + this.thread.x`};`,
      `const exponent = Math.max(${smallestExponent}.0, x[at] - normaliser[${rows === 1 ? '0' : 'this.thread.y'}]);`,
      ...exponential('exponent', 'e'),
      'return e;',
    ],
  )

/** digits, table -> table rows side by side. */
export const embedKernel = (
  { rows, length, dimension, offset }: Of<'embed'>,
  [digitStride, tableStride]: readonly [number, number],
): Kernel =>
  matrix(
    rows,
    length * dimension,
    ['digits', 'table'],
    [
      ...wholeNumbers('place', 'symbol'),
      `place = ${dimension === 1 ? 'this.thread.x' : `Math.floor(this.thread.x / ${dimension})`};`,
      `symbol = digits[${rows === 1 ? '' : `this.thread.y * ${digitStride} + `}place + ${offset}];`,
      `return table[symbol * ${tableStride} + this.thread.x - place * ${dimension}];`,
    ],
  )

/** a, b -> a and b side by side. */
export const concatenateKernel = (
  { rows, left, right }: Of<'concatenate'>,
  [leftStride, rightStride]: readonly [number, number],
): Kernel => {
  const at = (stride: number): string => (rows === 1 ? '' : `this.thread.y * ${stride} + `)
  return matrix(
    rows,
    left + right,
    ['a', 'b'],
    [
      'let result = 0.0;',
      `if (this.thread.x < ${left}) {`,
      `  result = a[${at(leftStride)}this.thread.x];`,
      '} else {',
      `  result = b[${at(rightStride)}this.thread.x - ${left}];`,
      '}',
      'return result;',
    ],
  )
}

/** table, digits... -> rows of the table. */
export const gatherKernel = (operation: Of<'gather'>, strides: readonly number[]): Kernel => {
  const { sizes, columns, terms, digits, at } = operation
  const rows = productOf(sizes)
  const count = Math.max(0, ...digits.map(({ operand }) => operand))
  const parameters = ['table', ...Array.from({ length: count }, (_, k) => `digits${k + 1}`)]
  const names = sizes.map((_, index) => `i${index}`)
  const linear = (all: readonly Term[], factor: number): string =>
    sumOf(all.map(({ index, stride }) => times(stride * factor, names[index]!)))
  const isSingle = columns === 1
  const decoded =
    rows === 1
      ? names.flatMap((name) => [...wholeNumbers(name), `${name} = 0;`])
      : decodeRow(isSingle ? 'this.thread.x' : columns <= 4 ? 'this.thread.y' : 'this.thread.z', sizes, names)
  const lines = [
    ...decoded,
    ...wholeNumbers('row', 'place', 'digit'),
    `row = ${linear(terms, 1)};`,
    `place = ${at === undefined ? (names[0] ?? '0') : linear(at, 1)};`,
    ...digits.flatMap(({ operand, column, stride }) => [
      `digit = digits${operand}[place * ${strides[operand]!} + ${column}];`,
      `row += digit * ${stride};`,
    ]),
  ]
  const tableStride = strides[0]!
  if (isSingle) return vector(rows, parameters, [...lines, `return table[${times(tableStride, 'row') ?? '0'}];`])
  const vectors = Math.ceil(columns / 4)
  return {
    source: kernelText(parameters, [
      ...lines,
      `row = ${sumOf([times(tableStride, 'row'), vectors === 1 ? undefined : `this.thread.y * 4`])};`,
      'const all = [table[row], table[row + 1], table[row + 2], table[row + 3]];',
      'return all[this.thread.x];',
    ]),
    output: [4, ...(vectors === 1 ? [] : [vectors]), ...(rows === 1 ? [] : [rows])],
    result: { kind: 'matrix', layout: { stride: 4 * vectors } },
  }
}

/** p -> the entropy of each group of rows as one distribution. */
export const entropyKernel = ({ measure, rows, group, columns }: Of<'categorical-entropy'>, stride: number): Kernel => {
  const { start, accumulate, finish } = entropyText[measure]
  return vector(
    rows,
    ['p'],
    [
      ...wholeNumbers('at'),
      `at = ${times(group * stride, 'this.thread.x') ?? '0'};`,
      ...start,
      ...repeat('g', group, [
        ...repeat('k', columns, ['const q = p[at];', ...accumulate, 'at += 1;']),
        ...(stride === columns ? [] : [`at += ${stride - columns};`]),
      ]),
      ...finish,
    ],
  )
}
