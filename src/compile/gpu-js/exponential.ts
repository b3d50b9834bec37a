/**
 * Exponential and logarithm as inlined text. On WebAssembly gpu.js calls `Math.exp` out of the kernel for each of the four lanes, which
 * takes as long as fifty multiplications.
 */

/** Exponents below this count as this: its exponential is the smallest number that float32 holds with all its digits. */
export const smallestExponent = -87

/**
 * exp(y) - 1 = y + y^2 q(y) for y from -87/64 to 0, q of least greatest relative error in exp(y): 1.5e-8.
 */
const coefficients = [
  0.4999968707561493, 0.1666376143693924, 0.04156341776251793, 0.008148778229951859, 0.0012089575175195932,
  0.00010341939923819155,
]

const expm1Of64th = (exponent: string, name: string): readonly string[] => {
  const y = `${name}y`
  const last = coefficients.length - 1
  const series = coefficients.reduceRight(
    (inner, coefficient, place) => (place === last ? `${coefficient}` : `(${coefficient} + ${y} * ${inner})`),
    '',
  )
  return [`const ${y} = ${exponent} * 0.015625;`, `let ${name} = ${y} * (1.0 + ${y} * ${series});`]
}

/**
 * Declares `name` = exp(exponent), for an exponent from -87 to 0 or as little above 0 as rounding makes it.
 *
 * exp(x) = exp(x/64)^64. Six squarings would make a rounding of 1 + p sixty-four times as large, so the first squares p. Relative
 * error: at most 4e-6 above -5, 2e-5 above -40, 1e-4 above -87.
 */
export const exponential = (exponent: string, name: string): readonly string[] => [
  ...expm1Of64th(exponent, name),
  `${name} = ${name} * (2.0 + ${name});`,
  `${name} = 1.0 + ${name};`,
  ...new Array<string>(5).fill(`${name} = ${name} * ${name};`),
]

/**
 * Declares `name` = tanh(value), with a relative error of at most 1e-6: -p / (2 + p) for p = exp(-2 |value|) - 1, which keeps its
 * accuracy near zero because every squaring is one of p.
 */
export const hyperbolicTangent = (value: string, name: string): readonly string[] => [
  `const ${name}x = Math.max(${smallestExponent}.0, Math.abs(${value}) * -2.0);`,
  ...expm1Of64th(`${name}x`, `${name}p`),
  ...new Array<string>(6).fill(`${name}p = ${name}p * (2.0 + ${name}p);`),
  `const ${name}r = ${name}p / (2.0 + ${name}p);`,
  `const ${name} = ${value} < 0.0 ? ${name}r : 0.0 - ${name}r;`,
]

/** log(1 + x) = 2 artanh(s) = 2 s (1 + s^2 a(s^2)) for s = x / (2 + x), |s| <= 1/3; greatest relative error 5e-9. */
const artanh = [0.3333320617675781, 0.20010849833488464, 0.13999569416046143, 0.14012232422828674]

/** Declares `name` = log(1 + value) for a value from -1/2 to 1. */
export const logarithmNearOne = (value: string, name: string): readonly string[] => {
  const [s, z] = [`${name}s`, `${name}z`]
  const series = artanh.reduceRight(
    (inner, coefficient) => (inner === '' ? `${coefficient}` : `(${coefficient} + ${z} * ${inner})`),
    '',
  )
  return [
    `const ${s} = ${value} / (2.0 + ${value});`,
    `const ${z} = ${s} * ${s};`,
    `const ${name} = 2.0 * ${s} * (1.0 + ${z} * ${series});`,
  ]
}

/** Declares `name` = log(1 + value) for a value of at least 0. */
export const logarithmOfOnePlus = (value: string, name: string): readonly string[] => [
  ...logarithmNearOne(value, `${name}n`),
  `const ${name} = ${value} < 1.0 ? ${name}n : Math.log(1.0 + ${value});`,
]

/** Declares `name` = log(value) for a value from 1e-37 to 1, relative error 2e-7 where it is not about 1. */
export const logarithm = (value: string, name: string): readonly string[] => {
  const [m, e] = [`${name}m`, `${name}e`]
  const scale = (power: number): string =>
    // Twice the square root of a half bounds what is left: from 0.707 to 1.414.
    `if (${m} < ${2 ** -power * Math.SQRT2}) { ${m} = ${m} * ${2 ** power}.0; ${e} = ${e} + ${power}.0; }`
  return [
    `let ${m} = ${value};`,
    `let ${e} = 0.0;`,
    ...[64, 32, 16, 8, 4, 2, 1].map(scale),
    `const ${m}1 = ${m} - 1.0;`,
    ...logarithmNearOne(`${m}1`, `${name}n`),
    `const ${name} = ${name}n - ${e} * ${Math.LN2};`,
  ]
}
