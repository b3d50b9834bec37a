/**
 * Sums of products for WebAssembly: every contraction and affine map.
 *
 * Two forms. Where other kernels read the result, a cell is one number; the four that run together are neighbours in a row, and all
 * they read is the same for the four, so they are four sums of plain numbers, of which each cell takes its own at the end. Where the
 * result is final, a cell is four rows at a column: what is read at four neighbouring columns is a vector, and serves four times.
 */
import type { Kernel } from '../kernel.js'
import { kernelText } from '../text.js'
import { exponential, hyperbolicTangent, smallestExponent } from '../exponential.js'
import {
  advance,
  decodeRow,
  nextMultipleOfFour,
  noMoreThan,
  plus,
  productOf,
  repeat,
  sumOf,
  times,
  wholeNumbers,
} from './text.js'

/** An operand: the places of a flat array at which it is read are linear in the indices. */
export interface Factor {
  /** For each index: the rows', the column, the summed ones. */
  readonly coefficients: readonly number[]
  /** The entries that it has. */
  readonly length: number
  /** Where it is packed in panels of four values of an index, the summed index running between these. */
  readonly panels: Panels | undefined
}

export interface Panels {
  readonly index: number
  readonly summed: number
}

/** What becomes of a sum. */
export type Finish = 'identity' | 'tanh' | 'exponential'

/** result[rows, column] = finish(addend + sum over the summed indices of left * right). */
export interface Product {
  readonly sizes: readonly number[]
  readonly columns: number
  readonly summed: readonly number[]
  readonly left: Factor
  readonly right: Factor
  /** Read at a row and a column: what each sum begins with. */
  readonly addend: Factor | undefined
  readonly finish: Finish
  /** Read at a row: what is taken off a sum before its exponential. */
  readonly normaliser: Factor | undefined
}

/**
 * The same product with summed indices of one value left out, in the order in which the operands are read in the smallest steps, and as
 * one index where two are read in even steps; where there is one column, the last row index takes its place if it fills whole vectors.
 */
export const simplified = (product: Product): Product => {
  const { sizes, columns, summed } = product
  const first = sizes.length + 1
  const reach = (place: number): number =>
    Math.max(product.left.coefficients[first + place]!, product.right.coefficients[first + place]!)
  const order = summed
    .map((_, place) => place)
    .filter((place) => summed[place]! > 1)
    .sort((a, b) => reach(b) - reach(a))
  const merged: { readonly size: number; readonly place: number }[] = []
  for (const place of order) {
    const outer = merged[merged.length - 1]
    const isEven = ({ coefficients }: Factor): boolean =>
      coefficients[first + outer!.place] === coefficients[first + place]! * summed[place]!
    if (outer !== undefined && isEven(product.left) && isEven(product.right))
      merged[merged.length - 1] = { size: outer.size * summed[place]!, place }
    else merged.push({ size: summed[place]!, place })
  }
  const lastSize = sizes[sizes.length - 1] ?? 1
  const moves = columns === 1 && lastSize % 4 === 0
  const kept = moves ? sizes.slice(0, -1) : sizes
  const ofFactor = (factor: Factor): Factor => ({
    ...factor,
    coefficients: [
      ...factor.coefficients.slice(0, kept.length),
      factor.coefficients[moves ? sizes.length - 1 : sizes.length] ?? 0,
      ...merged.map(({ place }) => factor.coefficients[first + place] ?? 0),
    ],
  })
  return {
    ...product,
    sizes: kept,
    columns: moves ? lastSize : columns,
    summed: merged.map(({ size }) => size),
    left: ofFactor(product.left),
    right: ofFactor(product.right),
    addend: product.addend === undefined ? undefined : ofFactor(product.addend),
    normaliser: product.normaliser === undefined ? undefined : ofFactor(product.normaliser),
  }
}

/** Entries that a read may be beyond the last of an operand: less than gpu.js keeps free behind all of them. */
const slack = 2 ** 14

