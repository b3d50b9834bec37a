/**
 * The number types of the safetensors format, and how their bytes are read: little-endian, at any offset, a whole array at a time.
 */

/** Bytes an element. */
export const elementSizes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const

export type ElementType = keyof typeof elementSizes

export const floatTypes = ['F16', 'BF16', 'F32', 'F64'] as const
export type FloatType = (typeof floatTypes)[number]

export const integerTypes = ['U8', 'I8', 'U16', 'I16', 'U32', 'I32', 'U64', 'I64'] as const
export type IntegerType = (typeof integerTypes)[number]

export const isElementType = (name: string): name is ElementType => Object.hasOwn(elementSizes, name)
export const isFloatType = (name: string): name is FloatType => floatTypes.some((type) => type === name)
export const isIntegerType = (name: string): name is IntegerType => integerTypes.some((type) => type === name)

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** The bytes in a buffer of their own, so that they begin at a multiple of any element's size, in this machine's order. */
const aligned = (bytes: Uint8Array, size: number): ArrayBuffer => {
  const own = new Uint8Array(bytes)
  if (!littleEndian) for (let at = 0; at < own.length; at += size) own.subarray(at, at + size).reverse()
  return own.buffer
}

/** The numbers of floating-point elements: float32 holds those of 16 and 32 bits exactly. */
export const floatsFrom = (type: FloatType, bytes: Uint8Array): Float32Array | Float64Array => {
  switch (type) {
    case 'F64':
      return new Float64Array(aligned(bytes, 8))
    case 'F32':
      return new Float32Array(aligned(bytes, 4))
    case 'F16': {
      const table = halves()
      return Float32Array.from(new Uint16Array(aligned(bytes, 2)), (bits) => table[bits]!)
    }
    case 'BF16': {
      // The upper half of a float32.
      const words = Uint32Array.from(new Uint16Array(aligned(bytes, 2)), (bits) => bits << 16)
      return new Float32Array(words.buffer)
    }
  }
}

/** Whole numbers; beyond 2^53 the nearest double. */
export const integersFrom = (type: IntegerType, bytes: Uint8Array): Float64Array => {
  const buffer = aligned(bytes, elementSizes[type])
  switch (type) {
    case 'U8':
      return Float64Array.from(new Uint8Array(buffer))
    case 'I8':
      return Float64Array.from(new Int8Array(buffer))
    case 'U16':
      return Float64Array.from(new Uint16Array(buffer))
    case 'I16':
      return Float64Array.from(new Int16Array(buffer))
    case 'U32':
      return Float64Array.from(new Uint32Array(buffer))
    case 'I32':
      return Float64Array.from(new Int32Array(buffer))
    case 'U64':
      return Float64Array.from(new BigUint64Array(buffer), Number)
    case 'I64':
      return Float64Array.from(new BigInt64Array(buffer), Number)
  }
}

/** The bytes of numbers as elements of a type, each rounded to the nearest. */
export const bytesAs = (type: FloatType, numbers: Float32Array | Float64Array): Uint8Array => {
  const bytesOf = (array: Float32Array | Float64Array | Uint16Array): Uint8Array => {
    const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = array
    return new Uint8Array(aligned(new Uint8Array(buffer, byteOffset, byteLength), BYTES_PER_ELEMENT))
  }
  switch (type) {
    case 'F64':
      return bytesOf(Float64Array.from(numbers))
    case 'F32':
      return bytesOf(Float32Array.from(numbers))
    case 'F16':
      return bytesOf(Uint16Array.from(numbers, halfBits))
    case 'BF16':
      return bytesOf(Uint16Array.from(Uint32Array.from(numbers, brainBits)))
  }
}

/** The number that each 16 bits mean in IEEE 754, made once. */
let halfTable: Float32Array | undefined
const halves = (): Float32Array => (halfTable ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => half(bits)))

const half = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/** The 16 bits whose number is nearest, of two the even ones. */
const halfBits = (value: number): number => {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (Number.isNaN(size)) return 0x7e00
  // The exponent of the last bit that is kept: those below 2^-14 share one.
  const unit = 2 ** (Math.max(-14, Math.min(15, exponentOf(size))) - 10)
  const multiple = nearestEven(size / unit)
  if (multiple * unit > 65504) return sign | 0x7c00
  return sign | (multiple < 1024 ? multiple : (Math.log2(unit) + 24) * 1024 + multiple)
}

/** The same for the upper half of a float32. */
const brainBits = (value: number): number => {
  word.setFloat32(0, value)
  const bits = word.getUint32(0)
  // What is cut off rounds up from its half on, of two the even one.
  return Number.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

const word = new DataView(new ArrayBuffer(8))

/** The largest e with 2^e <= size, for a finite size above zero. */
const exponentOf = (size: number): number => {
  word.setFloat64(0, size)
  return ((word.getUint16(0) >> 4) & 0x7ff) - 1023
}

const nearestEven = (value: number): number => {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}
