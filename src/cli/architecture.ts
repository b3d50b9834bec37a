/** The options that say which architecture a model has. */
import { type Command, Option } from 'commander'
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { languageModel } from '../../examples/language-model.js'
import { checkedArchitecture } from '../language-model/architecture.js'
import type { Decomposition } from '../language-model/decomposition.js'
import type { Architecture } from '../language-model/model.js'
import { wholeNumber } from './law.js'
import type { ModelSettings } from './model-settings.js'

export interface ArchitectureOptions {
  readonly architecture: Architecture['kind']
  readonly layers?: string
  readonly heads?: string
}

/** An architecture and the diagram of a model that has it. */
export interface ArchitectureSettings {
  readonly architecture: Architecture
  readonly decomposition: Decomposition
}

const defaultLayers = '2'
/** The width inside a gated layer, in widths of the residual stream. */
const innerWidths = 4

/** Adds the options to a command. */
export const withArchitectureOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--architecture <name>',
        'a network over the whole context, a free table of contexts, or a transformer',
      )
        .choices(['mlp', 'table', 'transformer'])
        .default('mlp'),
    )
    .option('--layers <l>', `with --architecture transformer: its layers (default: ${defaultLayers})`)
    .option(
      '--heads <h>',
      'with --architecture transformer: heads of attention (default: as many as D allows, up to 4)',
    )

/** The architecture that the options name, of the sizes of the settings. */
export const architectureSettings = (
  { architecture: kind, layers, heads }: ArchitectureOptions,
  { shape, law, decomposition }: ModelSettings,
): Either<Problem, ArchitectureSettings> => {
  const { symbols, hidden, contextLength } = shape
  const alone =
    kind === 'transformer'
      ? undefined
      : (['layers', 'heads'] as const).find((name) => ({ layers, heads })[name] !== undefined)
  if (alone !== undefined)
    return left(
      problem('invalid-value', `--${alone}`, `a ${kind} has none`, 'give --architecture transformer, or leave it out'),
    )
  const drawn = (embedding: number): Decomposition =>
    languageModel({ symbols: law.kernel.symbols, contextLength, embedding, hidden })
  if (kind === 'mlp') return right({ architecture: { ...shape, kind }, decomposition })
  if (kind === 'table')
    return right({
      architecture: { kind, symbols, contexts: law.kernel.weights.length, hidden },
      decomposition: drawn(hidden),
    })
  const layerCount = wholeNumber('--layers', layers ?? defaultLayers, 1, 8)
  if (isLeft(layerCount)) return layerCount
  const headCount = wholeNumber('--heads', heads ?? String(defaultHeads(hidden)), 1, 64)
  if (isLeft(headCount)) return headCount
  return pipe(
    checkedArchitecture({
      kind,
      symbols,
      width: hidden,
      heads: headCount.right,
      keyValueHeads: headCount.right,
      layers: layerCount.right,
      inner: innerWidths * hidden,
      tied: false,
      headBias: true,
    }),
    map((architecture) => ({ architecture, decomposition: drawn(contextLength * hidden) })),
  )
}

/** The most heads, up to four, that divide the width into even parts. */
const defaultHeads = (width: number): number => [4, 2].find((heads) => width % (2 * heads) === 0) ?? 1
