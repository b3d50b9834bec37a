/**
 * (c) All single marginals of published Bayesian networks.
 *
 * The networks have no inputs: onnxruntime would find their marginals once for all when it prepares the graph, so it does not take part.
 */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

import { valueOrThrow } from '../../dsl/value-or-throw.js'
import {
  type BayesianNetwork,
  type Evaluation,
  marginalDiagram,
  networkDiagram,
  networkMarginal,
  networkMeanings,
  parseBif,
} from '../../src/index.js'
import { compiled, type Compiled, compiledPeer, distributionOf } from './compiled.js'
import { contest, type Peer, type Section } from './contest.js'
import { normalisedEinsum, unprunedEinsum } from './einsum-of-diagram.js'
import { einsumPeer } from './numpy.js'

const folder = '../shared/data/bif'
const names = ['cancer', 'earthquake', 'survey', 'asia', 'child', 'alarm']

const marginalsOf = ({ outputs }: Evaluation): ArrayLike<number> =>
  outputs.flatMap((output) => {
    if (output.kind !== 'marginal') throw new Error(`an output is a ${output.kind}`)
    return Array.from(output.entries)
  })

/** One evaluator for each variable. */
const oneByOne = async (network: BayesianNetwork): Promise<Peer> => {
  const name = 'markovcat, auto, one diagram for each marginal'
  const meanings = networkMeanings(network)
  const evaluators: Compiled[] = []
  for (const variable of network.variables) {
    const diagram = valueOrThrow(marginalDiagram(network, [variable.name]))
    const found = await compiled({ diagram, meanings, inputs: [], options: {} }, name)
    if ('why' in found) return found
    evaluators.push(found)
  }
  return {
    name,
    run: async () => {
      const marginals: ArrayLike<number>[] = []
      for (const { evaluate } of evaluators) marginals.push(distributionOf(await evaluate()))
      return marginals
    },
    stop: async () => {
      for (const { stop } of evaluators) await stop()
    },
  }
}

const sectionOf = async (file: string, rounds: number): Promise<Section> => {
  const network = valueOrThrow(parseBif(gunzipSync(readFileSync(`${folder}/${file}.bif.gz`)).toString('utf8')))
  const diagram = networkDiagram(network)
  const meanings = networkMeanings(network)
  const eliminate = (): readonly number[] =>
    network.variables.flatMap(({ name }) => Array.from(valueOrThrow(networkMarginal(network, [name])).entries))
  const work = { diagram, meanings, inputs: [], read: marginalsOf }
  return contest(
    {
      title: `${file}: ${network.variables.length} marginals`,
      peers: [
        await compiledPeer({ ...work, options: { question: 'marginals' } }),
        await compiledPeer({ ...work, options: { question: 'marginals', backend: 'cpu' } }),
        await oneByOne(network),
        await einsumPeer(normalisedEinsum('einsum, each marginal from its ancestors', diagram, meanings)),
        await einsumPeer(unprunedEinsum('einsum, each marginal from all tables', diagram, meanings)),
        { name: 'networkMarginal, in float64', run: eliminate, stop: () => Promise.resolve() },
      ],
      reference: eliminate(),
      bound: 1e-5,
    },
    rounds,
  )
}

export const networkSections = async (rounds: number): Promise<readonly Section[]> => {
  const sections: Section[] = []
  for (const file of names) {
    const title = file
    if (existsSync(`${folder}/${file}.bif.gz`)) sections.push(await sectionOf(file, rounds))
    else
      sections.push({
        title,
        figures: [],
        absent: [{ name: file, why: `there is no ${folder}` }],
        bound: 0,
        operations: undefined,
        notes: [],
      })
  }
  return sections
}
