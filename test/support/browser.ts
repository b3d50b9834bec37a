/** Pages in a browser: a module bundled for it, served from this machine, opened without a window. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// vite comes with vitest.
import { build } from 'vite'

import type { BackendName } from '../../src/compile/backend.js'
import type { Evaluation } from '../../src/compile/evaluation.js'

/** Typed arrays have become lists on the way. */
export type CaseReport =
  | { readonly kind: 'problem'; readonly problem: string }
  | { readonly kind: 'evaluation'; readonly evaluation: Evaluation }

export interface BackendReport {
  readonly backend: BackendName
  readonly finite: readonly CaseReport[]
  readonly languageModels: readonly CaseReport[]
  readonly large: CaseReport
}

/** Where Debian's chromium is. */
export const chromium = '/usr/bin/chromium'
export const chromiumIsThere = existsSync(chromium)

/** WebGL and WebGPU by SwiftShader, which is there where no GPU is. */
const flags = [
  '--headless=new',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--enable-logging=stderr',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
]

export interface PageOptions {
  readonly query: string
  /** Whether the page may share memory between threads: headers of its server say so. */
  readonly isolated: boolean
  readonly limit: number
}

/** The files of a bundle, by name. */
export type Bundle = ReadonlyMap<string, string>

/** A module of this project and all that it imports, as a browser takes it. Warnings name what a browser does not have. */
export const bundle = async (entry: string): Promise<{ readonly files: Bundle; readonly entry: string }> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2022', minify: false, lib: { entry, formats: ['es'], fileName: 'page' } },
  })
  if ('close' in built) throw new Error('a build that watches')
  const files = new Map<string, string>()
  let first = ''
  for (const { output } of [built].flat())
    for (const part of output) {
      if (part.type !== 'chunk') continue
      files.set(part.fileName, part.code)
      if (part.isEntry) first = part.fileName
    }
  return { files, entry: first }
}

/** Opens a page that runs a bundled module, and gives what the page sends until it says that this was all. */
export const reportsOf = async (
  { files, entry }: { readonly files: Bundle; readonly entry: string },
  { query, isolated, limit }: PageOptions,
): Promise<readonly BackendReport[]> => {
  const onnx = join('node_modules', 'onnxruntime-web', 'dist')
  const page = `<!doctype html>
    <script type="importmap">{ "imports": { "onnxruntime-web": "/onnx/ort.wasm.min.mjs" } }</script>
    <script type="module" src="/${entry}"></script>`
  const reports: BackendReport[] = []
  const profile = mkdtempSync(join(tmpdir(), 'markovcat-chromium-'))
  let browser: ChildProcess | undefined
  let said = ''
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the page has not ended\n${said}`)), limit)
      server.on('request', (request, response) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost')
        const headers = isolated
          ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
          : {}
        const give = (type: string, content: string | Buffer): void => {
          response.writeHead(200, { ...headers, 'Content-Type': type }).end(content)
        }
        const file = files.get(pathname.slice(1))
        if (request.method === 'POST')
          void bodyOf(request).then((body) => {
            give('text/plain', '')
            if (pathname === '/report') reports.push(JSON.parse(body) as BackendReport)
            else {
              clearTimeout(timer)
              if (pathname === '/end') resolve()
              else reject(new Error(body))
            }
          })
        else if (pathname === '/') give('text/html', page)
        else if (file !== undefined) give('text/javascript', file)
        else if (/^\/onnx\/[\w.-]+$/.test(pathname) && existsSync(join(onnx, pathname.slice(6))))
          give(
            pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript',
            readFileSync(join(onnx, pathname.slice(6))),
          )
        else response.writeHead(404).end()
      })
      server.listen(0, 'localhost', () => {
        const { port } = server.address() as AddressInfo
        browser = spawn(chromium, [
          ...flags,
          // Chromium refuses to sandbox what the superuser runs.
          ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
          `--user-data-dir=${profile}`,
          `http://localhost:${port}/?${query}`,
        ])
        browser.stderr?.on('data', (text) => (said += String(text)))
        browser.on('error', reject)
        browser.on('exit', (code) => reject(new Error(`chromium ended with ${code}\n${said}`)))
      })
    })
  } finally {
    const ended = new Promise((resolve) => browser?.once('exit', resolve) ?? resolve(undefined))
    if (browser?.exitCode === null) {
      browser.kill()
      await ended
    }
    server.closeAllConnections()
    server.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  return reports
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
