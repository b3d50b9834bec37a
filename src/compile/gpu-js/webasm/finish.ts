/** What becomes of a sum of products at the end. */
import { exponential, hyperbolicTangent, smallestExponent } from '../exponential.js'
import type { Product } from './product.js'

/** Declares `name` = what becomes of `sum`; `normaliserAt` is where the normaliser is read. */
export const finishLines = (
  { finish }: Product,
  sum: string,
  name: string,
  normaliserAt: string,
): readonly string[] => {
  switch (finish) {
    case 'identity':
      return [`const ${name} = ${sum};`]
    case 'tanh':
      return hyperbolicTangent(sum, name)
    case 'exponential':
      return [
        `const ${name}x = Math.max(${smallestExponent}.0, ${sum} - n[${normaliserAt}]);`,
        ...exponential(`${name}x`, name),
      ]
  }
}
