/** Batches as `compile` takes them. */
import type { Wires } from '../../dsl/index.js'
import { radicesOf } from '../../src/compile/wire-numbers.js'

/** The elements of a batch as an input for each wire: of a sequence, place by place. */
export const inputsOf = (wires: Wires, members: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  wires.map((wire, port) =>
    members.flatMap((member) => {
      const digits: number[] = []
      let rest = member[port]!
      for (const radix of radicesOf(wire).toReversed()) {
        digits.unshift(rest % radix)
        rest = Math.floor(rest / radix)
      }
      return digits
    }),
  )
