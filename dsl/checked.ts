/**
 * Diagrams from parts whose wires are only known at run time: the rules of composition, with the failure as a value.
 *
 * The typed constructors (`seq`, `box`, ...) throw what these return as a problem, so each rule exists once. Places in messages are
 * counted from 1, numbers of wires from 0, as they are in the data.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { dataOf } from './application.js'
import type { Box, Diagram, Parallel, Permute, Program, ProgramStep, Sequential } from './diagram.js'
import { legible, showObject, showSome } from './legible.js'
import { sameWire, sameWires, showWire, type Wire, type Wires } from './object.js'
import { problem, type Problem } from './problem.js'

export { checkedFinite, checkedReal, checkedSequence } from './checked-wire.js'

/**
 * A box: `box` without types.
 *
 * Problems: `wire-mismatch` for a body that does not have the box's own wires.
 *
 * @example
 * const A = finite('A', 2)
 * checkedBox('f', [A], [A], { body: id(A) })._tag // => 'Right'
 * checkedBox('f', [A], [A], { body: copy(A) })._tag // => 'Left'
 */
export const checkedBox = (
  name: string,
  inputs: Wires,
  outputs: Wires,
  { deterministic = false, body }: { readonly deterministic?: boolean; readonly body?: Diagram } = {},
): Either<Problem, Box> => {
  const node: Box = { kind: 'box', name, deterministic, inputs, outputs }
  if (body === undefined) return right(node)
  if (sameWires(body.inputs, inputs) && sameWires(body.outputs, outputs)) return right({ ...node, body: dataOf(body) })
  const difference = differenceOf(inputs, body.inputs) || differenceOf(outputs, body.outputs)
  return left(
    problem(
      'wire-mismatch',
      `box '${legible(name)}'`,
      `its body goes from ${showObject(body.inputs)} to ${showObject(body.outputs)}`,
      `it must have the box's own wires, from ${showObject(inputs)} to ${showObject(outputs)}${difference}`,
    ),
  )
}

/**
 * The wiring that gives its inputs in another order: `permute` without exceptions.
 *
 * Problems: `out-of-range` for an order that does not name every wire once.
 *
 * @example
 * checkedPermute([finite('A', 2), finite('B', 2)], [1, 0])._tag // => 'Right'
 * checkedPermute([finite('A', 2), finite('B', 2)], [1, 1])._tag // => 'Left'
 */
export const checkedPermute = (wires: Wires, order: readonly number[]): Either<Problem, Permute> => {
  const named = new Uint8Array(wires.length)
  const outputs: Wire[] = []
  for (const place of order) {
    const wire = wires[place]
    if (wire === undefined || named[place] === 1) break
    named[place] = 1
    outputs.push(wire)
  }
  if (order.length === wires.length && outputs.length === wires.length)
    return right({ kind: 'permute', order, inputs: wires, outputs })
  const remedy = wires.length === 0 ? 'give the empty order' : `name each from 0 to ${wires.length - 1} once`
  return left(
    problem('out-of-range', 'permute', `[${showSome(order, String)}] is no order of ${wires.length} wires`, remedy),
  )
}

/**
 * The sequential composite: `seq` without types, and of a list.
 *
 * Problems: `wire-mismatch` for a part that does not take what the part before it gives, `invalid-value` for no parts.
 *
 * @example
 * const [A, B] = [finite('A', 2), finite('B', 2)]
 * checkedSeq([box('f', [A], [B]), discard(B)])._tag // => 'Right'
 * checkedSeq([box('f', [A], [B]), discard(A)])._tag // => 'Left'
 */
export const checkedSeq = (diagrams: readonly Diagram[]): Either<Problem, Sequential> => {
  const parts = diagrams.map(dataOf)
  const [first] = parts
  if (first === undefined)
    return left(problem('invalid-value', 'seq', 'there are no parts', 'give at least one diagram'))
  for (let k = 1; k < parts.length; k++) {
    const given = parts[k - 1]!.outputs
    const wanted = parts[k]!.inputs
    if (!sameWires(given, wanted))
      return left(
        problem(
          'wire-mismatch',
          'seq',
          `part ${k + 1} takes ${showObject(wanted)}, but the part before it gives ${showObject(given)}${differenceOf(wanted, given)}`,
          'they must be the same wires',
        ),
      )
  }
  return right({ kind: 'seq', parts, inputs: first.inputs, outputs: parts[parts.length - 1]!.outputs })
}

