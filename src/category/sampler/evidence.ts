/**
 * Evidence: what some outputs of a morphism are observed to be.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { Diagram } from '../../../dsl/diagram.js'
import { type OutputReference, outputPorts } from '../../../dsl/output-port.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import type { SampleValue } from './meaning.js'
import { type GivenValue, readValue } from './samples.js'

/** An observed value of an output: an element by number or name, or a vector. */
export interface SampleEvidence {
  readonly output: OutputReference
  readonly observed: GivenValue
}

/** The number of an output, and its value. */
export interface Observed {
  readonly port: number
  readonly value: SampleValue
}

/** A number that draws estimate, with the standard error of the estimate. */
export interface Estimate {
  readonly kind: 'measurement'
  readonly value: number
  readonly standardError: number
}

/** The evidence with outputs and elements by number. */
export const readEvidence = (
  diagram: Diagram,
  evidence: readonly SampleEvidence[],
): Either<Problem, readonly Observed[]> => {
  const ports = outputPorts(
    diagram,
    evidence.map(({ output }) => output),
  )
  if (isLeft(ports)) return ports
  const observed: Observed[] = []
  for (const [index, port] of ports.right.entries()) {
    const given = evidence[index]!
    const value = readValue(diagram.outputs[port]!, given.observed, `output '${given.output}'`)
    if (isLeft(value)) return value
    observed.push({ port, value: value.right })
  }
  return right(observed)
}

/** The problem of evidence that no draw met with: a measurement, and no proof that it is impossible. */
export const noDrawAgreed = (count: number): Either<Problem, never> =>
  left(
    problem(
      'impossible-evidence',
      'evidence',
      `no draw of ${count} agreed with what was observed`,
      count === 0
        ? 'make some draws'
        : `at 95% confidence its probability is below ${Number((-Math.log(0.05) / count).toPrecision(2))}; make more draws, or observe something else`,
    ),
  )
