/**
 * Markov categories that are not cartesian: law G5 of the list.
 */
import { inequation } from '../law.js'
import { morphism, object } from '../variable.js'
import { markovCategories } from './markov.js'
import type { Theory } from './theory.js'

/** Some state is not copied. If copy were natural for every morphism, the category would be cartesian (Fox's theorem). */
export const chance: Theory = {
  name: 'Markov category with chance',
  parents: [markovCategories],
  laws: [
    inequation({
      name: 'some coin is not copied',
      group: 'G5',
      statement: 'coin ; copy[A] ≠ coin ⊗ coin for some coin',
      where: { A: object, coin: morphism([], 'A') },
      left: ({ seq, copy }, { A, coin }) => seq(coin, copy(A)),
      right: ({ par }, { coin }) => par(coin, coin),
    }),
  ],
}
