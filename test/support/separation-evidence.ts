/** The evidence of an answer checked against the diagram itself, step by step. */
import { expect } from 'vitest'

import { type Diagram, diagramOf, equal, normalForm, type WiredBox, wiringOf } from '../../dsl/index.js'
import type { PathStep, Separated } from '../../dsl/separation.js'
import { outputsOf } from '../../dsl/wiring.js'
import type { NodeQuestion } from './causal-graph.js'

/** A path from X to Y whose neighbours touch, which avoids the given wires, and whose boxes lead to an output of the question. */
export const expectRealPath = (diagram: Diagram, { x, y, given }: NodeQuestion, path: readonly PathStep[]): void => {
  const form = normalForm(diagram)
  const wiresOf = (ports: readonly number[]): readonly number[] => ports.map((port) => form.outputs[port]!)
  const touches = (box: number, wire: number): boolean =>
    form.boxes[box]!.inputs.includes(wire) || outputsOf(form.boxes[box]!).includes(wire)
  const asked = new Set(wiresOf([...x, ...y, ...given]))
  const leadsToAsked = (start: number): boolean => {
    const boxes = new Set([start])
    for (const box of boxes)
      for (const wire of outputsOf(form.boxes[box]!)) {
        if (asked.has(wire)) return true
        form.boxes.forEach(({ inputs }, reader) => {
          if (inputs.includes(wire)) boxes.add(reader)
        })
      }
    return false
  }

  expect(path.length % 2).toBe(1)
  const [first, last] = [path[0]!, path[path.length - 1]!]
  expect(wiresOf(x)).toContain(first.number)
  expect(wiresOf(y)).toContain(last.number)
  path.forEach(({ kind, number, name }, index) => {
    expect(kind).toBe(index % 2 === 0 ? 'wire' : 'box')
    if (kind === 'wire') {
      expect(number).toBeLessThan(form.wires.length)
      expect(wiresOf(given)).not.toContain(number)
      return
    }
    expect(name).toBe(form.boxes[number]!.box.name)
    expect(touches(number, path[index - 1]!.number)).toBe(true)
    expect(touches(number, path[index + 1]!.number)).toBe(true)
    expect(leadsToAsked(number)).toBe(true)
  })
  expect(new Set(path.map(({ kind, number }) => `${kind} ${number}`)).size).toBe(path.length)
}

/** A cut diagram in which no path joins X and Y, and which is the diagram again once the loose ends are joined. */
export const expectRealCut = (
  diagram: Diagram,
  { x, y, given }: NodeQuestion,
  { cut, outputs, severed }: Separated,
): void => {
  const wiring = wiringOf(cut)
  const original = diagram.inputs.length
  expect(outputs).toEqual([...new Set([...x, ...y, ...given])].sort((a, b) => a - b))
  expect(wiring.inputCount).toBe(original + severed.length)
  expect(cut.inputs.map(({ name }) => name)).toEqual([
    ...diagram.inputs.map(({ name }) => name),
    ...severed.map((end) => diagram.outputs[end.given]!.name),
  ])

  // The component of every wire, by spreading the smallest number until nothing changes.
  const component = wiring.wires.map((_, wire) => wire)
  for (let changed = true; changed;) {
    changed = false
    for (const wired of wiring.boxes) {
      const wires = [...wired.inputs, ...outputsOf(wired)]
      const smallest = Math.min(...wires.map((wire) => component[wire]!))
      for (const wire of wires) {
        if (component[wire] === smallest) continue
        component[wire] = smallest
        changed = true
      }
    }
  }
  const wireOf = (port: number): number => wiring.outputs[outputs.indexOf(port)]!
  const givenWires = new Set(given.map(wireOf))
  const componentsOf = (ports: readonly number[]): readonly number[] =>
    ports
      .map(wireOf)
      .filter((wire) => !givenWires.has(wire))
      .map((wire) => component[wire]!)
  const ofY = new Set(componentsOf(y))
  expect(componentsOf(x).filter((number) => ofY.has(number))).toEqual([])

  // No box reads a given wire: only loose ends are left of them.
  for (const { inputs } of wiring.boxes) for (const wire of inputs) expect(givenWires.has(wire)).toBe(false)
  severed.forEach(({ reader, port }, index) => {
    const readers = wiring.boxes.filter(({ inputs }) => inputs.includes(original + index))
    expect(readers.map(({ box }) => box.name)).toEqual([reader])
    expect(readers[0]!.inputs[port]).toBe(original + index)
  })

  const joined = (wire: number): number => {
    const end = severed[wire - original]
    if (wire < original) return wire
    return end === undefined ? wire - severed.length : joined(wireOf(end.given))
  }
  const again = diagramOf({
    wires: wiring.wires.filter((_, wire) => wire < original || wire >= wiring.inputCount),
    inputCount: original,
    boxes: wiring.boxes.map(({ box, inputs, firstOutput }): WiredBox => ({
      box,
      inputs: inputs.map(joined),
      firstOutput: joined(firstOutput),
    })),
    outputs: wiring.outputs.map(joined),
  })
  const whole = wiringOf(diagram)
  const restricted = diagramOf({ ...whole, outputs: outputs.map((port) => whole.outputs[port]!) })
  expect(equal(again, restricted)).toBe(true)
}
