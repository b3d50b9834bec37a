/**
 * (f) What one call of a small diagram takes: from the weather of today to that of tomorrow, and to the grass.
 */
import { box, finite, seq } from '../../dsl/index.js'
import { compiledPeer, distributionOf } from './compiled.js'
import { contest, type Section } from './contest.js'
import { pythonPeer } from './numpy.js'
import { onnxPeer } from './peers.js'

const Weather = finite('Weather', ['sun', 'rain'])
const Grass = finite('Grass', ['dry', 'wet'])
const diagram = seq(box('tomorrow', [Weather], [Weather]), box('grass', [Weather], [Grass]))
const meanings = {
  tomorrow: [
    [0.75, 0.25],
    [0.5, 0.5],
  ],
  grass: [
    [0.875, 0.125],
    [0.25, 0.75],
  ],
}
const today = 1

/** The loop that one would write for two matrices. */
const plain = (): (() => Float64Array) => {
  const [tomorrow, grass] = [Float64Array.from(meanings.tomorrow.flat()), Float64Array.from(meanings.grass.flat())]
  return () => {
    const law = new Float64Array(2)
    for (let weather = 0; weather < 2; weather++)
      for (let state = 0; state < 2; state++)
        law[state]! += tomorrow[2 * today + weather]! * grass[2 * weather + state]!
    return law
  }
}

export const callSections = async (rounds: number): Promise<readonly Section[]> => {
  const work = { diagram, meanings, inputs: [[today]], read: distributionOf }
  const dimensions = [2, 2]
  const arrays = [meanings.tomorrow, meanings.grass].map((rows) => ({ dimensions, entries: rows.flat() }))
  const [tomorrow, grass] = arrays.map(({ entries }) => Float32Array.from(entries))
  return [
    await contest(
      {
        title: 'one call, two boxes of two values',
        peers: [
          await compiledPeer({ ...work, options: {} }),
          await compiledPeer({ ...work, options: { backend: 'webasm' } }),
          await compiledPeer({ ...work, options: { backend: 'cpu' } }),
          await compiledPeer({ ...work, options: { backend: 'onnx' } }),
          await compiledPeer({ ...work, options: { backend: 'webgpu' } }),
          await pythonPeer({
            name: 'numpy einsum',
            arrays,
            text: `def work(): return np.einsum('i,ij->j', arrays[0][${today}], arrays[1])`,
          }),
          await pythonPeer({
            name: 'numpy, vector times matrix',
            arrays,
            text: `def work(): return arrays[0][${today}] @ arrays[1]`,
          }),
          await onnxPeer({
            given: [{ name: 'today', dimensions: [1], entries: BigInt64Array.of(BigInt(today)) }],
            constants: [
              { name: 'tomorrow', dimensions, entries: tomorrow! },
              { name: 'grass', dimensions, entries: grass! },
            ],
            nodes: [
              ['Gather', ['tomorrow', 'today'], ['row']],
              ['MatMul', ['row', 'grass'], ['law']],
            ],
            outputs: [{ name: 'law', dimensions: [1, 2] }],
          }),
          { name: 'loop for two matrices in plain JavaScript', run: plain(), stop: () => Promise.resolve() },
        ],
        reference: plain()(),
        bound: 1e-5,
      },
      rounds,
    ),
  ]
}
