/**
 * Program notation: a diagram written as a typed function of its variables.
 *
 * Using a variable twice is copy, not using it is discard, the order of use is swap, and a tuple of variables is a tensor. The
 * function runs once, while the diagram is built; what it applies is recorded, and nothing of the function stays.
 */
import { applicable, type Applicable, record, type Variable, type VariablesOf, type WiresOf } from './application.js'
import type { Program } from './diagram.js'
import type { Wires } from './object.js'
import { unchecked } from './unchecked.js'

/**
 * A diagram from a function of variables, one for each input wire; the variables that it returns are the outputs.
 *
 * Programs nest: what `program` gives can be called inside another one.
 *
 * @example
 * const Weather = finite('Weather', ['sun', 'rain'])
 * const Grass = finite('Grass', ['dry', 'wet'])
 * const grass = box('grass', [Weather], [Grass])
 * const both = program([Weather], (w) => {
 *   const [g] = grass(w)
 *   return [w, g]
 * })
 * equal(both, seq(copy(Weather), par(id(Weather), grass))) // => true
 */
export const program = <In extends Wires, const Out extends readonly Variable[]>(
  inputs: readonly [...In],
  body: (...variables: VariablesOf<In>) => Out,
): Program<In, WiresOf<Out>> & Applicable<In, WiresOf<Out>> => {
  const { steps, returned } = record(inputs, (...variables) => body(...unchecked<VariablesOf<In>>(variables)))
  const node: Program<In, WiresOf<Out>> = {
    kind: 'program',
    steps,
    returns: returned.map(({ number }) => number),
    inputs: unchecked(inputs),
    outputs: unchecked(returned.map(({ wire }) => wire)),
  }
  return applicable<In, WiresOf<Out>, Program<In, WiresOf<Out>>>(node)
}
