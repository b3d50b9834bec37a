/**
 * Broken versions of GaussExact: regressions that are not.
 */
import type { ExactGaussianMap } from '../../src/category/gauss-exact.js'
import { inverseByConditional } from '../../src/category/inversion.js'
import type { MarkovStructure } from '../../src/category/markov-category.js'
import { type Rational, zero } from '../../src/category/rational.js'
import { dimensionOf, type RealObject } from '../../src/category/real-object.js'
import { groups, type Mutant } from './mutant.js'

type GaussExactMutant = Mutant<RealObject, ExactGaussianMap>

/** The conditional with its coefficients of X changed, and the inverses that follow from it. */
const withSlope = (
  category: MarkovStructure<RealObject, ExactGaussianMap>,
  change: (coefficient: Rational) => Rational,
): MarkovStructure<RealObject, ExactGaussianMap> => {
  const { conditional: right } = category
  if (right === undefined) throw new Error(`${category.name} has no conditionals to break`)
  const conditional = (f: ExactGaussianMap, x: RealObject, y: RealObject): ExactGaussianMap => {
    const regression = right(f, x, y)
    const [columns, observed] = [dimensionOf(regression.domain), dimensionOf(x)]
    return {
      ...regression,
      matrix: regression.matrix.map((entry, place) => (place % columns < observed ? change(entry) : entry)),
    }
  }
  return {
    ...category,
    conditional,
    inverse: (prior, f) => inverseByConditional({ ...category, conditional }, prior, f),
  }
}

/** Broken versions of GaussExact, each with the groups of the laws that reject it. */
export const gaussExactMutants: readonly GaussExactMutant[] = [
  {
    name: 'regression with the wrong sign',
    breaks: (category) => withSlope(category, (coefficient) => coefficient.neg()),
    caughtBy: groups('I1 I3 I4 J1 J2 J3 J4 J5 M1 M3'),
  },
  {
    name: 'regression without a slope',
    breaks: (category) => withSlope(category, () => zero),
    caughtBy: groups('I1 I4 J1 J2 J3 J4 J5 M1 M3'),
  },
]
