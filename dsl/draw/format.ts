/** Numbers as the printers write them: at most two decimals. */
export const decimal = (value: number): string => `${Math.round(value * 100) / 100 + 0}`
