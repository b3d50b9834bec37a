import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it, test } from 'vitest'

import { equal } from '../../../dsl/normal-form.js'
import { separated } from '../../../dsl/separation.js'
import { marginal } from '../../../dsl/marginal.js'
import { parseBif } from '../../../src/bayesian-network/bif.js'
import {
  exactNetworkMeanings,
  marginalDiagram,
  networkDiagram,
  networkMeanings,
} from '../../../src/bayesian-network/diagram.js'
import { networkMarginal, networkPosterior } from '../../../src/bayesian-network/inference.js'
import { bayesianNetwork, type BayesianNetwork } from '../../../src/bayesian-network/network.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { exactProbability, FinStochExact } from '../../../src/category/fin-stoch-exact.js'
import { showRational } from '../../../src/category/rational.js'
import { compile } from '../../../src/compile/evaluate.js'
import { interpret } from '../../../src/interpret.js'
import { bifOf, networkFolder, networksAreThere } from '../../support/bayesian-networks.js'
import { byElimination, byEnumeration, type Inference, readPlainNetwork } from '../../support/plain-network.js'
import { valueOf } from '../../support/value-of.js'
import { dogProblem } from './small-network.js'

const namesOf = ({ variables }: BayesianNetwork): readonly string[] => variables.map(({ name }) => name)
const normalised = (weights: readonly number[]): readonly number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, entry, place) => Math.max(most, Math.abs(entry - b[place]!)), 0)
}
/** A stream of numbers below a bound: the same in every run. */
const draws = (): ((bound: number) => number) => {
  let state = 1
  return (bound) => {
    state = (state * 48_271) % 2_147_483_647
    return Math.floor((state / 2_147_483_647) * bound)
  }
}

describe('a network as a diagram', () => {
  const network = valueOf(parseBif(dogProblem))
  const names = namesOf(network)
  const diagram = networkDiagram(network)

  it('has a box for each variable, and each variable as an output, in declared order', () => {
    expect(diagram.inputs).toEqual([])
    expect(diagram.outputs.map(({ name }) => name)).toEqual(names)
    expect(diagram.outputs[1]).toEqual({ kind: 'finite', name: 'hear-bark', elements: ['<5', '5-12', '12+'] })
    expect(diagram.steps.map(({ diagram: step }) => (step.kind === 'box' ? step.name : ''))).toEqual([
      'family-out',
      'light-on',
      'dog out',
      'hear-bark',
    ])
    expect(diagram.steps.map(({ reads }) => reads)).toEqual([[], [0], [0, 1], [2]])
  })

  it('has the marginals of the diagram as marginal diagrams, without the boxes that they do not need', () => {
    const some = valueOf(marginalDiagram(network, ['dog out', 'light-on']))
    expect(some.steps.length).toBe(3)
    expect(equal(some, marginal(diagram, [2, 0]))).toBe(true)
    expect(valueOf(marginalDiagram(network, [])).steps).toEqual([])
    expect(marginalDiagram(network, ['cat'])).toMatchObject(
      left({ kind: 'unknown-name', remedy: 'its variables are light-on, hear-bark, dog out, family-out' }),
    )
  })

  it('means the joint distribution', () => {
    const joint = valueOf(interpret(FinStoch, networkMeanings(network))(diagram))
    expect(joint.codomain).toEqual([2, 3, 2, 2])
    // light on, 5-12 barks, dog in the garden, family out.
    expect(joint.entries[0 * 12 + 1 * 4 + 1 * 2 + 0]).toBeCloseTo(0.6 * 0.5 * 0.1 * 0.15, 16)
    expect(largestDifference(joint.entries, valueOf(networkMarginal(network, names)).entries)).toBeLessThan(1e-15)
  })

  it('has exact probabilities of what is printed with rounding', () => {
    const meanings = exactNetworkMeanings(network)
    // Of 0.3333 and 0.6666 there are thirds left.
    expect(meanings['dog out']).toEqual([
      ['9/10', '1/10'],
      ['3/10', '7/10'],
      ['1/3', '2/3'],
      ['2/5', '3/5'],
    ])
    const given = interpret(FinStochExact, meanings)(valueOf(marginalDiagram(network, ['light-on'])))
    // 0.15 0.6 + 0.85 0.05
    expect(showRational(exactProbability(valueOf(given), 0, 0))).toBe('53/400')
  })
})

