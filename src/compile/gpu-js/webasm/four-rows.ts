/**
 * Products whose cells are four rows at a column: what is read at four neighbouring columns is a vector, and serves four times. Only for
 * results that no other kernel reads.
 */
import type { Kernel } from '../kernel.js'
import { accumulated, kernelText } from '../text.js'
import { finishLines } from './finish.js'
import { coefficientOf, type Factor, parametersOf, type Product, rowPlace, simplified } from './product.js'
import { type Reader, slack, stepsOf, summation } from './summation.js'
import { decodeRow, nextMultipleOfFour, plus, productOf, sumOf, times, wholeNumbers } from './text.js'

/** Whether a product has the form with four rows a cell: one operand without the column, the other without the last row index. */
export const hasFourRows = (given: Product): boolean => {
  const { sizes, columns, left, right } = simplified(given)
  const last = sizes.length - 1
  if (sizes.length === 0 || sizes[last]! < 4 || columns < 4 || given.columns === 1) return false
  const isRowOf = (rowFactor: Factor, columnFactor: Factor): boolean =>
    coefficientOf(rowFactor, sizes.length) === 0 &&
    coefficientOf(columnFactor, last) === 0 &&
    (sizes[last]! % 4 === 0 || 3 * coefficientOf(rowFactor, last) <= slack)
  return isRowOf(left, right) || isRowOf(right, left)
}

/** The cells of four rows; for a result that no other kernel reads. */
export const fourRowsKernel = (given: Product): Kernel => {
  const product = simplified(given)
  const { sizes, columns, reduction, left, right, addend, normaliser } = product
  const last = sizes.length - 1
  const leftHasRows = coefficientOf(left, sizes.length) === 0 && coefficientOf(right, last) === 0
  const [rowFactor, columnFactor] = leftHasRows ? [left, right] : [right, left]
  const [rowName, columnName] = leftHasRows ? ['a', 'b'] : ['b', 'a']
  const blocks = productOf(sizes.slice(0, -1))
  const quads = Math.ceil(sizes[last]! / 4)
  const stride = nextMultipleOfFour(columns)
  const names = sizes.slice(0, -1).map((_, index) => `i${index}`)
  const lanes = [0, 1, 2, 3]

  const atColumn = (factor: Factor): string | undefined =>
    factor.panels?.index === sizes.length
      ? `(this.thread.x >> 2) * ${4 * factor.panels.summed} + (this.thread.x & 3)`
      : times(coefficientOf(factor, sizes.length), 'this.thread.x')
  const isPackedByRow = rowFactor.panels?.index === last
  const atQuad = (factor: Factor): string | undefined =>
    factor.panels?.index === last
      ? `this.thread.y * ${4 * factor.panels.summed}`
      : times(4 * coefficientOf(factor, last), 'this.thread.y')
  const rowOffset = isPackedByRow ? 1 : coefficientOf(rowFactor, last)
  const rowReader: Reader = {
    name: rowName,
    places: lanes.map(() => 'row'),
    offsets: lanes.map((lane) => lane * rowOffset),
    steps: stepsOf(rowFactor, product),
    isShared: false,
    lines: [],
  }
  const columnReader: Reader = {
    name: columnName,
    places: ['column'],
    offsets: [0],
    steps: stepsOf(columnFactor, product),
    isShared: true,
    lines: [],
  }
  const term = ([atRow, atEachColumn]: readonly [number, number], mark: string): readonly string[] => [
    `const v${mark} = ${columnName}[${plus('column', atEachColumn)}];`,
    ...lanes.map((lane) =>
      accumulated(reduction, `s${lane}`, `${rowName}[${plus('row', rowReader.offsets[lane]! + atRow)}] * v${mark}`),
    ),
  ]
  const addendAt = (lane: number): string =>
    addend === undefined
      ? '0.0'
      : `c[${plus(sumOf([...rowPlace(addend, names), atQuad(addend), atColumn(addend)]), lane * coefficientOf(addend, last))}]`
  const normaliserAt = (lane: number): string =>
    normaliser === undefined
      ? '0'
      : plus(sumOf([...rowPlace(normaliser, names), atQuad(normaliser)]), lane * coefficientOf(normaliser, last))
  const lines = [
    ...(blocks === 1
      ? names.flatMap((name) => [...wholeNumbers(name), `${name} = 0;`])
      : decodeRow('this.thread.z', sizes.slice(0, -1), names)),
    ...wholeNumbers('row', 'column'),
    `row = ${sumOf([...rowPlace(rowFactor, names), atQuad(rowFactor)])};`,
    `column = ${sumOf([...rowPlace(columnFactor, names), atColumn(columnFactor)])};`,
    ...lanes.map((lane) => `let s${lane} = ${addendAt(lane)};`),
    ...summation(product.summed, [rowReader, columnReader], term, 4),
    ...lanes.flatMap((lane) => finishLines(product, `s${lane}`, `r${lane}`, normaliserAt(lane))),
    'return [r0, r1, r2, r3];',
  ]
  return {
    source: kernelText(parametersOf(product), lines),
    output: blocks === 1 ? [stride, quads] : [stride, quads, blocks],
    result: { kind: 'four-rows', blockRows: sizes[last]!, stride },
  }
}
