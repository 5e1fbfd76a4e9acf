import { ignoreRejection } from '../options/answer.ts'

/** Calls a listener, and ignores what it throws or rejects with. */
export function tell<News>(listener: (news: News) => unknown, news: News): void {
  try {
    ignoreRejection(listener(news))
  } catch {
    // Neither the call nor other listeners must suffer from it.
  }
}
