/**
 * Kernels for gpu.js tuned by hand, the mark that generated ones are held to: vectors of four rows a cell with the other operand in panels
 * of four, and for the head two rows a cell by four items with a running maximum. Their indices are locals as one would write them, which
 * gpu.js makes floats of.
 */
import { createPipeline, type FloatMatrix } from '../../src/compile/gpu-js/runtime.js'
import type { Contender } from './contest.js'

const lines = (all: readonly string[]): string => all.join('\n')

/** a[n, n] b[n, n]; the result in cells of four rows. */
export const tunedProduct = (n: number, given: readonly FloatMatrix[]): Contender => {
  const pack = `function(b) {
    const panel = this.thread.y;
    const k = Math.floor(this.thread.x / 4);
    return b[k * ${n} + panel * 4 + this.thread.x - k * 4];
  }`
  const product = `function(a, p) {
    const panel = Math.floor(this.thread.x / 4);
    let at = panel * ${4 * n} + this.thread.x - panel * 4;
    let a0 = this.thread.y * ${4 * n}; let a1 = a0 + ${n}; let a2 = a1 + ${n}; let a3 = a2 + ${n};
    let s0 = 0.0; let s1 = 0.0; let s2 = 0.0; let s3 = 0.0;
    for (let k = 0; k < ${n}; k += 2) {
      const b = p[at]; s0 += a[a0] * b; s1 += a[a1] * b; s2 += a[a2] * b; s3 += a[a3] * b;
      const c = p[at + 4]; s0 += a[a0 + 1] * c; s1 += a[a1 + 1] * c; s2 += a[a2 + 1] * c; s3 += a[a3 + 1] * c;
      at += 8; a0 += 2; a1 += 2; a2 += 2; a3 += 2;
    }
    return [s0, s1, s2, s3];
  }`
  const pipeline = createPipeline(
    'webasm',
    2,
    [
      { kernel: { source: pack, output: [4 * n, n / 4] }, operands: [1] },
      { kernel: { source: product, output: [n, n / 4] }, operands: [0, 2] },
    ],
    [3],
  )
  return {
    name: 'tuned by hand, webasm with threads',
    run: async () => {
      const cells = (await pipeline.run(given))[0]!
      const result = new Float32Array(n * n)
      for (let row = 0; row < n; row++)
        for (let column = 0; column < n; column++)
          result[row * n + column] = cells[((row >> 2) * n + column) * 4 + (row & 3)]!
      return result
    },
    stop: () => pipeline.destroy(),
  }
}

const exponential = (value: string, name: string): string => `
  const y${name} = Math.max(-87.0, ${value}) * 0.015625;
  let ${name} = 1.0 + y${name} * (1.0 + y${name} * (0.5 + y${name} * (0.16666667 + y${name} * (0.041666668 + y${name} * (0.008333334 + y${name} * 0.0013888889)))));
  ${lines(new Array<string>(6).fill(`${name} = ${name} * ${name};`))}`

/** The Shannon entropy of each row; rows a multiple of eight, outputs of four. */
export const tunedEntropies = (
  { rows, inputs, outputs }: { readonly rows: number; readonly inputs: number; readonly outputs: number },
  given: readonly FloatMatrix[],
): Contender => {
  const two = [0, 1]
  const four = [0, 1, 2, 3]
  // Cell (y, x) of the panels: rows 8 y + (0..3) and 8 y + (4..7) of x, four by four.
  const pack = `function(x) {
    const k = Math.floor(this.thread.x / 4);
    return x[(this.thread.y * 4 + this.thread.x - k * 4) * ${inputs} + k];
  }`
  const head = `function(x, w, b) {
    const panel = Math.floor(this.thread.x / 4);
    const lane = this.thread.x - panel * 4;
    ${lines(two.map((r) => `let m${r} = -1e30; let z${r} = 0.0; let t${r} = 0.0;`))}
    let w0 = 0; let v = 0;
    for (let g = 0; g < ${outputs / 4}; g++) {
      let x0 = panel * ${8 * inputs} + lane; let x1 = x0 + ${4 * inputs};
      let w1 = w0 + ${inputs}; let w2 = w1 + ${inputs}; let w3 = w2 + ${inputs};
      ${lines(two.flatMap((r) => four.map((u) => `let s${r}${u} = b[v + ${u}];`)))}
      for (let k = 0; k < ${inputs}; k++) {
        const h0 = x[x0]; const h1 = x[x1];
        ${lines(four.map((u) => `const c${u} = w[w${u}]; s0${u} += h0 * c${u}; s1${u} += h1 * c${u};`))}
        x0 += 4; x1 += 4; w0 += 1; w1 += 1; w2 += 1; w3 += 1;
      }
      w0 += ${3 * inputs}; v += 4;
      ${lines(
        two.map(
          (r) => `
      const n${r} = Math.max(m${r}, Math.max(Math.max(s${r}0, s${r}1), Math.max(s${r}2, s${r}3)));
      const g${r} = m${r} - n${r};
      ${exponential(`g${r}`, `e${r}`)}
      t${r} = e${r} * (t${r} + g${r} * z${r}); z${r} = e${r} * z${r}; m${r} = n${r};
      ${lines(
        four.map(
          (u) => `
      const d${r}${u} = s${r}${u} - n${r};
      ${exponential(`d${r}${u}`, `e${r}${u}`)}
      z${r} += e${r}${u}; t${r} += e${r}${u} * d${r}${u};`,
        ),
      )}`,
        ),
      )}
    }
    return [Math.log(z0) - t0 / z0, Math.log(z1) - t1 / z1];
  }`
  const pipeline = createPipeline(
    'webasm',
    3,
    [
      { kernel: { source: pack, output: [4 * inputs, rows / 4] }, operands: [0] },
      { kernel: { source: head, output: [rows / 2] }, operands: [3, 1, 2] },
    ],
    [4],
  )
  return {
    name: 'tuned by hand, webasm with threads',
    run: async () => {
      const cells = (await pipeline.run(given))[0]!
      return Float32Array.from({ length: rows }, (_, row) => {
        const cell = (row >> 3) * 4 + (row & 3)
        return cells[cell * 2 + ((row >> 2) & 1)]!
      })
    },
    stop: () => pipeline.destroy(),
  }
}
