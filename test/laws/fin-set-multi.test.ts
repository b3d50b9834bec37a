import { describe, test } from 'vitest'

import { chanceLaws, finSetMultiArbitraries, testLaws } from '../../laws/index.js'
import { FinSetMulti } from '../../src/category/fin-set-multi.js'

testLaws(chanceLaws(FinSetMulti, finSetMultiArbitraries), { describe, test })
