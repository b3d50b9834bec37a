import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { minimise, type Objective } from '../../../src/linear-algebra/lbfgs.js'
import { type LinePoint, wolfeStep } from '../../../src/linear-algebra/line-search.js'
import { crossProduct } from '../../../src/linear-algebra/matrix.js'
import { normalMatrix, seeds } from './support.js'

const lineOf =
  (value: (t: number) => number, slope: (t: number) => number) =>
  (step: number): LinePoint => ({ step, value: value(step), slope: slope(step) })

describe('wolfeStep', () => {
  // The first three functions of J. More and D. Thuente, "Line search algorithms with guaranteed sufficient decrease" (1994).
  const beta = 0.004
  const oscillating = (t: number): number => {
    const l = 39
    const bend = t <= 1 - 0.01 ? 1 - t : t >= 1 + 0.01 ? t - 1 : ((t - 1) ** 2 / 0.01 + 0.01) / 2
    return bend + ((2 * (1 - 0.01)) / (l * Math.PI)) * Math.sin(((l * Math.PI) / 2) * t)
  }
  const oscillatingSlope = (t: number): number => {
    const bend = t <= 1 - 0.01 ? -1 : t >= 1 + 0.01 ? 1 : (t - 1) / 0.01
    return bend + (1 - 0.01) * Math.cos(((39 * Math.PI) / 2) * t)
  }
  const lines = {
    'a well that rises slowly': lineOf(
      (t) => -t / (t * t + 2),
      (t) => (t * t - 2) / (t * t + 2) ** 2,
    ),
    'a flat valley of high order': lineOf(
      (t) => (t + beta) ** 5 - 2 * (t + beta) ** 4,
      (t) => 5 * (t + beta) ** 4 - 8 * (t + beta) ** 3,
    ),
    'one with many local minima': lineOf(oscillating, oscillatingSlope),
  }

  test.each(Object.entries(lines))('%s, from steps of 1e-3 to 1e3', (_, along) => {
    for (const first of [1e-3, 0.1, 10, 1e3])
      for (const curvature of [0.1, 0.9]) {
        const start = along(0)
        const found = wolfeStep(along, start, first, { decrease: 1e-4, curvature })!
        expect(found.value).toBeLessThanOrEqual(start.value + 1e-4 * found.step * start.slope)
        expect(Math.abs(found.slope)).toBeLessThanOrEqual(curvature * Math.abs(start.slope))
      }
  })

  test('a step beyond the domain is a step too far', () => {
    const barrier = lineOf(
      (t) => (t < 1 ? -Math.log(1 - t) - 2 * t : NaN),
      (t) => (t < 1 ? 1 / (1 - t) - 2 : NaN),
    )
    const found = wolfeStep(barrier, barrier(0), 100, { curvature: 0.01 })!
    expect(found.step).toBeCloseTo(0.5, 2)
  })

  test('a function that falls for ever has no step; one that does not fall throws', () => {
    const falling = lineOf(
      (t) => -t,
      () => -1,
    )
    expect(wolfeStep(falling, falling(0), 1)).toBeUndefined()
    const rising = lineOf(
      (t) => t,
      () => 1,
    )
    expect(() => wolfeStep(rising, rising(0), 1)).toThrow('does not fall')
  })
})