const parametersOf = ({ addend, normaliser }: Product): readonly string[] => [
  'a',
  'b',
  ...(addend === undefined ? [] : ['c']),
  ...(normaliser === undefined ? [] : ['n']),
]

const coefficientOf = ({ coefficients }: Factor, index: number): number => coefficients[index] ?? 0

/** Where a factor is read, but for the column and the summed indices. */
const rowPlace = (factor: Factor, names: readonly string[]): readonly (string | undefined)[] =>
  names.map((name, index) => {
    if (factor.panels?.index !== index) return times(coefficientOf(factor, index), name)
    return `(${name} >> 2) * ${4 * factor.panels.summed} + (${name} & 3)`
  })

/** A factor as one form of kernel reads it: `sums` numbers, each at an offset from a place of its own. */
interface Reader {
  readonly name: string
  readonly places: readonly string[]
  readonly offsets: readonly number[]
  /** How far the places move with each summed index. */
  readonly steps: readonly number[]
  /** Whether all numbers are the same. */
  readonly isShared: boolean
  readonly lines: readonly string[]
}

const stepsOf = (factor: Factor, { sizes, summed }: Product): readonly number[] =>
  summed.map((_, place) => (factor.panels === undefined ? coefficientOf(factor, sizes.length + 1 + place) : 4))

