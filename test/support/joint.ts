/** An evaluation as the matrix that the interpreter gives: one row a member of the batch, one column an element of the outputs. */
import { cardinality } from '../../dsl/object.js'
import type { Evaluation, Output } from '../../src/compile/evaluation.js'
import { radicesOf } from '../../src/compile/wire-numbers.js'

export const jointOf = ({ batch, outputs, distribution }: Evaluation): readonly (readonly number[])[] => {
  const sizes = outputs.map(({ wire }) => cardinality(wire)!)
  const width = sizes.reduce((product, size) => product * size, 1)
  const axes = (distribution?.axes ?? []).map((wire) => cardinality(wire)!)
  const cells = axes.reduce((product, size) => product * size, 1)
  return Array.from({ length: batch }, (_, member) => {
    const row = new Array<number>(width).fill(0)
    for (let cell = 0; cell < cells; cell++) {
      const elements = axes.map((size, axis) => {
        const stride = axes.slice(axis + 1).reduce((product, other) => product * other, 1)
        return Math.floor(cell / stride) % size
      })
      const column = outputs.reduce((position, output, port) => {
        const element = output.kind === 'random' ? elements[output.axis]! : valueAt(output, member)
        return position * sizes[port]! + element
      }, 0)
      row[column]! += distribution === undefined ? 1 : distribution.entries[member * cells + cell]!
    }
    return row
  })
}

/** The element that a value is, of a sequence from its places. */
const valueAt = (output: Output, member: number): number => {
  if (output.kind !== 'value') return Number.NaN
  const { wire, width, entries } = output
  return radicesOf(wire).reduce((element, radix, place) => element * radix + entries[member * width + place]!, 0)
}
