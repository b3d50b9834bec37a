/** Kernels that find the exponents of groups of rows, and that scale by them. */
import type { Operation } from '../../operation.js'
import type { Kernel } from '../kernel.js'
import { exponentOfTwo, inversePowerOfTwo } from '../power-of-two.js'
import { kernelText } from '../text.js'
import { advance, decodeRow, plus, repeat, sumOf, times, wholeNumbers } from './text.js'

type Of<Kind extends Operation['kind']> = Extract<Operation, { readonly kind: Kind }>

const lanes = [0, 1, 2, 3]

/**
 * x -> the exponent of the largest entry of each group of rows. The four cells that run together are one result four times: all they
 * read is one number for the four, and four maxima are taken side by side.
 */
export const exponentKernel = ({ rows, group, columns }: Of<'exponent'>, stride: number): Kernel => {
  const isDense = stride === columns
  const [runs, length] = isDense ? [1, group * columns] : [group, columns]
  const take = (count: number): readonly string[] => [
    ...lanes.slice(0, count).map((lane) => `m${lane} = Math.max(m${lane}, x[${plus('at', lane)}]);`),
    ...advance('at', count),
  ]
  return {
    source: kernelText(
      ['x'],
      [
        ...wholeNumbers('at'),
        `at = ${sumOf([rows === 1 ? undefined : times(group * stride, 'this.thread.y')])};`,
        ...lanes.map((lane) => `let m${lane} = 0.0;`),
        ...repeat('g', runs, [
          ...repeat('k', Math.floor(length / 4), take(4)),
          ...take(length % 4),
          ...advance('at', isDense ? 0 : stride - columns),
        ]),
        'const largest = Math.max(Math.max(m0, m1), Math.max(m2, m3));',
        ...exponentOfTwo('largest', 'e'),
        'return e;',
      ],
    ),
    output: rows === 1 ? [4] : [4, rows],
    result: { kind: 'matrix', layout: { stride: 4 } },
  }
}

/** x, exponents -> x scaled by groups of rows. A cell is one of four neighbours in a row, or of four rows where there is one column. */
export const scaleKernel = (
  { rows, group, columns }: Of<'scale'>,
  [stride, exponentStride]: readonly [number, number],
): Kernel => {
  const isSingle = columns === 1
  const allRows = rows * group
  const vectors = Math.ceil((isSingle ? allRows : columns) / 4)
  const rowCount = isSingle ? 1 : allRows
  const vector = vectors === 1 ? undefined : 'this.thread.y'
  const row = rowCount === 1 ? '0' : vectors === 1 ? 'this.thread.y' : 'this.thread.z'

  /** Declares the exponent of a row of x, a whole number. */
  const exponentAt = (place: string, name: string): readonly string[] => {
    const own = `${name}Row`
    const sizes = group === 1 ? [rows] : [rows, group]
    return [
      ...decodeRow(place, sizes, [own, `${name}Within`]),
      `const ${name} = exponents[${times(exponentStride, own)!}];`,
    ]
  }
  const start = isSingle
    ? sumOf([vector === undefined ? undefined : times(4 * stride, vector)])
    : sumOf([rowCount === 1 ? undefined : times(stride, row), vector === undefined ? undefined : `${vector} * 4`])
  const exponents = isSingle
    ? [
        ...lanes.flatMap((lane) => [
          ...wholeNumbers(`row${lane}`),
          `row${lane} = ${sumOf([vector === undefined ? undefined : `${vector} * 4`, `${lane}`])};`,
          ...exponentAt(`row${lane}`, `e${lane}`),
        ]),
        'const all = [e0, e1, e2, e3];',
        'const e = all[this.thread.x];',
      ]
    : exponentAt(row, 'e')
  return {
    source: kernelText(
      ['x', 'exponents'],
      [
        ...wholeNumbers('at'),
        `at = ${start};`,
        ...exponents,
        ...inversePowerOfTwo('e', 'first', 'second'),
        `const entries = [${lanes.map((lane) => `x[${plus('at', lane * (isSingle ? stride : 1))}]`).join(', ')}];`,
        'const scaled = entries[this.thread.x] * first;',
        'return scaled * second;',
      ],
    ),
    output: [4, ...(vectors === 1 ? [] : [vectors]), ...(rowCount === 1 ? [] : [rowCount])],
    result: { kind: 'matrix', layout: { stride: isSingle ? 1 : 4 * vectors } },
  }
}
