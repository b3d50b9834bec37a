/**
 * Broken ways to draw samples: random numbers that are shared, or that depend on how a morphism was put together.
 */
import { isLeft, right } from 'fp-ts/lib/Either.js'

import type { Diagram } from '../../dsl/diagram.js'
import { fold } from '../../dsl/fold.js'
import { marginal } from '../../dsl/marginal.js'
import { normalForm } from '../../dsl/normal-form.js'
import { type Wiring, wiringOf } from '../../dsl/wiring.js'
import { type Draw, run, sample } from '../../src/category/sampler/run.js'
import {
  checkOptions,
  emptyColumn,
  readInputs,
  type SampleColumn,
  writeColumn,
} from '../../src/category/sampler/samples.js'
import { stepOf } from '../../src/category/sampler/step.js'
import { samplerArbitraries } from '../arbitraries/sampler.js'
import { samplerLaws, type SamplerUnderTest } from '../sampler-laws.js'
import { groups, type MutantCase } from './mutant.js'

/** A sampler with one fault. */
export interface SamplerMutant {
  readonly name: string
  readonly draw: Draw
  /** Of the laws of samplers, Q3 among them. */
  readonly caughtBy: readonly string[]
  readonly note: string
}

/** Draws from the boxes of a diagram with random numbers at the places that they are given. */
const drawBy =
  (boxesOf: (diagram: Diagram) => Wiring, placesOf: (wiring: Wiring, diagram: Diagram) => readonly number[]): Draw =>
  ({ diagram }, inputs, options) => {
    const values = readInputs(diagram.inputs, inputs)
    if (isLeft(values)) return values
    const checked = checkOptions(options)
    if (isLeft(checked)) return checked
    const wiring = boxesOf(diagram)
    const places = placesOf(wiring, diagram)
    const columns = diagram.outputs.map((wire) => emptyColumn(wire, options.count))
    run(
      wiring,
      values.right,
      checked.right,
      (placed) => stepOf({ ...placed, place: places[placed.place]! }),
      (block, start, length) => columns.forEach((column, k) => writeColumn(column, start, block[k]!, length)),
    )
    return right({ wires: diagram.outputs, count: options.count, columns })
  }

/** For each box how many boxes come before it in a row. */
const depths = ({ wires, boxes }: Wiring): readonly number[] => {
  const depthOf = new Float64Array(wires.length)
  return boxes.map(({ box, inputs, firstOutput }) => {
    const depth = Math.max(0, ...inputs.map((wire) => depthOf[wire]!))
    box.outputs.forEach((_, port) => (depthOf[firstOutput + port] = depth + 1))
    return depth
  })
}

/** For each box a number that is made of its way from the root of the term, boxes in the order of the term. */
const ways = (diagram: Diagram): readonly number[] => {
  const into = (side: number) => (way: number) => (Math.imul(way, 31) + side) >>> 0
  return fold<readonly number[]>(diagram, {
    leaf: ({ kind }) => (kind === 'box' ? [1] : []),
    join: (_, before, part) => (before === undefined ? part : [...before.map(into(1)), ...part.map(into(2))]),
    empty: () => [],
  })
}

/** Each output on its own, with a seed of its own. */
const drawEachOutput: Draw = ({ diagram }, inputs, options) => {
  const columns: SampleColumn[] = []
  for (const port of diagram.outputs.keys()) {
    const drawn = sample({ diagram: marginal(diagram, [port]) }, inputs, { ...options, seed: options.seed + port })
    if (isLeft(drawn)) return drawn
    columns.push(...drawn.right.columns)
  }
  return right({ wires: diagram.outputs, count: options.count, columns })
}

/** Broken samplers, each with the groups of the laws that reject it. */
export const samplerMutants: readonly SamplerMutant[] = [
  {
    name: 'one seed for both legs of a tensor product',
    draw: drawBy(normalForm, depths),
    caughtBy: groups('Q2 Q3'),
    note: 'Equal morphisms still give identical draws: it is the law of the draws that is wrong.',
  },
  {
    name: 'seeds are split at every composition',
    draw: drawBy(wiringOf, (_, diagram) => ways(diagram)),
    caughtBy: groups('Q1'),
    note: 'The draws have the right law and depend on the brackets. The fault of monad-bayes, issue 212.',
  },
  {
    name: 'random numbers in the order in which boxes are written',
    draw: drawBy(wiringOf, ({ boxes }) => [...boxes.keys()]),
    caughtBy: groups('Q1'),
    note: 'Brackets leave no trace, but the order of independent boxes does, and so do boxes that nothing reads.',
  },
  {
    name: 'every output is drawn on its own',
    draw: drawEachOutput,
    caughtBy: groups('Q3'),
    note: 'A copy is drawn twice: each leg is as it should be, and only their law together shows it.',
  },
]

/** The broken samplers as cases; those that only the law of the draws shows need an exact law to hold them against. */
export const samplerMutantCases = (exactLaw?: SamplerUnderTest['exactLaw']): readonly MutantCase[] =>
  samplerMutants.flatMap(({ name, draw, caughtBy, note }) => {
    const groupsHere = exactLaw === undefined ? caughtBy.filter((group) => group !== 'Q3') : caughtBy
    if (groupsHere.length === 0) return []
    const subject = { name: `sampler (${name})`, draw, ...(exactLaw === undefined ? {} : { exactLaw }) }
    return {
      category: 'sampler',
      name,
      laws: () => samplerLaws(subject, samplerArbitraries),
      caughtBy: groupsHere,
      rarelyCaughtBy: [],
      note,
    }
  })
