/**
 * Wires of an object, named by their places: checked by the compiler where the places are written out.
 */
import type { Wires } from './object.js'

/** The wires at some places of an object, in the order of the places. */
export type WiresAt<A extends Wires, Places extends readonly number[]> = Places extends readonly []
  ? []
  : Places extends readonly [infer Head extends number, ...infer Tail extends readonly number[]]
    ? [A[Head], ...WiresAt<A, Tail>]
    : Wires

/** Places that an object has; a place that it has not is replaced by the complaint about it. */
export type PlacesOf<A extends Wires, Places extends readonly number[]> = number extends A['length'] | Places['length']
  ? Places
  : {
      readonly [K in keyof Places]: `${Places[K]}` extends keyof A
        ? Places[K]
        : `there is no wire ${Places[K]}: the object has ${A['length']} wires, counted from 0`
    }
