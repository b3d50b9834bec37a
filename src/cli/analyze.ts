/**
 * `markovcat analyze`: from a text or a process to a trained model, its figures, and a report.
 */
import { Command, Option } from 'commander'
import { isLeft, right } from 'fp-ts/lib/Either.js'

import { drawSvg, drawText } from '../../dsl/draw/index.js'
import { type BackendName, backendNames } from '../compile/backend.js'
import { analyze } from '../language-model/analyze.js'
import { reportVersion } from '../report/codec.js'
import { printReport } from '../report/codec.js'
import { htmlPage } from '../report/html.js'
import { summaryTable } from '../report/summary.js'
import { type ModelLimits, type ModelOptions, modelSettings, withModelOptions } from './model-settings.js'
import type { Outcome } from './outcome.js'
import { checkFolder, writeTogether } from './output.js'
import { progressBar } from './progress.js'

interface AnalyzeOptions extends ModelOptions {
  readonly backend: BackendName
  readonly out: string
  readonly quiet?: true
}

/** A step takes some microseconds a context: beyond this a run would take hours. */
const limits: ModelLimits = {
  mostContexts: 50_000,
  because: 'training visits each at every step',
  longestContext: 12,
  mostDimensions: 256,
}

export const analyzeCommand = (finish: (outcome: Outcome) => void): Command =>
  withModelOptions(
    new Command('analyze').description('train a small language model on a text or a process, and measure it'),
    3000,
  )
    .addOption(new Option('--backend <name>', 'where kernels run').choices(backendNames).default('auto'))
    .option('--out <folder>', 'where the report goes', 'report')
    .option('--quiet', 'print problems only')
    .action(async (options: AnalyzeOptions) => finish(await runAnalyze(options)))

const runAnalyze = async (options: AnalyzeOptions): Promise<Outcome> => {
  const settings = modelSettings(options, limits)
  if (isLeft(settings)) return settings
  const { steps, seed, shape, law, decomposition } = settings.right
  // Refused now rather than after minutes of training.
  const folder = await checkFolder(options.out)
  if (isLeft(folder)) return folder

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
