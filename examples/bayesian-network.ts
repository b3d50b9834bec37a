/**
 * A Bayesian network in the interchange format: its diagram, its marginals, and what evidence says.
 *
 * The grass is wet. Was it the rain or the sprinkler? Run it after a build: `node dist/examples/bayesian-network.js`.
 */
import { pathToFileURL } from 'node:url'

import { isLeft } from 'fp-ts/lib/Either.js'

import { drawText, type Problem, separated, showProblem } from '../dsl/index.js'
import {
  exactNetworkMeanings,
  FinStochExact,
  interpret,
  marginalDiagram,
  networkDiagram,
  networkMarginal,
  networkPosterior,
  parseBif,
} from '../src/index.js'

export const garden = `
network garden {
}
variable Rain {
  type discrete [ 2 ] { yes, no };
}
variable Sprinkler {
  type discrete [ 2 ] { on, off };
}
variable Grass {
  type discrete [ 2 ] { wet, dry };
}
probability ( Rain ) {
  table 0.2, 0.8;
}
probability ( Sprinkler | Rain ) {
  (yes) 0.01, 0.99;
  (no) 0.4, 0.6;
}
probability ( Grass | Sprinkler, Rain ) {
  (on, yes) 0.99, 0.01;
  (on, no) 0.9, 0.1;
  (off, yes) 0.8, 0.2;
  default 0, 1;
}
`

const orExit = <A>(result: { _tag: 'Left'; left: Problem } | { _tag: 'Right'; right: A }): A => {
  if (!isLeft(result)) return result.right
  console.error(showProblem(result.left))
  process.exit(1)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const network = orExit(parseBif(garden))
  const diagram = networkDiagram(network)
  console.log(drawText(diagram))

  console.log('\nProbabilities of the first value of each variable (identity, in doubles):')
  for (const { name, values } of network.variables)
    console.log(`    ${name} = ${values[0]!}: ${orExit(networkMarginal(network, [name])).entries[0]!.toFixed(5)}`)
  const exact = interpret(FinStochExact, exactNetworkMeanings(network))
  const grass = orExit(exact(orExit(marginalDiagram(network, ['Grass']))))
  console.log(`\nThe grass in exact rationals (identity):\n${FinStochExact.show(grass)}`)

  console.log('\nGiven evidence (identity, in doubles):')
  const show = (query: string, value: string, evidence: Readonly<Record<string, string>>): void => {
    const observed = Object.entries(evidence).map(([name, seen]) => `${name} = ${seen}`)
    const answer = networkPosterior(network, [query], evidence)
    const place = network.variables.find(({ name }) => name === query)!.values.indexOf(value)
    console.log(
      isLeft(answer)
        ? `    ${showProblem(answer.left)}`
        : `    ${query} = ${value} given ${observed.join(', ')}: ${answer.right.distribution.entries[place]!.toFixed(5)}`,
    )
  }
  show('Rain', 'yes', { Grass: 'wet' })
  show('Sprinkler', 'on', { Grass: 'wet' })
  // The sprinkler explains the wet grass away.
  show('Rain', 'yes', { Grass: 'wet', Sprinkler: 'on' })
  show('Rain', 'yes', { Grass: 'wet', Sprinkler: 'off' })

  const answer = orExit(separated(diagram, { x: ['Rain'], y: ['Grass'], given: ['Sprinkler'] }))
  console.log(`\nRain and grass independent given the sprinkler, whatever the probabilities: ${answer.kind}`)
  const misprinted = parseBif(garden.replace('0.4, 0.6', '0.4, 0.06'))
  if (isLeft(misprinted)) console.log(`\nWith a misprint: ${showProblem(misprinted.left)}`)
}
