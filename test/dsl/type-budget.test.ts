/** The compiler checks long programs, and the types that it makes for them stay within a budget: checking time follows their number. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

import { beforeAll, describe, expect, test } from 'vitest'

import { longProgram } from '../support/long-program.js'
import { type TypeCheck, typeCheck } from '../support/type-check.js'

const here = dirname(fileURLToPath(import.meta.url))
const check = (text: string): TypeCheck => typeCheck(here, 'long-program.ts', text)

describe('two programs of 200 boxes', () => {
  const program = longProgram('../../dsl/index.js')
  let whole: TypeCheck
  let imports: TypeCheck
  beforeAll(() => {
    whole = check(program)
    imports = check(
      "import { box, finite, program, seq } from '../../dsl/index.js'\nexport { box, finite, program, seq }\n",
    )
  })

  test('compile', () => expect(whole.complaints).toEqual([]))

  test('within the budget of instantiations', () => {
    // More than nothing: a program that was not checked would be within every budget.
    expect(whole.instantiations).toBeGreaterThan(imports.instantiations + 1_000)
    expect(whole.instantiations - imports.instantiations).toBeLessThan(8_000)
  })

  test('one wrong box among them is found, and nothing else', () => {
    const { complaints } = check(program.replace('= f(x100)', '= g(x100)'))
    expect(complaints).toHaveLength(2)
    expect(complaints[0]).toContain('Variable<Finite<"A"')
    const composite = check(program.replace('const two = seq(f, g, f, g', 'const two = seq(f, g, g, g'))
    expect(composite.complaints).toHaveLength(1)
    expect(composite.complaints[0]).toContain("'A' is not assignable to 'B'")
  })
})
