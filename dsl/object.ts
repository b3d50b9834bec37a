/**
 * Wires and objects: the types of the language.
 *
 * A wire is a finite set, a real vector space or a sequence of a fixed length over a finite set; an object is a tuple of wires, and
 * the empty tuple is the monoidal unit. Wires are compared by value (name and shape), never by object identity, both by the
 * TypeScript compiler and at run time.
 */
import { checkedFinite, checkedReal, checkedSequence } from './checked-wire.js'
import { valueOrThrow } from './value-or-throw.js'

/** A finite set: its elements by name, or only how many there are. */
export interface Finite<
  Name extends string = string,
  Elements extends readonly string[] | number = readonly string[] | number,
> {
  readonly kind: 'finite'
  readonly name: Name
  readonly elements: Elements
}

/** The real vector space of a dimension. */
export interface Real<Name extends string = string, Dimension extends number = number> {
  readonly kind: 'real'
  readonly name: Name
  readonly dimension: Dimension
}

/** Sequences of a fixed length over a finite set; a finite set itself, in the lexicographic order of its positions. */
export interface Sequence<
  Name extends string = string,
  Symbols extends Finite = Finite,
  Length extends number = number,
> {
  readonly kind: 'sequence'
  readonly name: Name
  readonly symbols: Symbols
  readonly length: Length
}

export type Wire = Finite | Real | Sequence

/** An object of the category: a tuple of wires, [] being the unit. */
export type Wires = readonly Wire[]

/**
 * A finite set with named elements, or of a size.
 *
 * @example
 * finite('Weather', ['sun', 'rain']).elements // => ['sun', 'rain']
 * finite('Die', 6).elements // => 6
 */
export const finite = <const Name extends string, const Elements extends readonly string[] | number>(
  name: Name,
  elements: Elements,
): Finite<Name, Elements> => valueOrThrow(checkedFinite(name, elements))

/**
 * The real vector space of a dimension.
 *
 * @example
 * real('Hidden', 8).dimension // => 8
 */
export const real = <const Name extends string, const Dimension extends number>(
  name: Name,
  dimension: Dimension,
): Real<Name, Dimension> => valueOrThrow(checkedReal(name, dimension))

/**
 * Sequences of a fixed length over a finite set.
 *
 * @example
 * cardinality(sequence('Context', finite('Bit', 2), 3)) // => 8
 */
export const sequence = <const Name extends string, const Symbols extends Finite, const Length extends number>(
  name: Name,
  symbols: Symbols,
  length: Length,
): Sequence<Name, Symbols, Length> => valueOrThrow(checkedSequence(name, symbols, length))

/** How many elements a finite wire has; undefined for a real vector space. */
export const cardinality = (wire: Wire): number | undefined => {
  switch (wire.kind) {
    case 'finite':
      return sizeOf(wire)
    case 'sequence':
      return sizeOf(wire.symbols) ** wire.length
    case 'real':
      return undefined
  }
}

/** How many elements a finite set has. */
export const sizeOf = (set: Finite): number => (typeof set.elements === 'number' ? set.elements : set.elements.length)

/** Equality of wires by value: kind, name and shape. */
export const sameWire = (a: Wire, b: Wire): boolean => a === b || wireKey(a) === wireKey(b)

/** Equality of objects: the same wires in the same order. */
export const sameWires = (a: Wires, b: Wires): boolean =>
  a === b || (a.length === b.length && a.every((wire, index) => sameWire(wire, b[index]!)))

/** A text that two wires share exactly when they are the same wire. */
export const wireKey = (wire: Wire): string => {
  switch (wire.kind) {
    case 'finite':
      return JSON.stringify(['finite', wire.name, wire.elements])
    case 'real':
      return JSON.stringify(['real', wire.name, wire.dimension])
    case 'sequence':
      return JSON.stringify(['sequence', wire.name, wireKey(wire.symbols), wire.length])
  }
}

/** A wire as it is shown in messages: its name and its shape. */
export const showWire = (wire: Wire): string => {
  switch (wire.kind) {
    case 'finite':
      return `${wire.name} (${sizeOf(wire)} elements)`
    case 'real':
      return `${wire.name} (R^${wire.dimension})`
    case 'sequence':
      return `${wire.name} (${wire.symbols.name}^${wire.length})`
  }
}

/** An object as it is shown in messages: names joined by the tensor sign, I for the unit. */
export const showWires = (wires: Wires): string =>
  wires.length === 0 ? 'I' : wires.map((wire) => wire.name).join(' ⊗ ')
