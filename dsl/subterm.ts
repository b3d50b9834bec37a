/**
 * The part of a diagram that produces some of its wires, cut to a few boxes.
 */
import { wireGraph } from './connection.js'
import type { Program } from './diagram.js'
import type { NormalForm } from './normal-form.js'
import { newSketch } from './sketch.js'
import { diagramOf } from './wiring.js'

/**
 * The boxes nearest above some wires, at most `boxLimit` of them, as a diagram whose outputs are these wires. What the boxes read and do
 * not give becomes an input; inputs are in the order of the wires of the normal form.
 */
export const termAbove = (form: NormalForm, wires: readonly number[], boxLimit: number): Program => {
  const { producer } = wireGraph(form)
  const kept = new Set<number>()
  const given = new Set<number>()
  const queue = [...wires]
  for (let at = 0; at < queue.length; at++) {
    const wire = queue[at]!
    const box = producer[wire]!
    if (box === -1 || (kept.size === boxLimit && !kept.has(box))) continue
    given.add(wire)
    if (kept.has(box)) continue
    kept.add(box)
    queue.push(...form.boxes[box]!.inputs)
  }
  const open = [...new Set(queue.filter((wire) => !given.has(wire)))].sort((a, b) => a - b)
  const sketch = newSketch(open.map((wire) => form.wires[wire]!))
  const renamed = new Map(open.map((wire, input) => [wire, input]))
  for (const box of kept) {
    const { box: generator, firstOutput } = form.boxes[box]!
    const first = sketch.add(generator)
    generator.outputs.forEach((_, port) => renamed.set(firstOutput + port, first + port))
  }
  for (const box of kept) {
    const { inputs, firstOutput } = form.boxes[box]!
    sketch.connect(
      renamed.get(firstOutput)!,
      inputs.map((wire) => renamed.get(wire)!),
    )
  }
  const wiring = sketch.finish(wires.map((wire) => renamed.get(wire)!))
  if (wiring === undefined) throw new Error('termAbove: the normal form is circular')
  return diagramOf(wiring)
}
