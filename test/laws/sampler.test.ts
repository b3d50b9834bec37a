import { describe, test } from 'vitest'

import { chanceLaws, testLaws } from '../../laws/index.js'
import { samplerArbitraries } from '../../laws/arbitraries/sampler.js'
import { Sampler } from '../../src/category/sampler.js'

testLaws(chanceLaws(Sampler, samplerArbitraries), { describe, test })
