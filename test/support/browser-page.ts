/** What runs in the page: fetches cases, compiles and runs each on each backend, and sends back what came out. */
import { chooseBackend, type BackendName } from '../../src/compile/backend.js'
import * as markovcat from '../../src/index.js'
import type { BrowserCase, BrowserRun, BrowserTask } from './browser.js'

const runCase = async (backend: BackendName, { diagram, meanings, inputs, batch }: BrowserCase): Promise<BrowserRun> => {
  const compiled = await markovcat.compile(diagram, markovcat.parseMeanings)
}
