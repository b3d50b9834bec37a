/** Ends a run with one plain line that any continuous-integration log can be searched for. */
import type { Reporter, TestModule } from 'vitest/node'

export const closingLine: Reporter = {
  onTestRunEnd: (modules: readonly TestModule[]) => {
    const tests = modules.flatMap((module) => Array.from(module.children.allTests()))
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length
    const broken = modules.reduce((sum, module) => sum + module.errors().length, 0)
    process.stdout.write(
      `\n${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped\n`,
    )
  },
}