describe('what is no question', () => {
  const network = valueOf(parseBif(dogProblem))
  it('is a problem that says why', () => {
    expect(networkMarginal(network, ['cat'])).toMatchObject(left({ kind: 'unknown-name', where: "variable 'cat'" }))
    expect(networkMarginal(network, ['family-out', 'family-out'])).toMatchObject(
      left({ kind: 'invalid-value', what: 'it is asked for twice' }),
    )
    expect(networkPosterior(network, ['family-out'], { 'family-out': 'yes' })).toMatchObject(
      left({ kind: 'invalid-value', what: 'it is asked for and observed' }),
    )
    expect(networkPosterior(network, ['family-out'], { 'hear-bark': 'often' })).toMatchObject(
      left({ kind: 'unknown-name', where: "output 'hear-bark'", remedy: 'the elements are <5, 5-12, 12+' }),
    )
    expect(networkPosterior(network, ['family-out'], { cat: 'yes' })).toMatchObject(left({ kind: 'unknown-name' }))
  })

  it('is impossible evidence, apart from evidence that is only improbable', () => {
    expect(networkPosterior(network, ['family-out'], { 'dog out': 'in/out', 'hear-bark': '12+' })).toMatchObject(
      left({ kind: 'impossible-evidence', where: 'evidence dog out = in/out, hear-bark = 12+' }),
    )
    const rare = { values: ['yes', 'no'], rows: [['1e-300', '1']] }
    const variables = [0, 1, 2, 3].map((number) => ({ ...rare, name: `rare ${number}`, parents: [] }))
    const likely = {
      name: 'likely',
      values: ['yes', 'no'],
      parents: ['rare 0'],
      rows: [
        ['0.25', '0.75'],
        ['0.5', '0.5'],
      ],
    }
    const improbable = valueOf(bayesianNetwork('rare', [...variables, likely]))
    const evidence = { 'rare 0': 'yes', 'rare 1': 'yes', 'rare 2': 'yes', 'rare 3': 'yes' }
    const { distribution, logEvidence } = valueOf(networkPosterior(improbable, ['likely'], evidence))
    expect(Array.from(distribution.entries)).toEqual([0.25, 0.75])
    expect(logEvidence).toBeCloseTo(-1200 * Math.LN10, 9)
  })

  it('of no variables is the one distribution on one element', () => {
    expect(Array.from(valueOf(networkMarginal(network, [])).entries)).toEqual([1])
    expect(valueOf(networkPosterior(network, [], { 'family-out': 'yes' })).logEvidence).toBeCloseTo(Math.log(0.15), 14)
  })
})

interface Published {
  readonly name: string
  readonly oracle: typeof byEnumeration
}
const published: readonly Published[] = [
  ...['asia', 'cancer', 'earthquake', 'survey'].map((name) => ({ name, oracle: byEnumeration })),
  ...['child', 'alarm'].map((name) => ({ name, oracle: byElimination })),
]

