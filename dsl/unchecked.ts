/**
 * The one place in this folder where the compiler is overruled.
 *
 * A constructor computes the boundary of a diagram twice, as a type and as a value; TypeScript cannot see that the two agree.
 */

/** The value at the type that its constructor's signature states. */
export const unchecked = <A>(value: unknown): A => value as A
