/**
 * `markovcat analyze`: from a text or a process to a trained model, its figures, and a report.
 */
import { Command, Option } from 'commander'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'

import { drawSvg, drawText } from '../../dsl/draw/index.js'
import { problem } from '../../dsl/problem.js'
import { type BackendName, backendNames } from '../compile/backend.js'
import { analyze } from '../language-model/analyze.js'
import { reportVersion } from '../report/codec.js'
import { printReport } from '../report/codec.js'
import { htmlPage } from '../report/html.js'
import { summaryTable } from '../report/summary.js'
import { runStates } from './analyze-states.js'
import { type ArchitectureOptions, architectureSettings, withArchitectureOptions } from './architecture.js'
import { type ModelLimits, type ModelOptions, modelSettings, withModelOptions } from './model-settings.js'
import type { Outcome } from './outcome.js'
import { checkFolder, writeTogether } from './output.js'
import { progressBar } from './progress.js'

interface AnalyzeOptions extends ModelOptions, ArchitectureOptions {
  readonly backend: BackendName
  readonly out: string
  readonly quiet?: true
  readonly states?: string
  readonly shard?: string
  readonly json?: true
  readonly workers?: string
  readonly processes?: string
  readonly patience?: string
}

/** A step takes some microseconds a context: beyond this a run would take hours. */
const limits: ModelLimits = {
  mostContexts: 50_000,
  because: 'training visits each at every step',
  longestContext: 12,
  mostDimensions: 256,
}

export const analyzeCommand = (finish: (outcome: Outcome) => void): Command =>
  withArchitectureOptions(
    withModelOptions(
      new Command('analyze').description('train a small language model on a text or a process, and measure it'),
      3000,
    ),
  )
    .addOption(new Option('--backend <name>', 'where kernels run').choices(backendNames).default('auto'))
    .option('--out <folder>', 'where the report goes', 'report')
    .option('--quiet', 'print problems only')
    .addOption(
      new Option('--states <file>', 'hidden states of your own model (safetensors): measured in one pass').conflicts([
        'text',
        'process',
        'context',
        'dim',
        'steps',
        'seed',
        'architecture',
        'layers',
        'heads',
      ]),
    )
    .option('--shard <i/n>', 'with --states: the i-th of n parts, for `markovcat merge`')
    .option('--json', 'with --states: print JSON in place of the table')
    .addOption(
      new Option('--workers <url>', 'with --states: worker processes do it, with Redis at redis://host:port').conflicts(
        'shard',
      ),
    )
    .option('--processes <n>', 'with --workers: how many workers are started here (default: 0)')
    .option('--patience <seconds>', 'with --workers: after how long a worker that gives no sign of life is replaced')
    .action(async (options: AnalyzeOptions, command: Command) => finish(await chosen(options, command)))

const chosen = ({ states, out, ...options }: AnalyzeOptions, command: Command): Promise<Outcome> => {
  // The folder that a trained model's report goes to is not where a dump's figures go unasked.
  const asked = command.getOptionValueSource('out') === 'default' ? {} : { out }
  if (states !== undefined) return runStates({ ...options, ...asked, states })
  const alone = (['shard', 'json', 'workers', 'processes', 'patience'] as const).find(
    (name) => options[name] !== undefined,
  )
  return alone === undefined
    ? runAnalyze({ ...options, out })
    : Promise.resolve(
        left(problem('invalid-value', `--${alone}`, 'it goes with --states alone', 'give --states, or leave it out')),
      )
}

const runAnalyze = async (options: AnalyzeOptions): Promise<Outcome> => {
  const settings = modelSettings(options, limits)
  if (isLeft(settings)) return settings
  const { steps, seed, law } = settings.right
  const chosenArchitecture = architectureSettings(options, settings.right)
  if (isLeft(chosenArchitecture)) return chosenArchitecture
  const { architecture, decomposition } = chosenArchitecture.right
  // Refused now rather than after minutes of training.
  const folder = await checkFolder(options.out)
  if (isLeft(folder)) return folder

  const say = (text: string): void => {
    if (options.quiet !== true) console.log(text)
  }
  say(`k_gen : Context -> Token, ${law.kernel.name}\n\n${drawText(decomposition.kGen)}\n`)

  const bar = progressBar(options.quiet === true)
  const result = await analyze(law, decomposition, {
    architecture,
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
