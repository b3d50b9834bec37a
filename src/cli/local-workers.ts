/** Worker processes on this machine, which end with the process that started them. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { problem, type Problem } from '../../dsl/problem.js'

export interface LocalWorkers {
  /** Settles when they end as soon as they are started, time and again. */
  readonly failed: Promise<Problem>
  readonly stop: () => void
}

/** A worker that ends this soon, in milliseconds, will do so again. */
const tooSoon = 5000
const mostFailures = 3

const main = fileURLToPath(new URL('./main.js', import.meta.url))

/** Starts workers; one that dies is replaced. */
export const startWorkers = (count: number, redis: string, patience: number): LocalWorkers => {
  const running = new Set<ChildProcess>()
  let stopping = false
  let failures = 0
  let fail: (fault: Problem) => void = () => undefined
  const failed = new Promise<Problem>((resolve) => (fail = resolve))
  const start = (): void => {
    const since = performance.now()
    const child = fork(main, ['worker', '--redis', redis, '--patience', String(patience), '--quiet'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    running.add(child)
    child.once('exit', (status) => {
      running.delete(child)
      if (stopping) return
      if (performance.now() - since < tooSoon && ++failures >= mostFailures)
        fail(
          problem(
            'unsupported',
            '--processes',
            `${failures} workers ended as soon as they were started, with status ${status}`,
            'see what they printed',
          ),
        )
      else start()
    })
  }
  for (let started = 0; started < count; started++) start()
  return {
    failed,
    stop: () => {
      stopping = true
      // Their results are on the disk or will be computed again: nothing is lost with them.
      for (const child of running) child.kill('SIGKILL')
    },
  }
}
