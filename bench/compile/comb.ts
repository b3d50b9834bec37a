/**
 * (a) A hidden Markov model as a comb: from a known hidden state, T steps with an observation each; the law of the last observation.
 *
 * All other observations are discarded, and the normal form forgets them with their boxes.
 */
import { box, type Diagram, finite, program } from '../../dsl/index.js'
import { valueOrThrow } from '../../dsl/value-or-throw.js'
import { FinStoch, interpret } from '../../src/index.js'
import { compiledPeer, distributionOf } from './compiled.js'
import { type Contender, contest, type Peer, type Section } from './contest.js'
import { literalEinsum, normalisedEinsum } from './einsum-of-diagram.js'
import { einsumPeer, pythonPeer } from './numpy.js'
import { stochasticRows } from './stochastic.js'

const states = 8
const symbols = 8
const lengths = [16, 64, 256]
const longest = 1024
const start = 3

const Hidden = finite('Hidden', states)
const Symbol = finite('Symbol', symbols)
const step = box('step', [Hidden], [Hidden])
const emit = box('emit', [Hidden], [Symbol])
const meanings = { step: stochasticRows(states, states, 1), emit: stochasticRows(states, symbols, 2) }

const comb = (length: number): Diagram =>
  program([Hidden], (first) => {
    let [hidden] = step(first)
    let [symbol] = emit(hidden)
    for (let time = 1; time < length; time++) {
      ;[hidden] = step(hidden)
      ;[symbol] = emit(hidden)
    }
    return [symbol]
  })

/** The loop that one would write for this model and no other, in float64. */
const forward = (length: number): (() => Float64Array) => {
  const transition = Float64Array.from(meanings.step.flat())
  const emission = Float64Array.from(meanings.emit.flat())
  const times = (row: Float64Array, matrix: Float64Array, width: number): Float64Array => {
    const product = new Float64Array(width)
    for (let from = 0; from < row.length; from++) {
      const weight = row[from]!
      for (let to = 0; to < width; to++) product[to]! += weight * matrix[from * width + to]!
    }
    return product
  }
  return () => {
    let law: Float64Array = transition.slice(start * states, (start + 1) * states)
    for (let time = 1; time < length; time++) law = times(law, transition, states)
    return times(law, emission, symbols)
  }
}

const sectionOf = async (length: number, rounds: number): Promise<Section> => {
  const diagram = comb(length)
  const work = { diagram, meanings, inputs: [[start]], read: distributionOf }
  const loop = forward(length)
  const dense = interpret(FinStoch, meanings)
  const interpreter: Contender = {
    name: 'interpret(FinStoch), no normal form, all rows',
    run: () => valueOrThrow(dense(diagram)).entries.slice(start * symbols, (start + 1) * symbols),
    stop: () => Promise.resolve(),
  }
  const arrays = [
    { dimensions: [states, states], entries: meanings.step.flat() },
    { dimensions: [states, symbols], entries: meanings.emit.flat() },
  ]
  const text = `
def work():
    law = arrays[0][${start}]
    for _ in range(${length - 1}):
        law = law @ arrays[0]
    return law @ arrays[1]`
  return contest(
    {
      title: `${length} steps, ${states} states, ${symbols} symbols`,
      peers: [
        await compiledPeer({ ...work, options: {} }),
        await compiledPeer({ ...work, options: { backend: 'cpu' } }),
        await compiledPeer({ ...work, options: { backend: 'onnx' } }),
        await einsumPeer(normalisedEinsum('einsum of the normal form', diagram, meanings, [start])),
        await einsumPeer(literalEinsum('einsum with copies and discards as tensors', diagram, meanings, [start])),
        interpreter,
        await pythonPeer({ name: 'loop over vector-matrix products in Python', arrays, text }),
        { name: 'loop for this model in plain JavaScript', run: loop, stop: () => Promise.resolve() },
      ],
      reference: loop(),
      bound: 1e-5,
    },
    rounds,
  )
}

/**
 * How the time grows with the steps: the law of the last observation no longer depends on how many there are, so that all lengths take
 * part in one contest.
 */
const growth = async (rounds: number): Promise<Section> => {
  const peers: Peer[] = []
  for (const length of [...lengths, longest]) {
    const work = { diagram: comb(length), meanings, inputs: [[start]], read: distributionOf }
    peers.push(await compiledPeer({ ...work, options: { backend: 'webasm' } }, `markovcat, ${length} steps`))
  }
  const section = await contest(
    { title: 'Growth with the steps', peers, reference: forward(longest)(), bound: 1e-5 },
    rounds,
  )
  const times = section.figures.map(({ time }) => 1000 * time)
  const each = [...lengths, longest].map((length, at, all) =>
    at === 0 ? '' : ((times[at]! - times[at - 1]!) / (length - all[at - 1]!)).toFixed(3),
  )
  return { ...section, notes: [`for each further step: ${each.slice(1).join(', then ')} us (linear: always the same)`] }
}

export const combSections = async (rounds: number): Promise<readonly Section[]> => {
  const sections: Section[] = []
  for (const length of lengths) sections.push(await sectionOf(length, rounds))
  return [...sections, await growth(rounds)]
}