/** The cells of one number. */
export const quadKernel = (given: Product): Kernel => {
  const product = simplified(given)
  const { sizes, columns, addend, normaliser } = product
  const rows = productOf(sizes)
  const isSingle = columns === 1
  const vectors = Math.ceil((isSingle ? rows : columns) / 4)
  const rowCount = isSingle ? 1 : rows
  const output = [4, ...(vectors === 1 ? [] : [vectors]), ...(rowCount === 1 ? [] : [rowCount])]
  const vector = vectors === 1 ? undefined : 'this.thread.y'
  const row = vectors === 1 ? 'this.thread.y' : 'this.thread.z'

  const names = sizes.map((_, index) => `i${index}`)
  const laneNames = (lane: number): readonly string[] => sizes.map((_, index) => `i${index}of${lane}`)
  const lanes = [0, 1, 2, 3]
  const decoded = isSingle
    ? lanes.flatMap((lane) => [
        ...wholeNumbers(`row${lane}`),
        `row${lane} = ${sumOf([vector === undefined ? undefined : `${vector} * 4`, `${lane}`])};`,
        noMoreThan(`row${lane}`, rows - 1),
        ...decodeRow(`row${lane}`, sizes, laneNames(lane)),
      ])
    : rowCount === 1
      ? names.flatMap((name) => [...wholeNumbers(name), `${name} = 0;`])
      : decodeRow(row, sizes, names)

  const reader = (factor: Factor, name: string): Reader => {
    const steps = stepsOf(factor, product)
    const place = `p${name}`
    if (isSingle) {
      const isShared = sizes.every((_, index) => coefficientOf(factor, index) === 0)
      const places = isShared ? [place, place, place, place] : lanes.map((lane) => `${place}${lane}`)
      const lines = (isShared ? [0] : lanes).flatMap((lane) => [
        ...wholeNumbers(places[lane]!),
        `${places[lane]!} = ${sumOf(rowPlace(factor, laneNames(lane)))};`,
      ])
      return { name, places, offsets: [0, 0, 0, 0], steps, isShared, lines }
    }
    const coefficient = factor.panels?.index === sizes.length ? 1 : coefficientOf(factor, sizes.length)
    const perVector = factor.panels?.index === sizes.length ? 4 * factor.panels.summed : 4 * coefficient
    const rowTerms = rowPlace(factor, names)
    const overshoot = columns % 4 === 0 || factor.panels?.index === sizes.length ? 0 : 3 * coefficient
    if (overshoot <= slack) {
      const start = sumOf([...rowTerms, vector === undefined ? undefined : times(perVector, vector)])
      return {
        name,
        places: [place, place, place, place],
        offsets: lanes.map((lane) => lane * coefficient),
        steps,
        isShared: coefficient === 0,
        lines: [...wholeNumbers(place), `${place} = ${start};`],
      }
    }
    const places = lanes.map((lane) => `${place}${lane}`)
    const column = `${place}At`
    const lines = [
      ...wholeNumbers(column),
      ...lanes.flatMap((lane) => [
        ...wholeNumbers(places[lane]!),
        `${column} = ${sumOf([vector === undefined ? undefined : `${vector} * 4`, `${lane}`])};`,
        noMoreThan(column, columns - 1),
        `${places[lane]!} = ${sumOf([...rowTerms, times(coefficient, column)])};`,
      ]),
    ]
    return { name, places, offsets: [0, 0, 0, 0], steps, isShared: false, lines }
  }
  const read = ({ name, places, offsets }: Reader, lane: number, offset: number): string =>
    `${name}[${plus(places[lane]!, offsets[lane]! + offset)}]`

  const [left, right] = [reader(product.left, 'a'), reader(product.right, 'b')]
  const start = addend === undefined ? undefined : reader(addend, 'c')
  const isOneSum = left.isShared && right.isShared && (start?.isShared ?? true)
  const sums = isOneSum ? [0] : lanes
  const term = (offsets: readonly [number, number], mark: string): readonly string[] => {
    if (isOneSum) return [`s0 += ${read(left, 0, offsets[0])} * ${read(right, 0, offsets[1])};`]
    const once = ({ isShared }: Reader): boolean => isShared
    const shared = once(left) ? left : once(right) ? right : undefined
    if (shared === undefined)
      return sums.map((lane) => `s${lane} += ${read(left, lane, offsets[0])} * ${read(right, lane, offsets[1])};`)
    const other = shared === left ? right : left
    const [sharedOffset, otherOffset] = shared === left ? offsets : [offsets[1], offsets[0]]
    const value = `v${mark}`
    return [
      `const ${value} = ${read(shared, 0, sharedOffset)};`,
      ...sums.map((lane) => `s${lane} += ${value} * ${read(other, lane, otherOffset)};`),
    ]
  }
  const lines = [
    ...decoded,
    ...left.lines,
    ...right.lines,
    ...(start?.lines ?? []),
    ...sums.map((lane) => `let s${lane} = ${start === undefined ? '0.0' : read(start, lane, 0)};`),
    ...summation(product.summed, [left, right], term, 2),
    ...(isOneSum ? ['const sum = s0;'] : ['const all = [s0, s1, s2, s3];', 'const sum = all[this.thread.x];']),
    ...(normaliser === undefined || !isSingle
      ? finishLines(product, 'sum', 'result', sumOf(normaliser === undefined ? [] : rowPlace(normaliser, names)))
      : refuseNormaliser()),
    'return result;',
  ]
  const stride = given.columns === 1 ? 1 : nextMultipleOfFour(columns)
  return {
    source: kernelText(parametersOf(product), lines),
    output,
    result: { kind: 'matrix', layout: { stride } },
  }
}

/** A softmax has more than one column: with one it is the number one, and is never asked for in this form. */
const refuseNormaliser = (): never => {
  throw new Error('quadKernel: a softmax of one column')
}

