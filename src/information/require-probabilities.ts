/** Throws where an entry is negative or no number: what follows would be a number too, and would mean nothing. */
export const requireProbabilities = (where: string, p: ArrayLike<number>): void => {
  for (let w = 0; w < p.length; w++)
    if (!(p[w]! >= 0)) throw new Error(`${where}: entry ${w} is ${p[w]}, no probability`)
}