describe('minimise', () => {
  test('quadratic functions: the solution of the linear system', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), seeds, (n, seed) => {
        // A = B^T B + 1, and b = A x for a known x.
        const factor = normalMatrix(n + 3, n, seed)
        const a = crossProduct(factor, factor).entries
        for (let i = 0; i < n; i++) a[i * n + i]! += 1
        const solution = normalMatrix(n, 1, seed + 1).entries
        const times = (x: Float64Array): Float64Array =>
          x.map((_, i) => x.reduce((sum, entry, j) => sum + a[i * n + j]! * entry, 0))
        const b = times(solution)
        const objective: Objective = (x, gradient) => {
          const product = times(x)
          let value = 0
          x.forEach((entry, i) => {
            gradient[i] = product[i]! - b[i]!
            value += entry * (product[i]! / 2 - b[i]!)
          })
          return value
        }
        const { point, gradientNorm, outcome } = minimise(objective, new Float64Array(n))
        expect(outcome).toBe('converged')
        expect(gradientNorm).toBeLessThanOrEqual(1e-10)
        // The least eigenvalue is at least 1.
        point.forEach((x, i) => expect(Math.abs(x - solution[i]!)).toBeLessThan(2e-10))
      }),
      { numRuns: 50 },
    )
  })

  test('a quadratic function of condition 1e8, and one whose gradient float64 cannot make as small', () => {
    const scaled = (scales: Float64Array): Objective => {
      return (x, gradient) =>
        x.reduce((sum, entry, i) => {
          gradient[i] = scales[i]! * (entry - 1 / 3)
          return sum + (scales[i]! * (entry - 1 / 3) ** 2) / 2
        }, 0)
    }
    const scales = Float64Array.from({ length: 30 }, (_, i) => 10 ** ((8 * i) / 29 - 4))
    // With a memory as long as the dimension and sharp line searches it ends after about as many steps, like conjugate gradients.
    const options = { memory: 40, wolfe: { curvature: 0.1 }, mostIterations: 40 }
    const { point, outcome } = minimise(scaled(scales), new Float64Array(30), options)
    expect(outcome).toBe('converged')
    point.forEach((x) => expect(x).toBeCloseTo(1 / 3, 5))
    const large = scaled(scales.map((x) => 1e12 * x))
    const raised: Objective = (x, gradient) => large(x, gradient) + 1
    const end = minimise(raised, new Float64Array(30), { ...options, mostIterations: 9999 })
    expect(end).toMatchObject({ outcome: expect.stringMatching(/^(converged|no-step)$/) })
    expect(end.iterations).toBeLessThan(200)
    end.point.forEach((x) => expect(x).toBeCloseTo(1 / 3, 9))
  })

  const rosenbrock: Objective = ([x = 0, y = 0], gradient) => {
    gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x)
    gradient[1] = 200 * (y - x * x)
    return 100 * (y - x * x) ** 2 + (1 - x) ** 2
  }
  test('the Rosenbrock valley', () => {
    const { point, value, evaluations } = minimise(rosenbrock, Float64Array.of(-1.2, 1), { gradientTolerance: 1e-12 })
    expect(point[0]).toBeCloseTo(1, 11)
    expect(point[1]).toBeCloseTo(1, 11)
    expect(value).toBeLessThan(1e-24)
    expect(evaluations).toBeLessThan(100)
  })

  test('a smooth maximum: the minimum of log sum exp of lines', () => {
    // log(e^(x + 3y - 0.1) + e^(x - 3y - 0.1) + e^(-x - 0.1)) is least at x = -(log 2)/2, y = 0: there it is log(2 sqrt 2) - 0.1.
    const objective: Objective = ([x = 0, y = 0], gradient) => {
      const terms = [Math.exp(x + 3 * y - 0.1), Math.exp(x - 3 * y - 0.1), Math.exp(-x - 0.1)] as const
      const sum = terms[0] + terms[1] + terms[2]
      gradient[0] = (terms[0] + terms[1] - terms[2]) / sum
      gradient[1] = (3 * terms[0] - 3 * terms[1]) / sum
      return Math.log(sum)
    }
    const { point, value, outcome } = minimise(objective, Float64Array.of(-3, 2), { gradientTolerance: 1e-14 })
    expect(outcome).not.toBe('iterations')
    expect(point[0]).toBeCloseTo(-Math.LN2 / 2, 13)
    expect(point[1]).toBeCloseTo(0, 13)
    expect(value).toBeCloseTo(1.5 * Math.LN2 - 0.1, 14)
  })

  test('an infimum that is not attained is approached', () => {
    const softplus: Objective = ([x = 0], gradient) => {
      gradient[0] = 1 / (1 + Math.exp(-x))
      return Math.log1p(Math.exp(x))
    }
    const { value, outcome, gradientNorm } = minimise(softplus, Float64Array.of(3))
    expect(outcome).toBe('converged')
    expect(gradientNorm).toBeLessThanOrEqual(1e-10)
    expect(value).toBeLessThan(1.1e-10)
  })

  test('the same start gives the same bits; the start is left alone', () => {
    const bowl: Objective = (x, gradient) =>
      x.reduce((sum, entry, i) => {
        gradient[i] = Math.sinh(entry) + (i + 1) * entry
        return sum + Math.cosh(entry) + ((i + 1) * entry * entry) / 2
      }, 0)
    const start = Float64Array.of(3, -2, 1)
    const [one, two] = [minimise(bowl, start), minimise(bowl, start)]
    expect(one).toEqual(two)
    expect(Array.from(start)).toEqual([3, -2, 1])
    expect(one.value).toBeCloseTo(3, 14)
  })

  test('how it ends: at the start, out of iterations, or where values are not finite', () => {
    const square: Objective = ([x = 0], gradient) => {
      gradient[0] = 4 * x ** 3
      return x ** 4
    }
    expect(minimise(square, Float64Array.of(0))).toMatchObject({ outcome: 'converged', iterations: 0, evaluations: 1 })
    expect(minimise(rosenbrock, Float64Array.of(-1.2, 1), { mostIterations: 2 })).toMatchObject({
      outcome: 'iterations',
      iterations: 2,
    })
    expect(() => minimise(() => NaN, Float64Array.of(1))).toThrow('the value at the start is NaN')
    // The gradient of |x| never gets small: it stops where no step helps.
    const kink: Objective = ([x = 0], gradient) => {
      gradient[0] = x < 0 ? -1 : 1
      return Math.abs(x)
    }
    expect(minimise(kink, Float64Array.of(1.3)).outcome).toBe('no-step')
  })
})
