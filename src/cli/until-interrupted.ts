/** Ctrl-C and a polite kill as a signal; the second time the process ends at once. */

export interface Interruption {
  readonly signal: AbortSignal
  readonly close: () => void
}

export const untilInterrupted = (): Interruption => {
  const controller = new AbortController()
  const signals = ['SIGINT', 'SIGTERM'] as const
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  for (const name of signals) process.on(name, stop)
  return {
    signal: controller.signal,
    close: () => {
      for (const name of signals) process.off(name, stop)
    },
  }
}
