/**
 * Shortens the tests so that they can be run against each of thousands of mutants: properties are tried on few values, always the
 * same ones, and tests of size are skipped. A mutant that only the full tests kill is reported as a survivor.
 */
import type { Parameters as PropertyParameters } from 'fast-check'
import { beforeEach, type TestContext, vi } from 'vitest'

const mostRuns = 25
const ofSize = /^large diagrams|^deep (diagrams|chains)|very deep|[0-9]0,000|47,103|graph of (5 nodes|2, 3 and 4)/

let current: TestContext | undefined

beforeEach((context) => {
  current = context
  const { name, suite } = context.task
  if (ofSize.test(name) || (suite !== undefined && ofSize.test(suite.name))) context.skip('a test of size')
})

vi.mock('fast-check', async (original) => {
  const real = await original<typeof import('fast-check')>()
  const assert = new Proxy(real.assert, {
    apply: (target, self, [property, parameters]: [unknown, PropertyParameters<unknown> | undefined]) => {
      const wanted = parameters?.numRuns ?? 100
      const few = { seed: 20, ...parameters, numRuns: Math.min(wanted, mostRuns) }
      const held: unknown = Reflect.apply(target, self, [property, few])
      // What follows in such a test counts how often each case has occurred, which says nothing of few values.
      const end = (): void => {
        if (wanted > mostRuns) current?.skip('the property holds on few values')
      }
      return held instanceof Promise ? held.then(end) : end()
    },
  })
  return { ...real, assert, default: { ...real.default, assert } }
})
