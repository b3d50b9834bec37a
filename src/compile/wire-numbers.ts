/** How the elements of wires are written as numbers. */
import { showWire, sizeOf, type Wire } from '../../dsl/object.js'

/** How many numbers stand for one element of a wire: an element number, one for each place of a sequence, or coordinates. */
export const widthOf = (wire: Wire): number => {
  switch (wire.kind) {
    case 'finite':
      return 1
    case 'sequence':
      return wire.length
    case 'real':
      return wire.dimension
  }
}

/** The number of values that each number of a finite wire takes. */
export const radicesOf = (wire: Wire): readonly number[] => {
  switch (wire.kind) {
    case 'finite':
      return [sizeOf(wire)]
    case 'sequence':
      return Array.from({ length: wire.length }, () => sizeOf(wire.symbols))
    case 'real':
      throw new Error(`radicesOf: ${showWire(wire)} is not finite`)
  }
}

/** Row-major strides of sizes. */
export const stridesOf = (sizes: readonly number[]): readonly number[] => {
  const strides = new Array<number>(sizes.length)
  let stride = 1
  for (let place = sizes.length - 1; place >= 0; place--) {
    strides[place] = stride
    stride *= sizes[place]!
  }
  return strides
}

/** The product of sizes. */
export const productOf = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1)
