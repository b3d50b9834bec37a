/**
 * A training run as a safetensors file: the parameters by their names, Adam's means beside them, all else in the metadata.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

import { problem, type Problem } from '../../../dsl/problem.js'
import { checkedArchitecture } from '../architecture.js'
import type { Architecture } from '../model.js'
import { parameterLayout, parametersIn } from '../parameter-layout.js'
import { settingsProblem, type TrainingRun, type TrainingSettings } from '../training-run.js'
import {
  float64Tensor,
  parseSafetensors,
  printSafetensors,
  type SafetensorsFile,
  type StoredTensor,
  tensorNumbers,
} from './safetensors.js'

/** What the file is, in its metadata. A later version that means something else has another number. */
const format = 'markovcat training 1'

const architectureCodec = t.union([
  t.strict({ kind: t.literal('table'), symbols: t.number, contexts: t.number, hidden: t.number }),
  t.strict({
    kind: t.literal('mlp'),
    symbols: t.number,
    contextLength: t.number,
    embedding: t.number,
    width: t.number,
    hidden: t.number,
  }),
  t.strict({
    kind: t.literal('transformer'),
    symbols: t.number,
    width: t.number,
    heads: t.number,
    keyValueHeads: t.number,
    layers: t.number,
    inner: t.number,
    tied: t.boolean,
    headBias: t.boolean,
  }),
])
const settingsCodec = t.strict({
  steps: t.number,
  seed: t.number,
  learningRate: t.number,
  warmUp: t.number,
  decayFrom: t.number,
  largestNorm: t.union([t.number, t.undefined]),
  weightDecay: t.number,
})

/** The arrays of a run: the model's own under the plain names, so that other programs find them. */
const arrays = [
  { array: 'parameters', prefix: '' },
  { array: 'mean', prefix: 'optimiser.mean.' },
  { array: 'square', prefix: 'optimiser.square.' },
] as const

/** A run as the bytes of a safetensors file; it comes back from them bit for bit. */
export const printRun = (run: TrainingRun): Uint8Array => {
  const { architecture, settings, step } = run
  const layout = parameterLayout(architecture)
  const tensors = arrays.flatMap(({ array, prefix }) => {
    let end = 0
    return layout.map(({ name, rows, columns }): StoredTensor => {
      const numbers = run[array].subarray(end, (end += rows * columns))
      return float64Tensor(prefix + name, [rows, columns], numbers)
    })
  })
  const metadata = {
    format,
    // In the order of the codecs: more fields than these are not kept.
    architecture: JSON.stringify(architectureCodec.encode(architecture)),
    settings: JSON.stringify(settingsCodec.encode(settings)),
    step: String(step),
  }
  return printSafetensors({ metadata, tensors })
}

const malformed = (what: string): Either<Problem, never> =>
  left(problem('malformed', 'training run', what, 'give a file that a training of this program wrote'))

/**
 * A run from the bytes of a file.
 *
 * Errors: no safetensors file, or one of something else; settings or sizes out of range; a matrix that is missing or has another shape.
 *
 * @example
 * const run = toUnion(beginTraining({ kind: 'table', symbols: 2, contexts: 3, hidden: 1 }, { steps: 10, seed: 1 }))
 * const read = 'step' in run && toUnion(parseRun(printRun(run)))
 * read && 'step' in read && read.settings.steps // => 10
 */
export const parseRun = (bytes: Uint8Array): Either<Problem, TrainingRun> => {
  const file = parseSafetensors(bytes)
  if (isLeft(file)) return file
  const { metadata } = file.right
  if (metadata['format'] !== format) return malformed(`its format is '${metadata['format'] ?? ''}', not '${format}'`)
  const architecture = architectureOf(metadata['architecture'])
  if (isLeft(architecture)) return architecture
  const settings = settingsOf(metadata['settings'])
  if (isLeft(settings)) return settings
  const step = Number(metadata['step'] ?? NaN)
  if (!(Number.isInteger(step) && step >= 0 && step <= settings.right.steps))
    return malformed(`it is after step ${metadata['step'] ?? ''} of ${settings.right.steps}`)
  const parameters = arrayOf(file.right, architecture.right, '')
  if (isLeft(parameters)) return parameters
  const mean = arrayOf(file.right, architecture.right, 'optimiser.mean.')
  if (isLeft(mean)) return mean
  const square = arrayOf(file.right, architecture.right, 'optimiser.square.')
  if (isLeft(square)) return square
  return right({
    architecture: architecture.right,
    settings: settings.right,
    step,
    parameters: parameters.right,
    mean: mean.right,
    square: square.right,
  })
}

const decoded = <A>(codec: t.Decoder<unknown, A>, what: string, text: string | undefined): Either<Problem, A> => {
  try {
    const value = codec.decode(JSON.parse(text ?? ''))
    return isLeft(value) ? malformed(`its ${what} cannot be read`) : value
  } catch {
    return malformed(`its ${what} cannot be read`)
  }
}

const architectureOf = (text: string | undefined): Either<Problem, Architecture> => {
  const architecture = decoded<Architecture>(architectureCodec, 'architecture', text)
  return isLeft(architecture) ? architecture : checkedArchitecture(architecture.right)
}

const settingsOf = (text: string | undefined): Either<Problem, TrainingSettings> => {
  const settings = decoded(settingsCodec, 'settings', text)
  if (isLeft(settings)) return settings
  const given: TrainingSettings = { ...settings.right, largestNorm: settings.right.largestNorm }
  const wrong = settingsProblem(given)
  return wrong === undefined ? right(given) : left(wrong)
}

/** The matrices under a prefix, as one flat array. */
const arrayOf = (file: SafetensorsFile, architecture: Architecture, prefix: string): Either<Problem, Float64Array> => {
  const flat = new Float64Array(parametersIn(architecture))
  let end = 0
  for (const { name, rows, columns } of parameterLayout(architecture)) {
    const stored = file.tensors.find((tensor) => tensor.name === prefix + name)
    if (stored === undefined) return malformed(`there is no tensor ${prefix + name}`)
    if (stored.shape.join(' x ') !== `${rows} x ${columns}`)
      return malformed(`${stored.name} is ${stored.shape.join(' x ')}, not ${rows} x ${columns}`)
    const numbers = tensorNumbers(stored)
    if (isLeft(numbers)) return numbers
    flat.set(numbers.right, end)
    end += rows * columns
  }
  return right(flat)
}
