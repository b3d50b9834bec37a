/** The options that `analyze` and `verify` share: a law, the size of a model of it, and how it is trained. */
import { type Command, Option } from 'commander'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { languageModel } from '../../examples/language-model.js'
import type { Decomposition } from '../language-model/decomposition.js'
import type { Law } from '../language-model/law.js'
import type { ModelShape } from '../language-model/model.js'
import { lawOf, wholeNumber } from './law.js'

export interface ModelOptions {
  readonly text?: string
  readonly process?: string
  readonly context?: string
  readonly dim?: string
  readonly steps: string
  readonly seed: string
}

export interface ModelSettings {
  readonly law: Law
  readonly shape: ModelShape
  readonly decomposition: Decomposition
  readonly steps: number
  readonly seed: number
}

/** What a command can do: more contexts than `mostContexts` are refused, for a reason. */
export interface ModelLimits {
  readonly mostContexts: number
  readonly because: string
  readonly longestContext: number
  readonly mostDimensions: number
}

/** Embedding dimension of a symbol, and width of the tanh layer: fixed, so that D alone is what is varied. */
const symbolEmbedding = 8
const layerWidth = 64

/** Adds the options to a command. */
export const withModelOptions = (command: Command, steps: number): Command =>
  command
    .addOption(new Option('--text <file>', 'a text file in UTF-8 (default: Moby-Dick)').conflicts('process'))
    .option('--process <name>', 'a process with known answers, such as z1r or "mess3(x=0.05,a=0.85)"')
    .option('--context <n>', 'symbols in a context (default: 2 for a text, 4 for a process)')
    .option('--dim <d>', 'dimension of the hidden state (default: 8 for a text, 2 for a process)')
    .option('--steps <s>', 'training steps', String(steps))
    .option('--seed <s>', 'seed of every random number', '1')

/** The options, read and checked; `--text default` is Moby-Dick too. */
export const modelSettings = (options: ModelOptions, limits: ModelLimits): Either<Problem, ModelSettings> => {
  const isProcess = options.process !== undefined
  const context = wholeNumber('--context', options.context ?? (isProcess ? '4' : '2'), 1, limits.longestContext)
  if (isLeft(context)) return context
  const dimension = wholeNumber('--dim', options.dim ?? (isProcess ? '2' : '8'), 1, limits.mostDimensions)
  if (isLeft(dimension)) return dimension
  const steps = wholeNumber('--steps', options.steps, 1, 1_000_000)
  if (isLeft(steps)) return steps
  const seed = wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1)
  if (isLeft(seed)) return seed
  const { text, process } = options
  const law = lawOf(
    { ...(process === undefined ? {} : { process }), ...(text === undefined || text === 'default' ? {} : { text }) },
    context.right,
  )
  if (isLeft(law)) return law
  const { name, weights, symbols, contextLength } = law.right.kernel
  if (weights.length < 2)
    return left(problem('out-of-range', name, 'it has a single context', 'give a longer text or another process'))
  if (weights.length > limits.mostContexts)
    return left(
      problem(
        'out-of-range',
        `${name}, --context ${context.right}`,
        `there are ${weights.length} contexts, and ${limits.because}`,
        `choose a shorter context: at most ${limits.mostContexts} contexts`,
      ),
    )
  const hidden = dimension.right
  return right({
    law: law.right,
    shape: { symbols: symbols.length, contextLength, embedding: symbolEmbedding, width: layerWidth, hidden },
    decomposition: languageModel({ symbols, contextLength, embedding: contextLength * symbolEmbedding, hidden }),
    steps: steps.right,
    seed: seed.right,
  })
}
