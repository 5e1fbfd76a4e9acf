import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningServer, serve } from '@holdfast/testing'
import { vcenter } from '@holdfast/vsphere/simulator'
import { HttpResponse, http } from 'msw'

/** A page that runs a module, itself or in a worker. */
const page = (script: string) =>
  `<!doctype html><title>stories</title><link rel="icon" href="data:,"><script type="module">${script}</script>`
const inWorker = (file: string) => `
globalThis.played = new Promise((resolve, reject) => {
  const worker = new Worker('${file}', { type: 'module' })
  worker.onmessage = ({ data }) => resolve(data)
  worker.onerror = ({ message }) => reject(new Error(message))
})`

/** A server on this machine for one run of the stories, with the bundles in a folder. */
export function storyServer(bundles: string): Promise<RunningServer> {
  const vc = vcenter()
  const counts = { late: 0, gone: 0, busy: 0 }
  let go = () => {}
  return serve([
    http.get('*/plain', () => HttpResponse.json({ ok: true })),
    http.get('*/counts', () => HttpResponse.json({ ...counts, logins: vc.logins, sessions: vc.sessions })),
    http.delete('*/gone', () => {
      counts.gone += 1
      return new HttpResponse(null, { status: 204 })
    }),
    http.get('*/busy', () => {
      counts.busy += 1
      return counts.busy < 3 ? new HttpResponse(null, { status: 503 }) : HttpResponse.json({ tries: counts.busy })
    }),
    http.post('*/late', () => {
      counts.late += 1
      return new Promise<never>(() => {})
    }),
    http.post('*/lost', () => HttpResponse.error()),
    http.get('*/hang', () => new Promise<never>(() => {})),
    http.get('*/stream', () => {
      const body = new ReadableStream({
        start(controller) {
          const send = (text: string) => controller.enqueue(new TextEncoder().encode(text))
          send('first,')
          go = () => {
            send('last')
            controller.close()
          }
        },
      })
      return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } })
    }),
    http.post('*/stream/go', () => {
      go()
      return new HttpResponse(null, { status: 204 })
    }),
    http.get('*/:bundler/page', ({ params }) => HttpResponse.html(page(`import '/bundles/${params.bundler}/page.js'`))),
    http.get('*/:bundler/worker', ({ params }) =>
      HttpResponse.html(page(inWorker(`/bundles/${params.bundler}/worker.js`))),
    ),
    http.get('*/bundles/*', ({ request }) => {
      const file = new URL(request.url).pathname.slice('/bundles/'.length)
      return new HttpResponse(readFileSync(join(bundles, file)), { headers: { 'content-type': 'text/javascript' } })
    }),
    ...vc.handlers,
  ])
}
