/**
 * One value for each of the five categorical entropies.
 */
import type { CategoricalEntropyName } from '../information/categorical-entropy.js'
import type { Unit } from '../information/figure.js'

export type PerEntropy<A> = Readonly<Record<CategoricalEntropyName, A>>

export const perEntropy = <A>(of: (name: CategoricalEntropyName) => A): PerEntropy<A> => ({
  shannon: of('shannon'),
  'total-variation': of('total-variation'),
  'renyi-1/2': of('renyi-1/2'),
  'squared-hellinger': of('squared-hellinger'),
  'jensen-shannon': of('jensen-shannon'),
})

/** Total variation and squared Hellinger have no unit; the others are in nats. */
export const entropyUnit = (name: CategoricalEntropyName): Unit =>
  name === 'total-variation' || name === 'squared-hellinger' ? '1' : 'nats'
