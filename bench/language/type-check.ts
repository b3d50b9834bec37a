/** The compiler on long programs. */
import { join } from 'node:path'

import { longProgram } from '../../test/support/long-program.js'
import { typeCheck } from '../../test/support/type-check.js'
import { median } from './measure.js'

/** Milliseconds and instantiations of the check of `longProgram`; run in the project's folder, whose sources it is checked with. */
export const typeCheckFigures = (runs: number): { readonly time: number; readonly instantiations: number } => {
  const checks = Array.from({ length: runs }, () => {
    const check = typeCheck(join(process.cwd(), 'bench'), 'long-program.ts', longProgram('../dsl/index.js'))
    if (check.complaints.length > 0) throw new Error(`the long program does not compile: ${check.complaints[0]}`)
    return check
  })
  return { time: median(checks.map(({ time }) => time)), instantiations: checks[0]!.instantiations }
}
