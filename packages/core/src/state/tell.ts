import { ignoreRejection } from '../options/answer.ts'

/** Calls a listener, which can break nothing: what it throws, or rejects with, is ignored. */
export function tell<News>(listener: (news: News) => unknown, news: News): void {
  try {
    ignoreRejection(listener(news))
  } catch {
    // Whoever is called after it, and the call itself, can help it as little.
  }
}