/** The cells of one number, those of a row side by side: slower, but read back in whole rows, and stored once. */
export const rowKernel = (given: Product): Kernel => {
  const product = simplified(given)
  const { sizes, columns, left, right, addend, normaliser } = product
  const rows = productOf(sizes)
  const stride = nextMultipleOfFour(columns)
  const names = sizes.map((_, index) => `i${index}`)
  const column = sizes.length
  const placeOf = (factor: Factor): string =>
    sumOf([
      ...rowPlace(factor, names),
      factor.panels?.index === column
        ? `(this.thread.x >> 2) * ${4 * factor.panels.summed} + (this.thread.x & 3)`
        : times(coefficientOf(factor, column), 'this.thread.x'),
    ])
  const reader = (factor: Factor, name: string): Reader => ({
    name,
    places: [`p${name}`],
    offsets: [0],
    steps: stepsOf(factor, product),
    isShared: true,
    lines: [...wholeNumbers(`p${name}`), `p${name} = ${placeOf(factor)};`],
  })
  const readers: readonly [Reader, Reader] = [reader(left, 'a'), reader(right, 'b')]
  const lines = [
    ...(rows === 1
      ? names.flatMap((name) => [...wholeNumbers(name), `${name} = 0;`])
      : decodeRow('this.thread.y', sizes, names)),
    ...readers.flatMap(({ lines }) => lines),
    `let s0 = ${addend === undefined ? '0.0' : `c[${placeOf(addend)}]`};`,
    ...summation(product.summed, readers, ([a, b]) => [`s0 += a[${plus('pa', a)}] * b[${plus('pb', b)}];`], 4),
    ...finishLines(product, 's0', 'result', sumOf(normaliser === undefined ? [] : rowPlace(normaliser, names))),
    'return result;',
  ]
  return {
    source: kernelText(parametersOf(product), lines),
    output: rows === 1 ? [stride] : [stride, rows],
    result: { kind: 'matrix', layout: { stride: given.columns === 1 ? 1 : stride } },
  }
}

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
  const { sizes, columns, left, right, addend, normaliser } = product
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
    ...lanes.map((lane) => `s${lane} += ${rowName}[${plus('row', rowReader.offsets[lane]! + atRow)}] * v${mark};`),
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

/** Loops over summed indices up to this many terms are written out. */
const writtenOut = 16

/** The terms of the sums, the last index in the innermost loop, of which `unrolled` turns are written out. */
const summation = (
  summed: readonly number[],
  readers: readonly [Reader, Reader],
  term: (offsets: readonly [number, number], mark: string) => readonly string[],
  unrolled: number,
): readonly string[] => {
  const offsetsAt = (indices: readonly number[]): readonly [number, number] => {
    const offset = ({ steps }: Reader): number => indices.reduce((sum, index, place) => sum + index * steps[place]!, 0)
    return [offset(readers[0]), offset(readers[1])]
  }
  const places = (reader: Reader): readonly string[] => [...new Set(reader.places)]
  const move = (by: (reader: Reader) => number): readonly string[] =>
    readers.flatMap((reader) => places(reader).flatMap((place) => advance(place, by(reader))))

  if (productOf(summed) <= writtenOut) {
    const all = summed.reduce<readonly (readonly number[])[]>(
      (before, size) => before.flatMap((indices) => Array.from({ length: size }, (_, index) => [...indices, index])),
      [[]],
    )
    return all.flatMap((indices, count) => term(offsetsAt(indices), `${count}`))
  }
  const depth = summed.length - 1
  const innermost = summed[depth]!
  const turns = (count: number, mark: string): readonly string[] =>
    Array.from({ length: count }, (_, k) =>
      term([k * readers[0].steps[depth]!, k * readers[1].steps[depth]!], `${mark}${k}`),
    ).flat()
  const whole = Math.floor(innermost / unrolled)
  const rest = innermost - whole * unrolled
  const inner = [
    ...repeat(`t${depth}`, whole, [...turns(unrolled, 't'), ...move(({ steps }) => unrolled * steps[depth]!)]),
    ...turns(rest, 'r'),
  ]
  const moved = whole * unrolled
  return summed.slice(0, -1).reduceRight<readonly string[]>((lines, size, place) => {
    const already = (reader: Reader): number =>
      place === depth - 1 ? moved * reader.steps[depth]! : summed[place + 1]! * reader.steps[place + 1]!
    return repeat(`t${place}`, size, [...lines, ...move((reader) => reader.steps[place]! - already(reader))])
  }, inner)
}

const finishLines = ({ finish }: Product, sum: string, name: string, normaliserAt: string): readonly string[] => {
  switch (finish) {
    case 'identity':
      return [`const ${name} = ${sum};`]
    case 'tanh':
      return hyperbolicTangent(sum, name)
    case 'exponential':
      return [
        `const ${name}x = Math.max(${smallestExponent}.0, ${sum} - n[${normaliserAt}]);`,
        ...exponential(`${name}x`, name),
      ]
  }
}
