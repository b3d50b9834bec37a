/**
 * (e) Products of stochastic matrices: a chain of boxes, evaluated at all its inputs at once.
 */
import { box, type Diagram, finite, seq } from '../../dsl/index.js'
import { compiledPeer, distributionOf } from './compiled.js'
import { contest, type Peer, type Section } from './contest.js'
import { pythonPeer } from './numpy.js'
import { onnxPeer, tensorflowPeer } from './peers.js'
import { tiledProduct } from './plain.js'
import { stochasticRows } from './stochastic.js'
import { tunedProduct } from './tuned.js'

interface Chain {
  readonly size: number
  readonly count: number
}

const chains: readonly Chain[] = [
  { size: 512, count: 2 },
  { size: 1024, count: 2 },
  { size: 256, count: 8 },
  { size: 32, count: 32 },
]

/** One cell an entry in plain JavaScript takes seconds for larger ones. */
const mostOnCpu = 256

const boxes = ({ size, count }: Chain): Diagram => {
  const Element = finite('Element', size)
  return Array.from({ length: count }, (_, place): Diagram => box(`m${place}`, [Element], [Element])).reduce(
    (left, right) => seq(left, right),
  )
}

/** The product in float64. */
const exactProduct = (matrices: readonly Float32Array[], size: number): Float64Array =>
  matrices.slice(1).reduce((left, right) => {
    const product = new Float64Array(size * size)
    for (let row = 0; row < size; row++)
      for (let k = 0; k < size; k++) {
        const weight = left[row * size + k]!
        for (let column = 0; column < size; column++)
          product[row * size + column]! += weight * right[k * size + column]!
      }
    return product
  }, Float64Array.from(matrices[0]!))

const sectionOf = async (chain: Chain, rounds: number): Promise<Section> => {
  const { size, count } = chain
  const rows = Array.from({ length: count }, (_, place) => stochasticRows(size, size, 1 + place))
  const matrices = rows.map((each) => Float32Array.from(each.flat()))
  const meanings = Object.fromEntries(rows.map((each, place) => [`m${place}`, each]))
  const inputs = [Float64Array.from({ length: size }, (_, element) => element)]
  const work = { diagram: boxes(chain), meanings, inputs, read: distributionOf }
  const dimensions = [size, size]
  const names = matrices.map((_, place) => `m${place}`)
  const given = matrices.map((entries) => ({ rows: size, columns: size, entries }))
  const tuned: readonly Peer[] = count === 2 ? [tunedProduct(size, given)] : []
  const section = await contest(
    {
      title: count === 2 ? `product of two, ${size} x ${size}` : `chain of ${count}, ${size} x ${size}`,
      peers: [
        await compiledPeer({ ...work, options: { backend: 'webasm' } }),
        ...tuned,
        {
          name: 'plain JavaScript, tiled by hand',
          run: () =>
            matrices.slice(1).reduce<Float32Array>((left, right) => tiledProduct(left, right, size), matrices[0]!),
          stop: () => Promise.resolve(),
        },
        await tensorflowPeer((tf) => {
          const [first, ...others] = matrices.map((entries) => tf.tensor2d(entries, [size, size]))
          return () => others.reduce((left, right) => tf.matMul(left, right, false, false), first!)
        }),
        await pythonPeer({
          name: 'numpy with OpenBLAS, 1 thread',
          arrays: matrices.map((entries) => ({ dimensions, entries })),
          text: `
def work():
    product = arrays[0]
    for matrix in arrays[1:]:
        product = product @ matrix
    return product`,
        }),
        await onnxPeer({
          given: [{ name: names[0]!, dimensions, entries: matrices[0]! }],
          constants: matrices.slice(1).map((entries, place) => ({ name: names[1 + place]!, dimensions, entries })),
          nodes: names
            .slice(1)
            .map((right, place) => ['MatMul', [place === 0 ? names[0]! : `p${place}`, right], [`p${place + 1}`]]),
          outputs: [{ name: `p${count - 1}`, dimensions }],
        }),
        await compiledPeer({ ...work, options: { backend: 'onnx' } }),
        await compiledPeer({ ...work, options: {} }),
        ...(size > mostOnCpu ? [] : [await compiledPeer({ ...work, options: { backend: 'cpu' } })]),
      ],
      reference: exactProduct(matrices, size),
      bound: 1e-5,
      operations: 2 * (count - 1) * size ** 3,
    },
    rounds,
  )
  const note = 'markovcat (onnx): onnxruntime multiplies what is constant in a graph once, when it prepares it'
  return count === 2 ? section : { ...section, notes: [note] }
}

export const productSections = async (rounds: number): Promise<readonly Section[]> => {
  const sections: Section[] = []
  for (const chain of chains) sections.push(await sectionOf(chain, rounds))
  return sections
}
