/** Waits for something, but not for long, and whatever comes of it. */
export const within = async (most: number, promise: Promise<unknown> = Promise.resolve()): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => (timer = setTimeout(resolve, most)))
  await Promise.race([promise.catch(() => undefined), late])
  clearTimeout(timer)
}
