/**
 * (d) The language-model head: logits of N x d hidden states over V symbols, their softmax, and the Shannon entropy of each row.
 */
import { box, finite, real } from '../../dsl/index.js'
import { type CompileOptions, type Evaluation, matrix, softmaxHead } from '../../src/index.js'
import { compiledPeer, distributionOf } from './compiled.js'
import { contest, type Given, type Peer, type Section } from './contest.js'
import { pythonPeer } from './numpy.js'
import { type Named, type NodeText, onnxPeer, tensorflowPeer } from './peers.js'
import { tiledEntropies } from './plain.js'
import { tunedEntropies } from './tuned.js'

export interface HeadSize {
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
}

const sizes: readonly HeadSize[] = [
  { rows: 1024, inputs: 64, outputs: 1024 },
  { rows: 512, inputs: 256, outputs: 8192 },
]

const wave = (count: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, (_, at) => scale * Math.sin(1 + at * 1.7 + Math.sqrt(at)))

interface Numbers {
  readonly x: Float32Array
  readonly weights: Float32Array
  readonly bias: Float32Array
}

const numbersOf = ({ rows, inputs, outputs }: HeadSize): Numbers => ({
  x: wave(rows * inputs, 1),
  weights: wave(outputs * inputs, 4 / Math.sqrt(inputs)),
  bias: wave(outputs, 1),
})

/** Softmax and entropy of each row in float64. */
const exactly = ({ x, weights, bias }: Numbers, { rows, inputs, outputs }: HeadSize) => {
  const softmax = new Float64Array(rows * outputs)
  const entropy = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const logits = softmax.subarray(row * outputs, (row + 1) * outputs)
    let largest = -Infinity
    for (let item = 0; item < outputs; item++) {
      let logit = bias[item]!
      for (let k = 0; k < inputs; k++) logit += x[row * inputs + k]! * weights[item * inputs + k]!
      logits[item] = logit
      largest = Math.max(largest, logit)
    }
    let total = 0
    let energy = 0
    logits.forEach((logit, item) => {
      const weight = Math.exp(logit - largest)
      logits[item] = weight
      total += weight
      energy += weight * (logit - largest)
    })
    logits.forEach((weight, item) => (logits[item] = weight / total))
    entropy[row] = Math.log(total) - energy / total
  }
  return { softmax, entropy }
}

/** The head as a diagram, with what is asked of it. */
const compiledHead = (
  size: HeadSize,
  { x, weights, bias }: Numbers,
  options: CompileOptions,
  read: (evaluation: Evaluation) => Given,
): Promise<Peer> => {
  const diagram = box('head', [real('Hidden', size.inputs)], [finite('Token', size.outputs)])
  const meaning = softmaxHead(matrix(size.outputs, size.inputs, Float64Array.from(weights)), Float64Array.from(bias))
  const asked: CompileOptions = { ...options, entropies: ['shannon'] }
  return compiledPeer({ diagram, meanings: { head: meaning }, inputs: [x], options: asked, read })
}

const entropyOf = ({ entropies }: Evaluation): ArrayLike<number> => {
  if (entropies.shannon === undefined) throw new Error('the evaluation has no entropy')
  return entropies.shannon
}

/** The exponentials of the logits e^y with y = x - max x, and their sums z: what entropy and softmax are made of. */
const exponentialNodes: readonly NodeText[] = [
  ['Gemm', ['x', 'w', 'b'], ['logits'], [{ kind: 'integer', name: 'transB', value: 1 }]],
  ['ReduceMax', ['logits'], ['largest'], [{ kind: 'integers', name: 'axes', values: [1] }]],
  ['Sub', ['logits', 'largest'], ['y']],
  ['Exp', ['y'], ['e']],
  ['ReduceSum', ['e', 'axes'], ['z']],
]
const entropyNodes: readonly NodeText[] = [
  ['Mul', ['e', 'y'], ['terms']],
  ['ReduceSum', ['terms', 'axes'], ['energy']],
  ['Div', ['energy', 'z'], ['mean']],
  ['Log', ['z'], ['logarithm']],
  ['Sub', ['logarithm', 'mean'], ['entropy']],
]

