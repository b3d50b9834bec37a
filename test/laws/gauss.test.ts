/** Gauss, in floats and in rationals, satisfies every law of Markov categories with conditionals. */
import { describe, test } from 'vitest'

import { chanceLaws, functorLaws, gaussArbitraries, gaussExactArbitraries, testLaws } from '../../laws/index.js'
import { gaussRounding } from '../../src/category/functors/gauss-rounding.js'
import { Gauss } from '../../src/category/gauss.js'
import { GaussExact } from '../../src/category/gauss-exact.js'

testLaws(chanceLaws(Gauss, gaussArbitraries), { describe, test })
testLaws(chanceLaws(GaussExact, gaussExactArbitraries), { describe, test })
testLaws(functorLaws(gaussRounding, gaussExactArbitraries), { describe, test })
