/** Meanings without accidents: stochastic matrices drawn at random, so that different diagrams differ in meaning. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

import type { Box } from '../../dsl/index.js'
import { cardinality, type Wire, type Wires } from '../../dsl/object.js'
import { supplyName } from '../../laws/index.js'
import type { Rows } from '../../src/category/fin-stoch.js'
import type { Meanings } from '../../src/interpret.js'

/** A random meaning for every box, and for the states that supply these wires in random diagrams. */
export const genericMeanings = (boxes: readonly Box[], supplied: Wires, seed: number): Meanings<Rows> => {
  const generator = xoroshiro128plus(seed)
  const uniform = (): number => (generator.next() >>> 0) / 2 ** 32
  const size = (wires: Wires): number => wires.reduce((product, wire) => product * cardinality(wire)!, 1)
  const row = (columns: number): readonly number[] => {
    const weights = Array.from({ length: columns }, () => 0.05 + uniform())
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => weight / total)
  }
  const pointMass = (columns: number): readonly number[] => {
    const at = Math.floor(uniform() * columns)
    return Array.from({ length: columns }, (_, column) => (column === at ? 1 : 0))
  }
  const meaning = ({ inputs, outputs, deterministic }: Box): Rows =>
    Array.from({ length: size(inputs) }, () => (deterministic ? pointMass : row)(size(outputs)))
  return {
    ...Object.fromEntries(boxes.map((box) => [box.name, meaning(box)])),
    ...Object.fromEntries(supplied.map((wire: Wire) => [supplyName(wire), [row(size([wire]))]])),
  }
}
