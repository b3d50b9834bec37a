/** `markovcat worker`: computes shards of jobs that `markovcat analyze --states --workers` started, here or on other machines. */
import { basename } from 'node:path'

import { Command } from 'commander'
import { isLeft, right } from 'fp-ts/lib/Either.js'

import { showProblem } from '../../dsl/problem.js'
import { serveShards } from '../workers/serve.js'
import { wholeNumber } from './law.js'
import type { Outcome } from './outcome.js'
import { untilInterrupted } from './until-interrupted.js'

interface WorkerOptions {
  readonly redis: string
  readonly patience: string
  readonly quiet?: true
}

/** Seconds. A worker says that it lives between two chunks, which take a second or so. */
export const defaultPatience = '15'

export const workerCommand = (finish: (outcome: Outcome) => void): Command =>
  new Command('worker')
    .description('compute shards for `markovcat analyze --states FILE --workers URL`, until stopped')
    .requiredOption('--redis <url>', 'the server that both use: redis://host:port')
    .option(
      '--patience <seconds>',
      'after how long without a sign of life another worker gets a shard',
      defaultPatience,
    )
    .option('--quiet', 'print problems only')
    .addHelpText(
      'after',
      `
Every worker must see the file of hidden states, and the folder of shards beside it (or in --out), under the same name.
A worker may be killed at any time: another takes its shard.`,
    )
    .action(async (options: WorkerOptions) => finish(await runWorker(options)))

const runWorker = async ({ redis, patience, quiet }: WorkerOptions): Promise<Outcome> => {
  const seconds = wholeNumber('--patience', patience, 1, 3600)
  if (isLeft(seconds)) return seconds
  const say = (text: string): void => {
    if (quiet !== true) console.log(text)
  }
  const interrupted = untilInterrupted()
  // A worker that `analyze --processes` started ends with it.
  process.once('disconnect', () => process.exit(0))
  const served = await serveShards(redis, {
    patience: seconds.right,
    signal: interrupted.signal,
    onReady: () => say('waiting for shards'),
    onShard: ({ states, first, end }, outcome) => {
      const shard = `${basename(states)}, chunks ${first} to ${end - 1}`
      say(isLeft(outcome) ? `${shard}: ${showProblem(outcome.left)}` : `${shard}: done`)
    },
  })
  interrupted.close()
  if (process.connected) process.disconnect()
  if (isLeft(served)) return served
  say(`stopped after ${served.right} shards`)
  return right(0)
}
