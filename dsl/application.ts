/**
 * Applying diagrams to variables, inside a program.
 *
 * A variable is a wire with a name in the host language. What is applied is recorded as plain data: a diagram never holds a function.
 */
import type { Diagram, ProgramStep } from './diagram.js'
import { sameWire, showWire, type Wire, type Wires } from './object.js'
import { unchecked } from './unchecked.js'

/** A wire inside a program. It has no value: it can only be given to diagrams and returned. */
export interface Variable<W extends Wire = Wire> {
  readonly wire: W
  /** Its number in the program that is being written. */
  readonly number: number
  readonly scope: symbol
}

/** One variable for each wire of an object. */
export type VariablesOf<A extends Wires> = { readonly [K in keyof A]: A[K] extends Wire ? Variable<A[K]> : never }

/** The object of some variables. */
export type WiresOf<V extends readonly Variable[]> = V extends readonly []
  ? []
  : V extends readonly [infer Head extends Variable, ...infer Tail extends readonly Variable[]]
    ? [Head['wire'], ...WiresOf<Tail>]
    : Wires

/** What can be called with variables inside a program. */
export interface Applicable<In extends Wires, Out extends Wires> {
  (...variables: VariablesOf<In>): VariablesOf<Out>
}

/** A program that is being written. */
interface Recording {
  readonly scope: symbol
  readonly steps: ProgramStep[]
  wires: number
}

export interface Recorded {
  readonly steps: readonly ProgramStep[]
  readonly returned: readonly Variable[]
}

/** The programs that are being written, the innermost last; writing is synchronous, so that two of them cannot mix. */
const recordings: Recording[] = []

/** Runs a program's function on fresh variables and gives what it applied and what it returned. */
export const record = (inputs: Wires, body: (...variables: readonly Variable[]) => readonly Variable[]): Recorded => {
  const recording: Recording = { scope: Symbol('program'), steps: [], wires: 0 }
  recordings.push(recording)
  try {
    const returned = body(...inputs.map((wire) => fresh(wire, recording)))
    returned.forEach((variable) => requireScope(variable, recording))
    return { steps: recording.steps, returned }
  } finally {
    recordings.pop()
  }
}

/**
 * Applies a diagram to variables of the program that is being written; `f(x)` is `apply(f, x)` for boxes, states and programs.
 *
 * Wrong wires do not compile. Outside a program, or with variables of another program, it throws.
 */
export const apply = <In extends Wires, Out extends Wires>(
  diagram: Diagram<In, Out>,
  ...variables: VariablesOf<In>
): VariablesOf<Out> => {
  const recording = recordings[recordings.length - 1]
  if (recording === undefined)
    throw new Error('a diagram is applied to variables inside program(...) only; outside, compose with seq and par')
  const given: readonly Variable[] = unchecked(variables)
  if (given.length !== diagram.inputs.length)
    throw new Error(`apply: the diagram takes ${diagram.inputs.length} variables, not ${given.length}`)
  given.forEach((variable, port) => {
    requireScope(variable, recording)
    const wanted = diagram.inputs[port]!
    if (!sameWire(variable.wire, wanted))
      throw new Error(`apply: input ${port} takes ${showWire(wanted)}, not ${showWire(variable.wire)}`)
  })
  recording.steps.push({ diagram: dataOf(diagram), reads: given.map(({ number }) => number) })
  return unchecked(diagram.outputs.map((wire) => fresh(wire, recording)))
}

/**
 * A diagram that can also be called with variables: a function that carries the diagram's fields as its own. Wherever it becomes a
 * part of another diagram its plain data are taken.
 */
export const applicable = <In extends Wires, Out extends Wires, D extends Diagram<In, Out>>(
  node: D & Diagram<In, Out>,
): D & Applicable<In, Out> => {
  const handle = (...variables: VariablesOf<In>): VariablesOf<Out> => apply<In, Out>(node, ...variables)
  for (const [field, value] of Object.entries(node)) Object.defineProperty(handle, field, { value, enumerable: true })
  Object.defineProperty(handle, 'toJSON', { value: () => node })
  plain.set(handle, node)
  return unchecked(handle)
}

const plain = new WeakMap<object, Diagram>()

/** The plain data of a diagram: itself, unless it is a handle that can be called. */
export const dataOf = (diagram: Diagram): Diagram => plain.get(diagram) ?? diagram

const fresh = (wire: Wire, recording: Recording): Variable => ({
  wire,
  number: recording.wires++,
  scope: recording.scope,
})

const requireScope = ({ wire, scope }: Variable, recording: Recording): void => {
  if (scope !== recording.scope)
    throw new Error(
      `program: the variable of wire ${wire.name} belongs to another program; hand it over as an input of the inner one`,
    )
}
