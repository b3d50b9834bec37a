/**
 * Marginals: a diagram with some of its outputs kept and the others discarded.
 */
import { type Diagram, discard, id, par, permute, seq } from './diagram.js'
import type { Wires } from './object.js'
import type { PlacesOf, WiresAt } from './places.js'
import { unchecked } from './unchecked.js'

/**
 * The projection of an object onto the wires at some places, in the order in which they are named: the others are discarded.
 *
 * @example
 * const [A, B, C] = [finite('A', 2), finite('B', 2), finite('C', 2)]
 * showWires(project([A, B, C], [2, 0]).outputs) // => 'C ⊗ A'
 */
export const project = <A extends Wires, const Places extends readonly number[]>(
  wires: readonly [...A],
  places: Places & PlacesOf<A, Places>,
): Diagram<A, WiresAt<A, Places>> => {
  const chosen: readonly number[] = places
  if (new Set(chosen).size !== chosen.length || chosen.some((place) => wires[place] === undefined))
    throw new Error(
      `project: [${chosen.join(', ')}] does not name different wires of ${wires.length}; count from 0, name each once at most`,
    )
  const kept = wires.flatMap((_, place) => (chosen.includes(place) ? [place] : []))
  const parts = wires.map((wire, place): Diagram => (chosen.includes(place) ? id(wire) : discard(wire)))
  const order = permute(
    kept.map((place) => wires[place]!),
    chosen.map((place) => kept.indexOf(place)),
  )
  return unchecked(seq<[Diagram, Diagram]>(par(...parts), order))
}

/**
 * The marginal of a diagram on some of its outputs.
 *
 * @example
 * const [A, B] = [finite('A', 2), finite('B', 2)]
 * const both = state('both', [A, B])
 * showWires(marginal(both, [1]).outputs) // => 'B'
 */
export const marginal = <In extends Wires, Out extends Wires, const Places extends readonly number[]>(
  diagram: Diagram<In, Out>,
  places: Places & PlacesOf<Out, Places>,
): Diagram<In, WiresAt<Out, Places>> =>
  unchecked(seq<[Diagram, Diagram]>(diagram, unchecked(project(diagram.outputs, unchecked<readonly number[]>(places)))))
