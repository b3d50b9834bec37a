/**
 * Products with one number a cell. The four cells that run together are neighbours in a row, and all they read is the same for the
 * four, so they are four sums of plain numbers, of which each cell takes its own at the end.
 */
import type { Kernel } from '../kernel.js'
import { accumulated, kernelText } from '../text.js'
import { finishLines } from './finish.js'
import { coefficientOf, type Factor, parametersOf, type Product, rowPlace, simplified } from './product.js'
import { type Reader, slack, stepsOf, summation } from './summation.js'
import { decodeRow, nextMultipleOfFour, noMoreThan, plus, productOf, sumOf, times, wholeNumbers } from './text.js'

/** The cells of one number, for a tensor of so many columns. */
export const quadKernel = (given: Product, tensorColumns: number): Kernel => {
  const product = simplified(given)
  const { sizes, columns, reduction, addend, normaliser } = product
  const block = blockOf(product)
  const rows = productOf(sizes)
  const isSingle = columns === 1 && block === undefined
  const vectors = block?.vectors ?? Math.ceil((isSingle ? rows : columns) / 4)
  const outer = sizes.slice(0, block?.index)
  const rowCount = isSingle ? 1 : productOf(outer)
  const output = [4, ...(vectors === 1 ? [] : [vectors]), ...(rowCount === 1 ? [] : [rowCount])]
  const vector = vectors === 1 ? undefined : 'this.thread.y'
  const row = vectors === 1 ? 'this.thread.y' : 'this.thread.z'

  const names = outer.map((_, index) => `i${index}`)
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
      : decodeRow(row, outer, names)

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
    if (block !== undefined) {
      const start = sumOf([
        ...rowPlace(factor, names),
        vector === undefined ? undefined : times(block.perVector(factor), vector),
      ])
      const offsets = lanes.map(block.offset(factor))
      return {
        name,
        places: [place, place, place, place],
        offsets,
        steps,
        isShared: offsets.every((offset) => offset === 0),
        lines: [...wholeNumbers(place), `${place} = ${start};`],
      }
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
    const add = (lane: number, a: string, b: string): string => accumulated(reduction, `s${lane}`, `${a} * ${b}`)
    if (isOneSum) return [add(0, read(left, 0, offsets[0]), read(right, 0, offsets[1]))]
    const once = ({ isShared }: Reader): boolean => isShared
    const shared = once(left) ? left : once(right) ? right : undefined
    if (shared === undefined)
      return sums.map((lane) => add(lane, read(left, lane, offsets[0]), read(right, lane, offsets[1])))
    const other = shared === left ? right : left
    const [sharedOffset, otherOffset] = shared === left ? offsets : [offsets[1], offsets[0]]
    const value = `v${mark}`
    return [
      `const ${value} = ${read(shared, 0, sharedOffset)};`,
      ...sums.map((lane) => add(lane, value, read(other, lane, otherOffset))),
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
  const stride = tensorColumns === 1 || block !== undefined ? tensorColumns : nextMultipleOfFour(columns)
  return {
    source: kernelText(parametersOf(product), lines),
    output,
    result: { kind: 'matrix', layout: { stride } },
  }
}

/** Four neighbouring entries that are no part of a row alone, as vectors: the last row index from `index` on runs through them. */
interface Block {
  readonly index: number
  readonly vectors: number
  readonly perVector: (factor: Factor) => number
  /** How far from the first of four entries a factor is read for each of them. */
  readonly offset: (factor: Factor) => (lane: number) => number
}

/**
 * The last indices as vectors, where rows are shorter than these: as few as fill whole vectors, if the places of four entries are the
 * same in each.
 */
const blockOf = ({ sizes, columns, left, right, addend, normaliser }: Product): Block | undefined => {
  if (columns % 4 === 0 || normaliser !== undefined) return undefined
  if ([left, right, addend].some((factor) => factor?.panels !== undefined)) return undefined
  let [index, inner] = [sizes.length - 1, columns]
  while (index >= 0 && (inner * sizes[index]!) % 4 !== 0) inner *= sizes[index--]!
  if (index < 0 || 4 % inner !== 0) return undefined
  const last = [...sizes, columns]
  const offset = (factor: Factor, lane: number): number => {
    let [rest, sum] = [lane, 0]
    for (let place = sizes.length; place >= index; place--) {
      const digit = place === index ? rest : rest % last[place]!
      sum += digit * coefficientOf(factor, place)
      rest = (rest - digit) / last[place]!
    }
    return sum
  }
  return {
    index,
    vectors: (inner * sizes[index]!) / 4,
    perVector: (factor) => (4 / inner) * coefficientOf(factor, index),
    offset: (factor) => (lane) => offset(factor, lane),
  }
}

/** A softmax has more than one column: with one it is the number one, and is never asked for in this form. */
const refuseNormaliser = (): never => {
  throw new Error('quadKernel: a softmax of one column')
}
