import { describe, test } from 'vitest'

import { chanceLaws, finStochExactArbitraries, testLaws } from '../../laws/index.js'
import { FinStochExact } from '../../src/category/fin-stoch-exact.js'

testLaws(chanceLaws(FinStochExact, finStochExactArbitraries), { describe, test })
