#!/usr/bin/env node
/**
 * The command line. Exit status: 0 done, 1 a law or an identity failed, 2 the input does not do.
 */
import { Command, CommanderError } from 'commander'
import { isLeft } from 'fp-ts/lib/Either.js'

import { showProblem } from '../../dsl/problem.js'
import { analyzeCommand } from './analyze.js'
import { mergeCommand } from './analyze-states.js'
import { exportCommand } from './export.js'
import { lawsCommand } from './laws.js'
import { verifyCommand } from './verify.js'
import { workerCommand } from './worker.js'
import type { Outcome } from './outcome.js'

const finish = (outcome: Outcome): void => {
  if (isLeft(outcome)) console.error(`markovcat: ${showProblem(outcome.left)}`)
  process.exitCode = isLeft(outcome) ? 2 : outcome.right
}

const program = new Command('markovcat')
  .description('Markov categories in code: diagrams, laws, and language models measured')
  .showHelpAfterError('(markovcat --help lists what there is)')
  .exitOverride()
program.addCommand(analyzeCommand(finish).exitOverride())
program.addCommand(lawsCommand(finish).exitOverride())
program.addCommand(exportCommand(finish).exitOverride())
program.addCommand(verifyCommand(finish).exitOverride())
program.addCommand(mergeCommand(finish).exitOverride())
program.addCommand(workerCommand(finish).exitOverride())

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Commander has already said what is wrong; asking for help is not wrong.
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
