/**
 * Places in a fixed order with least distances, nearest to where they want to be: isotonic regression by pool-adjacent-violators.
 */

/**
 * The places y that minimise the sum of weight_i (y_i - wanted_i)^2 under y_(i+1) - y_i >= distance_i; exact, in linear time.
 *
 * Source: R. E. Barlow et al., "Statistical Inference under Order Restrictions" (1972), of which this is the shifted form.
 */
export const nearestPlaces = (
  wanted: readonly number[],
  weights: readonly number[],
  distances: readonly number[],
): readonly number[] => {
  // Blocks of places that are pooled: their weights, weighted sums and sizes. Subtracting the distances leaves y_(i+1) >= y_i.
  const shift: number[] = []
  const weight: number[] = []
  const mean: number[] = []
  const size: number[] = []
  let shifted = 0
  for (let index = 0; index < wanted.length; index++) {
    if (index > 0) shifted += distances[index - 1]!
    shift.push(shifted)
    let blockWeight = weights[index]!
    let blockMean = wanted[index]! - shifted
    let blockSize = 1
    while (mean.length > 0 && mean[mean.length - 1]! > blockMean) {
      const before = weight.pop()!
      const total = before + blockWeight
      blockMean += (before / total) * (mean.pop()! - blockMean)
      blockWeight = total
      blockSize += size.pop()!
    }
    weight.push(blockWeight)
    mean.push(blockMean)
    size.push(blockSize)
  }
  const places: number[] = []
  mean.forEach((value, block) => {
    for (let k = 0; k < size[block]!; k++) places.push(value + shift[places.length]!)
  })
  return places
}