const handWritten = (
  { rows, inputs, outputs }: HeadSize,
  { x, weights, bias }: Numbers,
  withSoftmax: boolean,
): Promise<Peer> => {
  const constants: readonly Named[] = [
    { name: 'w', dimensions: [outputs, inputs], entries: weights },
    { name: 'b', dimensions: [outputs], entries: bias },
    { name: 'axes', dimensions: [1], entries: BigInt64Array.of(1n) },
  ]
  const softmaxNodes: readonly NodeText[] = withSoftmax ? [['Div', ['e', 'z'], ['softmax']]] : []
  return onnxPeer({
    given: [{ name: 'x', dimensions: [rows, inputs], entries: x }],
    constants,
    nodes: [...exponentialNodes, ...entropyNodes, ...softmaxNodes],
    outputs: [
      { name: 'entropy', dimensions: [rows, 1] },
      ...(withSoftmax ? [{ name: 'softmax', dimensions: [rows, outputs] }] : []),
    ],
  })
}

const numpyHead = ({ rows, inputs, outputs }: HeadSize, { x, weights, bias }: Numbers, withSoftmax: boolean) =>
  pythonPeer({
    name: 'numpy with OpenBLAS, 1 thread',
    arrays: [
      { dimensions: [rows, inputs], entries: x },
      { dimensions: [outputs, inputs], entries: weights },
      { dimensions: [outputs], entries: bias },
    ],
    text: `
x, w, b = arrays
def work():
    y = x @ w.T
    y += b
    y -= y.max(1, keepdims=True)
    e = np.exp(y)
    z = e.sum(1)
    entropy = np.log(z) - np.einsum('ij,ij->i', e, y) / z
    ${withSoftmax ? 'e /= z[:, None]' : ''}
    return ${withSoftmax ? 'entropy, e' : 'entropy'}`,
  })

const sectionsOf = async (size: HeadSize, rounds: number): Promise<readonly Section[]> => {
  const { rows, inputs, outputs } = size
  const numbers = numbersOf(size)
  const { x, weights, bias } = numbers
  const reference = exactly(numbers, size)
  const operations = 2 * rows * inputs * outputs
  const given = [
    { rows, columns: inputs, entries: x },
    { rows: outputs, columns: inputs, entries: weights },
    { rows: 1, columns: outputs, entries: bias },
  ]
  const entropy = (options: CompileOptions): Promise<Peer> =>
    compiledHead(size, numbers, { ...options, question: 'none' }, entropyOf)
  const both = (options: CompileOptions): Promise<Peer> =>
    compiledHead(size, numbers, options, (evaluation) => [entropyOf(evaluation), distributionOf(evaluation)])
  const name = `${rows} x ${inputs} x ${outputs}`
  return [
    await contest(
      {
        title: `${name}: the entropy of each row`,
        peers: [
          await entropy({ backend: 'webasm' }),
          tunedEntropies(size, given),
          {
            name: 'plain JavaScript, tiled by hand',
            run: () => tiledEntropies(x, weights, bias, size),
            stop: () => Promise.resolve(),
          },
          await tensorflowPeer((tf) => {
            const h = tf.tensor2d(x, [rows, inputs])
            const [w, b] = [tf.tensor2d(weights, [outputs, inputs]), tf.tensor2d(bias, [1, outputs])]
            return () => {
              const logits = tf.add(tf.matMul(h, w, false, true), b)
              const y = tf.sub(logits, tf.max(logits, 1, true))
              const e = tf.exp(y)
              const z = tf.sum(e, 1)
              return tf.sub(tf.log(z), tf.div(tf.sum(tf.mul(e, y), 1), z))
            }
          }),
          await numpyHead(size, numbers, false),
          await handWritten(size, numbers, false),
          await entropy({ backend: 'onnx' }),
          await entropy({}),
          await entropy({ backend: 'cpu' }),
        ],
        reference: reference.entropy,
        bound: 1e-5,
        operations,
      },
      rounds,
    ),
    await contest(
      {
        title: `${name}: softmax and entropy`,
        peers: [
          await both({ backend: 'webasm' }),
          await numpyHead(size, numbers, true),
          await handWritten(size, numbers, true),
          await both({ backend: 'onnx' }),
          await both({}),
        ],
        reference: [reference.entropy, reference.softmax],
        bound: 1e-5,
        operations,
      },
      rounds,
    ),
  ]
}

export const headSections = async (rounds: number): Promise<readonly Section[]> => {
  const sections: Section[] = []
  for (const size of sizes) sections.push(...(await sectionsOf(size, rounds)))
  return sections
}