describe.skipIf(!networksAreThere)(`published networks (skipped without ${networkFolder})`, () => {
  /** A network as the library reads it, and its probabilities as they are computed apart from the library. */
  const both = ({ name, oracle }: Published): { readonly network: BayesianNetwork; readonly infer: Inference } => {
    const text = bifOf(name)
    return { network: valueOf(parseBif(text)), infer: oracle(readPlainNetwork(text)) }
  }

  test('the two independent computations agree', () => {
    for (const name of ['asia', 'survey']) {
      const plain = readPlainNetwork(bifOf(name))
      const [first, second] = [byEnumeration(plain), byElimination(plain)]
      const evidence = new Map([
        [5, 1],
        [0, 0],
      ])
      for (const query of [[1], [2, 4], [3]])
        expect(largestDifference(first(query, evidence), second(query, evidence))).toBeLessThan(1e-15)
    }
  })

  test.each(published)('every marginal of $name', (which) => {
    const { network, infer } = both(which)
    network.variables.forEach(({ name, values }, variable) => {
      const ours = valueOf(networkMarginal(network, [name]))
      expect(ours.codomain).toEqual([values.length])
      expect(largestDifference(ours.entries, infer([variable], new Map()))).toBeLessThan(1e-12)
    })
  })

  test.each(published)('pairs of variables of $name', (which) => {
    const { network, infer } = both(which)
    const names = namesOf(network)
    const draw = draws()
    for (let question = 0; question < 12; question++) {
      const first = draw(names.length)
      const second = (first + 1 + draw(names.length - 1)) % names.length
      const ours = valueOf(networkMarginal(network, [names[first]!, names[second]!]))
      expect(largestDifference(ours.entries, infer([first, second], new Map()))).toBeLessThan(1e-12)
    }
  })

  test.each(published)('posteriors of $name given one, two and three values', (which) => {
    const { network, infer } = both(which)
    const { variables } = network
    const draw = draws()
    const answers = { possible: 0, impossible: 0 }
    for (let question = 0; question < 60; question++) {
      const places = new Set<number>()
      while (places.size < 2 + (question % 3)) places.add(draw(variables.length))
      const [query, ...observed] = places
      const evidence = new Map(observed.map((variable) => [variable, draw(variables[variable]!.values.length)]))
      const named = Object.fromEntries(
        [...evidence].map(([variable, value]) => [variables[variable]!.name, variables[variable]!.values[value]!]),
      )
      const weights = infer([query!], evidence)
      const probability = weights.reduce((sum, weight) => sum + weight, 0)
      const ours = networkPosterior(network, [variables[query!]!.name], named)
      if (probability === 0) {
        answers.impossible += 1
        expect(ours).toMatchObject(left({ kind: 'impossible-evidence' }))
        continue
      }
      answers.possible += 1
      const { distribution, logEvidence } = valueOf(ours)
      expect(largestDifference(distribution.entries, normalised(weights))).toBeLessThan(1e-10)
      expect(Math.abs(logEvidence - Math.log(probability))).toBeLessThan(1e-10)
    }
    expect(answers.possible).toBeGreaterThan(40)
  })

  test('the values that are published for asia', () => {
    const asia = valueOf(parseBif(bifOf('asia')))
    const yes = (name: string): number => valueOf(networkMarginal(asia, [name])).entries[0]!
    expect(yes('tub')).toBeCloseTo(0.0104, 14)
    expect(yes('lung')).toBeCloseTo(0.055, 14)
    expect(yes('bronc')).toBeCloseTo(0.45, 14)
    expect(yes('either')).toBeCloseTo(0.064828, 14)
    expect(yes('xray')).toBeCloseTo(0.11029004, 14)
    expect(yes('dysp')).toBeCloseTo(0.4359706, 14)
    // Somebody short of breath who has been to Asia.
    const given = valueOf(networkPosterior(asia, ['tub'], { asia: 'yes', dysp: 'yes' }))
    expect(given.distribution.entries[0]).toBeCloseTo(0.0877508, 6)
    expect(networkPosterior(asia, ['bronc'], { tub: 'yes', either: 'no' })).toMatchObject(
      left({ kind: 'impossible-evidence', where: 'evidence tub = yes, either = no' }),
    )
  })

  test('asia in exact rationals, which its doubles round', () => {
    const asia = valueOf(parseBif(bifOf('asia')))
    const exact = interpret(FinStochExact, exactNetworkMeanings(asia))
    const yes = (name: string): string =>
      showRational(exactProbability(valueOf(exact(valueOf(marginalDiagram(asia, [name])))), 0, 0))
    expect(['tub', 'either', 'xray', 'dysp'].map(yes)).toEqual([
      '13/1250',
      '16207/250000',
      '2757251/25000000',
      '2179853/5000000',
    ])
  })

  test.each(['asia', 'cancer', 'earthquake', 'survey'])('%s: the interpreter agrees', (name) => {
    const network = valueOf(parseBif(bifOf(name)))
    const meaning = interpret(FinStoch, networkMeanings(network))
    for (const variable of namesOf(network)) {
      const interpreted = valueOf(meaning(valueOf(marginalDiagram(network, [variable]))))
      const computed = valueOf(networkMarginal(network, [variable]))
      expect(largestDifference(interpreted.entries, computed.entries)).toBeLessThan(1e-14)
    }
  })

  test.each(['asia', 'child', 'alarm'])('%s: the plan of the compiler agrees', async (name) => {
    const network = valueOf(parseBif(bifOf(name)))
    const meanings = networkMeanings(network)
    for (const variable of namesOf(network)) {
      const diagram = valueOf(marginalDiagram(network, [variable]))
      const evaluator = valueOf(await compile(diagram, meanings, { backend: 'cpu' }))
      const { distribution } = valueOf(evaluator.reference([]))
      await evaluator.dispose()
      const computed = valueOf(networkMarginal(network, [variable]))
      expect(largestDifference(distribution!.entries, computed.entries)).toBeLessThan(1e-13)
    }
  })

  test('alarm with all eleven leaves observed', () => {
    const { network, infer } = both({ name: 'alarm', oracle: byElimination })
    const parents = new Set(network.variables.flatMap((variable) => variable.parents))
    const leaves = network.variables.flatMap(({ name }, variable) => (parents.has(name) ? [] : [variable]))
    expect(leaves.length).toBe(11)
    const evidence = Object.fromEntries(
      leaves.map((leaf) => [network.variables[leaf]!.name, network.variables[leaf]!.values[0]!]),
    )
    const cause = namesOf(network).indexOf('HYPOVOLEMIA')
    const weights = infer([cause], new Map(leaves.map((leaf) => [leaf, 0])))
    const { distribution, logEvidence } = valueOf(networkPosterior(network, ['HYPOVOLEMIA'], evidence))
    expect(largestDifference(distribution.entries, normalised(weights))).toBeLessThan(1e-12)
    expect(logEvidence).toBeCloseTo(Math.log(weights[0]! + weights[1]!), 10)
    expect(logEvidence).toBeCloseTo(-16.2014630138, 9)
  })

  test('asia: what the diagram separates is independent, and what it joins is not', () => {
    const asia = valueOf(parseBif(bifOf('asia')))
    const names = namesOf(asia)
    const diagram = networkDiagram(asia)
    let separations = 0
    const unexplained: string[] = []
    const ask = (x: string, y: string, given: readonly string[]): void => {
      const { kind } = valueOf(separated(diagram, { x: [x], y: [y], given }))
      const nats = conditionalInformation(valueOf(networkMarginal(asia, [x, y, ...given])).entries)
      if (kind === 'separated') {
        separations += 1
        expect(Math.abs(nats)).toBeLessThan(1e-14)
      } else if (nats < 1e-9) unexplained.push(`${x} ⊥ ${y} | ${given.join(', ')}`)
    }
    names.forEach((x, first) => {
      names.slice(first + 1).forEach((y) => {
        const others = names.filter((name) => name !== x && name !== y)
        ask(x, y, [])
        others.forEach((z, place) => {
          ask(x, y, [z])
          for (const w of others.slice(place + 1)) ask(x, y, [z, w])
        })
      })
    })
    // Of 616 questions. `either` is a function of `tub` and `lung`, which the wiring does not say.
    expect(separations).toBe(156)
    expect(unexplained).toEqual(['either ⊥ xray | tub, lung', 'either ⊥ dysp | tub, lung', 'xray ⊥ dysp | tub, lung'])
  })
})

/** I(X; Y | Z) in nats of a joint distribution of two binary variables and any others. */
const conditionalInformation = (joint: Float64Array): number => {
  const cells = joint.length / 4
  let nats = 0
  for (let z = 0; z < cells; z++) {
    const at = (x: number, y: number): number => joint[(2 * x + y) * cells + z]!
    const total = at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)
    for (const x of [0, 1])
      for (const y of [0, 1]) {
        const [ofX, ofY] = [at(x, 0) + at(x, 1), at(0, y) + at(1, y)]
        if (at(x, y) > 0) nats += at(x, y) * Math.log((at(x, y) * total) / (ofX * ofY))
      }
  }
  return nats
}
