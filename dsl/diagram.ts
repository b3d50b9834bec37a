/**
 * String diagrams as data: a readonly tagged union of plain records, with typed constructors.
 *
 * Every node carries its two boundaries, so that a composition is checked, by the compiler and again at run time, without looking
 * inside. Composition takes any number of diagrams, and a node refers to its parts: repeated composition costs constant work a step.
 */
import { applicable, type Applicable } from './application.js'
import { checkedBox, checkedPar, checkedPermute, checkedSeq } from './checked.js'
import type { Wire, Wires } from './object.js'
import type { PlacesOf, WiresAt } from './places.js'
import { unchecked } from './unchecked.js'
import { valueOrThrow } from './value-or-throw.js'

interface Boundary<In extends Wires, Out extends Wires> {
  readonly inputs: In
  readonly outputs: Out
}

/** A generator: a named morphism whose meaning an interpretation gives. */
export interface Box<In extends Wires = Wires, Out extends Wires = Wires> extends Boundary<In, Out> {
  readonly kind: 'box'
  readonly name: string
  /** Deterministic boxes commute with copy; equality uses this, and interpretations must respect it. */
  readonly deterministic: boolean
  /** What the box contains, if it stands for a diagram; `open` puts it in the box's place. */
  readonly body?: Diagram
}
export interface Identity<In extends Wires = Wires, Out extends Wires = Wires> extends Boundary<In, Out> {
  readonly kind: 'identity'
}
export interface Copy<In extends Wires = Wires, Out extends Wires = Wires> extends Boundary<In, Out> {
  readonly kind: 'copy'
}
export interface Discard<In extends Wires = Wires, Out extends Wires = Wires> extends Boundary<In, Out> {
  readonly kind: 'discard'
}
/** Outputs are the inputs in another order: output k is input order[k]. */
export interface Permute<In extends Wires = Wires, Out extends Wires = Wires> extends Boundary<In, Out> {
  readonly kind: 'permute'
  readonly order: readonly number[]
}
export interface Sequential<In extends Wires = Wires, Out extends Wires = Wires> extends Boundary<In, Out> {
  readonly kind: 'seq'
  readonly parts: readonly Diagram[]
}
export interface Parallel<In extends Wires = Wires, Out extends Wires = Wires> extends Boundary<In, Out> {
  readonly kind: 'par'
  readonly parts: readonly Diagram[]
}
/**
 * Diagrams applied to numbered wires, one after the other. The inputs are the wires 0 .. n-1, and the outputs of each step are the
 * next numbers: reuse of a number is copy, non-use is discard.
 */
export interface Program<In extends Wires = Wires, Out extends Wires = Wires> extends Boundary<In, Out> {
  readonly kind: 'program'
  readonly steps: readonly ProgramStep[]
  /** The wires that it gives. */
  readonly returns: readonly number[]
}
export interface ProgramStep {
  readonly diagram: Diagram
  /** The wires that it is applied to. */
  readonly reads: readonly number[]
}

/** A string diagram from one object to another. */
export type Diagram<In extends Wires = Wires, Out extends Wires = Wires> =
  | Box<In, Out>
  | Identity<In, Out>
  | Copy<In, Out>
  | Discard<In, Out>
  | Permute<In, Out>
  | Sequential<In, Out>
  | Parallel<In, Out>
  | Program<In, Out>

// ---------------------------------------------------------------------------------------------------------------------------
// What the compiler checks

/** One wire, or a tuple of wires, as an object. */
export type ObjectOf<A extends Wire | Wires> = A extends Wire ? [A] : A extends Wires ? [...A] : never

type SameWire<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
type NameOf<A> = A extends { readonly name: infer Name extends string } ? Name : '?'
type NamesOf<A extends Wires> = A extends readonly []
  ? 'I'
  : A extends readonly [infer Only]
    ? NameOf<Only>
    : A extends readonly [infer Head, ...infer Tail extends Wires]
      ? `${NameOf<Head>} ⊗ ${NamesOf<Tail>}`
      : string

/** `true` if an output object fits the next input object; otherwise the sentence that the compiler shows. */
type Fit<Given extends Wires, Wanted extends Wires> = number extends Given['length']
  ? true
  : number extends Wanted['length']
    ? true
    : Given['length'] extends Wanted['length']
      ? FirstMisfit<Given, Wanted>
      : `'${NamesOf<Given>}' is not assignable to '${NamesOf<Wanted>}': ${Given['length']} wires meet ${Wanted['length']}`

type FirstMisfit<Given extends Wires, Wanted extends Wires> = Given extends readonly [
  infer G,
  ...infer GivenTail extends Wires,
]
  ? Wanted extends readonly [infer W, ...infer WantedTail extends Wires]
    ? SameWire<G, W> extends true
      ? FirstMisfit<GivenTail, WantedTail>
      : `'${NameOf<G>}' is not assignable to '${NameOf<W>}'${NameOf<G> extends NameOf<W> ? ': the names agree, the shapes do not' : ''}`
    : true
  : true

/** The diagrams, each one that does not take what the one before it gives replaced by the complaint about it. */
type Fitting<
  D extends readonly unknown[],
  Before extends Wires,
  Done extends readonly unknown[] = [],
> = D extends readonly [infer Head extends Diagram, ...infer Tail]
  ? Fitting<
      Tail,
      Head['outputs'],
      [...Done, Fit<Before, Head['inputs']> extends infer Complaint extends string ? Complaint : Head]
    >
  : Done

