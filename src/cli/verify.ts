/** `markovcat verify`: every statement of the paper, recomputed on a law and a model trained on it. */
import { Command } from 'commander'
import { isLeft, right } from 'fp-ts/lib/Either.js'

import { checkClaims } from '../language-model/claims/claims.js'
import { claimData } from '../language-model/claims/data.js'
import { claimsTable } from '../report/claims-table.js'
import { type ModelLimits, type ModelOptions, modelSettings, withModelOptions } from './model-settings.js'
import type { Outcome } from './outcome.js'
import { writeTogether } from './output.js'
import { progressBar } from './progress.js'

interface VerifyOptions extends ModelOptions {
  readonly out?: string
  readonly quiet?: true
}

const limits: ModelLimits = {
  mostContexts: 5000,
  because: 'statements go over joint laws and pairs of them',
  longestContext: 8,
  mostDimensions: 64,
}

export const verifyCommand = (finish: (outcome: Outcome) => void): Command =>
  withModelOptions(
    new Command('verify').description(
      'recompute the statements of the paper on a law: which hold, which hold as corrected, which are false',
    ),
    400,
  )
    .option('--out <folder>', 'also write claims.json there')
    .option('--quiet', 'print problems only')
    .action(async (options: VerifyOptions) => finish(await runVerify(options)))

const runVerify = async (options: VerifyOptions): Promise<Outcome> => {
  const settings = modelSettings(options, limits)
  if (isLeft(settings)) return settings
  const { law, shape, decomposition, steps, seed } = settings.right
  const { name, contextLength } = law.kernel
  const bar = progressBar(options.quiet === true)
  const data = await claimData(law, decomposition, {
    shape,
    steps,
    seed,
    onProgress: (share) => bar.update(share / 2, 'training'),
  })
  if (isLeft(data)) {
    bar.stop()
    return data
  }
  const checked = await checkClaims(data.right, (done, of) => bar.update(0.5 + done / of / 2, 'statements'))
  bar.stop()
  if (options.out !== undefined) {
    const about = { law: name, note: law.note, model: { ...shape, steps, seed } }
    const text = `${JSON.stringify({ format: 'markovcat-claims', version: 1, ...about, claims: checked }, null, 2)}\n`
    const written = await writeTogether(options.out, { 'claims.json': text })
    if (isLeft(written)) return written
  }
  if (options.quiet !== true)
    console.log(
      `${name}: contexts of ${contextLength} symbols, D = ${shape.hidden}, ${steps} steps, seed ${seed}\n${law.note}\n\n${claimsTable(checked)}`,
    )
  return right(checked.some(({ verdict }) => verdict === 'FAILS') ? 1 : 0)
}
