/**
 * (b) Grids: each box reads its left and its upper neighbour, from a known first corner; the law of the last corner.
 */
import { box, type Diagram, finite, program } from '../../dsl/index.js'
import { valueOrThrow } from '../../dsl/value-or-throw.js'
import { FinStoch, interpret } from '../../src/index.js'
import { compiledPeer, distributionOf } from './compiled.js'
import { contest, type Peer, type Section } from './contest.js'
import { literalEinsum, normalisedEinsum } from './einsum-of-diagram.js'
import { einsumPeer } from './numpy.js'
import { noise } from './stochastic.js'

const sides = [4, 8, 12]
/** The interpreter holds a matrix over all wires at once. */
const mostInterpreted = 4
const start = 1

const Bit = finite('Bit', 2)
const name = (row: number, column: number): string => `b${row}_${column}`
const edge = (row: number, column: number) => box(name(row, column), [Bit], [Bit])
const inner = (row: number, column: number) => box(name(row, column), [Bit, Bit], [Bit])

const grid = (side: number): Diagram =>
  program([Bit], (first) => {
    const above = [first]
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const [left, up] = [above[column - 1], above[column]]
        if (row === 0 && column > 0) [above[column]] = edge(row, column)(left!)
        else if (row > 0) [above[column]] = column === 0 ? edge(row, column)(up!) : inner(row, column)(left!, up!)
      }
    return [above[side - 1]!]
  })

/** For each cell the probability of 0 and 1 by its neighbours, the left one first. */
const meaningsOf = (side: number): Readonly<Record<string, readonly (readonly number[])[]>> => {
  const random = noise(side)
  return Object.fromEntries(
    Array.from({ length: side * side }, (_, cell) => [Math.floor(cell / side), cell % side] as const)
      .filter(([row, column]) => row + column > 0)
      .map(([row, column]) => [
        name(row, column),
        Array.from({ length: row > 0 && column > 0 ? 4 : 2 }, () => {
          const zero = 0.1 + 0.8 * random()
          return [zero, 1 - zero]
        }),
      ]),
  )
}

/** The loop that one would write for grids of bits, in float64: the law of a frontier of `side` cells, of which one moves at a time. */
const sweep = (side: number, meanings: ReturnType<typeof meaningsOf>): (() => Float64Array) => {
  const zeros = Array.from({ length: side * side }, (_, cell) =>
    Float64Array.from(meanings[name(Math.floor(cell / side), cell % side)] ?? [], (row) => row[0]!),
  )
  return () => {
    // Bit `column` of a state is the latest cell of that column.
    let law = new Float64Array(2 ** side)
    law[start] = 1
    for (let cell = 1; cell < side * side; cell++) {
      const [row, column] = [Math.floor(cell / side), cell % side]
      const zero = zeros[cell]!
      const next = new Float64Array(2 ** side)
      const reached = row === 0 ? 2 ** column : 2 ** side
      for (let state = 0; state < reached; state++) {
        const weight = law[state]!
        const up = (state >> column) & 1
        const left = column === 0 ? 0 : (state >> (column - 1)) & 1
        const given = row === 0 ? left : column === 0 ? up : 2 * left + up
        const cleared = state & ~(1 << column)
        next[cleared]! += weight * zero[given]!
        next[cleared | (1 << column)]! += weight * (1 - zero[given]!)
      }
      law = next
    }
    const last = new Float64Array(2)
    law.forEach((weight, state) => (last[(state >> (side - 1)) & 1]! += weight))
    return last
  }
}

const sectionOf = async (side: number, rounds: number): Promise<Section> => {
  const diagram = grid(side)
  const meanings = meaningsOf(side)
  const work = { diagram, meanings, inputs: [[start]], read: distributionOf }
  const loop = sweep(side, meanings)
  const dense = interpret(FinStoch, meanings)
  const interpreted = 'interpret(FinStoch), no normal form, all rows'
  const interpreter: Peer =
    side > mostInterpreted
      ? { name: interpreted, why: `a matrix over ${side} wires and more` }
      : {
          name: interpreted,
          run: () => valueOrThrow(dense(diagram)).entries.slice(2 * start, 2 * start + 2),
          stop: () => Promise.resolve(),
        }
  return contest(
    {
      title: `${side} x ${side} cells of two values`,
      peers: [
        await compiledPeer({ ...work, options: {} }),
        await compiledPeer({ ...work, options: { backend: 'cpu' } }),
        await compiledPeer({ ...work, options: { backend: 'onnx' } }),
        await einsumPeer(normalisedEinsum('einsum of the normal form', diagram, meanings, [start])),
        await einsumPeer(literalEinsum('einsum with copies and discards as tensors', diagram, meanings, [start])),
        interpreter,
        { name: 'loop for grids of bits in plain JavaScript', run: loop, stop: () => Promise.resolve() },
      ],
      reference: loop(),
      bound: 1e-5,
    },
    rounds,
  )
}

export const gridSections = async (rounds: number): Promise<readonly Section[]> => {
  const sections: Section[] = []
  for (const side of sides) sections.push(await sectionOf(side, rounds))
  return sections
}
