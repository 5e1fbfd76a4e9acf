/** For workerd, which answers each request with what came of the stories at the origin in its query. */
import { play } from './stories.ts'

// biome-ignore lint/style/noDefaultExport: a worker is its default export.
export default {
  fetch: async ({ url }: Request): Promise<Response> =>
    Response.json(await play(new URL(url).searchParams.get('origin') ?? '')),
}