/** The arguments of `seq` if they compose; otherwise the same with complaints, which no argument fits. */
type Composable<D extends Diagrams> = number extends D['length']
  ? D
  : Fitting<D, Wires> extends D
    ? D
    : Fitting<D, Wires>

type Diagrams = readonly Diagram[]
type FirstInputs<D extends Diagrams> = D extends readonly [infer Head extends Diagram, ...unknown[]]
  ? Head['inputs']
  : Wires
type LastOutputs<D extends Diagrams> = D extends readonly [...unknown[], infer Last extends Diagram]
  ? Last['outputs']
  : Wires
type Concatenated<D extends Diagrams, Side extends 'inputs' | 'outputs', Done extends Wires = []> = D extends readonly [
  infer Head extends Diagram,
  ...infer Tail extends Diagrams,
]
  ? Concatenated<Tail, Side, [...Done, ...Head[Side]]>
  : D extends readonly []
    ? Done
    : Wires

// ---------------------------------------------------------------------------------------------------------------------------
// Constructors. A composition that TypeScript could not check (wires whose names are only known at run time) and that does not fit
// is an error of the program that writes it, so it throws; `checkedSeq` and its like give the same problem as a value.

/** A box that can be called with variables inside a program. */
export interface Generator<In extends Wires, Out extends Wires> extends Box<In, Out>, Applicable<In, Out> {}

/**
 * A generator with a name, inputs and outputs.
 *
 * `deterministic` promises that every interpretation makes it commute with copy; `body` is a diagram of the same type that the box
 * stands for.
 *
 * @example
 * const Coin = finite('Coin', ['heads', 'tails'])
 * showWires(box('flip', [Coin], [Coin]).outputs) // => 'Coin'
 */
export const box = <In extends Wires, Out extends Wires>(
  name: string,
  inputs: readonly [...In],
  outputs: readonly [...Out],
  { deterministic = false, body }: { readonly deterministic?: boolean; readonly body?: Diagram<In, Out> } = {},
): Generator<In, Out> => {
  const node = valueOrThrow(
    checkedBox(name, inputs, outputs, { deterministic, ...(body === undefined ? {} : { body }) }),
  )
  return applicable<In, Out, Box<In, Out>>(unchecked(node))
}

/** A morphism from the unit: a box without inputs. */
export const state = <Out extends Wires>(name: string, outputs: readonly [...Out]): Generator<[], Out> =>
  box<[], Out>(name, [], outputs)

/** The identity of the object with these wires. */
export const id = <A extends Wires>(...wires: readonly [...A]): Identity<A, A> =>
  unchecked({ kind: 'identity', inputs: wires, outputs: wires })

/** The comultiplication of an object: A to A ⊗ A. */
export const copy = <A extends Wires>(...wires: readonly [...A]): Copy<A, [...A, ...A]> =>
  unchecked({ kind: 'copy', inputs: wires, outputs: [...wires, ...wires] })

/** The counit of an object: A to the unit. */
export const discard = <A extends Wires>(...wires: readonly [...A]): Discard<A, []> =>
  unchecked({ kind: 'discard', inputs: wires, outputs: [] })

/**
 * The symmetry A ⊗ B to B ⊗ A, where A and B are wires or tuples of wires.
 *
 * @example
 * showWires(swap(finite('A', 2), [finite('B', 2), finite('C', 2)]).outputs) // => 'B ⊗ C ⊗ A'
 */
export const swap = <const A extends Wire | Wires, const B extends Wire | Wires>(
  a: A,
  b: B,
): Permute<[...ObjectOf<A>, ...ObjectOf<B>], [...ObjectOf<B>, ...ObjectOf<A>]> => {
  const left = objectOf(a)
  const right = objectOf(b)
  const order = [...right.map((_, k) => left.length + k), ...left.map((_, k) => k)]
  return unchecked({ kind: 'permute', order, inputs: [...left, ...right], outputs: [...right, ...left] })
}

/**
 * The wiring that gives its inputs in another order: output k is input order[k].
 *
 * @example
 * showWires(permute([finite('A', 2), finite('B', 2), finite('C', 2)], [2, 0, 1]).outputs) // => 'C ⊗ A ⊗ B'
 */
export const permute = <A extends Wires, const Order extends readonly number[]>(
  wires: readonly [...A],
  order: Order & PlacesOf<A, Order>,
): Permute<A, WiresAt<A, Order>> => unchecked(valueOrThrow(checkedPermute(wires, order)))

/**
 * f ; g ; ...: the sequential composite, read from left to right.
 *
 * A composition that does not fit is a compile-time error at the diagram that does not fit, naming the two wires.
 */
export const seq = <const D extends readonly [Diagram, ...Diagram[]]>(
  ...diagrams: Composable<D>
): Sequential<FirstInputs<D>, LastOutputs<D>> => unchecked(valueOrThrow(checkedSeq(unchecked<Diagrams>(diagrams))))

/** f ⊗ g ⊗ ...: the parallel composite, its inputs and outputs side by side. */
export const par = <const D extends Diagrams>(
  ...parts: D
): Parallel<Concatenated<D, 'inputs'>, Concatenated<D, 'outputs'>> => unchecked(valueOrThrow(checkedPar(parts)))

const objectOf = (a: Wire | Wires): Wires => ('kind' in a ? [a] : a)
