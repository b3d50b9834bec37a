/**
 * `markovcat analyze`: from a text or a process to a trained model, its figures, and a report.
 */
import { Command, Option } from 'commander'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { drawSvg, drawText } from '../../dsl/draw/index.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { languageModel } from '../../examples/language-model.js'
import { type BackendName, backendNames } from '../compile/backend.js'
import { analyze } from '../language-model/analyze.js'
import type { ModelShape } from '../language-model/model.js'
import { reportVersion } from '../report/codec.js'
import { printReport } from '../report/codec.js'
import { htmlPage } from '../report/html.js'
import { summaryTable } from '../report/summary.js'
import type { Law } from '../language-model/law.js'
import { lawOf, wholeNumber } from './law.js'
import type { Outcome } from './outcome.js'
import { checkFolder, writeTogether } from './output.js'
import { progressBar } from './progress.js'

interface AnalyzeOptions {
  readonly text?: string
  readonly process?: string
  readonly context?: string
  readonly dim?: string
  readonly steps: string
  readonly seed: string
  readonly backend: BackendName
  readonly out: string
  readonly quiet?: true
}

/** Embedding dimension of a symbol, and width of the tanh layer: fixed, so that D alone is what is varied. */
const symbolEmbedding = 8
const layerWidth = 64

/** A step takes some microseconds a context: beyond this a run would take hours. */
const mostContexts = 50_000

export const analyzeCommand = (finish: (outcome: Outcome) => void): Command =>
  new Command('analyze')
    .description('train a small language model on a text or a process, and measure it')
    .addOption(new Option('--text <file>', 'a text file in UTF-8 (default: Moby-Dick)').conflicts('process'))
    .option('--process <name>', 'a process with known answers, such as z1r or "mess3(x=0.05,a=0.85)"')
    .option('--context <n>', 'symbols in a context (default: 2 for a text, 4 for a process)')
    .option('--dim <d>', 'dimension of the hidden state (default: 8 for a text, 2 for a process)')
    .option('--steps <s>', 'training steps', '3000')
    .option('--seed <s>', 'seed of every random number', '1')
    .addOption(new Option('--backend <name>', 'where kernels run').choices(backendNames).default('auto'))
    .option('--out <folder>', 'where the report goes', 'report')
    .option('--quiet', 'print problems only')
    .action(async (options: AnalyzeOptions) => finish(await runAnalyze(options)))

const runAnalyze = async (options: AnalyzeOptions): Promise<Outcome> => {
  const settings = settingsOf(options)
  if (isLeft(settings)) return settings
  const { steps, seed, hidden, law } = settings.right
  // Refused now rather than after minutes of training.
  const folder = await checkFolder(options.out)
  if (isLeft(folder)) return folder

  const { symbols, contextLength } = law.kernel
  const shape: ModelShape = {
    symbols: symbols.length,
    contextLength,
    embedding: symbolEmbedding,
    width: layerWidth,
    hidden,
  }
  const decomposition = languageModel({ symbols, contextLength, embedding: contextLength * symbolEmbedding, hidden })
  const say = (text: string): void => {
    if (options.quiet !== true) console.log(text)
  }
  say(`k_gen : Context -> Token, ${law.kernel.name}\n\n${drawText(decomposition.kGen)}\n`)

  const bar = progressBar(options.quiet === true)
  const result = await analyze(law, decomposition, {
    shape,
    steps,
    seed,
    backend: options.backend,
    onProgress: bar.update,
  })
  bar.stop()
  if (isLeft(result)) return result

  const report = {
    format: 'markovcat-report',
    version: reportVersion,
    diagram: drawText(decomposition.kGen),
    ...result.right,
  } as const
  const drawing = drawSvg(decomposition.kGen, { title: 'k_gen = k_head . k_bb . k_emb' })
  const written = await writeTogether(options.out, {
    'report.json': printReport(report),
    'report.html': htmlPage(report, drawing),
  })
  if (isLeft(written)) return written
  say(summaryTable(report))
  say(`\nwrote ${written.right.join(' and ')}`)
  return right(0)
}

interface Settings {
  readonly law: Law
  readonly hidden: number
  readonly steps: number
  readonly seed: number
}

const settingsOf = (options: AnalyzeOptions): Either<Problem, Settings> => {
  const isProcess = options.process !== undefined
  const contextLength = wholeNumber('--context', options.context ?? (isProcess ? '4' : '2'), 1, 12)
  if (isLeft(contextLength)) return contextLength
  const hidden = wholeNumber('--dim', options.dim ?? (isProcess ? '2' : '8'), 1, 256)
  if (isLeft(hidden)) return hidden
  const steps = wholeNumber('--steps', options.steps, 1, 1_000_000)
  if (isLeft(steps)) return steps
  const seed = wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1)
  if (isLeft(seed)) return seed
  const law = lawOf(options, contextLength.right)
  if (isLeft(law)) return law
  const { name, weights } = law.right.kernel
  if (weights.length < 2)
    return left(problem('out-of-range', name, 'it has a single context', 'give a longer text or another process'))
  if (weights.length > mostContexts)
    return left(
      problem(
        'out-of-range',
        `${name}, --context ${contextLength.right}`,
        `there are ${weights.length} contexts, and training visits each at every step`,
        `choose a shorter context: at most ${mostContexts} contexts`,
      ),
    )
  return right({ law: law.right, hidden: hidden.right, steps: steps.right, seed: seed.right })
}
