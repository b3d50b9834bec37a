/** `markovcat verify`: every statement of the paper, recomputed on a law and a model trained on it. */
import { Command, Option } from 'commander'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { languageModel } from '../../examples/language-model.js'
import { checkClaims } from '../language-model/claims/claims.js'
import { claimData } from '../language-model/claims/data.js'
import type { Law } from '../language-model/law.js'
import { claimsTable } from '../report/claims-table.js'
import { lawOf, wholeNumber } from './law.js'
import type { Outcome } from './outcome.js'
import { writeTogether } from './output.js'
import { progressBar } from './progress.js'

interface VerifyOptions {
  readonly text?: string
  readonly process?: string
  readonly context?: string
  readonly dim?: string
  readonly steps: string
  readonly seed: string
  readonly out?: string
  readonly quiet?: true
}

/** Beyond this the checks that go over pairs and joint laws take minutes. */
const mostContexts = 5000

export const verifyCommand = (finish: (outcome: Outcome) => void): Command =>
  new Command('verify')
    .description('recompute the statements of the paper on a law: which hold, which hold as corrected, which are false')
    .addOption(new Option('--text <file>', 'a text file in UTF-8, or default: Moby-Dick').conflicts('process'))
    .option('--process <name>', 'a process with known answers, such as z1r or mess3')
    .option('--context <n>', 'symbols in a context (default: 2 for a text, 4 for a process)')
    .option('--dim <d>', 'dimension of the hidden state (default: 8 for a text, 2 for a process)')
    .option('--steps <s>', 'training steps', '400')
    .option('--seed <s>', 'seed of every random number', '1')
    .option('--out <folder>', 'also write claims.json there')
    .option('--quiet', 'print problems only')
    .action(async (options: VerifyOptions) => finish(await runVerify(options)))

const runVerify = async (options: VerifyOptions): Promise<Outcome> => {
  const settings = settingsOf(options)
  if (isLeft(settings)) return settings
  const { law, hidden, steps, seed } = settings.right
  const { symbols, contextLength, name } = law.kernel
  const embedding = 8
  const shape = { symbols: symbols.length, contextLength, embedding, width: 64, hidden }
  const decomposition = languageModel({ symbols, contextLength, embedding: contextLength * embedding, hidden })
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
      `${name}: contexts of ${contextLength} symbols, D = ${hidden}, ${steps} steps, seed ${seed}\n${law.note}\n\n${claimsTable(checked)}`,
    )
  return right(checked.some(({ verdict }) => verdict === 'FAILS') ? 1 : 0)
}

interface Settings {
  readonly law: Law
  readonly hidden: number
  readonly steps: number
  readonly seed: number
}

const settingsOf = (options: VerifyOptions): Either<Problem, Settings> => {
  const isProcess = options.process !== undefined
  const contextLength = wholeNumber('--context', options.context ?? (isProcess ? '4' : '2'), 1, 8)
  if (isLeft(contextLength)) return contextLength
  const hidden = wholeNumber('--dim', options.dim ?? (isProcess ? '2' : '8'), 1, 64)
  if (isLeft(hidden)) return hidden
  const steps = wholeNumber('--steps', options.steps, 1, 100_000)
  if (isLeft(steps)) return steps
  const seed = wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1)
  if (isLeft(seed)) return seed
  const { text, ...others } = options
  const law = lawOf(text === undefined || text === 'default' ? others : { text }, contextLength.right)
  if (isLeft(law)) return law
  const { name, weights } = law.right.kernel
  if (weights.length < 2 || weights.length > mostContexts)
    return left(
      problem(
        'out-of-range',
        `${name}, --context ${contextLength.right}`,
        `there are ${weights.length} contexts`,
        `choose a context with 2 to ${mostContexts} of them`,
      ),
    )
  return right({ law: law.right, hidden: hidden.right, steps: steps.right, seed: seed.right })
}
