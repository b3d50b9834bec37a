/**
 * WebGPU: the browser's own, or Dawn's for Node, which is put where gpu.js looks for it (`navigator.gpu`).
 */

/** What the program reads of a WebGPU adapter. */
export interface Adapter {
  readonly info?: {
    readonly vendor?: string
    readonly architecture?: string
    readonly device?: string
    readonly description?: string
  }
}

interface WebGpu {
  readonly requestAdapter: () => Promise<Adapter | null>
}

/**
 * Whether it is worth looking for a GPU that is not asked for by name: loading Dawn on a Linux machine without a graphics device
 * finds nothing and prints warnings of its own.
 */
export const mayHaveGpu = async (): Promise<boolean> => {
  if (browserGpu() !== undefined) return true
  if (!isNode()) return false
  const { existsSync } = await import('node:fs')
  return process.platform !== 'linux' || existsSync('/dev/dri') || existsSync('/dev/nvidia0')
}

/** The adapter that answers, or undefined. Asked once: an adapter does not come or go while a program runs. */
export const requestAdapter = (): Promise<Adapter | undefined> => (asked ??= ask())
let asked: Promise<Adapter | undefined> | undefined

const ask = async (): Promise<Adapter | undefined> => {
  try {
    const gpu = browserGpu() ?? (isNode() ? await nodeGpu() : undefined)
    return (await gpu?.requestAdapter()) ?? undefined
  } catch {
    // No binary for this platform, no driver, or a driver that Dawn refuses: there is no WebGPU here.
    return undefined
  }
}

const hasGpu = (holder: object): holder is { readonly gpu: WebGpu } => 'gpu' in holder && Boolean(holder.gpu)
const browserGpu = (): WebGpu | undefined =>
  typeof navigator !== 'undefined' && hasGpu(navigator) ? navigator.gpu : undefined

/** A page may have a `process` of its own, put there by a bundler. */
const isNode = (): boolean => typeof process !== 'undefined' && process.versions?.node !== undefined

const nodeGpu = async (): Promise<WebGpu> => {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([])
  const { availableParallelism } = await import('node:os')
  const holder = { gpu, hardwareConcurrency: availableParallelism() }
  Object.defineProperty(globalThis, 'navigator', { value: holder, configurable: true, writable: true })
  return gpu
}

/** An adapter as it is named in reports. */
export const adapterName = ({ info }: Adapter): string =>
  [info?.vendor, info?.architecture, info?.device, info?.description].filter(Boolean).join(' ') || 'unnamed adapter'

/** Whether an adapter is a software renderer: right, but slower than WebAssembly. */
export const isSoftware = (adapter: Adapter): boolean =>
  /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(adapterName(adapter))
