/**
 * Summing a diagram of stochastic matrices at some evidence: box after box, with one array over the wires that are still to be read.
 *
 * Wires whose value is known take no room in it, so a chain with a thousand observed outputs is as small as one link. The next box is
 * always one that does not enlarge the array, if there is one, or else the one that enlarges it least.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import type { Box } from '../../dsl/diagram.js'
import type { NormalForm } from '../../dsl/normal-form.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { outputsOf, type WiredBox } from '../../dsl/wiring.js'
import type { Arithmetic } from './arithmetic.js'

/** Numbers for the values of some wires, the last running fastest. */
export interface Table {
  readonly wires: readonly number[]
  readonly entries: Float64Array
}

/** A diagram with the size of each of its wires, the matrix of each of its boxes, and the wires whose value is known. */
export interface Situation {
  readonly form: NormalForm
  readonly sizes: readonly number[]
  readonly matrices: ReadonlyMap<Box, Float64Array>
  readonly known: ReadonlyMap<number, number>
}

/** Tables of more entries than this are refused: 2^24 doubles are 128 MiB. */
export const largestTable = 2 ** 24

/**
 * The joint probability of the evidence with each value of the unknown outputs, as a table over these. Every input must be known.
 *
 * Errors: `unsupported` where a table is too large.
 */
export const sumAtEvidence = (situation: Situation, arithmetic: Arithmetic): Either<Problem, Table> => {
  const { form, sizes, matrices, known } = situation
  /** For each wire, how many boxes are still to read it; an unknown output is read at the end too. */
  const readers = new Int32Array(form.wires.length)
  for (const { inputs } of form.boxes) for (const wire of inputs) readers[wire]! += 1
  for (const wire of form.outputs) readers[wire]! += 1
  const converted = new Map<Box, Float64Array>()
  const matrixOf = (box: Box): Float64Array => {
    const earlier = converted.get(box)
    if (earlier !== undefined) return earlier
    const entries = matrices.get(box)!.map(arithmetic.of)
    converted.set(box, entries)
    return entries
  }

  let table: Table = { wires: [], entries: Float64Array.of(arithmetic.one) }
  const wiresAfter = (wired: WiredBox): readonly number[] => {
    const { inputs } = wired
    const finished = (wire: number): boolean => inputs.filter((read) => read === wire).length === readers[wire]
    const kept = table.wires.filter((wire) => !inputs.includes(wire) || !finished(wire))
    const fresh = outputsOf(wired).filter((wire) => !known.has(wire) && readers[wire]! > 0)
    return [...kept, ...fresh]
  }

  const queue = readyBoxes(form)
  for (let ready = queue.ready(); ready.length > 0; ready = queue.ready()) {
    // From the end, where the boxes are that became ready last.
    let [best, wires, size] = [-1, table.wires, Infinity]
    for (let place = ready.length - 1; place >= 0 && size > table.entries.length; place--) {
      const candidate = wiresAfter(form.boxes[ready[place]!]!)
      const grown = candidate.reduce((product, wire) => product * sizes[wire]!, 1)
      if (grown < size) [best, wires, size] = [place, candidate, grown]
    }
    if (best === -1 || size > largestTable) return left(tooLarge(wires.length, size))
    const wired = form.boxes[queue.take(best)]!
    table = step(situation, table, wired, matrixOf(wired.box), wires, arithmetic)
    for (const wire of wired.inputs) readers[wire]! -= 1
    arithmetic.settle?.(table.entries)
  }
  return right(table)
}

/** The problem of a table with too many entries. */
export const tooLarge = (wires: number, size: number): Problem =>
  problem(
    'unsupported',
    'evidence',
    `a table over ${wires} wires has ${size} entries`,
    `at most ${largestTable} are computed; observe more outputs, or discard those that are not asked for`,
  )

/** The boxes whose inputs have all been produced, as they become ready. */
const readyBoxes = (
  form: NormalForm,
): { readonly ready: () => readonly number[]; readonly take: (place: number) => number } => {
  const readersOf = form.wires.map((): number[] => [])
  const waiting = form.boxes.map(({ inputs }, index) => {
    const unmade = inputs.filter((wire) => wire >= form.inputCount)
    for (const wire of unmade) readersOf[wire]!.push(index)
    return unmade.length
  })
  const ready = waiting.flatMap((count, index) => (count === 0 ? [index] : [])).reverse()
  return {
    ready: () => ready,
    take: (place) => {
      const index = ready[place]!
      ready.splice(place, 1)
      for (const wire of outputsOf(form.boxes[index]!))
        for (const reader of readersOf[wire]!) if (--waiting[reader]! === 0) ready.push(reader)
      return index
    },
  }
}

/** The strides of the wires in a table, or in the rows or columns of a matrix. */
export const stridesOf = (wires: readonly number[], sizes: readonly number[]): readonly number[] => {
  const strides = new Array<number>(wires.length)
  let stride = 1
  for (let place = wires.length - 1; place >= 0; place--) {
    strides[place] = stride
    stride *= sizes[wires[place]!]!
  }
  return strides
}

/** Multiplies a table with the matrix of a box and sums over the wires that are not asked for afterwards. */
const step = (
  { sizes, known }: Situation,
  { wires: before, entries }: Table,
  wired: WiredBox,
  matrix: Float64Array,
  after: readonly number[],
  { zero, plus, times }: Arithmetic,
): Table => {
  const outputs = outputsOf(wired)
  const rowStrides = stridesOf(wired.inputs, sizes)
  const columnStrides = stridesOf(outputs, sizes)
  const afterStrides = stridesOf(after, sizes)
  const placeAfter = new Map(after.map((wire, place) => [wire, afterStrides[place]!]))
  const width = outputs.reduce((product, wire) => product * sizes[wire]!, 1)

  // The columns that agree with what is known, and where in the new table each belongs.
  let columns: readonly { readonly column: number; readonly target: number }[] = [{ column: 0, target: 0 }]
  outputs.forEach((wire, port) => {
    const value = known.get(wire)
    const values = value === undefined ? Array.from({ length: sizes[wire]! }, (_, element) => element) : [value]
    columns = columns.flatMap(({ column, target }) =>
      values.map((element) => ({
        column: column + element * columnStrides[port]!,
        target: target + element * (placeAfter.get(wire) ?? 0),
      })),
    )
  })

  // How far the row of the matrix, and the place in the new table, move with each wire of the old table.
  let firstRow = 0
  const rowMoves = before.map(() => 0)
  wired.inputs.forEach((wire, port) => {
    const place = before.indexOf(wire)
    if (place === -1) firstRow += known.get(wire)! * rowStrides[port]!
    else rowMoves[place]! += rowStrides[port]!
  })
  const targetMoves = before.map((wire) => placeAfter.get(wire) ?? 0)

  const result = new Float64Array(after.reduce((product, wire) => product * sizes[wire]!, 1)).fill(zero)
  const digits = new Int32Array(before.length)
  let [row, base] = [firstRow, 0]
  for (const weight of entries) {
    if (weight !== zero)
      for (const { column, target } of columns) {
        const entry = matrix[row * width + column]!
        if (entry !== zero) result[base + target] = plus(result[base + target]!, times(weight, entry))
      }
    // The next element of the old table, the last wire running fastest.
    for (let place = before.length - 1; place >= 0; place--) {
      row += rowMoves[place]!
      base += targetMoves[place]!
      if (++digits[place]! < sizes[before[place]!]!) break
      row -= digits[place]! * rowMoves[place]!
      base -= digits[place]! * targetMoves[place]!
      digits[place] = 0
    }
  }
  return { wires: after, entries: result }
}
