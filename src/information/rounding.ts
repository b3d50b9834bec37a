/** A quantity that cannot be negative, though rounding may have made it so or left a negative zero; a NaN stays. */
export const nonnegative = (value: number): number => (value <= 0 ? 0 : value)
