import { describe, test } from 'vitest'

import { chanceLaws, finStochArbitraries, markovLaws, testLaws } from '../../laws/index.js'
import { FinStoch } from '../../src/category/fin-stoch.js'

testLaws(markovLaws(FinStoch, finStochArbitraries), { describe, test })
testLaws(chanceLaws(FinStoch, finStochArbitraries), { describe, it: test })
