import { SingleBar } from 'cli-progress'

export interface ProgressBar {
  /** `done` goes from 0 to 1. */
  readonly update: (done: number, stage: string) => void
  readonly stop: () => void
}

/** A bar on the error stream: a moving one on a terminal, a line now and then elsewhere, nothing when quiet. */
export const progressBar = (quiet: boolean): ProgressBar => {
  if (quiet) return { update: () => undefined, stop: () => undefined }
  const bar = new SingleBar({
    format: '{bar} {percentage}% {stage}',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
    hideCursor: true,
  })
  bar.start(100, 0, { stage: '' })
  return {
    update: (done, stage) => bar.update(Math.floor(100 * done), { stage }),
    stop: () => bar.stop(),
  }
}
