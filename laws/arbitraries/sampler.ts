/**
 * Random samplers: diagrams over a small signature with finite sets, sequences and real vector spaces, every kind of meaning among its
 * boxes, and random pairs of them that are equal.
 */
import * as fc from 'fast-check'

import { type Box, type Diagram, par, seq } from '../../dsl/diagram.js'
import { fold } from '../../dsl/fold.js'
import { cardinality, finite, real, sequence, type Wire, type Wires } from '../../dsl/object.js'
import { valueOrThrow } from '../../dsl/value-or-throw.js'
import { checkMeaning } from '../../src/category/sampler/check-meaning.js'
import type { SampledFunction, SamplerMeaning, SampleValue } from '../../src/category/sampler/meaning.js'
import { isSamplerBox, samplerBox, type SamplerMorphism } from '../../src/category/sampler/morphism.js'
import type { Arbitraries } from './arbitraries.js'
import { diagrams, equalDiagrams, type Signature } from './diagram.js'

const Coin = finite('Coin', ['heads', 'tails'])
const Die = finite('Die', 3)
const Word = sequence('Word', Coin, 2)
const Line = real('Line', 1)
const Plane = real('Plane', 2)

const generator = (meaning: SamplerMeaning, inputs: Wires, outputs: Wires): Box =>
  samplerBox(valueOrThrow(checkMeaning(meaning, inputs, outputs, 'the signature')), inputs, outputs)

const side: SampledFunction = {
  kind: 'function',
  name: 'side',
  deterministic: true,
  sample: ([x]) => [typeof x === 'object' && x[0]! >= 0 ? 1 : 0],
}
const height: SampledFunction = {
  kind: 'function',
  name: 'height',
  deterministic: true,
  sample: ([element]) => [[Number(element) - 0.5]],
}
const logistic: SampledFunction = {
  kind: 'function',
  name: 'logistic',
  sample: ([x], { uniform }) => [uniform() * (1 + Math.exp(-(typeof x === 'object' ? x[0]! : 0))) < 1 ? 1 : 0],
}

/** Boxes of every kind: rows, joint rows, tables, Gaussians with and without noise, functions with and without chance. */
export const samplerSignature: Signature = [
  generator([[0.25, 0.75]], [], [Coin]),
  generator(
    [
      [0.9, 0.1],
      [0.5, 0.5],
    ],
    [Coin],
    [Coin],
  ),
  generator(
    [
      [0, 1],
      [1, 0],
    ],
    [Coin],
    [Coin],
  ),
  generator(
    [
      [0.5, 0, 0.25, 0, 0.25, 0],
      [0, 0.5, 0, 0, 0, 0.5],
    ],
    [Coin],
    [Coin, Die],
  ),
  generator({ kind: 'finite-function', values: [[0], [1], [1], [0], [2], [1]] }, [Coin, Die], [Die]),
  generator({ kind: 'finite-function', values: [[0], [1], [2], [3]] }, [Coin, Coin], [Word]),
  generator(
    [
      [1, 0],
      [0.5, 0.5],
      [0.5, 0.5],
      [0, 1],
    ],
    [Word],
    [Coin],
  ),
  generator({ matrix: [[0.5]], shift: [1], covariance: [[2]] }, [Line], [Line]),
  generator({ matrix: [[1, -1]], shift: [0], covariance: [[0]] }, [Line, Line], [Line]),
  generator(
    {
      matrix: [[1], [0]],
      shift: [0, 1],
      covariance: [
        [1, 1],
        [1, 1],
      ],
    },
    [Line],
    [Plane],
  ),
  generator(side, [Line], [Coin]),
  generator(height, [Coin], [Line]),
  generator(logistic, [Plane], [Coin]),
]

/** The supply of a wire where a diagram has none: a fair choice or a standard normal vector, or a point. */
const supply = (wire: Wire, deterministic: boolean): SamplerMeaning => {
  const size = cardinality(wire)
  if (size !== undefined) {
    const fair = Array.from({ length: size }, (_, element) => (deterministic ? Number(element === 0) : 1 / size))
    return [fair]
  }
  const dimension = wire.kind === 'real' ? wire.dimension : 0
  const indices = Array.from({ length: dimension }, (_, index) => index)
  return {
    matrix: indices.map(() => []),
    shift: indices.map(() => 0),
    covariance: indices.map((i) => indices.map((j) => (i === j && !deterministic ? 1 : 0))),
  }
}

/** The boxes that supply wires are the only ones that the signature gives no meaning. */
const withSupplies = (diagram: Diagram): SamplerMorphism => ({
  diagram: fold<Diagram>(diagram, {
    leaf: (node) =>
      node.kind !== 'box' || isSamplerBox(node)
        ? node
        : generator(supply(node.outputs[0]!, node.deterministic), [], node.outputs),
    join: ({ kind }, before, part) =>
      before === undefined ? part : kind === 'seq' ? seq(before, part) : par(before, part),
    empty: (node) => node,
  }),
})

/** Random pairs of equal samplers, with what the normal form forgets added to one of them. */
export const equalSamplers = (
  domain: Wires,
  codomain: Wires,
): fc.Arbitrary<readonly [SamplerMorphism, SamplerMorphism]> =>
  equalDiagrams(samplerSignature, domain, codomain).map(([f, g]) => [withSupplies(f), withSupplies(g)])

/** A random value for each wire. */
export const samplerInputs = (wires: Wires): fc.Arbitrary<readonly SampleValue[]> =>
  fc.tuple(
    ...wires.map((wire): fc.Arbitrary<SampleValue> => {
      const size = cardinality(wire)
      if (size !== undefined) return fc.nat(size - 1)
      const length = wire.kind === 'real' ? wire.dimension : 0
      return fc.array(fc.integer({ min: -4, max: 4 }), { minLength: length, maxLength: length })
    }),
  )

/** Small objects, and samplers of up to a handful of boxes. */
export const samplerArbitraries: Arbitraries<Wires, SamplerMorphism> = {
  object: fc.array(fc.constantFrom<Wire>(Coin, Die, Word, Line, Plane), { maxLength: 2 }),
  morphism: (domain, codomain) => diagrams(samplerSignature, domain, codomain).map(withSupplies),
  deterministic: (domain, codomain) =>
    diagrams(
      samplerSignature.filter(({ deterministic }) => deterministic),
      domain,
      codomain,
    ).map(withSupplies),
}