/**
 * The parallel composite: `par` of a list. Any diagrams fit beside each other, so that there are no problems.
 *
 * @example
 * checkedPar([])._tag // => 'Right'
 */
export const checkedPar = (diagrams: readonly Diagram[]): Either<Problem, Parallel> =>
  right({
    kind: 'par',
    parts: diagrams.map(dataOf),
    inputs: sideBySide(diagrams.map(({ inputs }) => inputs)),
    outputs: sideBySide(diagrams.map(({ outputs }) => outputs)),
  })

/**
 * Diagrams applied to numbered wires, one after the other: the inputs are the wires 0 .. n-1, and the outputs of each step are the
 * next numbers.
 *
 * Problems: `out-of-range` for the number of a wire that does not exist yet, `wire-mismatch` for a step that takes other wires than
 * it reads.
 *
 * @example
 * const A = finite('A', 2)
 * checkedProgram([A], [{ diagram: box('f', [A], [A]), reads: [0] }], [0, 1])._tag // => 'Right'
 * checkedProgram([A], [{ diagram: box('f', [A], [A]), reads: [1] }], [0, 1])._tag // => 'Left'
 */
export const checkedProgram = (
  inputs: Wires,
  steps: readonly ProgramStep[],
  returns: readonly number[],
): Either<Problem, Program> => {
  const wires: Wire[] = [...inputs]
  const unknown = (who: string, number: number): Either<Problem, Program> =>
    left(
      problem(
        'out-of-range',
        'program',
        `${who} wire ${number}, which does not exist`,
        wires.length === 0 ? 'there are no wires to name there' : `name wires from 0 to ${wires.length - 1} there`,
      ),
    )
  const mismatch = (what: string, remedy: string): Either<Problem, Program> =>
    left(problem('wire-mismatch', 'program', what, remedy))

  for (const [index, { diagram, reads }] of steps.entries()) {
    const step = `step ${index + 1}`
    const wanted = diagram.inputs
    if (reads.length !== wanted.length)
      return mismatch(
        `${step} reads ${reads.length} wires, but its diagram takes ${wanted.length}`,
        'name one wire for each of its inputs',
      )
    for (const [port, number] of reads.entries()) {
      const given = wires[number]
      if (given === undefined) return unknown(`${step} reads`, number)
      if (!sameWire(given, wanted[port]!))
        return mismatch(
          `${step} takes ${contrast(wanted[port]!, given, `as input ${port + 1} of ${reads.length}, but reads wire ${number}, which is`)}`,
          'they must be the same wire',
        )
    }
    for (const wire of diagram.outputs) wires.push(wire)
  }
  const outputs: Wire[] = []
  for (const number of returns) {
    const wire = wires[number]
    if (wire === undefined) return unknown('it returns', number)
    outputs.push(wire)
  }
  return right({
    kind: 'program',
    steps: steps.map(({ diagram, reads }) => ({ diagram: dataOf(diagram), reads })),
    returns,
    inputs,
    outputs,
  })
}

/** The tensor of objects; several times faster than flatMap, which counts where composites are nested. */
const sideBySide = (objects: readonly Wires[]): Wires => {
  const wires: Wire[] = []
  for (const object of objects) for (const wire of object) wires.push(wire)
  return wires
}

/** Where two objects differ, if the names of their wires do not say it. */
const differenceOf = (wanted: Wires, given: Wires): string => {
  if (wanted.length !== given.length) return ''
  const at = wanted.findIndex((wire, place) => !sameWire(wire, given[place]!))
  if (at === -1 || (wanted.length === 1 && wanted[0]!.name !== given[0]!.name)) return ''
  return `; wire ${at + 1} is ${contrast(wanted[at]!, given[at]!, 'against')}`
}

/** Two different wires with words between them. */
const contrast = (wanted: Wire, given: Wire, words: string): string => {
  const [ours, theirs] = [shown(wanted), shown(given)]
  return `${ours} ${words} ${theirs}${ours === theirs ? ' too, but with other elements' : ''}`
}

const shown = (wire: Wire): string =>
  showWire(
    wire.kind === 'sequence'
      ? { ...wire, name: legible(wire.name), symbols: { ...wire.symbols, name: legible(wire.symbols.name) } }
      : { ...wire, name: legible(wire.name) },
  )
