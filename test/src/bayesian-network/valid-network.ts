import { isLeft } from 'fp-ts/lib/Either.js'
import { expect } from 'vitest'

import { parseBif } from '../../../src/bayesian-network/bif.js'
import { networkDiagram, networkMeanings } from '../../../src/bayesian-network/diagram.js'
import { bayesianNetwork, type BayesianNetwork } from '../../../src/bayesian-network/network.js'
import { printBif } from '../../../src/bayesian-network/print-bif.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { valueOf } from '../../support/value-of.js'

/** What every network that the reader lets through must be. */
export const expectValid = (network: BayesianNetwork): void => {
  expect(isLeft(bayesianNetwork(network.name, network.variables))).toBe(false)
  const { outputs, steps } = networkDiagram(network)
  expect(outputs.map(({ name }) => name)).toEqual(network.variables.map(({ name }) => name))
  const meanings = networkMeanings(network)
  for (const { diagram } of steps)
    if (diagram.kind === 'box') {
      const sizes = [...diagram.inputs, ...diagram.outputs].map((wire) => valueOf(FinStoch.objectOf(wire))[0]!)
      valueOf(FinStoch.read(meanings[diagram.name]!, sizes.slice(0, -1), sizes.slice(-1), diagram.name))
    }
  expect(valueOf(parseBif(valueOf(printBif(network))))).toEqual(network)
}
